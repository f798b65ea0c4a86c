//! Backups made while people work, restored elsewhere and on the other engine.

use rubrica::domain::millis::Millis;
use rubrica::storage::Storage;
use rubrica::storage::audit::{self, Verified};
use rubrica::storage::backup::{Wanted, restore, save};
use rubrica::storage::seal::KeyRing;
use sqlx::AssertSqlSafe;

use super::{done, new_file, run, sqlite};
use crate::support::app::{App, state_of};
use crate::support::browser::Browser;
use crate::support::database::{Database, MASTER_KEY, on_both_engines};
use crate::support::page::Page;
use crate::support::postgres;

async fn count(storage: &Storage, table: &str) -> i64 {
    let sql = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
    let count = sqlx::query_scalar(sql).fetch_one(storage.pool());
    count.await.unwrap()
}

/// Everything that is shown of an issuance and its steps, as text.
async fn stories(storage: &Storage) -> Vec<String> {
    let sql = "SELECT i.id || ' ' || i.state || ' ' || i.answers || ' ' || e.event || ' ' || e.attempt \
        FROM issuances i JOIN issuance_events e ON e.issuance_id = i.id";
    let mut stories: Vec<String> = sqlx::query_scalar(sql)
        .fetch_all(storage.pool())
        .await
        .unwrap();
    stories.sort();
    stories
}

async fn open(url: &str) -> Storage {
    Storage::open(url, &KeyRing::new(MASTER_KEY)).await.unwrap()
}

/// Three people issue one certificate after the other until `until` is over.
async fn busy<T>(app: &App, until: impl Future<Output = T>) -> T {
    let people: Vec<Browser> = (0..3).map(|_| Browser::new()).collect();
    for one in &people {
        app.sign_in_directly(one, "ra-app").await;
    }
    let issue = |number: usize| {
        let one = &people[number];
        async move {
            for turn in 0.. {
                app.issue(one, &format!("Number {number} {turn}")).await;
            }
        }
    };
    let all = futures_util::future::join3(issue(0), issue(1), issue(2));
    tokio::select! {
        _ = all => unreachable!("they go on for ever"),
        done = until => done,
    }
}

/// An issuance whose second answer was lost.
async fn left_open(app: &App, browser: &Browser) -> Page {
    app.sign_in_directly(browser, "ra-app").await;
    app.sandbox
        .fault("csr_finalize", "after", "drop", serde_json::json!(null), 1)
        .await;
    let page = app.issue(browser, "Left open").await;
    assert_eq!(state_of(&page), "unknown");
    page
}

