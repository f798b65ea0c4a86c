//! Sessions that timed out, as opposed to signing out. A form that arrives late can
//! still be matched to the session's owner.

use std::collections::HashMap;

use actix_web::HttpRequest;

use super::{CSRF, Identity, User, WHO, id_hash};
use crate::services::kept_forms::ENDED_REMEMBERED_FOR;
use crate::storage::sessions::{self, Kind};
use crate::web::state::AppState;

/// A user's session that timed out recently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub user: User,
    /// The CSRF tokens of its forms are bound to this.
    pub csrf_nonce: String,
}

/// The ended session named by the browser's cookie.
pub async fn ended(req: &HttpRequest, state: &AppState) -> Option<Ended> {
    let hash = id_hash(req, state, Kind::User)?;
    let now = state.portal.clock.now();
    let row = sessions::ended(&state.portal.storage, &hash, now).await;
    let row = match row {
        Ok(row) => row?,
        Err(error) => {
            tracing::warn!(event = "ended_session_not_read", %error);
            return None;
        }
    };
    let is_known = row.kind == Kind::User && now.since(row.idle_until) < ENDED_REMEMBERED_FOR;
    let content: HashMap<String, String> = serde_json::from_str(&row.state).ok()?;
    let Identity::User(user) = serde_json::from_str(content.get(WHO)?).ok()? else {
        return None;
    };
    let csrf_nonce = serde_json::from_str(content.get(CSRF)?).ok()?;
    is_known.then_some(Ended { user, csrf_nonce })
}
