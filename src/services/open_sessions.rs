//! The sessions that somebody has open, on which device since when, and ending them one by
//! one. A session is named by a keyed mark: neither its id nor the hash it is stored under
//! leaves the portal.

use std::sync::Arc;

use aws_lc_rs::hmac;

use super::audit::{entry, write_audited};
use super::{Actor, Portal, sign_out};
use crate::domain::audit::Action;
use crate::domain::device::Device;
use crate::domain::millis::Millis;
use crate::storage::seal::{KeyRing, SealError};
use crate::storage::sessions::{self, Kind, Session};
use crate::storage::{Storage, StorageError};

/// SHA-256 of a session's id.
pub type IdHash = [u8; 32];

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// Names it in addresses.
    pub mark: String,
    /// Whose it is; empty where that is plain.
    pub username: String,
    /// Whether it is the one that asks.
    pub is_this: bool,
    pub device: Device,
    /// Where it began; empty if that is not known.
    pub address: String,
    pub begun_at: Millis,
    /// To the minute.
    pub used_at: Millis,
    /// Ends then if it is not used.
    pub idle_until: Millis,
    /// Ends then in any case.
    pub absolute_until: Millis,
}

impl OpenSession {
    fn of(
        keys: &KeyRing,
        (username, session): (String, Session),
        this: &IdHash,
    ) -> Result<Self, StorageError> {
        Ok(Self {
            mark: mark(keys, &session.id_hash)?,
            username,
            is_this: session.id_hash == *this,
            device: session.device,
            address: session.address,
            begun_at: session.created_at,
            used_at: session.used_at,
            idle_until: session.idle_until,
            absolute_until: session.absolute_until,
        })
    }
}

fn mark(keys: &KeyRing, id_hash: &IdHash) -> Result<String, SealError> {
    let key = keys.mac_key("open session")?;
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_slice()), id_hash);
    let tag = tag.as_ref().first_chunk::<16>().ok_or(SealError::Failed)?;
    Ok(data_encoding::HEXLOWER.encode(tag))
}

/// The sessions of a user, the one that asks first.
pub async fn of_user(
    portal: &Portal,
    owner_id: &str,
    this: &IdHash,
) -> Result<Vec<OpenSession>, StorageError> {
    let mut found = of(portal, Kind::User, owner_id).await?;
    found.sort_by_key(|session| session.id_hash != *this);
    let open = |session| OpenSession::of(&portal.keys, (String::new(), session), this);
    found.into_iter().map(open).collect()
}

/// The sessions of all admins, the one that asks first.
pub async fn of_admins(portal: &Portal, this: &IdHash) -> Result<Vec<OpenSession>, StorageError> {
    let mut found = sessions::live_of_admins(&portal.storage, portal.clock.now()).await?;
    found.sort_by_key(|(_, session)| session.id_hash != *this);
    let open = |named| OpenSession::of(&portal.keys, named, this);
    found.into_iter().map(open).collect()
}

async fn of(portal: &Portal, kind: Kind, subject: &str) -> Result<Vec<Session>, StorageError> {
    sessions::live_of(&portal.storage, kind, subject, portal.clock.now()).await
}

/// Ends the session of this user that has this mark, and its sign-in at Redtrust. Returns
/// whether there was one.
pub async fn end_of_user(
    portal: &Arc<Portal>,
    owner_id: &str,
    marked: &str,
) -> Result<bool, StorageError> {
    for session in of(portal, Kind::User, owner_id).await? {
        if mark(&portal.keys, &session.id_hash)? == marked {
            delete(&portal.storage, session.id_hash).await?;
            tracing::info!(event = "session_ended");
            end_sign_ins(portal, [session]).await?;
            return Ok(true);
        }
    }
    Ok(false)
}

async fn delete(storage: &Storage, id_hash: IdHash) -> Result<bool, StorageError> {
    storage
        .write(move |conn| Box::pin(async move { sessions::delete(conn, &id_hash).await }))
        .await
}

