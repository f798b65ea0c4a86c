//! One mail a day at most for each person, with all certificates of which it is time, and
//! one with those that have expired meanwhile.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::to;
use crate::domain::certificate::Certificate;
use crate::domain::connection::Connection;
use crate::domain::mail::{Expiring, Facts, Kind, Policy, ReminderDays};
use crate::domain::millis::Millis;
use crate::domain::today::Today;
use crate::services::{Caller, Portal};
use crate::storage::mail::people::{self, Person};
use crate::storage::{StorageError, certificates, mail};

/// The hour of the day from which on each person is looked at, once: mail of certificates
/// comes when people begin to work.
const FROM_HOUR: i8 = 8;

/// The most people of one look, and certificates that are read at once.
const PEOPLE: u16 = 100;
const AT_ONCE: u16 = 500;

/// Reminds after the expiry, where other periods have their days before it.
const AFTER: i64 = 0;

/// Nobody hears of what expired longer ago: neither did they want to then, nor of what they
/// have taken over since.
const AFTER_FOR: Duration = Duration::from_secs(14 * 24 * 3600);

/// How many days before their expiry people are reminded of certificates.
#[derive(Debug, Clone)]
pub(super) struct Periods {
    usual: ReminderDays,
    connections: Arc<Vec<Connection>>,
}

impl Periods {
    pub(super) async fn read(portal: &Portal, policy: &Policy) -> Result<Self, StorageError> {
        Ok(Self {
            usual: policy.reminder_days.clone(),
            connections: portal.connections.all().await?,
        })
    }

    /// Those of a connection, the shortest time first.
    pub(super) fn of(&self, connection_id: &str) -> &[i64] {
        let is_its = |one: &&Connection| one.id == connection_id;
        let own = self.connections.iter().find(is_its);
        let own = own.map(|one| one.settings.reminder_days.days());
        own.filter(|days| !days.is_empty())
            .unwrap_or_else(|| self.usual.days())
    }

    /// The longest of all.
    pub(super) fn longest(&self) -> u16 {
        let own = self
            .connections
            .iter()
            .map(|one| &one.settings.reminder_days);
        let all = own.chain([&self.usual]);
        let longest = all.filter_map(|one| one.days().last()).max();
        longest
            .and_then(|days| u16::try_from(*days).ok())
            .unwrap_or(0)
    }
}

/// How many days before their expiry this person is reminded of certificates, the longest
/// time first; none if nobody is.
pub async fn reminder_days(portal: &Portal, who: &Caller) -> Result<Vec<i64>, StorageError> {
    let Some(policy) = &portal.mail else {
        return Ok(Vec::new());
    };
    let periods = Periods::read(portal, policy).await?;
    let days = periods.of(&who.connection_id);
    Ok(days.iter().rev().copied().collect())
}

/// Orders the reminders that are due.
pub async fn remind(portal: &Portal) -> Result<(), StorageError> {
    let Some(policy) = &portal.mail else {
        return Ok(());
    };
    let periods = Periods::read(portal, policy).await?;
    let before = portal.today().last(FROM_HOUR);
    loop {
        let people = people::not_reminded_since(&portal.storage, before, PEOPLE).await?;
        for person in &people {
            remind_one(portal, person, &periods, before).await?;
        }
        if people.len() < usize::from(PEOPLE) {
            return Ok(());
        }
    }
}

/// A certificate of which it is time.
struct Due {
    id: String,
    period: i64,
    what: Expiring,
    play: bool,
}

