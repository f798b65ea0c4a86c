//! Connections as admins manage them: created, changed, switched on and off. Each change
//! and its audit entry share one transaction, and so does a last look at the password that
//! was typed for it.

use std::sync::Arc;

use serde_json::Value;

use super::accounts::{Confirmed, Proof};
use super::audit::{entry, write_audited};
use super::consequences::{Consequences, in_use};
use super::{Actor, Portal, ids};
use crate::domain::audit::Action;
use crate::domain::connection::{
    Connection, KeyProblem, KeyRole, Problem, Problems, Slug, Written,
};
use crate::domain::secret::Secret;
use crate::storage::audit::NewEntry;
use crate::storage::{StorageError, connections};

/// Result of creating a connection.
#[derive(Debug, Clone)]
pub enum Made {
    /// Created with this slug.
    Made(Slug),
    /// All is well but for the admin's password, which was not given. Nothing was created.
    Unconfirmed,
    /// Some fields have problems.
    Wrong(Problems),
}

/// Result of changing a connection.
#[derive(Debug, Clone)]
pub enum Changed {
    Done,
    /// It would lead to another server: the admin has to say whether its users are the
    /// same. Nothing was changed.
    OtherServer,
    /// All is well but for the admin's password, which was not given. Nothing was changed.
    Unconfirmed,
    /// Some fields have problems.
    Wrong(Problems),
    /// Somebody else changed it since the form was rendered: this is its
    /// current version.
    Stale(Box<Connection>),
    /// The configuration file decides about it: change it there.
    ReadOnly,
    Missing,
}

/// What an admin was asked for before a change.
#[derive(Debug, Default)]
pub struct Asked {
    /// Needed for another shared key, server or private CA, and for every other setting
    /// that [decides whom to trust](crate::domain::connection::Stake::Trust).
    pub confirmed: Option<Confirmed>,
    /// Whether the users of another server are the same people; needed for another server
    /// or private CA.
    pub same_users: Option<bool>,
}

impl Asked {
    /// What a change that stays at the same server may need.
    pub const fn here(confirmed: Option<Confirmed>) -> Self {
        Self {
            confirmed,
            same_users: None,
        }
    }
}

/// Creates a connection: people will type passwords at its server, so it needs the admin's.
///
/// # Errors
/// [`StorageError::Lapsed`] if what was confirmed does not hold any more.
pub async fn create(
    portal: &Portal,
    actor: &Actor,
    written: &Written,
    confirmed: Option<&Confirmed>,
) -> Result<Made, StorageError> {
    let now = portal.clock.now();
    let connection = match read(portal, written, None).await? {
        Ok(connection) => connection,
        Err(problems) => return Ok(Made::Wrong(problems)),
    };
    let Some(proof) = confirmed.map(Confirmed::proof) else {
        return Ok(Made::Unconfirmed);
    };
    let mut entry = entry(actor, Action::ConnectionCreate, object(&connection));
    entry.after = Some(summary(&connection, "set"));
    let (keys, slug) = (portal.keys.clone(), connection.slug.clone());
    let written = write_audited(portal, entry, move |conn| {
        Box::pin(async move {
            proof.must_hold(conn, now).await?;
            connections::insert(conn, &keys, &connection, now).await?;
            Ok(true)
        })
    });
    match written.await {
        Ok(_) => {
            portal.connections.changed();
            Ok(Made::Made(slug))
        }
        Err(StorageError::Conflict) => Ok(Made::Wrong(vec![("slug", Problem::SlugTaken)])),
        Err(error) => Err(error),
    }
}

