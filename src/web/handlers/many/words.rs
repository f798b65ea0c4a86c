//! What runs and their lines are called.

use crate::domain::answers::{Field, FieldProblem};
use crate::domain::connection::Connection;
use crate::domain::holder::Kind;
use crate::domain::run::{Faults, Hold, LineOutcome, Run, RunKind, RunState, Skip};
use crate::i18n::{Key, Lang, Message, key};
use crate::services::many::{Tally, Told};
use crate::web::handlers::advice;
use crate::web::handlers::issue::field_errors;
use crate::web::handlers::names;
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

/// What is wrong with a row of a file.
#[derive(Debug)]
pub struct Mistake {
    /// The field's label; empty if the text says where it is.
    pub label: String,
    pub text: Message,
}

impl Mistake {
    fn of(text: impl Into<Message>) -> Self {
        let (label, text) = (String::new(), text.into());
        Self { label, text }
    }

    /// In one sentence.
    pub fn said(&self, lang: Lang) -> String {
        let text = lang.message(&self.text);
        match self.label.as_str() {
            "" => text.into_owned(),
            label => format!("{label}: {text}"),
        }
    }
}

/// Why a line was left out, what was wrong with its row, and what a refusal at this
/// connection asks for.
pub fn why(
    line: &Told,
    kind: RunKind,
    connection: Option<&Connection>,
    lang: Lang,
) -> Vec<Mistake> {
    let left_out = line.skip.map(|one| Mistake::of(skip(one, kind)));
    let mistakes = mistakes(&line.faults, "", lang);
    let refusal = line
        .refusal
        .map(|one| Mistake::of(advice::of(one, connection)));
    left_out
        .into_iter()
        .chain(mistakes)
        .chain(refusal)
        .collect()
}

/// What is wrong with a row of a file, in the order of the forms; `kind` is what it says of
/// the kind of holder, empty if that is not known any more.
pub fn mistakes(faults: &Faults, kind: &str, lang: Lang) -> Vec<Mistake> {
    let same = faults
        .same_as
        .map(|row| Mistake::of(key("many-same-as").with("row", row)));
    let errors = field_errors(&faults.problems, lang);
    let answers = errors.iter().map(|(field, message)| {
        let text = match *field == Field::Kind.as_str() {
            true => kind_problem(faults, kind, lang),
            false => message.clone(),
        };
        let field = field.parse::<Field>().ok();
        let label = field.filter(|_| !text.has("field"));
        let label = label.map(|field| lang.of(names::field(field)).into_owned());
        Mistake {
            label: label.unwrap_or_default(),
            text,
        }
    });
    let info = faults.wrong_info.iter().map(|label| Mistake {
        label: label.clone(),
        text: key("wrong-info").into(),
    });
    same.into_iter().chain(answers).chain(info).collect()
}

/// What is wrong with the kind of holder: a file offers no choice of them, as a form does.
/// Files may call them what the forms do.
fn kind_problem(faults: &Faults, kind: &str, lang: Lang) -> Message {
    let missing = (Field::Kind, FieldProblem::Missing);
    if faults.problems.contains(&missing) {
        return key("many-kind-missing").into();
    }
    let called = |kind: &Kind| lang.of(names::kind(*kind)).into_owned();
    let kinds: Vec<String> = Kind::ALL.iter().map(called).collect();
    let kinds = kinds.join("; ");
    match kind {
        "" => key("many-kind-wrong").with("kinds", kinds),
        text => key("many-kind-unknown")
            .with("text", text.to_owned())
            .with("kinds", kinds),
    }
}

/// Whether a run orders nothing more, while lines that it ordered are still worked on.
pub fn is_ending(run: &Run, tally: &Tally) -> bool {
    run.state == RunState::Done && tally.of(LineOutcome::UnderWay) > 0
}

/// Where a run stands: its headline, and how the tag in a list looks.
pub fn state(run: &Run, tally: &Tally) -> (Key, Tone) {
    match run.state {
        RunState::Done if is_ending(run, tally) => (key("many-state-ending"), Tone::Info),
        RunState::Check => (key("many-state-check"), Tone::Info),
        RunState::Working => (key("many-state-working"), Tone::Info),
        RunState::Paused => (key("many-state-paused"), Tone::Warning),
        RunState::Done => (key("many-state-done"), Tone::Good),
    }
}

/// A sentence about where it stands, and what to do.
pub fn what(run: &Run, tally: &Tally) -> Key {
    match (run.state, run.hold) {
        (RunState::Check, _) => key("many-what-check"),
        (RunState::Working, Some(_)) => key("many-what-unreachable"),
        (RunState::Working, None) => key("many-what-working"),
        (RunState::Paused, hold) => match hold {
            Some(Hold::SignInAgain) => key("many-what-sign-in-again"),
            Some(Hold::MayNotIssue) => key("many-what-may-not-issue"),
            Some(Hold::NoConnection) => key("many-what-no-connection"),
            Some(Hold::Refusals) => key("many-what-refusals"),
            Some(Hold::Unknown) => key("many-what-unknown"),
            Some(Hold::Unreachable | Hold::Owner) | None => key("many-what-paused"),
        },
        (RunState::Done, _) if is_ending(run, tally) => key("many-what-ending"),
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
