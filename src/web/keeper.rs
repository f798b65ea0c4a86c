//! A sealed field of each form where people type: whose it is, and what its CSRF token is
//! bound to. A form that comes when its session is gone, signed out elsewhere or timed
//! out, is still its owner's: no row and no cookie is needed to know that.

use serde::{Deserialize, Serialize};

use super::cookies;
use super::session::{Identity, Kind};
use super::state::AppState;
use crate::domain::millis::Millis;
use crate::services::kept_forms::ENDED_REMEMBERED_FOR;

/// The field's name, and the purpose of the seal.
pub const KEEPER: &str = "keeper";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keeper {
    /// The kind of the session, as stored.
    kind: String,
    /// The owner or admin.
    pub subject: String,
    pub csrf_nonce: String,
    /// When the page was shown.
    at: Millis,
}

/// The value of the field for somebody who is signed in; empty if it cannot be sealed:
/// then the form is not kept.
pub fn seal(state: &AppState, who: &Identity, csrf_nonce: &str) -> String {
    let keeper = Keeper {
        kind: kind_of(who).as_str().to_owned(),
        subject: who.subject().to_owned(),
        csrf_nonce: csrf_nonce.to_owned(),
        at: state.portal.clock.now(),
    };
    let plain = serde_json::to_vec(&keeper).unwrap_or_default();
    cookies::seal(state, KEEPER, KEEPER, &plain).unwrap_or_default()
}

/// Whose form it is, if the page is of this kind and no older than a day.
pub fn open(state: &AppState, kind: Kind, value: &str) -> Option<Keeper> {
    let plain = cookies::open(state, KEEPER, KEEPER, value)?;
    let keeper: Keeper = serde_json::from_slice(&plain).ok()?;
    let age = state.portal.clock.now().since(keeper.at);
    (keeper.kind == kind.as_str() && age < ENDED_REMEMBERED_FOR).then_some(keeper)
}

const fn kind_of(who: &Identity) -> Kind {
    match who {
        Identity::User(_) => Kind::User,
        Identity::Admin(_) => Kind::Admin,
    }
}
