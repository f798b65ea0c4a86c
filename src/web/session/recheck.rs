//! A request body can take long to arrive. If the user signs out in the meantime,
//! the request must not act in their name.

use actix_session::SessionExt;
use actix_web::{HttpMessage as _, HttpRequest};

use super::policy::CACHED_FOR;
use super::{Identity, id_hash, identity, lives};
use crate::storage::sessions::Kind;
use crate::web::problem::AppError;
use crate::web::request_context::RequestContext;
use crate::web::sign_in_needed::sign_in_needed;
use crate::web::state::AppState;

/// Checks again that the session still exists, if the cache time has passed since the
/// request's head came. A body that arrives at once costs no query.
pub async fn recheck(req: &HttpRequest, state: &AppState) -> Result<(), AppError> {
    let now = state.portal.clock.now();
    // Not when its body begins to be read: putting the session's end off may take time.
    let since = req
        .extensions()
        .get::<RequestContext>()
        .map(|context| context.arrived);
    let since = since.unwrap_or_default();
    // If the clock was set back, the time passed is unknown: check again.
    if since <= now && now.since(since) < CACHED_FOR {
        return Ok(());
    }
    let kind = match identity(&req.get_session()) {
        Some(Identity::User(_)) => Kind::User,
        Some(Identity::Admin(_)) => Kind::Admin,
        None => return Ok(()),
    };
    match id_hash(req, state, kind) {
        Some(hash) if lives(state, &hash).await? => Ok(()),
        _ => Err(sign_in_needed(req, kind)),
    }
}
