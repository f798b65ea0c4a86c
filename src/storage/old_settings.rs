//! Moves the connection settings of databases older than migration 0005, one
//! column each, into the single column that replaced them.

use serde_json::{Map, Value};
use sqlx::AnyConnection;

use super::row::Fields;
use super::{Storage, StorageError};
use crate::domain::connection::{ConnectionSettings, SETTINGS, Texts};

/// Converts the connections whose settings are still in separate columns.
pub(super) async fn fill(storage: &Storage) -> Result<(), StorageError> {
    storage.write(|conn| Box::pin(fill_all(conn))).await
}

async fn fill_all(conn: &mut AnyConnection) -> Result<(), StorageError> {
    let rows = sqlx::query("SELECT * FROM old_connection_settings")
        .fetch_all(&mut *conn)
        .await?;
    for row in &rows {
        let fields = Fields::new(row, "old_connection_settings", "id");
        let settings = serde_json::to_string(&texts(&fields)?).map_err(|_| fields.corrupt())?;
        sqlx::query("UPDATE connections SET settings = $1 WHERE id = $2")
            .bind(settings)
            .bind(fields.id())
            .execute(&mut *conn)
            .await?;
    }
    if !rows.is_empty() {
        sqlx::query("DELETE FROM old_connection_settings")
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Settings whose default is harmless, and which earlier versions checked less:
/// a value that is invalid today becomes the default. Every other value stays as
/// it is, so that a connection whose private CA is not understood is reported as
/// unreadable and does not begin to trust every public CA.
const MAY_BECOME_DEFAULT: &[&str] = &[
    "validity_days",
    "issue_timeout_secs",
    "extra_sign_in_origins",
    "groups",
    "info_fields",
    "attributes",
];

/// The columns as texts.
fn texts(fields: &Fields<'_>) -> Result<Texts, StorageError> {
    let mut values: Map<String, Value> = fields.json("dialect")?;
    for name in ["name", "base_url", "partner"] {
        values.insert(name.to_owned(), fields.text(name)?.into());
    }
    for name in ["domain", "issuer"] {
        values.insert(name.to_owned(), fields.text_or_null(name)?.into());
    }
    for name in ["validity_days", "issue_timeout_secs"] {
        values.insert(name.to_owned(), fields.integer(name)?.into());
    }
    let direct_login = fields.flag("direct_login")?;
    values.insert("direct_login".to_owned(), direct_login.into());
    let origins = fields.json("extra_sign_in_origins")?;
    values.insert("extra_sign_in_origins".to_owned(), origins);
    let mut offer: Map<String, Value> = fields.json("offer")?;
    for (old, key) in [
        ("groups", "groups"),
        ("info", "info_fields"),
        ("attributes", "attributes"),
    ] {
        values.insert(key.to_owned(), offer.remove(old).unwrap_or_default());
    }
    let mut texts = Texts::new();
    for setting in SETTINGS {
        let value = values.get(setting.key);
        if let Some(text) = value.and_then(|value| setting.kind.text_of(value)) {
            texts.insert(setting.key.to_owned(), text);
        }
    }
    texts.insert(
        "ca".to_owned(),
        fields.text_or_null("ca_pem")?.unwrap_or_default(),
    );
    if let Err(problems) = ConnectionSettings::blank().with(&texts) {
        for (key, problem) in problems {
            let kept = !MAY_BECOME_DEFAULT.contains(&key);
            tracing::warn!(
                event = "old_setting_is_invalid",
                connection = fields.id(),
                key,
                kept,
                ?problem
            );
            if !kept {
                texts.remove(key);
            }
        }
    }
    Ok(texts)
}
