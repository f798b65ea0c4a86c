//! A run: many issuances ordered with one confirmation, worked on one after another. What
//! its lines are about is in the issuances that are made from them.

use serde::{Deserialize, Serialize};

use super::answers::{Answers, Problems};
use super::issuance::State;
use super::millis::Millis;
use super::string_enum::string_enum;
use super::thumbprint::Thumbprint;

/// The most lines of one run.
pub const MOST_LINES: usize = 1000;

string_enum! {
    /// What each line of a run does.
    pub enum RunKind as "run kind" {
        /// Renews a certificate with unchanged data.
        Renew = "renew",
        /// Issues a certificate to a holder from a file.
        Issue = "issue",
    }
}

string_enum! {
    /// Where a run stands. The text form is stored.
    pub enum RunState as "run state" {
        /// Shown to its owner, who has not confirmed it.
        Check = "check",
        /// A worker orders one line after another.
        Working = "working",
        /// No further line is ordered until its owner says so.
        Paused = "paused",
        /// Every line was ordered or left out.
        Done = "done",
    }
}

string_enum! {
    /// What keeps a run from going on. The text form is stored.
    pub enum Hold as "hold" {
        /// Its owner paused it.
        Owner = "owner",
        /// The sign-in at Redtrust has ended.
        SignInAgain = "sign_in_again",
        /// Redtrust says that this user may not issue.
        MayNotIssue = "may_not_issue",
        /// The connection was removed or disabled.
        NoConnection = "no_connection",
        /// Redtrust refused several lines one after another.
        Refusals = "refusals",
        /// Nobody knows what became of several lines one after another.
        Unknown = "unknown",
        /// Redtrust cannot be reached. The run goes on by itself once it can.
        Unreachable = "unreachable",
    }
}

string_enum! {
    /// How far the run is with a line. The text form is stored.
    pub enum LineState as "line state" {
        /// Not ordered yet.
        Waiting = "waiting",
        /// Ordered: its issuance says what became of it.
        Begun = "begun",
        /// Left out.
        Skipped = "skipped",
    }
}

string_enum! {
    /// Why a line is left out. The text form is stored.
    pub enum Skip as "skip" {
        /// The certificate has expired.
        Expired = "expired",
        /// Seals are not renewed.
        Seal = "seal",
        /// The certificate was replaced already.
        Replaced = "replaced",
        /// A renewal of the certificate is in progress.
        UnderWay = "under_way",
        /// It is not this person's certificate, or its data is not known here.
        Unknown = "unknown",
        /// The certificate is in another run that is not over.
        InRun = "in_run",
        /// Something is missing or wrong in the answers.
        Incomplete = "incomplete",
        /// An earlier line of the same file orders the same certificate.
        Repeated = "repeated",
        /// The owner ended the run before.
        Stopped = "stopped",
    }
}

string_enum! {
    /// What became of a line, as lists filter and count by it.
    pub enum LineOutcome as "line outcome" {
        /// The certificate exists.
        Issued = "issued",
        /// A call is in progress.
        UnderWay = "under_way",
        /// Not ordered yet.
        Waiting = "waiting",
        /// Redtrust put it off or turned it back: the same call may be made again.
        HalfMade = "half_made",
        /// Nobody knows what became of it.
        Unknown = "unknown",
        /// It ended without a certificate.
        Failed = "failed",
        /// Left out.
        Skipped = "skipped",
    }
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// UUIDv7.
    pub id: String,
    /// Id of its owner.
    pub owner_id: String,
    /// Id of its connection.
    pub connection_id: String,
    /// Id of the sign-in whose tokens the calls use.
    pub sign_in_id: String,
    /// What its lines do.
    pub kind: RunKind,
    /// Where it stands.
    pub state: RunState,
    /// What keeps it from going on.
    pub hold: Option<Hold>,
    /// Where its owner confirmed it, for the audit: an address.
    pub source: String,
    /// The request that confirmed it.
    pub request_id: String,
    /// Headings of the file that mean nothing to the portal; empty if there are none.
    pub ignored: String,
    /// When it was made.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
    /// When its last line was done.
    pub ended_at: Option<Millis>,
}