/// Changes a connection, if it is still at `version`. An empty key keeps the
/// stored one, but not for another server; the slug never changes.
pub async fn edit(
    portal: &Arc<Portal>,
    actor: &Actor,
    id: &str,
    version: i64,
    written: &Written,
    asked: Asked,
) -> Result<Changed, StorageError> {
    let stored = match changeable(portal, id, version).await? {
        Ok(stored) => stored,
        Err(refused) => return Ok(refused),
    };
    let wanted = match read(portal, written, Some(&stored)).await? {
        Ok(wanted) => wanted,
        Err(problems) => return Ok(Changed::Wrong(problems)),
    };
    let is_without_key = written.shared_key.expose().is_empty();
    let proof = asked.confirmed.as_ref().map(Confirmed::proof);
    if wanted.server() == stored.server() {
        let is_of_trust = wanted.settings.trust_otherwise_than(&stored.settings);
        if (is_of_trust || !is_without_key) && proof.is_none() {
            return Ok(Changed::Unconfirmed);
        }
        let action = Action::ConnectionEdit;
        return replace(portal, actor, action, stored, wanted, proof).await;
    }
    let Some(same_users) = asked.same_users else {
        return Ok(Changed::OtherServer);
    };
    if is_without_key {
        let missing = Problem::Key(KeyProblem::Missing);
        return Ok(Changed::Wrong(vec![("shared_key", missing)]));
    }
    let Some(proof) = proof else {
        return Ok(Changed::Unconfirmed);
    };
    move_there(portal, actor, &stored, wanted, (same_users, proof)).await
}

/// Lets a connection lead to another server.
async fn move_there(
    portal: &Arc<Portal>,
    actor: &Actor,
    stored: &Connection,
    wanted: Connection,
    (same_users, proof): (bool, Proof),
) -> Result<Changed, StorageError> {
    // The next key or the previous one was for the server that it leaves.
    let wanted = Connection {
        second_key: None,
        ..wanted
    };
    let mut entry = difference(actor, Action::ConnectionMove, stored, &wanted);
    entry.after = entry.after.map(|after| with_same_users(&after, same_users));
    let consequences = Consequences::of(stored, &wanted, same_users);
    store(portal, entry, wanted, consequences, Some(proof)).await
}

/// The settings for the audit, with what the admin said about the users.
fn with_same_users(settings: &str, same_users: bool) -> String {
    let mut all: serde_json::Map<String, Value> =
        serde_json::from_str(settings).unwrap_or_default();
    all.insert("same_users".to_owned(), same_users.into());
    Value::Object(all).to_string()
}

/// Switches a connection on or off, if it is still at `version`. People go to another server
/// then, so it needs the admin's password.
pub async fn set_enabled(
    portal: &Arc<Portal>,
    actor: &Actor,
    id: &str,
    version: i64,
    enabled: bool,
    confirmed: Option<&Confirmed>,
) -> Result<Changed, StorageError> {
    let is_decided_here = |stored: &Connection| !stored.is_in_file();
    let stored = match at_version(portal, id, version, is_decided_here).await? {
        Ok(stored) => stored,
        Err(refused) => return Ok(refused),
    };
    let Some(confirmed) = confirmed else {
        return Ok(Changed::Unconfirmed);
    };
    let wanted = Connection {
        enabled,
        ..stored.clone()
    };
    let action = match enabled {
        true => Action::ConnectionEnable,
        false => Action::ConnectionDisable,
    };
    let proof = Some(confirmed.proof());
    replace(portal, actor, action, stored, wanted, proof).await
}

/// Makes a connection that left the configuration file one that is changed on the
/// pages. There is no way back on the pages, so it needs the admin's password.
pub async fn hand_over(
    portal: &Arc<Portal>,
    actor: &Actor,
    id: &str,
    version: i64,
    confirmed: Option<&Confirmed>,
) -> Result<Changed, StorageError> {
    let has_left = |stored: &Connection| stored.left_file_at.is_some();
    let stored = match at_version(portal, id, version, has_left).await? {
        Ok(stored) => stored,
        Err(refused) => return Ok(refused),
    };
    let Some(confirmed) = confirmed else {
        return Ok(Changed::Unconfirmed);
    };
    let wanted = Connection {
        from_file: false,
        left_file_at: None,
        ..stored.clone()
    };
    let (action, proof) = (Action::ConnectionHandOver, Some(confirmed.proof()));
    replace(portal, actor, action, stored, wanted, proof).await
}

/// Reads and checks the form like the configuration file at the start. Besides, a name that
/// is new here must not be that of another connection.
async fn read(
    portal: &Portal,
    written: &Written,
    stored: Option<&Connection>,
) -> Result<Result<Connection, Problems>, StorageError> {
    let connection = match written.read(stored, ids::new_id()) {
        Ok(connection) => connection,
        Err(problems) => return Ok(Err(problems)),
    };
    let mut problems = portal.connections.problems(&connection, portal.clock.now());
    let settings = &connection.settings;
    let is_called_so = |one: &Connection| settings.is_called_like(&one.settings);
    let all = portal.connections.all().await?;
    let others = || all.iter().filter(|one| one.id != connection.id);
    if others().any(|one| one.slug == connection.slug) {
        problems.insert(0, ("slug", Problem::SlugTaken));
    }
    if !stored.is_some_and(is_called_so) && others().any(is_called_so) {
        problems.insert(0, ("name", Problem::NameTaken));
    }
    Ok(match problems.is_empty() {
        true => Ok(connection),
        false => Err(problems),
    })
}

