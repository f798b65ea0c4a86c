//! Shared keys in an admin's hands: replaced at once, or by a next key, which is
//! accepted beside the one in use until everybody has changed over.

use std::sync::Arc;

use super::accounts::Confirmed;
use super::connection_admin::{Changed, changeable, replace};
use super::{Actor, Portal};
use crate::domain::audit::Action;
use crate::domain::connection::{Connection, Problem, Texts};
use crate::domain::millis::Millis;
use crate::domain::secret::Secret;
use crate::storage::StorageError;

/// What an admin does with the keys of a connection.
#[derive(Debug)]
pub enum KeyAct {
    /// Use this key instead, at once. `encoding` is how it is written.
    Replace { key: Secret, encoding: String },
    /// Store a key that will be used next.
    StoreNext(Secret),
    /// Sign login URLs with the next key from now on.
    UseNext,
    /// Drop the next or the previous key.
    DropSecond,
}

impl KeyAct {
    const fn action(&self) -> Action {
        match self {
            Self::Replace { .. } => Action::ConnectionKeyReplace,
            Self::StoreNext(_) => Action::ConnectionNextKeyStore,
            Self::UseNext => Action::ConnectionNextKeyUse,
            Self::DropSecond => Action::ConnectionSecondKeyDrop,
        }
    }

    /// The connection after this act; `None` if there is no second key for it.
    fn on(
        &self,
        stored: &Connection,
        now: Millis,
    ) -> Result<Option<Connection>, (&'static str, Problem)> {
        let at_key = |problem| ("shared_key", problem);
        Ok(match self {
            Self::Replace { key, encoding } => {
                let encoding = Texts::from([("key_encoding".to_owned(), encoding.clone())]);
                let settings = stored.settings.with(&encoding);
                let settings = settings.map_err(|_| ("key_encoding", Problem::Choice))?;
                let written_so = Connection {
                    settings,
                    ..stored.clone()
                };
                Some(written_so.with_key(key).map_err(at_key)?)
            }
            Self::StoreNext(key) => Some(stored.with_next_key(key, now).map_err(at_key)?),
            Self::UseNext => stored.with_next_key_in_use(now),
            Self::DropSecond => stored.second_key.as_ref().map(|_| Connection {
                second_key: None,
                ..stored.clone()
            }),
        })
    }
}

/// Changes the keys of a connection, if it is still at `version`. Nobody signs in with a
/// key that Redtrust does not have, and one that was dropped is not got back: so each act
/// needs the admin's password. [`Changed::Stale`] also says that there is no second key to
/// use or to drop.
pub async fn act(
    portal: &Arc<Portal>,
    actor: &Actor,
    id: &str,
    version: i64,
    act: &KeyAct,
    confirmed: Option<Confirmed>,
) -> Result<Changed, StorageError> {
    let stored = match changeable(portal, id, version).await? {
        Ok(stored) => stored,
        Err(refused) => return Ok(refused),
    };
    match act.on(&stored, portal.clock.now()) {
        Ok(Some(wanted)) => match confirmed {
            Some(confirmed) => {
                let proof = Some(confirmed.proof());
                replace(portal, actor, act.action(), stored, wanted, proof).await
            }
            None => Ok(Changed::Unconfirmed),
        },
        Ok(None) => Ok(Changed::Stale(Box::new(stored))),
        Err(problem) => Ok(Changed::Wrong(vec![problem])),
    }
}
