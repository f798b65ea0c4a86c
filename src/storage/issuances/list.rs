//! Lists of issuances: the history with filters, drafts, and open issuances for the
//! dashboard and the reconciler.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;

use super::row::COLUMNS;
use super::states::{is_unfinished, listed};
use super::summary::{AsOrdered, SHOWN};
use crate::domain::holder::Kind;
use crate::domain::issuance::{Issuance, State, Summary};
use crate::domain::millis::Millis;
use crate::domain::thumbprint::Thumbprint;
use crate::storage::conditions::{Bound, Conditions};
use crate::storage::listed::{Column, Listed, Scattered, Sort, Start, View};
use crate::storage::row::{Fields, readable};
use crate::storage::seal::KeyRing;
use crate::storage::search::{Asked, ISSUANCES, Sought, Whose};
use crate::storage::{Storage, StorageError};

/// Filters on a list of submitted issuances.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub state: Option<State>,
    /// Only those whose outcome is unknown, is not what was asked for, or is still to
    /// come.
    pub unfinished: bool,
    pub kind: Option<Kind>,
    /// Submitted at or after.
    pub from: Option<Millis>,
    /// Submitted before.
    pub to: Option<Millis>,
    pub sought: Sought,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortOrder {
    #[default]
    Newest,
    Oldest,
    /// By holder name; equal names oldest first.
    Holder,
}

/// A cursor starts with the time of submission.
const BY_SUBMISSION: Column = Column::Bytes("cursor");
const BY_TIME: &[Column] = &[BY_SUBMISSION];
const BY_HOLDER: &[Column] = &[Column::Bytes("holder_key"), Column::Bytes("cursor")];

impl SortOrder {
    const fn sort(self) -> Sort {
        let (columns, descending) = match self {
            Self::Newest => (BY_TIME, true),
            Self::Oldest => (BY_TIME, false),
            Self::Holder => (BY_HOLDER, false),
        };
        Sort {
            columns,
            descending,
        }
    }
}

/// One page of submitted issuances.
pub async fn list(
    storage: &Storage,
    keys: &KeyRing,
    whose: &Whose,
    filter: &Filter,
    order: SortOrder,
    start: &Start,
    size: u16,
) -> Result<Listed<Summary>, StorageError> {
    let view = view(storage, keys, whose, filter, SHOWN).await?;
    match whose {
        Whose::Owner(_) => view.page(storage, order.sort(), start, size).await,
        Whose::Connection(_) => {
            let page = view.page(storage, order.sort(), start, size).await?;
            Ok(page.map(|AsOrdered(one)| one))
        }
    }
}

/// The same page with all that is stored of each.
pub async fn export(
    storage: &Storage,
    keys: &KeyRing,
    whose: &Whose,
    filter: &Filter,
    order: SortOrder,
    start: &Start,
    size: u16,
) -> Result<Listed<Issuance>, StorageError> {
    let view = view(storage, keys, whose, filter, COLUMNS).await?;
    view.page(storage, order.sort(), start, size).await
}

/// How the database would read a page of a list that is long, or short if `few`.
pub async fn list_plan(
    storage: &Storage,
    keys: &KeyRing,
    whose: &Whose,
    filter: &Filter,
    order: SortOrder,
    few: bool,
) -> Result<String, StorageError> {
    let view = view(storage, keys, whose, filter, SHOWN).await?;
    view.plan(storage, order.sort(), &Start::First, few).await
}

async fn view(
    storage: &Storage,
    keys: &KeyRing,
    whose: &Whose,
    filter: &Filter,
    columns: &str,
) -> Result<View, StorageError> {
    let asked = Asked::of(storage, keys, ISSUANCES, whose, &filter.sought).await?;
    let mut conditions = Conditions::default();
    let owned = format!(
        "issuances.{} = ? AND submitted_at IS NOT NULL",
        whose.column()
    );
    conditions.and(&owned, [Bound::Text(whose.id().to_owned())]);
    if filter.unfinished {
        let states = listed(is_unfinished);
        conditions.and(&format!("state IN ({states})"), []);
    }
    if let Some(state) = filter.state {
        match state.is_in_flight() {
            // Nobody tells one call from the other.
            true => {
                let states = listed(State::is_in_flight);
                conditions.and(&format!("state IN ({states})"), []);
            }
            false => conditions.and("state = ?", [Bound::Text(state.to_string())]),
        }
    }
    if let Some(kind) = filter.kind {
        conditions.and("kind = ?", [Bound::Text(kind.to_string())]);
    }
    Ok(View {
        known: None,
        scattered: match filter.unfinished {
            true => Scattered::Everywhere,
            false if filter.state.is_some() || filter.kind.is_some() => Scattered::UnlessByTime,
            false => Scattered::Nowhere,
        },
        columns: format!("{columns}, cursor, holder_key"),
        conditions,
        limits: View::limits_of(BY_SUBMISSION, filter.from, filter.to),
        asked,
    })
}

