//! The registered redirect URLs; each belongs to one partner.

use sqlx::{SqliteConnection, SqliteExecutor};

use rubrica_domain::millis::Millis;

/// The maximum length in bytes.
const LONGEST: usize = 2048;

/// Why a text is not a valid redirect URL.
pub(super) fn problem(url: &str) -> Option<&'static str> {
    let Ok(parsed) = url::Url::parse(url) else {
        return Some("not an absolute URL");
    };
    match parsed {
        _ if url.len() > LONGEST => Some("longer than 2048 bytes"),
        _ if !url.bytes().all(|byte| byte.is_ascii_graphic()) => Some("not plain ASCII"),
        _ if !matches!(parsed.scheme(), "http" | "https") => Some("neither http nor https"),
        _ if parsed.fragment().is_some() => Some("has a fragment"),
        _ if !parsed.username().is_empty() || parsed.password().is_some() => Some("has user info"),
        _ if url.contains('*') => Some("has a wildcard"),
        _ => None,
    }
}

/// Whether exactly this text is registered for this partner.
pub(super) async fn is_registered(
    conn: &mut SqliteConnection,
    partner: &str,
    url: &str,
) -> Result<bool, sqlx::Error> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM redirect_urls WHERE partner = ? AND url = ?")
            .bind(partner)
            .bind(url)
            .fetch_optional(conn)
            .await?;
    Ok(found.is_some())
}

/// Registers a URL; returns whether it was new.
pub(super) async fn register(
    conn: &mut SqliteConnection,
    partner: &str,
    url: &str,
    now: Millis,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO redirect_urls (partner, url, created_at) VALUES (?, ?, ?) \
         ON CONFLICT DO NOTHING",
    )
    .bind(partner)
    .bind(url)
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes a URL; returns whether it was registered.
pub(super) async fn remove(
    conn: &mut SqliteConnection,
    partner: &str,
    url: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("DELETE FROM redirect_urls WHERE partner = ? AND url = ?")
        .bind(partner)
        .bind(url)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// All pairs of partner and URL, oldest first.
pub(super) async fn all(db: impl SqliteExecutor<'_>) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as("SELECT partner, url FROM redirect_urls ORDER BY rowid")
        .fetch_all(db)
        .await
}
