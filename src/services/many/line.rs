//! One line of a run: its issuance is stored and submitted like any other, then waited
//! for. Whatever is interrupted, the next worker finds the issuance by the id that the line
//! has had from the beginning.

use tracing::Instrument as _;

use super::plan::skip_of;
use super::tenure::Tenure;
use crate::domain::issuance::{Cause, Issuance, State};
use crate::domain::run::{Hold, Run, RunLine, Skip};
use crate::domain::thumbprint::Thumbprint;
use crate::services::connections::ConnectionError;
use crate::services::issue::{self, Draft, NewDraft, NotReady, Submitted};
use crate::services::renew::{self, BeginFrom, Begun};
use crate::services::resume::{self, Resumed};
use crate::services::{Caller, Source, certificates, engine};
use crate::storage::{StorageError, ended_sign_ins, issuances, runs};

/// How a line ended, as far as the other lines are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It was ordered, and is settled.
    Went,
    /// Nobody knows what became of it.
    Unknown,
    LeftOut,
    /// Redtrust refused it.
    Refused,
    /// The same would happen to the others.
    Held(Hold),
    /// Nothing was done, or not all of it: it waits, or is put back among those that do.
    NotNow,
}

/// Orders a line unless that was done before, and waits until it is settled.
pub(super) async fn work(tenure: &Tenure, line: RunLine) -> Result<End, StorageError> {
    let run = &tenure.run;
    let _place = tenure
        .portal
        .in_flight
        .places
        .take(&run.owner_id, &run.connection_id)
        .await;
    let trace = tracing::info_span!("line", otel.kind = "internal", run = %run.id);
    let ordered = match order(tenure, &line).instrument(trace).await {
        Ok(ordered) => ordered,
        // That its row cannot be read does not pass by itself.
        Err(ConnectionError::Storage(error))
            if !matches!(
                error,
                StorageError::Corrupt {
                    table: "connections",
                    ..
                }
            ) =>
        {
            return Err(error);
        }
        Err(error) => {
            tracing::warn!(event = "run_without_connection", run = %run.id, %error);
            Ordered::Held(Hold::NoConnection)
        }
    };
    match ordered {
        Ordered::As(id) => Ok(end_of(engine::settled(&tenure.portal, &id).await?.as_ref())),
        Ordered::Not(why) => {
            tenure.leave_out(line.position, why).await?;
            Ok(End::LeftOut)
        }
        Ordered::Held(why) => Ok(End::Held(why)),
        Ordered::NotNow => Ok(End::NotNow),
    }
}

/// Result of ordering a line.
enum Ordered {
    /// As the issuance with this id, which the line says.
    As(String),
    Not(Skip),
    Held(Hold),
    NotNow,
}

/// Whom the calls are made for.
fn caller(run: &Run) -> Caller {
    Caller {
        owner_id: run.owner_id.clone(),
        connection_id: run.connection_id.clone(),
        sign_in_id: run.sign_in_id.clone(),
        counted_as: run.owner_id.clone(),
        source: Source {
            from: run.source.clone(),
            request_id: run.request_id.clone(),
        },
    }
}

async fn order(tenure: &Tenure, line: &RunLine) -> Result<Ordered, ConnectionError> {
    if !tenure.may_order() {
        return Ok(Ordered::NotNow);
    }
    let portal = &tenure.portal;
    // Its owner may have gone on with it in another session meanwhile.
    let Some(run) = runs::by_id(&portal.storage, &tenure.run.id).await? else {
        return Ok(Ordered::NotNow);
    };
    let (who, now) = (caller(&run), portal.clock.now());
    // Only calls under way outlast the session.
    if ended_sign_ins::is_over(&portal.storage, &who.sign_in_id, now).await? {
        return Ok(Ordered::Held(Hold::SignInAgain));
    }
    let id = &line.issuance_id;
    let before = issuances::by_id(&portal.storage, id).await?;
    let draft = match before.map(|issuance| issuance.state) {
        None => match draft(tenure, &who, line).await? {
            Ok(draft) => draft,
            Err(why) => return Ok(Ordered::Not(why)),
        },
        // As it is now: it is among its owner's drafts, where they may have changed it.
        Some(State::Draft) => issue::load(portal, &who, id).await?,
        Some(state) => {
            // The key pair is there: the same code is finalized, never another one made.
            if state == State::KeyCreated
                && resume::resume_line(portal, &who, id).await? == Resumed::NoConnection
            {
                return Ok(Ordered::Held(Hold::NoConnection));
            }
            tenure.took(line.position, id.clone()).await?;
            return Ok(Ordered::As(id.clone()));
        }
    };
    match draft {
        Some(draft) => submit(tenure, &who, line, &draft).await,
        None => Ok(Ordered::Not(Skip::Unknown)),
    }
}

