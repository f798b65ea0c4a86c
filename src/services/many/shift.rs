//! One worker's time with a run, under its lease: a few lines at once, until none is left,
//! the run is paused, or the lease is somebody else's.

use std::collections::BTreeSet;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinError, JoinSet};
use tracing::Instrument as _;

use super::line::{self, End};
use super::tenure::Tenure;
use crate::domain::run::{Hold, Run, RunLine, RunState};
use crate::services::Portal;
use crate::storage::issuances::Lease;
use crate::storage::{StorageError, runs};

/// Lines of one run that are worked on at once.
const AT_ONCE: usize = 4;

/// After so many refusals, or outcomes that are not known, one after another the rest would
/// go the same way: each of them would have to be settled by hand.
const IN_A_ROW: usize = 5;

/// The pauses after a line that could not be sent: the first, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How often it is asked whether the last lines are done.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Works on a run until nothing is left to do here, then gives it back.
pub(super) async fn work(portal: &Arc<Portal>, run: Run, lease: Lease) {
    let tenure = Arc::new(Tenure::new(Arc::clone(portal), run, lease));
    let id = &tenure.run.id;
    let mut shift = Shift::of(&tenure);
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

/// What a worker remembers from line to line.
struct Shift<'a> {
    tenure: &'a Arc<Tenure>,
    /// Positions of the lines it works on.
    taken: BTreeSet<i64>,
    /// Refusals one after another.
    refusals: usize,
    /// Outcomes one after another that are not known.
    unknown: usize,
    /// The next pause because of an unreachable server.
    pause: Option<Duration>,
    /// The run says that it waits for the server.
    noted: bool,
    /// It has paused the run.
    held: bool,
}

impl<'a> Shift<'a> {
    fn of(tenure: &'a Arc<Tenure>) -> Self {
        Self {
            tenure,
            taken: BTreeSet::new(),
            refusals: 0,
            unknown: 0,
            pause: None,
            // By a worker before this one.
            noted: tenure.run.hold.is_some(),
            held: false,
        }
    }

    async fn work(&mut self) -> Result<(), StorageError> {
        // Each line is a task of its own: a future that is not polled while something else
        // is waited for here would keep its connection to the database from everybody.
        let mut at_work = JoinSet::new();
        loop {
            if self.may_order() {
                for line in self.next_lines(self.most() - at_work.len()).await? {
                    self.taken.insert(line.position);
                    let worked = one(Arc::clone(self.tenure), line);
                    at_work.spawn(worked.in_current_span());
                }
            }
            match at_work.join_next().await {
                Some(ended) => {
                    let broken =
                        |why: JoinError| StorageError::Unavailable(format!("a line: {why}"));
                    let (position, end) = ended.map_err(broken)?;
                    self.taken.remove(&position);
                    self.after(end?).await?;
                }
                None if self.held || !self.goes_on().await? => return Ok(()),
                None => {}
            }
        }
    }

    fn may_order(&self) -> bool {
        !self.held && self.taken.len() < self.most() && self.tenure.may_order()
    }

    /// How many lines may be worked on: while the server cannot be reached one is enough to
    /// find out.
    const fn most(&self) -> usize {
        match self.pause {
            Some(_) => 1,
            None => AT_ONCE,
        }
    }

    /// The next waiting lines. Lines already taken are still `waiting` in the database and
    /// come first, so read that many more and drop them.
    async fn next_lines(&self, room: usize) -> Result<Vec<RunLine>, StorageError> {
        let mut lines = self.tenure.waiting(room + self.taken.len()).await?;
        lines.retain(|line| !self.taken.contains(&line.position));
        lines.truncate(room);
        Ok(lines)
    }

    /// What the end of a line means for the others.
    async fn after(&mut self, end: End) -> Result<(), StorageError> {
        match end {
            End::Went => {
                (self.refusals, self.unknown) = (0, 0);
                self.the_server_answers().await?;
            }
            End::LeftOut | End::NotNow => {}
            End::Refused => {
                (self.refusals, self.unknown) = (self.refusals + 1, 0);
                self.the_server_answers().await?;
                if self.refusals == IN_A_ROW {
                    self.hold(Hold::Refusals).await?;
                }
            }
            End::Unknown => {
                (self.refusals, self.unknown) = (0, self.unknown + 1);
                if self.unknown == IN_A_ROW {
                    self.hold(Hold::Unknown).await?;
                }
            }
            End::Held(Hold::Unreachable) => self.wait_for_the_server().await?,
            End::Held(why) => self.hold(why).await?,
        }
        Ok(())
    }

    async fn the_server_answers(&mut self) -> Result<(), StorageError> {
        self.pause = None;
        if mem::take(&mut self.noted) {
            self.tenure.note(None).await?;
        }
        Ok(())
    }

    /// A run never stays paused for this, whoever goes on with it.
    async fn wait_for_the_server(&mut self) -> Result<(), StorageError> {
        if !mem::replace(&mut self.noted, true) {
            self.tenure.note(Some(Hold::Unreachable)).await?;
        }
        let pause = *self.pause.get_or_insert(FIRST_PAUSE);
        // Of several that could not be sent together, the last one decides.
        if self.may_order() {
            self.pause = Some(LONGEST_PAUSE.min(pause * 2));
            tokio::time::sleep(pause).await;
        }
        Ok(())
    }

    /// Pauses the run, once: its owner may have gone on with it before the last lines ended.
    async fn hold(&mut self, why: Hold) -> Result<(), StorageError> {
        if !mem::replace(&mut self.held, true) {
            self.tenure.hold(why).await?;
        }
        Ok(())
    }

    /// No line waits: puts back what was not sent, waits for what others work on, or ends
    /// the run. Returns whether there is more to do here.
    async fn goes_on(&self) -> Result<bool, StorageError> {
        if !self.tenure.may_order() {
            return Ok(false);
        }
        if self.tenure.requeue().await? > 0 {
            return Ok(true);
        }
        let (storage, id) = (&self.tenure.portal.storage, &self.tenure.run.id);
        if runs::in_work(storage, id).await? > 0 {
            tokio::time::sleep(LOOK_EVERY).await;
            let run = runs::by_id(storage, id).await?;
            return Ok(run.is_some_and(|run| run.state == RunState::Working));
        }
        self.tenure.finish().await?;
        Ok(false)
    }
}

async fn one(tenure: Arc<Tenure>, line: RunLine) -> (i64, Result<End, StorageError>) {
    let position = line.position;
    (position, line::work(&tenure, line).await)
}
