//! A request may take its time to arrive; whoever signs out meanwhile means
//! that nothing is done in their name any more.

use actix_session::SessionExt;
use actix_web::HttpRequest;

use super::policy::CACHED_FOR;
use super::{Identity, id_hash, identity, lives};
use crate::domain::millis::Millis;
use crate::storage::sessions::Kind;
use crate::web::destination;
use crate::web::problem::AppError;
use crate::web::state::AppState;

/// Looks again whether the session of this request still lives, where it was
/// read long before: at `since`. A body that came at once costs nothing.
///
/// # Errors
/// [`AppError::SignInNeeded`] or [`AppError::AdminSignInNeeded`] where it has
/// ended; [`AppError`] where the database fails.
pub async fn recheck(req: &HttpRequest, state: &AppState, since: Millis) -> Result<(), AppError> {
    let now = state.portal.clock.now();
    // A clock that was put back says nothing of how long it took.
    if since <= now && now.since(since) < CACHED_FOR {
        return Ok(());
    }
    let (kind, ended) = match identity(&req.get_session()) {
        Some(Identity::User(_)) => {
            let back = destination::of_path(req.path());
            (Kind::User, AppError::SignInNeeded(back))
        }
        Some(Identity::Admin(_)) => (Kind::Admin, AppError::AdminSignInNeeded),
        None => return Ok(()),
    };
    match id_hash(req, state, kind) {
        Some(hash) if lives(state, &hash).await? => Ok(()),
        _ => Err(ended),
    }
}
