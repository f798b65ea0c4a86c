//! Writes the log to stderr in a thread of its own, so that whoever reads it holds up no
//! request. Lines that nobody reads in time are dropped and counted; once the log is read
//! again, it says how many.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// How many lines wait for a slow reader: about a megabyte.
const WAITING: usize = 2048;

/// How long lines wait for others, when one was written just before.
const GATHER: Duration = Duration::from_millis(5);

/// At most about so many bytes are written at once.
const TOGETHER: usize = 32 * 1024;

/// How long the end of the process waits for the last lines to be written.
const LAST_LINES_WITHIN: Duration = Duration::from_secs(1);

static DROPPED: AtomicU64 = AtomicU64::new(0);

/// How many lines were dropped since the start.
pub fn dropped_lines() -> u64 {
    DROPPED.load(Ordering::Relaxed)
}

enum Item {
    Line(Vec<u8>),
    /// Everything before it is written once it is taken.
    End(SyncSender<()>),
}

/// Where the log's lines go; each `write` is one line.
#[derive(Clone)]
pub(super) struct Lines(SyncSender<Item>);

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.0.try_send(Item::Line(line.to_vec())).is_err() {
            DROPPED.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Waits for the last lines when it is dropped; keep it until the process ends.
#[must_use = "the last lines are lost without it"]
pub struct Rest(SyncSender<Item>);

impl Drop for Rest {
    fn drop(&mut self) {
        let (done, all_written) = sync_channel(1);
        if self.0.try_send(Item::End(done)).is_ok() {
            let _too_slow = all_written.recv_timeout(LAST_LINES_WITHIN);
        }
    }
}

/// Starts the thread. If there is none, all lines are dropped and counted.
pub(super) fn start() -> (Lines, Rest) {
    let (lines, items) = sync_channel(WAITING);
    let _none = thread::Builder::new()
        .name("log".to_owned())
        .spawn(move || write(&items, &mut io::stderr()));
    (Lines(lines.clone()), Rest(lines))
}

/// The first line after a pause is written at once, those that follow soon go out together:
/// a thread that is woken for each line costs more than the line.
fn write(items: &Receiver<Item>, to: &mut impl Write) {
    let (mut told, mut lines) = (0, Vec::new());
    let mut written_at = None;
    while let Ok(first) = items.recv() {
        if written_at.is_some_and(|at: Instant| at.elapsed() < GATHER) {
            thread::sleep(GATHER);
        }
        let mut next = Some(first);
        let mut done = None;
        while let Some(item) = next {
            match item {
                Item::Line(line) => lines.extend_from_slice(&line),
                Item::End(to_tell) => done = Some(to_tell),
            }
            let may_go_on = done.is_none() && lines.len() < TOGETHER;
            next = may_go_on.then(|| items.try_recv().ok()).flatten();
        }
        let _nobody_reads = to.write_all(&lines);
        lines.clear();
        written_at = Some(Instant::now());
        if let Some(done) = done {
            let _nobody_waits = done.send(());
        }
        let dropped = dropped_lines();
        if dropped > told {
            tracing::warn!(event = "log_lines_dropped", lines = dropped - told);
            told = dropped;
        }
    }
}
