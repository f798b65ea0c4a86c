//! How the tables came to be, step by step.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};

use super::{Engine, StorageError};

/// Every migration with its number, in order. `_sqlx_migrations` stores the
/// number and the SHA-384 of each text, so a released migration must never
/// change.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "first", include_str!("migrations/0001_first.sql")),
    (
        2,
        "kept forms",
        include_str!("migrations/0002_kept_forms.sql"),
    ),
    (3, "uploads", include_str!("migrations/0003_uploads.sql")),
    (
        4,
        "holder order",
        include_str!("migrations/0004_holder_order.sql"),
    ),
    (
        5,
        "connection settings",
        include_str!("migrations/0005_connection_settings.sql"),
    ),
    (
        6,
        "words of redtrust",
        include_str!("migrations/0006_words_of_redtrust.sql"),
    ),
    (
        7,
        "sign in outcomes",
        include_str!("migrations/0007_sign_in_outcomes.sql"),
    ),
    (
        8,
        "sign in failures",
        include_str!("migrations/0008_sign_in_failures.sql"),
    ),
    (9, "next key", include_str!("migrations/0009_next_key.sql")),
    (10, "tries", include_str!("migrations/0010_tries.sql")),
    (
        11,
        "owner names",
        include_str!("migrations/0011_owner_names.sql"),
    ),
    (
        12,
        "bound secrets",
        include_str!("migrations/0012_bound_secrets.sql"),
    ),
    (
        13,
        "row seals",
        include_str!("migrations/0013_row_seals.sql"),
    ),
    (14, "accounts", include_str!("migrations/0014_accounts.sql")),
    (
        15,
        "session devices",
        include_str!("migrations/0015_session_devices.sql"),
    ),
    (
        16,
        "audit search and erasure",
        include_str!("migrations/0016_audit_search_and_erasure.sql"),
    ),
    (
        17,
        "certificates taken over",
        include_str!("migrations/0017_certificates_taken_over.sql"),
    ),
    (18, "search", include_str!("migrations/0018_search.sql")),
    (
        19,
        "calendar feeds",
        include_str!("migrations/0019_calendar_feeds.sql"),
    ),
    (20, "runs", include_str!("migrations/0020_runs.sql")),
    (21, "day", include_str!("migrations/0021_day.sql")),
    (
        22,
        "words of drafts",
        include_str!("migrations/0022_words_of_drafts.sql"),
    ),
    (23, "mail", include_str!("migrations/0023_mail.sql")),
    (
        24,
        "words in order",
        include_str!("migrations/0024_words_in_order.sql"),
    ),
    (
        25,
        "mail by state",
        include_str!("migrations/0025_mail_by_state.sql"),
    ),
    (26, "webhook", include_str!("migrations/0026_webhook.sql")),
    (
        27,
        "days of expiry",
        include_str!("migrations/0027_days_of_expiry.sql"),
    ),
    (
        28,
        "kinds of expiry",
        include_str!("migrations/0028_kinds_of_expiry.sql"),
    ),
    (
        29,
        "mail of officers",
        include_str!("migrations/0029_mail_of_officers.sql"),
    ),
    (
        31,
        "days in order",
        include_str!("migrations/0031_days_in_order.sql"),
    ),
    (
        34,
        "days of all kinds",
        include_str!("migrations/0034_days_of_all_kinds.sql"),
    ),
    (
        35,
        "filters in order",
        include_str!("migrations/0035_filters_in_order.sql"),
    ),
    (37, "claims", include_str!("migrations/0037_claims.sql")),
    (
        38,
        "unknown expiry",
        include_str!("migrations/0038_unknown_expiry.sql"),
    ),
    (39, "faults", include_str!("migrations/0039_faults.sql")),
    (
        40,
        "renewals of each",
        include_str!("migrations/0040_renewals_of_each.sql"),
    ),
];

/// What each engine says in its own way: it goes on behind the migration of this number.
const OF_ENGINES: [(i64, Engine, &str); 7] = [
    (
        27,
        Engine::Sqlite,
        include_str!("migrations/sqlite/0027_days_of_expiry.sql"),
    ),
    (
        27,
        Engine::Postgres,
        include_str!("migrations/postgres/0027_days_of_expiry.sql"),
    ),
    (
        28,
        Engine::Sqlite,
        include_str!("migrations/sqlite/0028_kinds_of_expiry.sql"),
    ),
    (
        28,
        Engine::Postgres,
        include_str!("migrations/postgres/0028_kinds_of_expiry.sql"),
    ),
    (
        31,
        Engine::Sqlite,
        include_str!("migrations/sqlite/0031_days_in_order.sql"),
    ),
    (
        34,
        Engine::Sqlite,
        include_str!("migrations/sqlite/0034_days_of_all_kinds.sql"),
    ),
    (
        34,
        Engine::Postgres,
        include_str!("migrations/postgres/0034_days_of_all_kinds.sql"),
    ),
];

/// How many there are.
pub(super) const fn count() -> usize {
    MIGRATIONS.len()
}

/// The number of the newest migration.
pub(super) fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |(version, ..)| *version)
}

/// Refuses tables that a newer version has changed.
pub(super) fn knows(found: i64) -> Result<(), StorageError> {
    let known = newest();
    match found > known {
        true => Err(StorageError::Newer { found, known }),
        false => Ok(()),
    }
}

pub(super) fn migrator(of: Engine) -> Migrator {
    let made = MIGRATIONS.iter().map(|(version, name, sql)| {
        let own = (OF_ENGINES.iter())
            .filter(|(number, engine, _)| number == version && *engine == of)
            .map(|(.., own)| *own);
        let sql: String = std::iter::once(*sql).chain(own).collect();
        Migration::new(
            *version,
            (*name).into(),
            MigrationType::Simple,
            AssertSqlSafe(sql).into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(made.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_migrations_is_listed_under_its_number_and_name() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/storage/migrations");
        let listed = migrator(Engine::Sqlite);
        let mut names: Vec<String> = listed
            .iter()
            .map(|one| {
                format!(
                    "{:04}_{}.sql",
                    one.version,
                    one.description.replace(' ', "_")
                )
            })
            .collect();
        let files = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
        let mut files: Vec<String> = files
            .filter(|file| file.file_type().unwrap().is_file())
            .map(|file| file.file_name().into_string().unwrap())
            .collect();
        names.sort();
        files.sort();
        assert_eq!(names, files);
    }
}
