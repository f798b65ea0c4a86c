//! Personal data goes once it has been kept for long enough; the audit and the facts of
//! certificates stay. And: how old keys are.

use std::time::Duration;

use rubrica::domain::retention::Retention;
use rubrica::services::housekeeping;
use rubrica::storage::Engine;
use rubrica::storage::audit::{Verified, list, verify};
use sqlx::{AssertSqlSafe, Row as _};

use crate::support::admin;
use crate::support::app::{App, state_of, thumbprint_of};
use crate::support::browser::Browser;
use crate::support::page::Page;
use crate::support::postgres;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// What the database must not hold any more.
const PERSONAL: [&str; 5] = ["zenobia", "54362315", "camprubi", "zc@example", "palabra"];

const ANSWERS: [(&str, &str); 7] = [
    ("kind", "person"),
    ("given_names", "Zenobia"),
    ("first_surname", "Camprubí"),
    ("document_type", "dni"),
    ("document_number", "54362315K"),
    ("email", "zc@example.org"),
    ("common_name", "ZENOBIA CAMPRUBI 54362315K"),
];

/// A portal that keeps personal data for 30 days, on this database (SQLite if empty).
async fn keeping(database_url: &str) -> App {
    App::spawn_with(database_url, |config| {
        config.data.retention = Retention::of_days("30");
    })
    .await
}

/// Every value of every table, folded, with the name of its table.
async fn everything(app: &App) -> String {
    let pool = app.portal.storage.pool();
    let tables = match app.portal.storage.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Engine::Postgres => {
            "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()"
        }
    };
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(pool).await.unwrap();
    let mut all = String::new();
    for table in tables.iter().filter(|table| !table.starts_with("_sqlx")) {
        let sql = format!("SELECT * FROM {table}");
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(pool).await;
        for row in rows.unwrap() {
            for column in 0..row.len() {
                let text = row.try_get::<Option<String>, _>(column).ok().flatten();
                let bytes = row.try_get::<Option<Vec<u8>>, _>(column).ok().flatten();
                let bytes = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                let value = text.or(bytes).unwrap_or_default();
                all.push_str(&format!("{table}: {}\n", value.to_lowercase()));
            }
        }
    }
    all.replace('í', "i")
}

/// An issued certificate, one that Redtrust refused in words that name the holder, and a
/// draft; the page of the first.
async fn requests(app: &App) -> Page {
    let (ana, bea) = (Browser::new(), Browser::new());
    app.sign_in(&ana, "demo").await;
    let page = app.walk(&ana, "/issue", &ANSWERS).await;
    let issued = app.settled(&ana, page).await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");
    let words = "palabra de Zenobia";
    app.sandbox
        .refuse("csr_create", "NO_PERMISSION", words)
        .await;
    app.sign_in_directly(&bea, "ra-app").await;
    let page = app.walk(&bea, "/issue", &ANSWERS).await;
    assert_eq!(state_of(&app.settled(&bea, page).await), "refused");
    app.sandbox.mend().await;
    let page = ana.visit(&app.at("/issue")).await;
    let form = page.form("main form#step").set("kind", "person");
    let page = ana.submit_and_follow(&form).await;
    let mut form = page.form("main form#step");
    for (name, value) in ANSWERS {
        if form.has(name) {
            form = form.set(name, value);
        }
    }
    ana.submit_and_follow(&form).await.expect_status(200);
    let now = app.clock.now().0;
    // As it is kept of a mail that was sent.
    let mail = format!(
        "INSERT INTO mail_outbox (id, kind, recipient, language, facts, state, attempts, due_at, \
         created_at, updated_at) VALUES ('mail', 'issued', 'zc@example.org', 'en', \
         '{{\"holder\":\"Zenobia\"}}', 'sent', 1, {now}, {now}, {now})"
    );
    let written = app.portal.storage.write(move |conn| {
        let mail = mail.clone();
        Box::pin(async move {
            sqlx::query(AssertSqlSafe(mail)).execute(conn).await?;
            Ok(())
        })
    });
    written.await.unwrap();
    issued
}

async fn pass(app: &App, days: u32) {
    app.clock.advance(DAY * days);
    housekeeping::sweep(&app.portal).await.unwrap();
}

