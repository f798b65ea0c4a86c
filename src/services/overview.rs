//! The start page: unfinished issuances, and how many certificates expire when.
//! Every query is bounded, however many certificates there are.

use std::ops::Range;

use super::{Caller, Portal};
use crate::domain::certificate;
use crate::domain::certificate_standing::Urgency;
use crate::domain::issuance::Summary;
use crate::domain::millis::Millis;
use crate::domain::today::Today;
use crate::storage::StorageError;
use crate::storage::certificates::Kinds;
use crate::storage::{certificates, issuances};

/// How many certificates of each group are shown.
const SHOWN: u16 = 5;

/// How many half-finished issuances are shown, and how many drafts.
const OPEN: u16 = 10;

/// Certificates with the same urgency.
#[derive(Debug, Clone)]
pub struct Group {
    pub urgency: Urgency,
    pub count: i64,
    /// The first ones to expire.
    pub first: Vec<certificate::Summary>,
}

#[derive(Debug, Clone)]
pub struct Overview {
    /// Drafts and half-finished issuances.
    pub open: Vec<Summary>,
    /// Groups that are not empty, most urgent first.
    pub groups: Vec<Group>,
    /// How many expire in each of the requested months.
    pub months: Vec<i64>,
}

/// A person's overview at `now`; `months` are time ranges in their time zone.
pub async fn overview(
    portal: &Portal,
    who: &Caller,
    now: Millis,
    months: &[Range<Millis>],
) -> Result<Overview, StorageError> {
    let (storage, owner) = (&portal.storage, &who.owner_id);
    let zone = &portal.zone;
    let today = Today { now, zone };
    let open = issuances::newest_open(storage, owner, OPEN).await?;
    let urgencies = Urgency::GROUPS.iter().map(|urgency| urgency.range(today));
    let ranges: Vec<_> = urgencies.chain(months.iter().cloned()).collect();
    let mut counts = certificates::count_expiring(storage, owner, Kinds::All, &ranges).await?;
    let months = counts.split_off(Urgency::GROUPS.len().min(counts.len()));
    let urgencies = Urgency::GROUPS.iter().copied().zip(counts);
    let full: Vec<_> = urgencies.filter(|(_, count)| *count > 0).collect();
    let ranges: Vec<_> = full.iter().map(|(one, _)| one.range(today)).collect();
    let first = certificates::first_expiring(storage, owner, &ranges, SHOWN).await?;
    let groups = full.into_iter().zip(first);
    let groups = groups.map(|((urgency, count), first)| Group {
        urgency,
        count,
        first,
    });
    Ok(Overview {
        open,
        groups: groups.collect(),
        months,
    })
}
