//! One mail a day at most for each person, with all certificates of which it is time.

use std::sync::Arc;
use std::time::Duration;

use super::to;
use crate::domain::certificate::Certificate;
use crate::domain::connection::Connection;
use crate::domain::mail::{Expiring, Facts, Kind, Policy, ReminderDays};
use crate::domain::millis::{DAY, Millis};
use crate::services::Portal;
use crate::storage::mail::people::{self, Person};
use crate::storage::{StorageError, certificates, mail};

/// Each person is looked at once in this time: less than a day, so that the time of day
/// does not wander.
const EVERY: Duration = Duration::from_secs(23 * 3600);

/// The most people of one look, and certificates of one mail.
const PEOPLE: u16 = 100;
const MOST: u16 = 500;

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

    /// Those of the certificate's connection, the shortest time first.
    pub(super) fn of(&self, certificate: &Certificate) -> &[i64] {
        let is_its = |one: &&Connection| one.id == certificate.connection_id;
        let own = self.connections.iter().find(is_its);
        let own = own.map(|one| one.settings.reminder_days.days());
        own.filter(|days| !days.is_empty())
            .unwrap_or_else(|| self.usual.days())
    }

    /// The longest of all.
    pub(super) fn longest(&self) -> Duration {
        let own = self
            .connections
            .iter()
            .map(|one| &one.settings.reminder_days);
        let all = own.chain([&self.usual]);
        let longest = all.filter_map(|one| one.days().last()).max();
        DAY * longest
            .and_then(|days| u32::try_from(*days).ok())
            .unwrap_or(0)
    }
}

/// Orders the reminders that are due.
pub async fn remind(portal: &Portal) -> Result<(), StorageError> {
    let Some(policy) = &portal.mail else {
        return Ok(());
    };
    let periods = Periods::read(portal, policy).await?;
    let before = portal.clock.now() - EVERY;
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

async fn remind_one(
    portal: &Portal,
    person: &Person,
    periods: &Periods,
    before: Millis,
) -> Result<(), StorageError> {
    let now = portal.clock.now();
    let owner = &person.owner_id;
    let soon = certificates::expiring(&portal.storage, owner, now..now + periods.longest(), MOST);
    let soon = soon.await?;
    let (person, periods) = (person.clone(), periods.clone());
    let work = portal.storage.write(move |conn| {
        Box::pin(async move {
            // Another node may be doing the same.
            if !people::look_at(conn, &person.owner_id, before, now).await? {
                return Ok(());
            }
            let mut expiring = Vec::new();
            for certificate in &soon {
                let Some(period) = period_of(certificate, periods.of(certificate), now) else {
                    continue;
                };
                if people::remind(conn, &certificate.id, period).await? {
                    expiring.push(Expiring {
                        holder: certificate.holder.clone(),
                        not_after: certificate.validity.not_after(),
                    });
                }
            }
            if expiring.is_empty() {
                return Ok(());
            }
            let facts = Facts {
                expiring,
                ..Facts::default()
            };
            mail::put(conn, &to(&person, Kind::Reminder, facts), now).await
        })
    });
    work.await
}

/// The shortest period that this certificate is in.
pub(super) fn period_of(certificate: &Certificate, days: &[i64], now: Millis) -> Option<i64> {
    let left = certificate.validity.not_after().since(now);
    let is_in = |days: &&i64| u32::try_from(**days).is_ok_and(|days| left <= DAY * days);
    days.iter().find(is_in).copied()
}