/// Ends all sessions of this user but one, and their sign-ins at Redtrust.
pub async fn end_others_of_user(
    portal: &Arc<Portal>,
    owner_id: &str,
    this: IdHash,
) -> Result<(), StorageError> {
    let mut others = of(portal, Kind::User, owner_id).await?;
    others.retain(|session| session.id_hash != this);
    let owner_id = owner_id.to_owned();
    let ended = portal
        .storage
        .write(move |conn| {
            Box::pin(
                async move { sessions::delete_others(conn, Kind::User, &owner_id, &this).await },
            )
        })
        .await?;
    tracing::info!(event = "sessions_ended", ended);
    end_sign_ins(portal, others).await
}

/// A sign-in whose session began meanwhile is found by the housekeeping.
async fn end_sign_ins(
    portal: &Arc<Portal>,
    ended: impl IntoIterator<Item = Session>,
) -> Result<(), StorageError> {
    for sign_in_id in ended.into_iter().filter_map(|session| session.sign_in_id) {
        sign_out::sign_out(portal, &sign_in_id).await?;
    }
    Ok(())
}

/// The sessions of all users who are called this; none of them asks.
pub async fn of_login(portal: &Portal, login: &str) -> Result<Vec<OpenSession>, StorageError> {
    let found = sessions::live_of_login(&portal.storage, login, portal.clock.now()).await?;
    let open = |named| OpenSession::of(&portal.keys, named, &IdHash::default());
    found.into_iter().map(open).collect()
}

/// Ends the session of any admin that has this mark. Returns whether there was one.
pub async fn end_of_admin(
    portal: &Portal,
    marked: &str,
    actor: &Actor,
) -> Result<bool, StorageError> {
    let found = sessions::live_of_admins(&portal.storage, portal.clock.now()).await?;
    let ended = end_marked(portal, found, marked, ("admin", actor)).await?;
    Ok(ended.is_some())
}

/// Ends the session of a user who is called this that has this mark, and its sign-in at
/// Redtrust. Returns whether there was one.
pub async fn end_of_login(
    portal: &Arc<Portal>,
    login: &str,
    marked: &str,
    actor: &Actor,
) -> Result<bool, StorageError> {
    let found = sessions::live_of_login(&portal.storage, login, portal.clock.now()).await?;
    let ended = end_marked(portal, found, marked, ("user", actor)).await?;
    let was_there = ended.is_some();
    end_sign_ins(portal, ended).await?;
    Ok(was_there)
}

/// Ends the one of these that has this mark, and writes down who did it to whom.
async fn end_marked(
    portal: &Portal,
    found: Vec<(String, Session)>,
    marked: &str,
    (noun, actor): (&str, &Actor),
) -> Result<Option<Session>, StorageError> {
    for (name, session) in found {
        let id_hash = session.id_hash;
        if mark(&portal.keys, &id_hash)? == marked {
            let entry = entry(actor, Action::SessionEnd, format!("{noun} {name}"));
            let ended = write_audited(portal, entry, move |conn| {
                Box::pin(async move { sessions::delete(conn, &id_hash).await })
            });
            return Ok(ended.await?.then_some(session));
        }
    }
    Ok(None)
}

/// Ends all sessions of this admin but one.
pub async fn end_others_of_admin(
    portal: &Portal,
    admin_id: &str,
    this: IdHash,
    actor: &Actor,
) -> Result<bool, StorageError> {
    let (admin_id, object) = (admin_id.to_owned(), format!("admin {}", actor.name));
    write_audited(
        portal,
        entry(actor, Action::SessionsEnd, object),
        move |conn| {
            Box::pin(async move {
                let ended = sessions::delete_others(conn, Kind::Admin, &admin_id, &this).await?;
                Ok(ended > 0)
            })
        },
    )
    .await
}
