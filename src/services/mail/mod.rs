//! Orders mail: in the transaction of what it tells of, for those who have given an
//! address. Whether and how it is sent is another's business.

mod officers;
mod preview;
mod reminders;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use sqlx::AnyConnection;

use super::audit::{entry, write_audited};
use super::limiter::{self, Deed};
use super::{Actor, Caller, Portal, ids};
use crate::domain::audit::Action;
use crate::domain::issuance::{Event, Issuance};
use crate::domain::mail::{Facts, Kind};
use crate::domain::millis::Millis;
use crate::storage::mail::people;
use crate::storage::mail::{self, NewMail};
use crate::storage::seal::KeyRing;
use crate::storage::{StorageError, runs};

pub use crate::storage::mail::Mail;
pub use crate::storage::mail::officers::Reach;
pub use crate::storage::mail::people::Person;
pub use officers::{reach_of, set_reach};
pub use preview::{Upcoming, preview};
pub use reminders::{is_silent, remind, reminder_days};

/// How many mails the admins' page lists.
const LISTED: u16 = 100;

/// What a step needs of the portal to tell of itself.
#[derive(Debug, Clone)]
pub struct Means {
    pub keys: Arc<KeyRing>,
    /// Who hears of every outcome that is not known.
    alerts_to: Vec<String>,
    /// Whether officers without a second factor see nothing, and so hear of nothing.
    needs_second_factor: bool,
    /// The connections whose certificates are good for nothing.
    sandboxes: BTreeSet<String>,
}

impl Means {
    pub fn of(portal: &Portal) -> Self {
        let policy = portal.mail.as_ref();
        Self {
            keys: Arc::clone(&portal.keys),
            alerts_to: policy.map_or_else(Vec::new, |policy| policy.alerts_to.clone()),
            needs_second_factor: portal.needs_second_factor,
            sandboxes: portal.connections.sandboxes(),
        }
    }
}

/// Tells the requester, and of unknown outcomes those who look after the portal, in the
/// transaction of this step. Of the lines of a batch its own page tells.
pub(super) async fn about_step(
    conn: &mut AnyConnection,
    means: &Means,
    issuance: &Issuance,
    event: Event,
    now: Millis,
) -> Result<(), StorageError> {
    let kind = match event {
        Event::Issued => Kind::Issued,
        Event::Refused | Event::TurnedBack | Event::Mismatched => Kind::Failed,
        Event::OutcomeUnknown => Kind::Unknown,
        _ => return Ok(()),
    };
    let facts = Facts {
        reference: issuance.reference.clone(),
        issuance: issuance.id.clone(),
        holder: issuance.holder.clone(),
        play: means.sandboxes.contains(&issuance.connection_id),
        ..Facts::default()
    };
    if matches!(event, Event::OutcomeUnknown | Event::Mismatched) {
        mail::put(conn, &to_those_in_charge(Kind::Alert, facts.clone()), now).await?;
        officers::tell(conn, means, issuance, &facts, now).await?;
    }
    let Some(person) = people::of(&mut *conn, &issuance.owner_id).await? else {
        return Ok(());
    };
    if runs::is_line(conn, &issuance.id).await? {
        return Ok(());
    }
    // Whoever causes more would fill the box of somebody who never asked for it.
    let (keys, owner_id) = (&means.keys, &issuance.owner_id);
    if limiter::count(conn, keys, Deed::Mail, owner_id, now)
        .await?
        .is_some()
    {
        return Ok(());
    }
    mail::put(conn, &to(&person, kind, facts), now).await
}

fn to(person: &Person, kind: Kind, facts: Facts) -> NewMail {
    NewMail {
        id: ids::new_id(),
        kind,
        recipient: Some(person.address.clone()),
        language: person.language.clone(),
        facts,
    }
}

/// In the language of the command line and the log.
fn to_those_in_charge(kind: Kind, facts: Facts) -> NewMail {
    NewMail {
        id: ids::new_id(),
        kind,
        recipient: None,
        language: "en".to_owned(),
        facts,
    }
}

/// What this person has given.
pub async fn of(portal: &Portal, who: &Caller) -> Result<Option<Person>, StorageError> {
    people::of(portal.storage.pool(), &who.owner_id).await
}

/// Stores a person's address, to which a mail goes at once; without one, mail ends. Returns
/// how long to wait if the address has changed too often: then nothing is stored.
pub async fn set(
    portal: &Portal,
    who: &Caller,
    address: Option<String>,
    language: &str,
    reminders: bool,
) -> Result<Option<Duration>, StorageError> {
    let (owner_id, now) = (who.owner_id.clone(), portal.clock.now());
    let (keys, whose) = (Arc::clone(&portal.keys), who.counted_as.clone());
    let language = language.to_owned();
    let facts = Facts {
        play: portal.connections.is_sandbox(&who.connection_id),
        reminders,
        ..Facts::default()
    };
    let work = portal.storage.write(move |conn| {
        Box::pin(async move {
            let before = people::of(&mut *conn, &owner_id).await?;
            let before = before.map(|before| before.address);
            let is_other = before != address;
            if is_other && address.is_some() {
                let deed = Deed::MailAddress;
                let wait = limiter::count(&mut *conn, &keys, deed, &whose, now).await?;
                if wait.is_some() {
                    return Ok(wait);
                }
            }
            if let Some(before) = before.filter(|_| is_other) {
                mail::take_back(&mut *conn, Kind::Welcome, &before).await?;
            }
            let Some(address) = address else {
                people::forget(conn, &owner_id).await?;
                return Ok(None);
            };
            let person = Person {
                owner_id,
                address,
                language,
                reminders,
            };
            people::set(&mut *conn, &person).await?;
            if is_other {
                mail::put(conn, &to(&person, Kind::Welcome, facts), now).await?;
            }
            Ok(None)
        })
    });
    work.await
}

/// From now on this person is not reminded of this certificate, or again. Returns whether
/// it is theirs.
pub async fn silence(
    portal: &Portal,
    who: &Caller,
    certificate_id: &str,
    silent: bool,
) -> Result<bool, StorageError> {
    let (owner, id) = (who.owner_id.clone(), certificate_id.to_owned());
    let work = portal.storage.write(move |conn| {
        Box::pin(async move { people::silence(conn, &owner, &id, silent).await })
    });
    work.await
}

/// Orders a mail to those who look after the portal.
pub async fn test(portal: &Portal, actor: &Actor) -> Result<(), StorageError> {
    let (entry, now) = (entry(actor, Action::MailTest, "mail"), portal.clock.now());
    let mail = to_those_in_charge(Kind::Test, Facts::default());
    let work = write_audited(portal, entry, move |conn| {
        Box::pin(async move {
            mail::put(conn, &mail, now).await?;
            Ok(true)
        })
    });
    work.await.map(drop)
}

/// Has a mail sent once more that failed, or whose outcome is not known. Returns whether it
/// was one.
pub async fn again(portal: &Portal, id: &str, actor: &Actor) -> Result<bool, StorageError> {
    let entry = entry(actor, Action::MailAgain, format!("mail {id}"));
    let (id, now) = (id.to_owned(), portal.clock.now());
    let work = write_audited(portal, entry, move |conn| {
        Box::pin(async move { mail::again(conn, &id, now).await })
    });
    work.await
}

/// The newest mail, and what became of it.
pub async fn newest(portal: &Portal) -> Result<Vec<Mail>, StorageError> {
    mail::newest(&portal.storage, LISTED).await
}
