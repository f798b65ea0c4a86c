//! How acts are put into words for the audit. Each is appended in the
//! transaction of what it tells of.

use super::Actor;
use crate::storage::audit::NewEntry;

/// An act of `actor` on `object` that was done; to be completed with what was
/// before and after.
pub(super) fn done(actor: &Actor, action: &str, object: impl Into<String>) -> NewEntry {
    NewEntry {
        actor: actor.name.clone(),
        from: actor.source.from.clone(),
        action: action.to_owned(),
        object: object.into(),
        before: None,
        after: None,
        outcome: "done".to_owned(),
        request_id: actor.source.request_id.clone(),
    }
}