/// Stores the draft of a line.
async fn draft(
    tenure: &Tenure,
    who: &Caller,
    line: &RunLine,
) -> Result<Result<Option<Draft>, Skip>, StorageError> {
    let portal = &tenure.portal;
    if let Some(thumbprint) = &line.thumbprint {
        return renewal(tenure, who, thumbprint, &line.issuance_id).await;
    }
    let Some(answers) = line.answers.clone() else {
        return Ok(Err(Skip::Incomplete));
    };
    let new = NewDraft {
        id: line.issuance_id.clone(),
        answers,
        renews: None,
    };
    Ok(Ok(issue::begin(portal, who, new).await?))
}

async fn renewal(
    tenure: &Tenure,
    who: &Caller,
    thumbprint: &Thumbprint,
    id: &str,
) -> Result<Result<Option<Draft>, Skip>, StorageError> {
    let portal = &tenure.portal;
    let Some(certificate) = certificates::own_certificate(portal, who, thumbprint).await? else {
        return Ok(Err(Skip::Unknown));
    };
    let from = BeginFrom::Renewal(&certificate);
    Ok(match renew::begin(portal, who, from, id).await? {
        Begun::Draft(draft) => Ok(Some(*draft)),
        // One that its owner began by hand and has not submitted asks for just the same.
        Begun::UnderWay(open) if open.state == State::Draft => {
            Ok(issue::load(portal, who, &open.id).await?)
        }
        Begun::UnderWay(_) => Err(Skip::UnderWay),
        Begun::Blocked(obstacle) => Err(skip_of(&obstacle)),
        Begun::Missing => Err(Skip::Unknown),
    })
}

async fn submit(
    tenure: &Tenure,
    who: &Caller,
    line: &RunLine,
    draft: &Draft,
) -> Result<Ordered, ConnectionError> {
    if !tenure.may_order() {
        return Ok(Ordered::NotNow);
    }
    let id = &draft.issuance.id;
    let held = tenure.line(line.position);
    Ok(
        match issue::submit_line(&tenure.portal, who, draft, held).await? {
            Submitted::Submitted => Ordered::As(id.clone()),
            // By its owner, this moment. The line's own one is taken at the next look.
            Submitted::AlreadySubmitted if *id == line.issuance_id => Ordered::NotNow,
            // Only single ones can be too many.
            Submitted::TooMany => Ordered::NotNow,
            Submitted::AlreadySubmitted => Ordered::Not(Skip::UnderWay),
            Submitted::NotReady(NotReady::NotRenewable(obstacle)) => {
                resume::discard(&tenure.portal, who, id).await?;
                Ordered::Not(skip_of(&obstacle))
            }
            Submitted::NotReady(NotReady::Incomplete(_)) => Ordered::Not(Skip::Incomplete),
            Submitted::Missing => Ordered::Not(Skip::Unknown),
            Submitted::NoConnection => Ordered::Held(Hold::NoConnection),
            // Changed this moment: the line waits and is looked at again.
            Submitted::Stale => Ordered::Held(Hold::Unreachable),
        },
    )
}

fn end_of(issuance: Option<&Issuance>) -> End {
    issuance.map_or(End::Went, |one| end(one.state, one.cause))
}

fn end(state: State, cause: Option<Cause>) -> End {
    match (state, cause) {
        (State::Draft | State::KeyCreated | State::Refused, Some(Cause::MayNotIssue)) => {
            End::Held(Hold::MayNotIssue)
        }
        // Whoever worked on it came no further: nobody refused anything.
        (State::Draft | State::KeyCreated, None) => End::NotNow,
        (State::Draft | State::KeyCreated, Some(cause)) => match cause {
            Cause::SignInAgain => End::Held(Hold::SignInAgain),
            Cause::Unreachable | Cause::Untrusted | Cause::Busy => End::Held(Hold::Unreachable),
            _ => End::Refused,
        },
        (State::Refused, _) => End::Refused,
        (State::Unknown, _) => End::Unknown,
        _ => End::Went,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_redtrust_refused_counts_as_refused() {
        for (state, cause, expected) in [
            (State::Issued, None, End::Went),
            (State::Mismatch, Some(Cause::OtherKey), End::Went),
            (State::Unknown, Some(Cause::Cut), End::Unknown),
            (State::Refused, Some(Cause::Rejected), End::Refused),
            (State::KeyCreated, Some(Cause::Rejected), End::Refused),
            (State::KeyCreated, None, End::NotNow),
            (
                State::Draft,
                Some(Cause::Busy),
                End::Held(Hold::Unreachable),
            ),
            (
                State::KeyCreated,
                Some(Cause::SignInAgain),
                End::Held(Hold::SignInAgain),
            ),
            (
                State::Refused,
                Some(Cause::MayNotIssue),
                End::Held(Hold::MayNotIssue),
            ),
        ] {
            assert_eq!(end(state, cause), expected, "{state} {cause:?}");
        }
    }
}
