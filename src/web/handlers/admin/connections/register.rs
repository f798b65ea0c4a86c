//! One button says that a connection's only possible redirect URL is registered in
//! Redtrust; in our own sandbox, the portal registers it.

use actix_web::{HttpRequest, HttpResponse, web};

use super::named;
use crate::i18n::key;
use crate::services::redirect_urls::{self, Moved};
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::AdminSignedIn;
use crate::web::page::{Frame, see_other};
use crate::web::problem::{self, AppError, Problem};
use crate::web::routes;
use crate::web::state::AppState;

pub(super) async fn register(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    slug: web::Path<String>,
    _form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let stored = named(&state, &slug).await?;
    let moved = redirect_urls::register_only(&state.portal, &admin.actor, &stored.id).await?;
    let problem = match moved {
        Moved::Done => {
            let page = routes::admin_connection_after(&stored.slug, "registered");
            return Ok(see_other(&page));
        }
        Moved::SandboxRefused(error) => problem::of_redtrust(&error),
        Moved::NotNow | Moved::OtherInUse => Problem::of(&AppError::Conflict),
        Moved::ReadOnly => return Err(AppError::NotAllowed),
        Moved::Missing => return Err(AppError::NotFound),
    };
    let page = routes::admin_connection(&stored.slug);
    let frame = Frame::of(&req, &state).languages_at(page.as_str());
    let problem = problem.leading_to(page, key("admin-connection-look-again"));
    Ok(problem::answer(frame, problem))
}
