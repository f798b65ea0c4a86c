//! The session of somebody who has given all that was asked for.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse};

use crate::services::accounts::{Account, NewSession};
use crate::services::kept_forms;
use crate::services::limiter::Door;
use crate::web::known_browser;
use crate::web::page::see_other;
use crate::web::password_given;
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::session::{self, Identity};
use crate::web::state::AppState;

/// Starts the session and leads to the first page of the account's role.
pub(super) fn begin(session: &Session, account: Account) -> Result<HttpResponse, AppError> {
    let (has_second_factor, version) = (account.totp_secret.is_some(), account.version);
    let admin = session::Admin {
        admin: account.id,
        username: account.username,
        role: account.role,
        connections: account.connections,
    };
    session::begin(session, &Identity::Admin(admin))?;
    session::set_second_factor(session, has_second_factor)?;
    session::set_version(session, version)?;
    Ok(see_other(routes::home_of(account.role)))
}

/// Starts the session after a sign-in, and leads to the form that was kept, if there is
/// one; this browser is known from now on.
pub(super) async fn signed_in(
    req: &HttpRequest,
    state: &AppState,
    session: &Session,
    new: NewSession,
    kept: bool,
) -> Result<HttpResponse, AppError> {
    let account = new.account;
    let place = match kept {
        true => kept_forms::latest_place(&state.portal, &account.id).await?,
        false => None,
    };
    let name = account.username.clone();
    let begun = begin(session, account)?;
    session::set_weak_password(session, new.has_weak_password)?;
    let mut answer = place.map_or(begun, |place| see_other(&routes::with_kept(&place)));
    known_browser::remember(req, state, Door::Admin { name: &name }, "", &mut answer)?;
    let removal = password_given::removal(state);
    let removed = answer.add_cookie(&removal);
    removed.map_err(|_| AppError::Internal)?;
    Ok(answer)
}