/// The stored connection, if its settings are changed on the pages and it is still at
/// `version`.
pub(super) async fn changeable(
    portal: &Portal,
    id: &str,
    version: i64,
) -> Result<Result<Connection, Changed>, StorageError> {
    at_version(portal, id, version, |stored| !stored.from_file).await
}

async fn at_version(
    portal: &Portal,
    id: &str,
    version: i64,
    may_change: impl Fn(&Connection) -> bool,
) -> Result<Result<Connection, Changed>, StorageError> {
    let stored = connections::by_id(&portal.storage, &portal.keys, id).await?;
    Ok(match stored {
        None => Err(Changed::Missing),
        Some(stored) if !may_change(&stored) => Err(Changed::ReadOnly),
        Some(stored) if stored.version != version => Err(Changed::Stale(Box::new(stored))),
        Some(stored) => Ok(stored),
    })
}

/// Stores `wanted` instead of `stored`, unless somebody else was first, or the proof that
/// was needed does not hold any more.
pub(super) async fn replace(
    portal: &Arc<Portal>,
    actor: &Actor,
    action: Action,
    stored: Connection,
    wanted: Connection,
    proof: Option<Proof>,
) -> Result<Changed, StorageError> {
    let entry = difference(actor, action, &stored, &wanted);
    let consequences = Consequences::of(&stored, &wanted, false);
    store(portal, entry, wanted, consequences, proof).await
}

async fn store(
    portal: &Arc<Portal>,
    entry: NewEntry,
    wanted: Connection,
    consequences: Consequences,
    proof: Option<Proof>,
) -> Result<Changed, StorageError> {
    let (keys, now, id) = (portal.keys.clone(), portal.clock.now(), wanted.id.clone());
    let (written, before) = (consequences.clone(), in_use(portal, &id).await);
    let replaced = write_audited(portal, entry, move |conn| {
        Box::pin(async move {
            if let Some(proof) = proof {
                proof.must_hold(conn, now).await?;
            }
            let replaced = connections::update(conn, &keys, &wanted, now).await?;
            if replaced {
                written.write(conn, now).await?;
            }
            Ok(replaced)
        })
    })
    .await?;
    portal.connections.changed();
    if replaced {
        consequences.end_sign_ins(portal, before).await;
        return Ok(Changed::Done);
    }
    let stored = connections::by_id(&portal.storage, &portal.keys, &id).await?;
    Ok(stored.map_or(Changed::Missing, |stored| Changed::Stale(Box::new(stored))))
}

fn difference(actor: &Actor, action: Action, before: &Connection, after: &Connection) -> NewEntry {
    let key = key_word(&before.shared_key, &after.shared_key);
    let mut entry = entry(actor, action, object(before));
    entry.before = Some(summary(before, "set"));
    entry.after = Some(summary(after, key));
    entry
}

fn key_word(before: &Secret, after: &Secret) -> &'static str {
    match before == after {
        true => "set",
        false => "replaced",
    }
}

fn object(connection: &Connection) -> String {
    format!("connection {}", connection.slug)
}

/// The settings for the audit; for the keys there are words such as "replaced", never
/// the keys.
fn summary(connection: &Connection, shared_key: &str) -> String {
    let mut all: serde_json::Map<String, Value> = connection
        .settings
        .texts()
        .into_iter()
        .map(|(key, text)| (key, text.into()))
        .collect();
    let second = connection.second_key.as_ref().map(|second| second.role);
    let second_key = match second {
        None => "",
        Some(KeyRole::Next) => "next",
        Some(KeyRole::Previous { .. }) => "previous",
    };
    all.insert("shared_key".to_owned(), shared_key.into());
    all.insert("second_key".to_owned(), second_key.into());
    all.insert("from_file".to_owned(), connection.from_file.into());
    all.insert("enabled".to_owned(), connection.enabled.into());
    Value::Object(all).to_string()
}
