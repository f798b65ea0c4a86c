//! Invitations: whoever has the one-time link chooses a name and a password, and has
//! the role that the invitation says.

use data_encoding::BASE64URL_NOPAD;
use serde_json::json;

use super::{Confirmed, Role};
use crate::domain::audit::Action;
use crate::domain::digest::sha256;
use crate::domain::secret::Secret;
use crate::services::audit::{entry, write_audited};
use crate::services::{Actor, Portal, ids};
use crate::storage::{StorageError, invitations};

pub use crate::storage::invitations::Invitation;

/// Whom to invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    pub role: Role,
    /// Ids of an officer's connections.
    pub connections: Vec<String>,
    /// For whom the invitation is.
    pub note: String,
}

/// Makes an invitation. Returns the secret of its link, which is not stored. It is good as
/// long as the account that made it may invite.
///
/// # Errors
/// [`StorageError::Lapsed`] if what was confirmed does not hold any more.
pub async fn invite(
    portal: &Portal,
    actor: &Actor,
    whom: Invited,
    confirmed: &Confirmed,
) -> Result<Secret, StorageError> {
    let secret = Secret::new(BASE64URL_NOPAD.encode(&rand::random::<[u8; 32]>()));
    let now = portal.clock.now();
    let new = Invitation {
        id: ids::new_id(),
        link_sha256: sha256(secret.expose()),
        role: whom.role,
        connections: whom.connections,
        note: whom.note,
        created_by: actor.name.clone(),
        created_at: now,
        expires_at: now + invitations::LIFE,
    };
    let mut entry = entry(actor, Action::InvitationCreate, object(&new.id));
    let said = json!({"role": new.role, "connections": new.connections, "note": new.note});
    entry.after = Some(said.to_string());
    let (keys, proof) = (portal.keys.clone(), confirmed.proof());
    let stored = write_audited(portal, entry, move |conn| {
        Box::pin(async move {
            proof.must_hold(conn, now).await?;
            invitations::insert(conn, &keys, &new).await?;
            Ok(true)
        })
    });
    stored.await?;
    Ok(secret)
}

/// The invitations whose links are valid, newest first.
pub async fn open(portal: &Portal) -> Result<Vec<Invitation>, StorageError> {
    invitations::open(&portal.storage, &portal.keys, portal.clock.now()).await
}

/// The invitation of this link, if it is valid. Does not use it up.
pub async fn of_link(portal: &Portal, link: &str) -> Result<Option<Invitation>, StorageError> {
    let (hash, now) = (sha256(link), portal.clock.now());
    invitations::by_link(&portal.storage, &portal.keys, &hash, now).await
}

/// Takes an invitation back. Returns whether it was still open.
pub async fn revoke(portal: &Portal, actor: &Actor, id: &str) -> Result<bool, StorageError> {
    let entry = entry(actor, Action::InvitationRevoke, object(id));
    let id = id.to_owned();
    write_audited(portal, entry, move |conn| {
        Box::pin(async move { invitations::take(conn, &id).await })
    })
    .await
}

fn object(id: &str) -> String {
    format!("invitation {id}")
}
