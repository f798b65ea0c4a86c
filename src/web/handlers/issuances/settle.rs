//! Settles a request that is unknown or was refused, using the certificate's file.

use actix_web::{HttpRequest, HttpResponse, web};

use super::one;
use crate::services::uploads::{self, Settled};
use crate::web::csrf::CheckedUpload;
use crate::web::extractors::SignedIn;
use crate::web::handlers::files;
use crate::web::handlers::lists::way_back::WayBack;
use crate::web::page::{Frame, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// A wrong file changes nothing, and the page says why.
pub async fn settle(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
    form: CheckedUpload,
) -> Result<HttpResponse, AppError> {
    match uploads::settle(&state.portal, &user.caller, &id, form.content()).await? {
        // If there is nothing to settle any more, the issuance's page shows its
        // state.
        Settled::Done | Settled::Shown | Settled::NotNow => {
            let page = WayBack::of(&req).keep(routes::issuance(&id));
            Ok(see_other(&page))
        }
        Settled::Missing => Err(AppError::NotFound),
        Settled::Wrong(problem) => {
            let shown = files::refused(form.fields, &problem, &Frame::of(&req, &state));
            one::show(&req, &state, &user, &id, shown).await
        }
    }
}
