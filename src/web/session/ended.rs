//! Sessions that timed out, as opposed to signing out. A form that arrives late can
//! still be matched to the session's owner.

use std::collections::HashMap;

use actix_web::HttpRequest;

use super::{CSRF, Identity, WHO, id_hash};
use crate::services::kept_forms::ENDED_REMEMBERED_FOR;
use crate::storage::sessions::{self, Kind};
use crate::web::state::AppState;

/// A session that timed out recently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Who was signed in.
    pub who: Identity,
    /// The CSRF tokens of its forms are bound to this.
    pub csrf_nonce: String,
}

/// The ended session of this kind named by the browser's cookie.
pub async fn ended(req: &HttpRequest, state: &AppState, kind: Kind) -> Option<Ended> {
    let hash = id_hash(req, state, kind)?;
    let now = state.portal.clock.now();
    let row = sessions::ended(&state.portal.storage, &hash, now).await;
    let row = match row {
        Ok(row) => row?,
        Err(error) => {
            tracing::warn!(event = "ended_session_not_read", %error);
            return None;
        }
    };
    let is_known = row.kind == kind && now.since(row.idle_until) < ENDED_REMEMBERED_FOR;
    let content: HashMap<String, String> = serde_json::from_str(&row.state).ok()?;
    let who = serde_json::from_str(content.get(WHO)?).ok()?;
    let csrf_nonce = serde_json::from_str(content.get(CSRF)?).ok()?;
    is_known.then_some(Ended { who, csrf_nonce })
}
