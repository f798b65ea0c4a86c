//! What runs and their lines are called.

use crate::domain::run::{Hold, LineOutcome, Run, RunKind, RunState, Skip};
use crate::i18n::{Key, key};
use crate::web::page::Tone;

/// An outcome and how it looks.
pub const fn outcome(outcome: LineOutcome) -> (Key, Tone) {
    match outcome {
        LineOutcome::Issued => (key("many-issued"), Tone::Good),
        LineOutcome::UnderWay => (key("many-under-way"), Tone::Info),
        LineOutcome::Waiting => (key("many-waiting"), Tone::Info),
        LineOutcome::HalfMade => (key("many-half-made"), Tone::Warning),
        LineOutcome::Unknown => (key("many-unknown"), Tone::Warning),
        LineOutcome::Failed => (key("many-failed"), Tone::Bad),
        LineOutcome::Skipped => (key("many-skipped"), Tone::Info),
    }
}

/// The outcome of one line and how it looks.
pub const fn of_line(line: LineOutcome) -> (Key, Tone) {
    match line {
        LineOutcome::Issued => (key("state-issued"), Tone::Good),
        line => outcome(line),
    }
}

/// Why a line is left out.
pub const fn skip(skip: Skip, kind: RunKind) -> Key {
    match (skip, kind) {
        (Skip::Expired, _) => key("many-skip-expired"),
        (Skip::Seal, _) => key("many-skip-seal"),
        (Skip::Replaced, _) => key("many-skip-replaced"),
        (Skip::UnderWay, _) => key("many-skip-under-way"),
        (Skip::Unknown, _) => key("many-skip-unknown"),
        (Skip::InRun, _) => key("many-skip-in-run"),
        (Skip::Incomplete, RunKind::Renew) => key("many-skip-details"),
        (Skip::Incomplete, RunKind::Issue) => key("many-skip-incomplete"),
        (Skip::Repeated, _) => key("many-skip-repeated"),
        (Skip::Stopped, _) => key("many-skip-stopped"),
    }
}

/// Where a run stands: its headline, and how the tag in a list looks.
pub const fn state(run: &Run) -> (Key, Tone) {
    match run.state {
        RunState::Check => (key("many-state-check"), Tone::Info),
        RunState::Working => (key("many-state-working"), Tone::Info),
        RunState::Paused => (key("many-state-paused"), Tone::Warning),
        RunState::Done => (key("many-state-done"), Tone::Good),
    }
}

/// A sentence about where it stands, and what to do.
pub const fn what(run: &Run) -> Key {
    match (run.state, run.hold) {
        (RunState::Check, _) => key("many-what-check"),
        (RunState::Working, Some(_)) => key("many-what-unreachable"),
        (RunState::Working, None) => key("many-what-working"),
        (RunState::Paused, hold) => match hold {
            Some(Hold::SignInAgain) => key("many-what-sign-in-again"),
            Some(Hold::MayNotIssue) => key("many-what-may-not-issue"),
            Some(Hold::NoConnection) => key("many-what-no-connection"),
            Some(Hold::Refusals) => key("many-what-refusals"),
            Some(Hold::Unreachable | Hold::Owner) | None => key("many-what-paused"),
        },
        (RunState::Done, _) => key("many-what-done"),
    }
}

/// What the lines of a run are called, and one of them: those of a file are its rows.
pub const fn called(kind: RunKind) -> (Key, Key) {
    match kind {
        RunKind::Renew => (key("many-lines"), key("many-line")),
        RunKind::Issue => (key("many-rows"), key("many-row")),
    }
}

/// What a run does, as the name of it.
pub const fn kind(kind: RunKind) -> Key {
    match kind {
        RunKind::Renew => key("many-kind-renew"),
        RunKind::Issue => key("many-kind-issue"),
    }
}
