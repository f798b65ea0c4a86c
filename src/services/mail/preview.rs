//! Of which certificates somebody will be reminded within the next 30 days, and of which
//! never.

use std::collections::BTreeSet;

use super::reminders::{Periods, period_of};
use crate::domain::certificate::Certificate;
use crate::domain::millis::{DAY, Millis};
use crate::services::{Caller, Portal};
use crate::storage::mail::people::{self, NEVER};
use crate::storage::{StorageError, certificates};

/// How far the preview looks.
const DAYS: u32 = 30;

/// The most certificates of a preview.
const MOST: u16 = 100;

/// A certificate of which a reminder would be due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upcoming {
    pub certificate_id: String,
    pub holder: String,
    pub not_after: Millis,
    /// When the next reminder goes out.
    pub at: Millis,
    /// Whether its owner does not want to be reminded of it.
    pub is_silent: bool,
}

/// What this person will be reminded of, those first that expire first.
pub async fn preview(portal: &Portal, who: &Caller) -> Result<Vec<Upcoming>, StorageError> {
    let Some(policy) = &portal.mail else {
        return Ok(Vec::new());
    };
    let now = portal.clock.now();
    let periods = Periods::read(portal, policy).await?;
    let until = now + DAY * DAYS + periods.longest();
    let (storage, owner) = (&portal.storage, &who.owner_id);
    let soon = certificates::expiring(storage, owner, now..until, MOST).await?;
    let reminded: BTreeSet<_> = people::reminded(storage, owner)
        .await?
        .into_iter()
        .collect();
    let was = |certificate: &Certificate, days| reminded.contains(&(certificate.id.clone(), days));
    let upcoming = soon.into_iter().filter_map(|certificate| {
        let not_after = certificate.validity.not_after();
        let days = periods.of(&certificate);
        // What is due now goes out within a day.
        let due = period_of(&certificate, days, now).filter(|days| !was(&certificate, *days));
        let later = days.iter().filter_map(|days| {
            let at = not_after - DAY * u32::try_from(*days).ok()?;
            (at > now).then_some(at)
        });
        let at = due.map(|_| now).into_iter().chain(later).min();
        let at = at.filter(|at| *at <= now + DAY * DAYS)?;
        Some(Upcoming {
            is_silent: was(&certificate, NEVER),
            certificate_id: certificate.id,
            holder: certificate.holder,
            not_after,
            at,
        })
    });
    Ok(upcoming.collect())
}
