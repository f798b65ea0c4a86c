//! One mail a day at most for each person, with all certificates of which it is time.

use std::time::Duration;

use super::to;
use crate::domain::certificate::Certificate;
use crate::domain::mail::{Expiring, Facts, Kind};
use crate::domain::millis::Millis;
use crate::services::Portal;
use crate::storage::mail::people::{self, Person};
use crate::storage::{StorageError, certificates, mail};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Each person is looked at once in this time: less than a day, so that the time of day
/// does not wander.
const EVERY: Duration = Duration::from_secs(23 * 3600);

/// The most people of one look, and certificates of one mail.
const PEOPLE: u16 = 100;
const MOST: u16 = 500;

/// Orders the reminders that are due.
pub async fn remind(portal: &Portal) -> Result<(), StorageError> {
    let Some(policy) = &portal.mail else {
        return Ok(());
    };
    let mut days = policy.reminder_days.clone();
    days.sort_unstable();
    let before = portal.clock.now() - EVERY;
    loop {
        let people = people::not_reminded_since(&portal.storage, before, PEOPLE).await?;
        for person in &people {
            remind_one(portal, person, &days, before).await?;
        }
        if people.len() < usize::from(PEOPLE) {
            return Ok(());
        }
    }
}

async fn remind_one(
    portal: &Portal,
    person: &Person,
    days: &[i64],
    before: Millis,
) -> Result<(), StorageError> {
    let now = portal.clock.now();
    let ahead = u32::try_from(days.last().copied().unwrap_or(0)).unwrap_or(0);
    let owner = &person.owner_id;
    let soon = certificates::expiring(&portal.storage, owner, now..now + DAY * ahead, MOST);
    let soon = soon.await?;
    let (person, days) = (person.clone(), days.to_vec());
    let work = portal.storage.write(move |conn| {
        Box::pin(async move {
            // Another node may be doing the same.
            if !people::look_at(conn, &person.owner_id, before, now).await? {
                return Ok(());
            }
            let mut expiring = Vec::new();
            for certificate in &soon {
                let Some(period) = period_of(certificate, &days, now) else {
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
