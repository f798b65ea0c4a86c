//! One worker's time with a run, under its lease: a few lines at once, until none is left,
//! the run is paused, or the lease is somebody else's.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;

use super::line::{self, End};
use super::tenure::Tenure;
use crate::domain::run::{Hold, Run, RunLine, RunState};
use crate::services::Portal;
use crate::storage::issuances::Lease;
use crate::storage::{StorageError, runs};

/// Lines of one run that are worked on at once.
const AT_ONCE: usize = 4;

/// After so many refusals one after another the rest would be refused too.
const REFUSALS: usize = 5;

/// The pauses after a line that could not be sent: the first, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How often it is asked whether the last lines are done.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Works on a run until nothing is left to do here, then gives it back.
pub(super) async fn work(portal: &Arc<Portal>, run: Run, lease: Lease) {
    let tenure = Tenure::new(portal, run, lease);
    let id = tenure.run.id.clone();
    let shift = Shift { tenure: &tenure };
    let worked = tokio::select! {
        worked = shift.work() => worked,
        () = tenure.keep() => {
            tracing::warn!(event = "run_taken_over", run = %id);
            return;
        }
    };
    if let Err(error) = worked {
        tracing::warn!(event = "run_interrupted", run = %id, %error);
    }
    if let Err(error) = tenure.release().await {
        tracing::warn!(event = "run_not_released", run = %id, %error);
    }
}

struct Shift<'a> {
    tenure: &'a Tenure<'a>,
}

impl Shift<'_> {
    async fn work(&self) -> Result<(), StorageError> {
        let mut state = State::default();
        let mut at_work: FuturesUnordered<BoxFuture<'_, (i64, Result<End, StorageError>)>> =
            FuturesUnordered::new();
        loop {
            if state.may_order(self.tenure) {
                let room = AT_ONCE - at_work.len();
                for line in self.next_lines(&state.taken, room).await? {
                    state.taken.insert(line.position);
                    at_work.push(Box::pin(self.one(line)));
                }
            }
            match at_work.next().await {
                Some((position, ended)) => {
                    state.taken.remove(&position);
                    self.after(&mut state, ended?).await?;
                }
                None if state.over || !self.goes_on().await? => return Ok(()),
                None => {}
            }
        }
    }

    async fn one(&self, line: RunLine) -> (i64, Result<End, StorageError>) {
        let position = line.position;
        (position, line::work(self.tenure, line).await)
    }

    /// Lines that wait and that this worker has not taken. What it has taken stands among
    /// the first ones that wait.
    async fn next_lines(
        &self,
        taken: &BTreeSet<i64>,
        room: usize,
    ) -> Result<Vec<RunLine>, StorageError> {
        if room == 0 {
            return Ok(Vec::new());
        }
        let (storage, holder) = (&self.tenure.portal.storage, self.tenure.holder());
        let most = room + taken.len();
        let mut lines = runs::waiting(storage, &self.tenure.run.id, holder, 0, most).await?;
        lines.retain(|line| !taken.contains(&line.position));
        lines.truncate(room);
        Ok(lines)
    }

    /// What the end of a line means for the others.
    async fn after(&self, state: &mut State, end: End) -> Result<(), StorageError> {
        match end {
            End::Went => {
                (state.refusals, state.pause) = (0, None);
                if std::mem::take(&mut state.noted) {
                    self.note(None).await?;
                }
            }
            End::LeftOut => {}
            End::Lost => state.over = true,
            End::Refused => {
                state.refusals += 1;
                if state.refusals == REFUSALS {
                    self.hold(state, Hold::Refusals).await?;
                }
            }
            End::Held(Hold::Unreachable) if !state.over => {
                if !std::mem::replace(&mut state.noted, true) {
                    self.note(Some(Hold::Unreachable)).await?;
                }
                // Of several that could not be sent together, the last one decides.
                if state.taken.is_empty() {
                    let pause = state.pause.map_or(FIRST_PAUSE, |before| before * 2);
                    let pause = pause.min(LONGEST_PAUSE);
                    state.pause = Some(pause);
                    tokio::time::sleep(pause).await;
                }
            }
            End::Held(why) => self.hold(state, why).await?,
        }
        Ok(())
    }

    async fn hold(&self, state: &mut State, why: Hold) -> Result<(), StorageError> {
        state.over = true;
        let ((id, holder), now) = (self.tenure.held(), self.tenure.portal.clock.now());
        self.tenure
            .write(move |conn| {
                Box::pin(async move { runs::hold(conn, (&id, &holder), why, now).await })
            })
            .await
    }

    async fn note(&self, why: Option<Hold>) -> Result<(), StorageError> {
        let ((id, holder), now) = (self.tenure.held(), self.tenure.portal.clock.now());
        self.tenure
            .write(move |conn| {
                Box::pin(async move { runs::note_hold(conn, (&id, &holder), why, now).await })
            })
            .await
    }

    /// No line waits: puts back what was not sent, waits for what others work on, or ends
    /// the run. Returns whether there is more to do here.
    async fn goes_on(&self) -> Result<bool, StorageError> {
        if self.tenure.portal.in_flight.is_stopping() || !self.tenure.holds() {
            return Ok(false);
        }
        let ((id, holder), now) = (self.tenure.held(), self.tenure.portal.clock.now());
        let requeued = self.tenure.write(move |conn| {
            Box::pin(async move { runs::requeue(conn, &id, &holder, now).await })
        });
        if requeued.await? > 0 {
            return Ok(true);
        }
        if runs::in_work(&self.tenure.portal.storage, &self.tenure.run.id).await? > 0 {
            tokio::time::sleep(LOOK_EVERY).await;
            let run = runs::by_id(&self.tenure.portal.storage, &self.tenure.run.id).await?;
            let is_working = |run: &Run| run.state == RunState::Working;
            return Ok(run.as_ref().is_some_and(is_working));
        }
        let (id, holder) = self.tenure.held();
        let finished = self.tenure.write(move |conn| {
            Box::pin(async move { runs::finish(conn, (&id, &holder), now).await })
        });
        finished.await?;
        Ok(false)
    }
}

/// What a worker remembers from line to line.
#[derive(Debug, Default)]
struct State {
    /// Positions of the lines it works on.
    taken: BTreeSet<i64>,
    /// Refusals one after another.
    refusals: usize,
    /// The last pause because of an unreachable server.
    pause: Option<Duration>,
    /// The run says that it waits for the server.
    noted: bool,
    /// No further line is ordered.
    over: bool,
}

impl State {
    fn may_order(&mut self, tenure: &Tenure<'_>) -> bool {
        self.over |= tenure.portal.in_flight.is_stopping() || !tenure.holds();
        // While the server cannot be reached one line is enough to find out.
        !self.over && (self.pause.is_none() || self.taken.is_empty())
    }
}
