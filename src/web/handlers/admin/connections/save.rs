//! Saves the form of a connection.

use actix_web::{HttpRequest, HttpResponse, web};

use super::fields::{self, version_of};
use super::{ConnectionFormSent, after, edit, server, to_change};
use crate::services::connection_admin::{self, Asked, Changed};
use crate::web::extractors::AdminSignedIn;
use crate::web::handlers::admin::confirm::{self, Question};
use crate::web::page::Frame;
use crate::web::page::form::FieldErrors;
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// Saves the changes, unless somebody else saved first: then both are joined. What decides
/// whom to trust is saved only once the admin's password was typed.
pub(super) async fn save(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    slug: web::Path<String>,
    form: ConnectionFormSent,
) -> Result<HttpResponse, AppError> {
    let sent = form.fields;
    let (stored, typed) = to_change(&req, &state, &admin, &slug, &sent).await?;
    let (written, version) = (fields::sent(&sent), version_of(&sent));
    let (portal, actor, asked) = (&state.portal, &admin.actor, Asked::here(typed.confirmed));
    let changed = connection_admin::edit(portal, actor, &stored.id, version, &written, asked);
    let frame = Frame::of(&req, &state);
    match changed.await? {
        Changed::Done => Ok(after(&stored.slug, "saved")),
        Changed::OtherServer => server::ask(frame, &state, stored, sent, FieldErrors::new()).await,
        Changed::Unconfirmed => {
            let question = Question::from(routes::admin_connection(&stored.slug), &stored.id);
            confirm::ask(&req, &state, &admin, &sent, question, typed.errors).await
        }
        Changed::Wrong(problems) => edit::refused(frame, &state, stored, sent, &problems).await,
        Changed::Stale(now) => edit::stale(frame, &state, *now, sent).await,
        Changed::ReadOnly => Err(AppError::NotAllowed),
        Changed::Missing => Err(AppError::NotFound),
    }
}
