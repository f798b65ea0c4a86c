//! Runs as their owner sees them.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::acts::own;
use crate::domain::run::{LineOutcome, Run};
use crate::services::{Caller, Portal};
use crate::storage::StorageError;
use crate::storage::runs::{self, Named, Repeat, Tally, Told};

/// One run with all its lines.
#[derive(Debug, Clone)]
pub struct RunStory {
    pub run: Run,
    /// In order.
    pub lines: Vec<Told>,
}

/// One run in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    pub run: Run,
    pub tally: Tally,
}

/// One of this person's runs; somebody else's counts as missing.
pub async fn open(portal: &Portal, who: &Caller, id: &str) -> Result<Option<Run>, StorageError> {
    own(portal, who, id).await
}

/// What became of the lines of a run.
pub async fn story(portal: &Portal, run: Run) -> Result<RunStory, StorageError> {
    let lines = runs::told(&portal.storage, &run, portal.clock.now()).await?;
    Ok(RunStory { run, lines })
}

/// Whom these lines of a run name, by their positions.
pub async fn named(
    portal: &Portal,
    run: &Run,
    positions: RangeInclusive<i64>,
) -> Result<BTreeMap<i64, Named>, StorageError> {
    runs::named(&portal.storage, run, positions).await
}

/// How many lines of a run have each outcome.
pub async fn tally(portal: &Portal, run: &Run) -> Result<Tally, StorageError> {
    runs::tally(&portal.storage, &run.id, portal.clock.now()).await
}

/// The lines of a run that may be tried again.
pub async fn to_repeat(portal: &Portal, run: &Run) -> Result<Vec<Repeat>, StorageError> {
    runs::to_repeat(&portal.storage, &run.id, portal.clock.now()).await
}

/// How many lines of a run would be left out if it ended now.
pub async fn left(portal: &Portal, run: &Run) -> Result<usize, StorageError> {
    runs::left(&portal.storage, &run.id).await
}

/// How many runs this person has confirmed.
pub async fn count(portal: &Portal, who: &Caller) -> Result<usize, StorageError> {
    runs::count(&portal.storage, &who.owner_id).await
}

/// The runs of this person that are not over, newest first.
pub async fn unfinished(portal: &Portal, who: &Caller) -> Result<Vec<Listed>, StorageError> {
    let found = runs::open_of(&portal.storage, &who.owner_id, 5).await?;
    listed(portal, found).await
}

/// The runs that this person has yet to confirm, newest first.
pub async fn unconfirmed(portal: &Portal, who: &Caller) -> Result<Vec<Listed>, StorageError> {
    let found = runs::unconfirmed(&portal.storage, &who.owner_id).await?;
    listed(portal, found).await
}

/// Some of the runs that this person has confirmed, newest first.
pub async fn list(
    portal: &Portal,
    who: &Caller,
    skip: usize,
    size: usize,
) -> Result<Vec<Listed>, StorageError> {
    let found = runs::of_owner(&portal.storage, &who.owner_id, skip, size).await?;
    listed(portal, found).await
}

async fn listed(portal: &Portal, found: Vec<Run>) -> Result<Vec<Listed>, StorageError> {
    let mut listed = Vec::with_capacity(found.len());
    for run in found {
        let tally = tally(portal, &run).await?;
        listed.push(Listed { run, tally });
    }
    Ok(listed)
}

impl RunStory {
    /// The lines with this outcome, or all.
    pub fn with(&self, outcome: Option<LineOutcome>) -> impl Iterator<Item = &Told> {
        let is_wanted = move |line: &&Told| outcome.is_none_or(|wanted| line.outcome == wanted);
        self.lines.iter().filter(is_wanted)
    }
}