/// One line of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunLine {
    /// The place in the run, or the row of the file; grows from line to line.
    pub position: i64,
    /// The certificate to renew.
    pub thumbprint: Option<Thumbprint>,
    /// The answers of a new certificate, until its issuance has them.
    pub answers: Option<Answers>,
    /// Whose certificate it is; empty once the issuance says it.
    pub holder: String,
    /// Id of the issuance that is made from it. Fixed before anything is ordered, so that
    /// a line is never ordered twice.
    pub issuance_id: String,
    /// How far the run is with it.
    pub state: LineState,
    /// Why it is left out.
    pub skip: Option<Skip>,
}

/// What is wrong with a row of a file: names of fields and of mistakes, and nothing of what
/// stands in its cells. They are stored, and outlast the answers of a row that is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Faults {
    /// In the order of the forms.
    pub problems: Problems,
    /// The labels of further facts that are missing or wrong.
    pub wrong_info: Vec<String>,
    /// The row that orders the same certificate.
    pub same_as: Option<i64>,
}

impl Faults {
    /// The stored form, if anything is wrong. Contains only names and numbers, so this
    /// cannot fail.
    pub fn to_json(&self) -> Option<String> {
        let is_wrong = *self != Self::default();
        is_wrong.then(|| serde_json::to_string(self).unwrap_or_default())
    }
}

impl LineOutcome {
    /// What became of a line whose issuance is in this state; `at_work` says whether
    /// somebody works on that issuance.
    pub const fn of(line: LineState, issuance: Option<State>, at_work: bool) -> Self {
        match (line, issuance) {
            (LineState::Skipped, _) => Self::Skipped,
            (LineState::Waiting, None | Some(State::Draft)) | (LineState::Begun, None) => {
                Self::Waiting
            }
            (_, Some(State::Creating | State::Finalizing)) => Self::UnderWay,
            (_, Some(State::KeyCreated)) if at_work => Self::UnderWay,
            (_, Some(State::Draft | State::KeyCreated)) => Self::HalfMade,
            (_, Some(State::Issued)) => Self::Issued,
            (_, Some(State::Unknown)) => Self::Unknown,
            (_, Some(State::Refused | State::Mismatch | State::Abandoned)) => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answers::{Field, FieldProblem};
    use crate::document::{CountryError, DocumentError};
    use crate::person_name::NameError;
    use crate::spanish_id::IdError;

    #[test]
    fn what_is_wrong_with_a_row_is_stored_without_what_stood_in_it() {
        let faults = |code| Faults {
            problems: vec![
                (Field::Kind, FieldProblem::Choice),
                (
                    Field::GivenNames,
                    FieldProblem::Name(NameError::TooLong {
                        max: 64,
                        length: 65,
                    }),
                ),
                (
                    Field::FirstSurname,
                    FieldProblem::Name(NameError::Character('@')),
                ),
                (
                    Field::DocumentNumber,
                    FieldProblem::Document(DocumentError::Number(IdError::Length(8))),
                ),
                (
                    Field::DocumentCountry,
                    FieldProblem::Document(DocumentError::Country(CountryError::Write(code))),
                ),
                (Field::OrganisationNif, FieldProblem::Nif(IdError::Letter)),
            ],
            wrong_info: vec!["File number".to_owned()],
            same_as: Some(2),
        };
        let stored = faults("GB").to_json().unwrap();
        assert!(!stored.contains("GB"), "{stored}");
        let read: Faults = serde_json::from_str(&stored).unwrap();
        assert_eq!(read, faults(""));
        assert_eq!(Faults::default().to_json(), None);
    }

    #[test]
    fn a_line_stands_where_its_issuance_stands() {
        use LineOutcome as O;
        let begun = |state, at_work| LineOutcome::of(LineState::Begun, Some(state), at_work);
        assert_eq!(begun(State::KeyCreated, true), O::UnderWay);
        assert_eq!(begun(State::KeyCreated, false), O::HalfMade);
        assert_eq!(begun(State::Draft, false), O::HalfMade);
        assert_eq!(begun(State::Unknown, false), O::Unknown);
        assert_eq!(begun(State::Mismatch, false), O::Failed);
        let waiting = |state| LineOutcome::of(LineState::Waiting, state, false);
        assert_eq!(waiting(None), O::Waiting);
        assert_eq!(waiting(Some(State::Draft)), O::Waiting);
        // Ordered by a worker that was killed before it could say so.
        assert_eq!(waiting(Some(State::Creating)), O::UnderWay);
        assert_eq!(waiting(Some(State::Issued)), O::Issued);
    }
}
