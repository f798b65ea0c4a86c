//! Of which certificates somebody will be reminded soon, and of which never.

use std::collections::BTreeSet;

use super::reminders::{Periods, period_of};
use crate::domain::certificate::Certificate;
use crate::domain::holder_name::HolderName;
use crate::domain::millis::Millis;
use crate::domain::thumbprint::Thumbprint;
use crate::services::{Caller, Listed, Portal, Start};
use crate::storage::certificates::{self, Filter, SortOrder};
use crate::storage::mail::people::{self, NEVER};
use crate::storage::{StorageError, Whose};

/// A certificate is listed so long before its first reminder.
const DAYS: u16 = 30;

/// A certificate of which a reminder would be due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upcoming {
    pub certificate_id: String,
    pub thumbprint: Thumbprint,
    pub holder: HolderName,
    /// As that of a [`Certificate`].
    pub subject: String,
    pub not_after: Millis,
    /// When the next reminder goes out, at the latest when it has expired.
    pub at: Millis,
    /// Whether its owner does not want to be reminded of it.
    pub is_silent: bool,
}

/// One page, of at most `size`, of what this person will be reminded of; those first that
/// expire first.
pub async fn preview(
    portal: &Portal,
    who: &Caller,
    start: &Start,
    size: u16,
) -> Result<Listed<Upcoming>, StorageError> {
    let Some(policy) = &portal.mail else {
        return Ok(Listed::empty());
    };
    let today = portal.today();
    let periods = Periods::read(portal, policy).await?;
    let filter = Filter {
        from: Some(today.now),
        to: Some(today.end_in(DAYS + periods.longest())),
        ..Filter::default()
    };
    let (storage, whose) = (&portal.storage, Whose::Owner(who.owner_id.clone()));
    let order = SortOrder::Expiry;
    let found = certificates::export(storage, &portal.keys, &whose, &filter, order, start, size);
    let found = found.await?;
    let reminded = people::reminded(storage, &who.owner_id).await?;
    let reminded: BTreeSet<_> = reminded.into_iter().collect();
    let was = |certificate: &Certificate, days| reminded.contains(&(certificate.id.clone(), days));
    Ok(found.map(|certificate| {
        let not_after = certificate.validity.not_after();
        let days = periods.of(&certificate.connection_id);
        // What is due now goes out within a day.
        let due = period_of(not_after, days, today).filter(|days| !was(&certificate, *days));
        let later = days.iter().filter_map(|days| {
            let at = today.begin_before(not_after, u16::try_from(*days).ok()?);
            (at > today.now).then_some(at)
        });
        let next = due.map(|_| today.now).into_iter().chain(later).min();
        Upcoming {
            is_silent: was(&certificate, NEVER),
            certificate_id: certificate.id,
            thumbprint: certificate.thumbprint,
            holder: certificate.holder,
            subject: certificate.subject,
            not_after,
            at: next.unwrap_or(not_after),
        }
    }))
}
