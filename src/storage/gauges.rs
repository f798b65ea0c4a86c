//! How much there is of what an operator watches. Counting stops at [`AT_MOST`], so that
//! the question is cheap however much there is.

use sqlx::{AssertSqlSafe, Row as _};

use super::sessions::Kind;
use super::{Storage, StorageError};
use crate::domain::audit::Action;
use crate::domain::issuance::State;
use crate::domain::mail;
use crate::domain::today::Today;

/// Counting stops here.
pub const AT_MOST: i64 = 10_000;

/// The groups of certificates by the time until they expire, each without those before it:
/// a name, and after how many days the group ends. Those of the first have expired.
const BY_DAYS: [(&str, Option<u16>); 5] = [
    ("0", None),
    ("7", Some(7)),
    ("30", Some(30)),
    ("90", Some(90)),
    ("365", Some(365)),
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gauges {
    pub issuances: Vec<(State, i64)>,
    /// Certificates without a successor, by the number of days within which they expire.
    pub certificates: Vec<(&'static str, i64)>,
    pub sessions: Vec<(Kind, i64)>,
    /// The mail of the last 30 days.
    pub mail: Vec<(mail::State, i64)>,
    /// Outcomes that the webhook's receiver has not been told yet.
    pub untold: i64,
}

/// One query.
pub async fn gauges(storage: &Storage, today: Today<'_>) -> Result<Gauges, StorageError> {
    let of_all = "connection_id IN (SELECT id FROM connections)";
    let issuances = State::ALL
        .iter()
        .map(|state| format!("issuances WHERE {of_all} AND state = '{state}'"));
    let mut from = 0;
    let certificates = BY_DAYS.map(|(_, days)| {
        let to = days.map_or(today.now, |days| today.end_in(days)).0;
        let rows = format!(
            "certificates WHERE {of_all} AND replaced_by IS NULL AND not_after >= {from} \
             AND not_after < {to}"
        );
        from = to;
        rows
    });
    let sessions = Kind::ALL.iter().map(|kind| {
        format!(
            "sessions WHERE kind = '{kind}' AND idle_until > {now} AND absolute_until > {now}",
            now = today.now.0
        )
    });
    let mail = mail::State::ALL
        .iter()
        .map(|state| format!("mail_outbox WHERE state = '{state}'"));
    let all = issuances.chain(certificates).chain(sessions).chain(mail);
    let all = all.chain([untold()]).enumerate();
    let counts: Vec<String> = all
        .map(|(at, rows)| {
            format!("(SELECT COUNT(*) FROM (SELECT 1 FROM {rows} LIMIT {AT_MOST}) c{at})")
        })
        .collect();
    let sql = format!("SELECT {}", counts.join(", "));
    let row = sqlx::query(AssertSqlSafe(sql))
        .fetch_one(storage.pool())
        .await?;
    let mut numbers = (0..counts.len()).map(|at| row.try_get::<i64, _>(at));
    let mut next = || numbers.next().unwrap_or(Ok(0));
    let mut gauges = Gauges {
        issuances: Vec::new(),
        certificates: Vec::new(),
        sessions: Vec::new(),
        mail: Vec::new(),
        untold: 0,
    };
    for state in State::ALL {
        gauges.issuances.push((*state, next()?));
    }
    for (name, _) in BY_DAYS {
        gauges.certificates.push((name, next()?));
    }
    for kind in Kind::ALL {
        gauges.sessions.push((*kind, next()?));
    }
    for state in mail::State::ALL {
        gauges.mail.push((*state, next()?));
    }
    gauges.untold = next()?;
    Ok(gauges)
}

/// What the webhook's receiver is told, among the entries that follow the last one told.
fn untold() -> String {
    let outcomes = Action::OUTCOMES.map(|action| format!("'{action}'"));
    format!(
        "(SELECT action FROM audit WHERE seq > (SELECT told FROM webhook) \
         ORDER BY seq LIMIT {AT_MOST}) later WHERE action IN ({})",
        outcomes.join(", ")
    )
}
