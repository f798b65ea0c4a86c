//! The fields for a role and an officer's connections, as the pages of an account and of
//! an invitation share them.

use super::role_name;
use crate::domain::connection::Connection;
use crate::i18n::key;
use crate::services::accounts::Role;
use crate::web::page::Frame;
use crate::web::page::form::{Choice, FieldErrors, Fields};

pub(super) const ROLE: &str = "role";
pub(super) const CONNECTION: &str = "connection";

/// The choices of a role.
pub(super) fn roles(frame: &Frame) -> Vec<Choice> {
    let hint = |role| match role {
        Role::Admin => key("role-admin-hint"),
        Role::Officer => key("role-officer-hint"),
        Role::Auditor => key("role-auditor-hint"),
    };
    let choice = |role: &Role| {
        let label = frame.of_key(&role_name(*role));
        Choice::new(role.as_str(), label).hint(frame.of_key(&hint(*role)))
    };
    Role::ALL.iter().map(choice).collect()
}

/// The choices of connections.
pub(super) fn offered(connections: &[Connection]) -> Vec<Choice> {
    let choice = |one: &Connection| Choice::new(one.slug.as_str(), one.settings.name.as_str());
    connections.iter().map(choice).collect()
}

/// Reads both fields: an officer needs a connection, and nobody else has any. `kept` are those
/// that an officer has and that are not offered.
pub(super) fn read<'k>(
    connections: &[Connection],
    sent: &Fields,
    kept: impl Iterator<Item = &'k String>,
) -> Result<(Role, Vec<String>), FieldErrors> {
    let role: Role = sent
        .get(ROLE)
        .parse()
        .map_err(|_| FieldErrors::one(ROLE, key("people-role-blank")))?;
    if role != Role::Officer {
        return Ok((role, Vec::new()));
    }
    let is_chosen = |one: &&Connection| sent.all(CONNECTION).any(|slug| slug == one.slug.as_str());
    let chosen = connections.iter().filter(is_chosen);
    let chosen = chosen.map(|one| one.id.clone());
    let mut chosen: Vec<String> = chosen.chain(kept.cloned()).collect();
    chosen.sort_unstable();
    match chosen.is_empty() {
        true => Err(FieldErrors::one(CONNECTION, key("people-connection-blank"))),
        false => Ok((role, chosen)),
    }
}
