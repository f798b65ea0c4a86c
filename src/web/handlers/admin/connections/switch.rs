//! Switches a connection on or off. It has its own form, so that saving settings
//! never switches a connection by accident.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::named;
use crate::i18n::key;
use crate::services::connection_admin::{self, Changed};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::AdminSignedIn;
use crate::web::page::{Frame, see_other};
use crate::web::problem::{self, AppError, Problem};
use crate::web::routes;
use crate::web::state::AppState;

/// The new state, and the version of the connection that was shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SwitchForm {
    to: String,
    version: i64,
}

pub(super) async fn switch(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    slug: web::Path<String>,
    form: CheckedForm<SwitchForm>,
) -> Result<HttpResponse, AppError> {
    let stored = named(&state, &slug).await?;
    let SwitchForm { to, version } = form.value;
    let on = match to.as_str() {
        "on" => true,
        "off" => false,
        _ => return Err(AppError::BadRequest),
    };
    let changed =
        connection_admin::set_enabled(&state.portal, &admin.actor, &stored.id, version, on).await?;
    match changed {
        Changed::Done => Ok(see_other(&routes::admin_connection_switched(&stored.slug))),
        Changed::Stale(_) => {
            let page = routes::admin_connection(&stored.slug);
            let frame = Frame::of(&req, &state).languages_at(page.as_str());
            let problem = Problem::of(&AppError::Conflict);
            let problem = problem.leading_to(page, key("admin-connection-look-again"));
            Ok(problem::answer(frame, problem))
        }
        Changed::ReadOnly | Changed::Wrong(_) => Err(AppError::NotAllowed),
        Changed::Missing => Err(AppError::NotFound),
    }
}
