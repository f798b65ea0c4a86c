//! The list of certificates, of a person or of a connection.

use super::summary::SHOWN;
use super::{COLUMNS, Kinds, count_expiring};
use crate::domain::certificate::{Certificate, Summary};
use crate::domain::holder::Kind;
use crate::domain::millis::Millis;
use crate::storage::conditions::{Bound, Conditions};
use crate::storage::listed::{Column, Listed, Scattered, Sort, Start, View};
use crate::storage::seal::KeyRing;
use crate::storage::search::{Asked, CERTIFICATES, Sought, Whose};
use crate::storage::{Storage, StorageError};

/// Which certificates are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Which {
    /// Those that were not replaced.
    #[default]
    Current,
    Replaced,
}

/// Filters on a list of certificates.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub which: Which,
    pub kind: Option<Kind>,
    /// Expires at or after.
    pub from: Option<Millis>,
    /// Expires before.
    pub to: Option<Millis>,
    pub sought: Sought,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortOrder {
    /// The first to expire first.
    #[default]
    Expiry,
    /// The last to expire first.
    LastExpiry,
    /// By holder name.
    Holder,
}

const EXPIRY: Column = Column::Number("not_after");
const BY_EXPIRY: &[Column] = &[EXPIRY, Column::Text("id")];
const BY_HOLDER: &[Column] = &[Column::Bytes("holder_key"), Column::Text("id")];

impl SortOrder {
    const fn sort(self) -> Sort {
        let (columns, descending) = match self {
            Self::Expiry => (BY_EXPIRY, false),
            Self::LastExpiry => (BY_EXPIRY, true),
            Self::Holder => (BY_HOLDER, false),
        };
        Sort {
            columns,
            descending,
        }
    }
}

/// One page of certificates.
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
    view.page(storage, order.sort(), start, size).await
}

/// The same page with all that is known of each.
pub async fn export(
    storage: &Storage,
    keys: &KeyRing,
    whose: &Whose,
    filter: &Filter,
    order: SortOrder,
    start: &Start,
    size: u16,
) -> Result<Listed<Certificate>, StorageError> {
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
    let asked = Asked::of(storage, keys, CERTIFICATES, whose, &filter.sought).await?;
    let mut conditions = Conditions::default();
    let replaced = match filter.which {
        Which::Current => "IS NULL",
        Which::Replaced => "IS NOT NULL",
    };
    let owned = format!(
        "certificates.{} = ? AND replaced_by {replaced}",
        whose.column()
    );
    conditions.and(&owned, [Bound::Text(whose.id().to_owned())]);
    if let Some(kind) = filter.kind {
        conditions.and("kind = ?", [Bound::Text(kind.to_string())]);
    }
    let known = match whose {
        Whose::Owner(owner) if filter.which == Which::Current && asked.is_empty() => {
            let kinds = filter.kind.map_or(Kinds::All, Kinds::Only);
            let (first, last) = (Millis(i64::MIN), Millis(i64::MAX));
            let range = filter.from.unwrap_or(first)..filter.to.unwrap_or(last);
            count_expiring(storage, owner, kinds, &[range]).await?.pop()
        }
        Whose::Owner(_) | Whose::Connection(_) => None,
    };
    Ok(View {
        known: known.and_then(|known| usize::try_from(known).ok()),
        scattered: match filter.kind {
            Some(_) => Scattered::UnlessByTime,
            None => Scattered::Nowhere,
        },
        columns: format!("{columns}, holder_key"),
        conditions,
        limits: View::limits_of(EXPIRY, filter.from, filter.to),
        asked,
    })
}