async fn personal_data_is_erased(app: App) {
    let issued = requests(&app).await;
    let before = everything(&app).await;
    for word in PERSONAL {
        assert!(before.contains(word), "the search does not find {word}");
    }
    for word in ["zenobia", "camprubi", "54362315"] {
        let in_audit = before
            .lines()
            .any(|line| line.starts_with("audit: ") && line.contains(word));
        assert!(!in_audit, "{word} is in the audit");
    }
    // The draft and the refused one have been there for 29 days.
    pass(&app, 29).await;
    assert!(everything(&app).await.contains("palabra"));
    pass(&app, 2).await;
    let after = everything(&app).await;
    assert!(!after.contains("palabra") && after.contains("zenobia"));
    // The certificate is valid for 730 days, and kept for another 30.
    pass(&app, 700).await;
    assert!(everything(&app).await.contains("zenobia"));
    pass(&app, 30).await;
    let after = everything(&app).await;
    for word in PERSONAL {
        let left: Vec<&str> = after.lines().filter(|line| line.contains(word)).collect();
        assert!(left.is_empty(), "{word} in {left:?}");
    }
    facts_stay(&app, &issued).await;
    let verified = verify(&app.portal.storage, &app.portal.keys).await;
    let entries = list(&app.portal.storage, 0, 1000).await.unwrap();
    let count = i64::try_from(entries.len()).unwrap();
    assert_eq!(verified, Ok(Verified::Intact { entries: count }));
    let told = entries
        .iter()
        .filter(|one| one.what.action == "personal_data.erase");
    let told: Vec<_> = told.map(|one| one.what.after.clone().unwrap()).collect();
    assert_eq!(
        told,
        [
            r#"{"after_days":30,"certificates_taken_over":0,"drafts":1,"requests":1}"#,
            r#"{"after_days":30,"certificates_taken_over":0,"drafts":0,"requests":1}"#
        ]
    );
}

/// Reference, thumbprint, codes and dates are shown as before, and the pages say that the
/// rest is erased.
async fn facts_stay(app: &App, issued: &Page) {
    let ana = Browser::new();
    app.sign_in(&ana, "demo").await;
    let page = ana.visit(issued.url.as_str()).await.expect_status(200);
    assert_eq!(state_of(&page), "issued");
    for id in [
        "#reference",
        "#request-code",
        "#certificate-id",
        "#thumbprint",
    ] {
        assert_eq!(page.text(id), issued.text(id));
    }
    assert_eq!(page.text("#holder"), page.text("#reference"));
    assert!(page.text("#erased").contains("Erased on"), "{page:?}");
    let certificate = format!("/certificates/{}", thumbprint_of(issued));
    for path in [
        &certificate,
        "/certificates",
        "/issuances",
        "/",
        "/issuances.csv",
    ] {
        let page = ana.visit(&app.at(path)).await.expect_status(200);
        let text = page.body.to_lowercase();
        assert!(!PERSONAL.iter().any(|word| text.contains(word)), "{page:?}");
    }
    let page = ana.visit(&app.at(&certificate)).await;
    assert!(page.has(".erased"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i22_personal_data_is_erased_after_its_time_on_sqlite() {
    personal_data_is_erased(keeping("").await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i22_personal_data_is_erased_after_its_time_on_postgresql() {
    if let Some(url) = postgres::migrated().await {
        personal_data_is_erased(keeping(&url).await).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i22_without_the_setting_everything_is_kept() {
    let app = App::spawn().await;
    requests(&app).await;
    pass(&app, 10_000).await;
    let all = everything(&app).await;
    for word in PERSONAL {
        assert!(all.contains(word), "{word} is gone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i22_pages_say_how_long_personal_data_is_kept_and_how_old_keys_are() {
    let app = keeping("").await;
    let ana = Browser::new();
    app.sign_in(&ana, "demo").await;
    let issued = app.issue(&ana, "ANA").await;
    assert!(issued.text("#erases").contains("30 days"), "{issued:?}");
    let desk = admin::signed_in(&app).await;
    let page = desk.visit(&app.at("/admin")).await;
    assert!(page.text("#retention").contains("30 days"), "{page:?}");
    assert!(!page.text("#master-key-age").contains("Older than a year"));
    app.clock.advance(DAY * 366);
    let desk = admin::signed_in(&app).await;
    let page = desk.visit(&app.at("/admin")).await;
    let key = page.text("#master-key-age");
    assert!(key.contains("Older than a year"), "{key}");
    let page = desk.visit(&app.at("/admin/connections")).await;
    let row = page.text("tbody tr");
    assert!(row.contains("Older than a year"), "{row}");
    let page = desk.visit(&app.at("/admin/connections/demo")).await;
    let key = page.text("#key-facts");
    assert!(key.contains("Older than a year"), "{key}");
    let other = App::spawn().await;
    let desk = admin::signed_in(&other).await;
    let page = desk.visit(&other.at("/admin")).await;
    assert!(page.text("#retention").contains("for ever"), "{page:?}");
}