/// One page of an owner's drafts, the newest first.
pub async fn drafts(
    storage: &Storage,
    keys: &KeyRing,
    owner_id: &str,
    sought: &Sought,
    start: &Start,
    size: u16,
) -> Result<Listed<Summary>, StorageError> {
    let view = drafts_view(storage, keys, owner_id, sought).await?;
    view.page(storage, SortOrder::Newest.sort(), start, size)
        .await
}

/// How the database would read a page of drafts.
pub async fn drafts_plan(
    storage: &Storage,
    keys: &KeyRing,
    owner_id: &str,
    sought: &Sought,
) -> Result<String, StorageError> {
    let sort = SortOrder::Newest.sort();
    let view = drafts_view(storage, keys, owner_id, sought).await?;
    view.plan(storage, sort, &Start::First, false).await
}

async fn drafts_view(
    storage: &Storage,
    keys: &KeyRing,
    owner_id: &str,
    sought: &Sought,
) -> Result<View, StorageError> {
    let whose = Whose::Owner(owner_id.to_owned());
    let asked = Asked::of(storage, keys, ISSUANCES, &whose, sought).await?;
    let mut conditions = Conditions::default();
    let owner = [Bound::Text(owner_id.to_owned())];
    conditions.and("issuances.owner_id = ? AND state = 'draft'", owner);
    Ok(View {
        known: None,
        scattered: Scattered::Nowhere,
        columns: format!("{SHOWN}, cursor"),
        conditions,
        limits: Vec::new(),
        asked,
    })
}

/// The owner's half-finished issuances, then drafts; of each the newest first, at most
/// `limit` of each.
pub async fn newest_open(
    storage: &Storage,
    owner_id: &str,
    limit: u16,
) -> Result<Vec<Summary>, StorageError> {
    let some = |number: u8, states: String| {
        format!(
            "SELECT * FROM (SELECT {SHOWN}, cursor, {number} AS part FROM issuances \
             WHERE owner_id = $1 AND state IN ({states}) \
             ORDER BY cursor DESC LIMIT {limit}) part{number}"
        )
    };
    // In this order: what may have cost money is never hidden by what has not.
    let sql = format!(
        "{} UNION ALL {} ORDER BY part, cursor DESC",
        some(0, listed(|state| state.is_open() && state != State::Draft)),
        some(1, listed(|state| state == State::Draft))
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(owner_id)
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}

/// The owner's unfinished renewals of this certificate, newest first.
pub async fn open_renewal(
    storage: &Storage,
    owner_id: &str,
    renews: &Thumbprint,
) -> Result<Vec<Issuance>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM issuances WHERE owner_id = $1 AND state IN ({}) \
         AND renews = $2 ORDER BY cursor DESC LIMIT 10",
        listed(State::is_open)
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(owner_id)
        .bind(renews.as_str())
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}

/// The owner's submitted renewals of these certificates that are not over: the id and the
/// state of each.
pub async fn renewals_under_way(
    storage: &Storage,
    owner_id: &str,
    certificates: &[&Thumbprint],
) -> Result<HashMap<Thumbprint, (String, State)>, StorageError> {
    if certificates.is_empty() {
        return Ok(HashMap::new());
    }
    let gaps: Vec<String> = (0..certificates.len())
        .map(|at| format!("${}", at + 2))
        .collect();
    let sql = format!(
        "SELECT id, renews, state FROM issuances WHERE owner_id = $1 AND renews IN ({}) \
         AND state IN ({})",
        gaps.join(", "),
        listed(|state| state.is_open() && state != State::Draft)
    );
    let mut query = sqlx::query(AssertSqlSafe(sql)).bind(owner_id.to_owned());
    for certificate in certificates {
        query = query.bind(certificate.to_string());
    }
    let rows = query.fetch_all(storage.pool()).await?;
    rows.iter()
        .map(|row| {
            let fields = Fields::new(row, "issuances", "id");
            let (renews, state) = (fields.parsed("renews")?, fields.parsed("state")?);
            Ok((renews, (fields.into_id(), state)))
        })
        .collect()
}

/// Issuances with a call in progress and no live lease: their worker is gone.
pub async fn open_without_lease(
    storage: &Storage,
    now: Millis,
) -> Result<Vec<Issuance>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM issuances WHERE state IN ({}) \
         AND lease_until < $1 ORDER BY lease_until LIMIT 500",
        listed(State::is_in_flight)
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(now.0)
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}
