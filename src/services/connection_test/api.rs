//! Whether the RA API answers, and what it calls the field for the temporary token.

use super::super::Portal;
use crate::domain::connection_check::{ApiFinding, Said};
use crate::domain::millis::Millis;
use crate::redtrust::{ApiAnswer, CallFailed, Probe};

/// Names that the field may have. \[open\]
const FIELDS: [&str; 6] = [
    "tempToken",
    "temp_token",
    "token",
    "tkn",
    "temporaryToken",
    "TempToken",
];

/// The first call and when it ended. It also shows the server's certificate and clock.
pub(super) struct Asked {
    pub(super) answer: Result<ApiAnswer, CallFailed>,
    pub(super) at: Millis,
}

/// Makes the first call: an invented token in the field that the settings name.
pub(super) async fn ask(portal: &Portal, probe: &Probe) -> Asked {
    let answer = probe.invented_token(Some(probe.temp_token_field())).await;
    Asked {
        answer,
        at: portal.clock.now(),
    }
}

pub(super) async fn finding(probe: &Probe, asked: &Asked) -> ApiFinding {
    let answer = match &asked.answer {
        Ok(answer) => answer,
        Err(CallFailed::TimedOut) => return ApiFinding::TimedOut,
        Err(CallFailed::Cut(detail) | CallFailed::NotConnected(detail)) => {
            let detail = detail.clone();
            return ApiFinding::Cut { detail };
        }
        // The check of the certificate has failed then, and this one is not made.
        Err(CallFailed::Distrusted(_) | CallFailed::NoRoots) => {
            let detail = String::new();
            return ApiFinding::Cut { detail };
        }
    };
    match &answer.envelope {
        Some(said) => field(probe, answer.status, said).await,
        None => no_envelope(answer),
    }
}

fn no_envelope(answer: &ApiAnswer) -> ApiFinding {
    let status = answer.status;
    if let Some(to) = &answer.location {
        return ApiFinding::Redirects { to: to.clone() };
    }
    match status {
        429 | 500.. => ApiFinding::Unavailable { status },
        _ => ApiFinding::NotRedtrust {
            status,
            title: answer.title.clone(),
        },
    }
}

/// A server says the same of a call without a token and of one whose token is in a field
/// that it does not know, and something else of a token that it has read. So no error
/// code needs to be known.
async fn field(probe: &Probe, status: u16, said: &Said) -> ApiFinding {
    let code = said.code.clone();
    let answered = Some((status, code.clone()));
    let mut without = code_for(probe, None).await;
    if without.is_none() {
        without = code_for(probe, None).await;
    }
    if without.is_none() {
        return ApiFinding::FieldUntold { code };
    }
    if answered != without {
        return ApiFinding::Answers { code };
    }
    let set = probe.temp_token_field();
    for name in FIELDS.into_iter().filter(|name| *name != set) {
        // Twice, because one answer may be different by chance.
        let known = async || {
            let answer = code_for(probe, Some(name)).await;
            answer.is_some() && answer != without
        };
        if known().await && known().await {
            return ApiFinding::WrongField {
                set: set.to_owned(),
                right: name,
            };
        }
    }
    ApiFinding::FieldUntold { code }
}

/// Status and code of the answer to an invented token in this field, if it has the
/// envelope.
async fn code_for(probe: &Probe, field: Option<&str>) -> Option<(u16, String)> {
    let answer = probe.invented_token(field).await.ok()?;
    Some((answer.status, answer.envelope?.code))
}
