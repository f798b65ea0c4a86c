//! Certificates that may be for the same holder as one that is about to be requested.

use super::COLUMNS;
use crate::domain::certificate::Certificate;
use crate::domain::millis::Millis;
use crate::storage::conditions::{Bound, Conditions};
use crate::storage::issuances::Wanted;
use crate::storage::row::readable;
use crate::storage::seal::KeyRing;
use crate::storage::search::CERTIFICATES;
use crate::storage::{Storage, StorageError};

/// More than people look at.
const MOST: u8 = 10;

/// This person's certificates that are valid at `now`, for the same name or the same
/// document; those that live longest first.
pub async fn alike(
    storage: &Storage,
    keys: &KeyRing,
    wanted: Wanted<'_>,
    now: Millis,
) -> Result<Vec<Certificate>, StorageError> {
    let (sql, conditions) = statement(keys, wanted, now)?;
    Ok(readable(&conditions.fetch(storage, sql).await?))
}

/// How the database would look for them.
pub async fn alike_plan(
    storage: &Storage,
    keys: &KeyRing,
    wanted: Wanted<'_>,
    now: Millis,
) -> Result<String, StorageError> {
    let (sql, conditions) = statement(keys, wanted, now)?;
    conditions.plan(storage, &sql).await
}

fn statement(
    keys: &KeyRing,
    wanted: Wanted<'_>,
    now: Millis,
) -> Result<(String, Conditions), StorageError> {
    let mut conditions = Conditions::default();
    wanted.join(&mut conditions, keys, CERTIFICATES, "replaced_by IS NULL")?;
    conditions.and("not_after > ?", [Bound::Number(now.0)]);
    let sql = format!(
        "SELECT {COLUMNS} FROM {} {} ORDER BY not_after DESC LIMIT {MOST}",
        conditions.from("certificates"),
        conditions.sql()
    );
    Ok((sql, conditions))
}
