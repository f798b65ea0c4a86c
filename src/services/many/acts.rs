//! What the owner of a run does with it.

use std::sync::Arc;

use crate::domain::run::{Faults, Run, RunState, Skip};
use crate::services::{Caller, Portal, ids};
use crate::storage::runs::{self, Restart};
use crate::storage::{StorageError, Work};

use super::plan::{Planned, Subject, plan};
use super::supervisor;

/// So many runs of one person are worked on at once.
const MOST_WORKING: i64 = 20;

/// Result of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acted {
    /// Done, or it stood so already: show the run's page.
    Done,
    /// No line of it can be ordered.
    Nothing,
    /// Holders have certificates by now of which its owner was not told.
    Doubled,
    /// As many of their runs are worked on as may be; this one is as it was.
    TooMany,
    Missing,
}

/// This person's run; somebody else's counts as missing.
pub(super) async fn own(
    portal: &Portal,
    who: &Caller,
    id: &str,
) -> Result<Option<Run>, StorageError> {
    let found = runs::by_id(&portal.storage, id).await?;
    let own = found.filter(|run| run.owner_id == who.owner_id);
    Ok(own)
}

/// Starts a run, once however often the button is pressed, without the lines that cannot be
/// ordered now, unless more of them are [`Planned::is_doubled`] than were `shown`.
pub async fn confirm(
    portal: &Arc<Portal>,
    who: &Caller,
    id: &str,
    shown: usize,
) -> Result<Acted, StorageError> {
    let Some(run) = own(portal, who, id).await? else {
        return Ok(Acted::Missing);
    };
    if run.state != RunState::Check {
        return Ok(Acted::Done);
    }
    let plan = plan(portal, run).await?;
    if plan.doubled() > shown {
        // What this run itself ordered, if it was started meanwhile, is no duplicate of it.
        let now = runs::by_id(&portal.storage, &plan.run.id).await?;
        let is_open = now.is_some_and(|run| run.state == RunState::Check);
        return Ok(match is_open {
            true => Acted::Doubled,
            false => Acted::Done,
        });
    }
    let lines = plan.lines.len();
    let without: Vec<_> = plan.lines.into_iter().filter_map(left_out).collect();
    if without.len() == lines {
        return Ok(Acted::Nothing);
    }
    let (id, by, now) = (plan.run.id, restart_by(who), portal.clock.now());
    started(portal, who, &id.clone(), move |conn| {
        Box::pin(async move { runs::confirm(conn, &id, &without, &by, now).await })
    })
    .await
}

/// A line that cannot be ordered, why, and what is wrong with its row.
fn left_out(line: Planned) -> Option<(i64, Skip, Faults)> {
    let faults = match line.subject {
        Subject::Holder(holder) => holder.faults,
        Subject::Certificate(_) | Subject::Thumbprint(_) => Faults::default(),
    };
    Some((line.position, line.skip?, faults))
}

/// Stops ordering further lines; those that were ordered are finished.
pub async fn pause(portal: &Portal, who: &Caller, id: &str) -> Result<Acted, StorageError> {
    let Some(run) = own(portal, who, id).await? else {
        return Ok(Acted::Missing);
    };
    let now = portal.clock.now();
    portal
        .storage
        .write(move |conn| Box::pin(async move { runs::pause(conn, &run.id, now).await }))
        .await?;
    Ok(Acted::Done)
}

/// Goes on with a paused run, with this person's present sign-in.
pub async fn go_on(portal: &Arc<Portal>, who: &Caller, id: &str) -> Result<Acted, StorageError> {
    let Some(run) = own(portal, who, id).await? else {
        return Ok(Acted::Missing);
    };
    if run.state != RunState::Paused {
        return Ok(Acted::Done);
    }
    let (id, by, now) = (run.id, restart_by(who), portal.clock.now());
    started(portal, who, &id.clone(), move |conn| {
        Box::pin(async move { runs::restart(conn, &id, &[], &by, now).await })
    })
    .await
}

/// Tries again what was refused, put off or turned back: where that may help as things stand,
/// or `all` of it. What is not known is left alone.
pub async fn retry(
    portal: &Arc<Portal>,
    who: &Caller,
    id: &str,
    all: bool,
) -> Result<Acted, StorageError> {
    let Some(run) = own(portal, who, id).await? else {
        return Ok(Acted::Missing);
    };
    if !matches!(run.state, RunState::Paused | RunState::Done) {
        return Ok(Acted::Done);
    }
    let mut repeat = runs::to_repeat(&portal.storage, &run.id, portal.clock.now()).await?;
    repeat.retain(|line| all || line.helps);
    if repeat.is_empty() {
        return Ok(Acted::Nothing);
    }
    let again: Vec<_> = repeat
        .into_iter()
        .map(|line| {
            let new = line.anew.then(ids::new_id);
            (line, new)
        })
        .collect();
    let (id, by, now) = (run.id, restart_by(who), portal.clock.now());
    started(portal, who, &id.clone(), move |conn| {
        Box::pin(async move { runs::restart(conn, &id, &again, &by, now).await })
    })
    .await
}

/// Ends a paused run; the lines that were not ordered are left out.
pub async fn stop(portal: &Portal, who: &Caller, id: &str) -> Result<Acted, StorageError> {
    let Some(run) = own(portal, who, id).await? else {
        return Ok(Acted::Missing);
    };
    let now = portal.clock.now();
    portal
        .storage
        .write(move |conn| Box::pin(async move { runs::stop(conn, &run.id, now).await }))
        .await?;
    Ok(Acted::Done)
}

fn restart_by(who: &Caller) -> Restart {
    Restart {
        sign_in_id: who.sign_in_id.clone(),
        source: who.source.from.clone(),
        request_id: who.source.request_id.clone(),
    }
}

/// Moves a run to `working`, unless too many of this person's are, and has it worked on here
/// at once.
async fn started<F>(
    portal: &Arc<Portal>,
    who: &Caller,
    id: &str,
    write: F,
) -> Result<Acted, StorageError>
where
    F: for<'c> FnOnce(&'c mut sqlx::AnyConnection) -> Work<'c, bool> + Send + 'static,
{
    let (owner_id, run_id) = (who.owner_id.clone(), id.to_owned());
    let started = portal.storage.write(move |conn| {
        Box::pin(async move {
            let others = runs::working_besides(conn, &owner_id, &run_id).await?;
            match others < MOST_WORKING {
                true => write(conn).await.map(Some),
                false => Ok(None),
            }
        })
    });
    match started.await? {
        Some(true) => supervisor::take(portal, id).await?,
        Some(false) => {}
        None => return Ok(Acted::TooMany),
    }
    Ok(Acted::Done)
}
