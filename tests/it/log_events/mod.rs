//! Events of the log that only a fault brings about: each fault is made, and its event says
//! what `docs/log.md` names. `tests/log.rs` looks whether any event was never seen.

mod at_start;
mod at_work;
mod not_written;
mod programs;
mod runs;

use rcgen::{BasicConstraints, CertificateParams, CustomExtension, IsCa, KeyPair};
use sqlx::AssertSqlSafe;

use crate::support::admin::change_connection;
use crate::support::app::App;

/// Changes the database without going through the portal.
async fn meddle(app: &App, sql: String) {
    let done = app.portal.storage.write(move |conn| {
        Box::pin(async move {
            sqlx::query(AssertSqlSafe(sql)).execute(conn).await?;
            Ok(())
        })
    });
    done.await.unwrap();
}

/// From now on the database refuses this change, in the words that are returned.
async fn refuse(app: &App, change: &str) -> String {
    let words = format!("refused is {change}");
    let name = change.replace(|letter: char| !letter.is_alphanumeric(), "_");
    let sql =
        format!("CREATE TRIGGER {name} BEFORE {change} BEGIN SELECT RAISE(ABORT, '{words}'); END");
    meddle(app, sql).await;
    words
}

/// A CA with a list of logs (SCT) that is none: no program of ours trusts it.
fn strange_ca() -> String {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let logs = [1, 3, 6, 1, 4, 1, 11129, 2, 4, 2];
    let strange = CustomExtension::from_oid_content(&logs, vec![5, 0]);
    params.custom_extensions.push(strange);
    let key = KeyPair::generate().unwrap();
    params.self_signed(&key).unwrap().pem()
}

/// Gives the connection `demo` settings of which no client can be made.
async fn make_unusable(app: &App) {
    change_connection(app, "demo", |connection| {
        connection.settings.base_url = "https://localhost:1".parse().unwrap();
        connection.settings.private_ca = Some(strange_ca().parse().unwrap());
    })
    .await;
}
