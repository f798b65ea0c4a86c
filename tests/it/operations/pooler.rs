//! PgBouncer between the portal and PostgreSQL, the real program.

use std::path::Path;
use std::process::Command;

use rubrica::storage::Storage;
use rubrica::storage::seal::KeyRing;

use crate::support::database::MASTER_KEY;
use crate::support::postgres::{self, Pooler};
use crate::support::require;

fn is_there() -> bool {
    let installed = Path::new("/usr/sbin/pgbouncer").exists()
        || Command::new("pgbouncer").arg("--version").output().is_ok();
    if !installed {
        require::missing("pgbouncer");
    }
    installed
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_of_sessions_works_and_one_of_transactions_is_recognised() {
    if !is_there() {
        return;
    }
    let Some(url) = postgres::migrated().await else {
        return;
    };
    let cluster = postgres::cluster().unwrap();
    let keys = KeyRing::new(MASTER_KEY);
    let sessions = Pooler::start(cluster, "session", 16_001);
    let storage = Storage::open(&sessions.url(&url), &keys).await.unwrap();
    storage.ready(&keys).await.unwrap();
    storage.close().await;
    let transactions = Pooler::start(cluster, "transaction", 16_002);
    let refused = Storage::open(&transactions.url(&url), &keys).await;
    let words = refused.unwrap_err().to_string();
    assert!(words.contains("pool_mode = session"), "{words}");
}