/// Those of which it is time and nobody was reminded yet.
async fn due(
    portal: &Portal,
    owner_id: &str,
    periods: &Periods,
    today: Today<'_>,
) -> Result<Vec<Due>, StorageError> {
    let (storage, mut due) = (&portal.storage, Vec::new());
    let reminded = people::reminded(storage, owner_id).await?;
    let reminded: BTreeSet<_> = reminded.into_iter().collect();
    let is_due = |certificate: Certificate| {
        let days = periods.of(&certificate.connection_id);
        let period = period_of(certificate.not_after(), days, today)?;
        let key = (certificate.id, period);
        (!reminded.contains(&key)).then(|| Due {
            id: key.0,
            period,
            play: portal.connections.is_sandbox(&certificate.connection_id),
            what: Expiring {
                holder: certificate.holder,
                not_after: certificate.validity.not_after(),
                is_estimated: certificate.validity.is_estimated(),
            },
        })
    };
    let (mut behind, end) = (
        (today.now - AFTER_FOR, String::new()),
        today.end_in(periods.longest()),
    );
    loop {
        let place = (behind.0, behind.1.as_str());
        let found = certificates::expiring_behind(storage, owner_id, place, end, AT_ONCE).await?;
        match found.last() {
            Some(last) => behind = (last.validity.not_after(), last.id.clone()),
            None => return Ok(due),
        }
        due.extend(found.into_iter().filter_map(is_due));
    }
}

async fn remind_one(
    portal: &Portal,
    person: &Person,
    periods: &Periods,
    before: Millis,
) -> Result<(), StorageError> {
    let today = portal.today();
    let due = due(portal, &person.owner_id, periods, today).await?;
    let now = today.now;
    let person = person.clone();
    let work = portal.storage.write(move |conn| {
        Box::pin(async move {
            // Another node may be doing the same.
            if !people::look_at(conn, &person.owner_id, before, now).await? {
                return Ok(());
            }
            let (mut soon, mut over) = (Facts::default(), Facts::default());
            for one in &due {
                if people::remind(conn, &one.id, one.period).await? {
                    let facts = match one.period {
                        AFTER => &mut over,
                        _ => &mut soon,
                    };
                    facts.play |= one.play;
                    facts.list(one.what.clone());
                }
            }
            for (kind, facts) in [(Kind::Expired, over), (Kind::Reminder, soon)] {
                if facts.count() > 0 {
                    mail::put(conn, &to(&person, kind, facts), now).await?;
                }
            }
            Ok(())
        })
    });
    work.await
}

/// The shortest period that a certificate is in which expires then.
pub(super) fn period_of(end: Millis, days: &[i64], today: Today<'_>) -> Option<i64> {
    if end <= today.now {
        // Without days, nobody is reminded at all.
        return (!days.is_empty() && today.now.since(end) < AFTER_FOR).then_some(AFTER);
    }
    let is_in = |days: &&i64| u16::try_from(**days).is_ok_and(|days| end < today.end_in(days));
    days.iter().find(is_in).copied()
}

/// Whether a person does not want to be reminded of this certificate; `None` if nobody would
/// remind them of it anyway.
pub async fn is_silent(
    portal: &Portal,
    certificate: &Certificate,
) -> Result<Option<bool>, StorageError> {
    let end = certificate.validity.end().filter(|_| portal.mail.is_some());
    let is_over = end.is_none_or(|end| end <= portal.clock.now());
    if is_over || certificate.replaced_by.is_some() {
        return Ok(None);
    }
    let person = people::of(portal.storage.pool(), &certificate.owner_id).await?;
    if !person.is_some_and(|person| person.reminders) {
        return Ok(None);
    }
    let silent = people::is_silent(&portal.storage, &certificate.id).await?;
    Ok(Some(silent))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn people_are_reminded_by_the_days_that_pages_show() {
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        let millis = |text: &str| {
            let at: Timestamp = text.parse().unwrap();
            Millis(at.as_millisecond())
        };
        // The evening of the 30th of December.
        let end = millis("2026-12-30T21:00:00Z");
        for (now, period) in [
            ("2026-11-29T22:59:59Z", None),
            ("2026-11-29T23:00:00Z", Some(30)),
            ("2026-12-22T22:59:59Z", Some(30)),
            ("2026-12-22T23:00:00Z", Some(7)),
            ("2026-12-30T20:59:59Z", Some(7)),
            ("2026-12-30T21:00:00Z", Some(AFTER)),
            ("2027-01-13T21:00:00Z", None),
        ] {
            let today = Today {
                now: millis(now),
                zone: &zone,
            };
            assert_eq!(period_of(end, &[7, 30], today), period, "{now}");
            assert_eq!(period_of(end, &[], today), None, "{now}");
        }
    }
}
