//! Which tables are in a backup, and what columns a table has.

use sqlx::AnyConnection;

use super::super::{Engine, StorageError};
use super::columns::{Column, Kind};

/// The tables of a backup, those first to which others refer.
pub(super) const TABLES: &[&str] = &[
    "meta",
    "connections",
    "old_connection_settings",
    "unbound_secrets",
    "redirect_urls",
    "attempts",
    "owners",
    "owner_names",
    "sign_ins",
    "sign_in_failures",
    "connection_health",
    "kept_forms",
    "issuances",
    "issuance_events",
    "issuance_words",
    "certificates",
    "certificate_words",
    "certificate_files",
    "vouched_files",
    "known_issuers",
    "admins",
    "invitations",
    "calendar_feeds",
    "mail_officers",
    "mail_people",
    "mail_reminded",
    "runs",
    "run_lines",
    "audit",
    "audit_head",
];

/// Tables that a backup leaves out: who is signed in, links for minutes, allowances, mail,
/// what the webhook has told, and what triggers count. Sessions that were ended since must
/// not come back, and what went out since must not go out again.
pub(super) const LEFT_OUT: &[&str] = &[
    "sessions",
    "setup_links",
    "tries",
    "mail_outbox",
    "webhook",
    "certificate_days",
];

/// Columns that are empty in a backup: tokens of Redtrust that will be worthless, and
/// that a copy of the portal would end for those who still work with them.
const EMPTIED: &[(&str, &str)] = &[
    ("sign_ins", "access_token"),
    ("sign_ins", "refresh_token"),
    ("attempts", "outcome"),
];

pub(super) fn is_emptied(table: &str, column: &str) -> bool {
    EMPTIED.contains(&(table, column))
}

/// The columns of a table by name: the same order on both engines.
pub(super) async fn columns(
    conn: &mut AnyConnection,
    engine: Engine,
    table: &str,
) -> Result<Vec<Column>, StorageError> {
    let sql = match engine {
        Engine::Sqlite => "SELECT name, type FROM pragma_table_info($1)",
        Engine::Postgres => {
            "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT) \
             FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1"
        }
    };
    let found: Vec<(String, String)> = sqlx::query_as(sql).bind(table).fetch_all(conn).await?;
    let mut columns: Vec<Column> = found
        .into_iter()
        .map(|(name, kind)| Column {
            name,
            kind: Kind::of(&kind),
        })
        .collect();
    columns.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Storage;
    use crate::storage::fitness::{MIGRATIONS, tables};
    use crate::storage::seal::KeyRing;

    #[tokio::test]
    async fn every_table_is_in_a_backup_or_left_out_on_purpose() {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", dir.path().join("x.db").display());
        let storage = Storage::open(&url, &KeyRing::new([7; 32])).await.unwrap();
        let mut conn = storage.own_connection().await.unwrap();
        let mut found = tables(&mut conn, Engine::Sqlite).await.unwrap();
        let known = [TABLES, LEFT_OUT, &[MIGRATIONS]].concat();
        let mut known: Vec<String> = known.iter().map(ToString::to_string).collect();
        found.sort();
        known.sort();
        assert_eq!(found, known);
        for (table, column) in EMPTIED {
            let columns = columns(&mut conn, Engine::Sqlite, table).await.unwrap();
            assert!(columns.iter().any(|one| one.name == *column), "{column}");
        }
    }
}