/// Goes on with it in the portal at which a copy of its database is used now.
async fn goes_on(app: &App, path: &str) {
    let browser = Browser::new();
    app.sign_in_directly(&browser, "ra-app").await;
    let page = browser.visit(&app.at(path)).await.expect_status(200);
    assert_eq!(state_of(&page), "unknown");
    let form = page.form("form[action$='/resume']");
    let page = browser.submit_and_follow(&form).await;
    let page = app.settled(&browser, page).await;
    assert_eq!(state_of(&page), "issued", "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_under_load_goes_to_the_other_engine_and_back() {
    let Some(there) = postgres::cluster() else {
        return;
    };
    let there = there.create("restored_under_load", "template0").await;
    let app = App::spawn().await;
    let dir = app.data_dir().to_owned();
    let here = sqlite(&dir.join("rubrica.db"));
    let open_one = left_open(&app, &Browser::new()).await;
    let path = open_one.url.path().to_owned();

    let backup = async {
        while count(&app.portal.storage, "certificates").await < 3 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let (dir, here) = (dir.clone(), here.clone());
        let save = move || run(&dir, &here, &["backup", "first", "--encrypt"]);
        tokio::task::spawn_blocking(save).await.unwrap()
    };
    let said = done(&busy(&app, backup).await);
    assert!(said.contains("read back whole"), "{said}");
    let text = std::fs::read(dir.join("first")).unwrap();
    let held = |text: &[u8]| text.windows(9).any(|part| part == b"Left open");
    assert!(!held(&text), "it is encrypted");

    done(&run(&dir, &there, &["restore", "first"]));
    let restored = open(&there).await;
    assert!(count(&restored, "certificates").await >= 3);
    // One entry says that it was restored.
    let entries = count(&restored, "audit").await - 1;
    assert!(entries <= count(&app.portal.storage, "audit").await);
    assert_eq!(count(&restored, "sessions").await, 0);
    done(&run(&dir, &there, &["audit", "verify"]));
    restored.close().await;

    // A portal over it goes on, and is saved while it runs.
    let node = app.second_node(&there).await;
    goes_on(&node, &path).await;
    done(&run(&dir, &there, &["backup", "second"]));
    assert!(
        held(&std::fs::read(dir.join("second")).unwrap()),
        "it is not encrypted"
    );
    let back = sqlite(&dir.join("back.db"));
    done(&run(&dir, &back, &["restore", "second"]));
    let (back, node) = (open(&back).await, &node.portal.storage);
    assert_eq!(stories(&back).await, stories(node).await);
    // The restoration itself is in the audit.
    let (here, there) = (count(&back, "audit").await, count(node, "audit").await);
    assert_eq!(here, there + 1);
    let verified = audit::verify(&back, &KeyRing::new(MASTER_KEY))
        .await
        .unwrap();
    assert_eq!(verified, Verified::Intact { entries: here });
}

async fn what_is_restored_has_every_row_but_sessions_and_tokens(db: Database) {
    let ana = crate::storage::given::ana(&db).await;
    crate::storage::given::sign_in(&db, "sign-in", &ana).await;
    crate::storage::given::draft(&db, "a-draft", &ana, "Ana").await;
    db.meddle("INSERT INTO sessions (id_hash, kind, subject, state, created_at, idle_until, absolute_until) \
        SELECT value, 'user', 'x', '{}', 1, 2, 3 FROM meta WHERE name = 'key_check'")
        .await;
    let dir = tempfile::tempdir().unwrap();
    let wanted = Wanted {
        target: new_file(dir.path().join("backup")),
        sealed: false,
    };
    save(&db.url, &db.keys, &wanted, Millis(5)).await.unwrap();
    db.storage.close().await;
    let entry = audit::NewEntry::default();
    let restored = restore(
        &db.url,
        &db.keys,
        &wanted.target.file,
        true,
        entry,
        Millis(6),
    )
    .await;
    assert_eq!(restored.unwrap().made_at, Millis(5));
    let storage = open(&db.url).await;
    assert_eq!(count(&storage, "issuances").await, 1);
    assert_eq!(count(&storage, "sign_ins").await, 1);
    assert_eq!(
        count(&storage, "sign_ins WHERE access_token IS NOT NULL").await,
        0
    );
    assert_eq!(count(&storage, "sessions").await, 0);
}

on_both_engines!(what_is_restored_has_every_row_but_sessions_and_tokens);

#[tokio::test]
async fn a_database_of_the_first_version_is_saved_as_it_is_and_restored_as_of_today() {
    let Some(cluster) = postgres::cluster() else {
        return;
    };
    let there = cluster.create("restored_first_version", "template0").await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("portal.db");
    let fixture = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/first_round/sqlite"
    );
    std::fs::copy(format!("{fixture}/portal.db"), &file).unwrap();
    let made = std::fs::read(format!("{fixture}/made.json")).unwrap();
    let made: serde_json::Value = serde_json::from_slice(&made).unwrap();
    let wanted = Wanted {
        target: new_file(dir.path().join("backup")),
        sealed: true,
    };
    let keys = KeyRing::new(MASTER_KEY);
    save(&sqlite(&file), &keys, &wanted, Millis(5))
        .await
        .unwrap();
    let entry = audit::NewEntry::default();
    let restored = restore(&there, &keys, &wanted.target.file, false, entry, Millis(6)).await;
    restored.unwrap();
    let storage = open(&there).await;
    let issuances = made["issuances"].as_array().unwrap().len();
    assert_eq!(
        usize::try_from(count(&storage, "issuances").await),
        Ok(issuances)
    );
}
