//! The upgrade promise: a database that an older version left behind opens,
//! and everything in it goes on. `tests/fixtures/first_round` holds what the
//! first version wrote on either engine, its sandbox's data beside it:
//! connections from a file (`acme`) and from the pages (`beta`), an issuance in
//! every state, two of them at work when the copy was made, drafts of an issue
//! and of a renewal, and an audit chain. Its files never change.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rubrica::clock::Clock;
use rubrica::domain::connection::{Connection, ConnectionSettings};
use rubrica::domain::millis::Millis;
use rubrica::storage::Storage;
use rubrica::storage::connections::{self, Broken};
use rubrica::storage::seal::KeyRing;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

use crate::support::admin;
use crate::support::app::{App, acme, state_of, thumbprint_of};
use crate::support::browser::Browser;
use crate::support::database::MASTER_KEY;
use crate::support::page::Page;
use crate::support::postgres;

/// A portal over the fixture, an hour after the copy was made.
struct Upgraded {
    app: App,
    issuances: Vec<Value>,
}

fn fixture(engine: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/first_round")
        .join(engine)
}

impl Upgraded {
    async fn on_sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("portal.db");
        std::fs::copy(fixture("sqlite").join("portal.db"), &file).unwrap();
        Self::start("sqlite", dir, format!("sqlite://{}", file.display())).await
    }

    async fn on_postgresql() -> Option<Self> {
        let cluster = postgres::cluster()?;
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("of_the_first_round_{number}");
        let url = cluster.create(&name, "template0").await;
        let dump = std::fs::read_to_string(fixture("postgresql").join("portal.sql")).unwrap();
        let mut conn = PgConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(dump))
            .execute(&mut conn)
            .await
            .unwrap();
        conn.close().await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        Some(Self::start("postgresql", dir, url).await)
    }

    async fn start(engine: &str, dir: tempfile::TempDir, database_url: String) -> Self {
        let made = std::fs::read(fixture(engine).join("made.json")).unwrap();
        let made: Value = serde_json::from_slice(&made).unwrap();
        let sandbox = dir.path().join("sandbox");
        std::fs::create_dir(&sandbox).unwrap();
        for (from, to) in [("redtrust.db", "sandbox.db"), ("shared.key", "shared.key")] {
            std::fs::copy(fixture(engine).join(from), sandbox.join(to)).unwrap();
        }
        let key = data_encoding::HEXLOWER.encode(&MASTER_KEY);
        std::fs::write(dir.path().join("master.key"), key).unwrap();
        let clock = Clock::manual(Millis(made["made_at"].as_i64().unwrap()));
        clock.advance(Duration::from_secs(3600));
        let app = App::spawn_in(dir, clock, async |redtrust, key, origin| {
            move_to(&database_url, redtrust, origin).await;
            format!(
                "database_url = \"{database_url}\"\n\
                 {}direct_login = true\nvalidity_days = 365\n\
                 extra_sign_in_origins = [\"https://sso.acme.example\"]\n\
                 groups = [{{ number = 3, name = \"Ventas\" }}]\n\
                 dialect = {{ temp_token = \"signed\" }}\n",
                acme(redtrust, key, origin)
            )
        })
        .await;
        for slug in ["acme", "beta"] {
            let url = app.at(&format!("/callback/{slug}"));
            let body = json!({"url": url, "partner": "RUBRICA-DEMO"});
            app.sandbox.post("redirect-urls", body).await;
        }
        let issuances = made["issuances"].as_array().unwrap().clone();
        Self { app, issuances }
    }

    /// A browser in which this user has signed in at a connection.
    async fn signed_in(&self, slug: &str, user: &str) -> Browser {
        let browser = Browser::new();
        let at = self.app.at(&format!("/sign-in?connection={slug}"));
        let page = browser.visit(&at).await;
        if user == "ra-app" {
            let form = page.form("form[action='/sign-in/direct']");
            let form = form.set("username", user).set("password", user);
            browser.submit_and_follow(&form).await.expect_status(200);
            return browser;
        }
        let form = page.form("form[action='/sign-in/redtrust']");
        let page = browser.submit_and_follow(&form).await.expect_status(200);
        let form = page.form("form").set("username", user);
        let page = browser
            .submit_and_follow(&form.set("password", user))
            .await
            .expect_status(200);
        assert!(page.has("#signed-in-as"), "{page:?}");
        browser
    }

    /// What the fixture says of its issuances of one owner.
    fn of(&self, owner: &str) -> Vec<&Value> {
        let all = self.issuances.iter();
        all.filter(|issuance| issuance["owner"] == owner).collect()
    }

    async fn page_of(&self, browser: &Browser, issuance: &Value) -> Page {
        let id = issuance["id"].as_str().unwrap();
        let page = browser
            .visit(&self.app.at(&format!("/issuances/{id}")))
            .await;
        page.expect_status(200)
    }

    /// Asks Redtrust again for the certificate of an issuance that can go on.
    async fn resume(&self, browser: &Browser, page: &Page) -> Page {
        let code = page.text("#request-code");
        let form = page.form("form[action$='/resume']");
        let mut page = browser.submit_and_follow(&form).await.expect_status(200);
        for _ in 0..400 {
            if state_of(&page) == "issued" {
                assert_eq!(page.text("#request-code"), code);
                return page;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
            page = browser.get(page.url.as_str()).await;
        }
        panic!("not issued: {page:?}");
    }
}

/// The same portal and the same Redtrust at other addresses: their ports are
/// free ones. The file's connection follows the file.
async fn move_to(database_url: &str, redtrust: &str, origin: &str) {
    let sql = format!(
        "UPDATE connections SET base_url = '{redtrust}' WHERE slug = 'beta';
         UPDATE redirect_urls SET url = '{origin}/callback/beta'
             WHERE connection_id = (SELECT id FROM connections WHERE slug = 'beta')"
    );
    let sql = sqlx::raw_sql(AssertSqlSafe(sql));
    if database_url.starts_with("sqlite:") {
        let mut conn = SqliteConnection::connect(database_url).await.unwrap();
        sql.execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    } else {
        let mut conn = PgConnection::connect(database_url).await.unwrap();
        sql.execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    }
}

/// What the fixture's states are called now: nobody works any more on what was
/// at work, and what became of it is not known.
fn state_now(then: &str) -> &str {
    match then {
        "creating" | "finalizing" => "unknown",
        kept => kept,
    }
}

async fn everything_reads_as_it_was_written(upgraded: &Upgraded) {
    for (owner, slug, user) in [
        ("beta demo", "beta", "demo"),
        ("acme demo", "acme", "demo"),
        ("acme ra-app", "acme", "ra-app"),
    ] {
        let browser = upgraded.signed_in(slug, user).await;
        let history = browser.visit(&upgraded.app.at("/issuances")).await;
        let mut listed = 0;
        for issuance in upgraded.of(owner) {
            let then = issuance["state"].as_str().unwrap();
            if then == "draft" {
                continue;
            }
            let page = upgraded.page_of(&browser, issuance).await;
            assert_eq!(state_of(&page), state_now(then), "{page:?}");
            for (name, id) in [
                ("reference", "#reference"),
                ("holder", "#holder"),
                ("request_code", "#request-code"),
                ("thumbprint", "#thumbprint"),
            ] {
                let written = issuance[name].as_str().unwrap();
                let shown = page.find(id).unwrap_or_default();
                let shown = match name {
                    "thumbprint" => shown.replace(' ', ""),
                    _ => shown,
                };
                assert_eq!(shown, written, "{name} of {page:?}");
            }
            assert!(history.has(&format!("a[href$='{}']", page.url.path())));
            listed += 1;
        }
        assert_eq!(history.texts("tbody tr").len(), listed, "{history:?}");
    }
    let browser = upgraded.signed_in("acme", "demo").await;
    let history = browser.visit(&upgraded.app.at("/issuances")).await;
    let form = history.form("form[action='/issuances/search']");
    let found = browser.submit_and_follow(&form.set("q", "nunez")).await;
    assert_eq!(found.texts("tbody tr").len(), 2, "{found:?}");
}

async fn what_was_open_goes_on_to_its_one_certificate(upgraded: &Upgraded) {
    let controls = &upgraded.app.sandbox;
    let before = controls.count("certificate", "csr_finalize").await;
    let keys_before = controls.count("key_pair", "csr_create").await;
    let (mut issued, mut begun) = (0, 0);
    for (owner, user) in [("acme demo", "demo"), ("acme ra-app", "ra-app")] {
        let browser = upgraded.signed_in("acme", user).await;
        for issuance in upgraded.of(owner) {
            let then = issuance["state"].as_str().unwrap();
            let has_code = issuance["request_code"]
                .as_str()
                .is_some_and(|code| !code.is_empty());
            match then {
                "draft" => {
                    let path = issuance["path"].as_str().unwrap();
                    let page = upgraded.app.walk(&browser, path, &[]).await;
                    thumbprint_of(&upgraded.app.settled(&browser, page).await);
                    (issued, begun) = (issued + 1, begun + 1);
                }
                "unknown" | "key_created" | "finalizing" if has_code => {
                    let page = upgraded.page_of(&browser, issuance).await;
                    upgraded.resume(&browser, &page).await;
                    // This one had its certificate: only the answer was lost.
                    issued += usize::from(then != "unknown");
                }
                _ => {}
            }
        }
    }
    let after = controls.count("certificate", "csr_finalize").await;
    assert_eq!(after - before, issued);
    let keys_after = controls.count("key_pair", "csr_create").await;
    assert_eq!(keys_after - keys_before, begun);
    assert_eq!((issued, begun), (4, 2), "the fixture has these");
}

async fn certificates_renew_and_connections_serve(upgraded: &Upgraded) {
    let app = &upgraded.app;
    let eva = upgraded.signed_in("beta", "demo").await;
    let [old] = upgraded.of("beta demo")[..] else {
        panic!("{:?}", upgraded.issuances);
    };
    let old = old["thumbprint"].as_str().unwrap();
    let path = format!("/renew/{old}");
    let page = app.walk(&eva, &path, &[("data_changed", "no")]).await;
    let new = thumbprint_of(&app.settled(&eva, page).await);
    let page = eva.visit(&app.at(&format!("/certificates/{new}"))).await;
    assert!(
        page.has(&format!("a[href='/certificates/{old}']")),
        "{page:?}"
    );
    let ana = admin::signed_in(app).await;
    let form = ana.visit(&app.at("/admin/connections/beta")).await;
    let form = form.expect_status(200).form("main form#step");
    for (field, value) in [
        ("name", "Beta, S.L."),
        ("domain", "demo"),
        ("temp_token", "auto"),
        ("issue_timeout_secs", "60"),
        ("extra_sign_in_origins", "https://sso.beta.example"),
        ("info_fields", "proident_9b Expediente"),
    ] {
        assert_eq!(form.value(field), Some(value), "{field}");
    }
    let renamed = admin::saved(&ana, &form.set("name", "Beta y Hermanos")).await;
    assert!(renamed.has(".banner.good"), "{renamed:?}");
    let verified = ana.visit(&app.at("/admin/audit?verify=yes")).await;
    assert!(verified.has(".banner.good"), "{verified:?}");
}

async fn a_database_of_the_first_version_goes_on(upgraded: Upgraded) {
    everything_reads_as_it_was_written(&upgraded).await;
    what_was_open_goes_on_to_its_one_certificate(&upgraded).await;
    certificates_renew_and_connections_serve(&upgraded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_the_first_version_goes_on_on_sqlite() {
    a_database_of_the_first_version_goes_on(Upgraded::on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_the_first_version_goes_on_on_postgresql() {
    if let Some(upgraded) = Upgraded::on_postgresql().await {
        a_database_of_the_first_version_goes_on(upgraded).await;
    }
}

/// How many requests the history of this browser lists.
async fn listed(upgraded: &Upgraded, browser: &Browser) -> usize {
    let page = browser.visit(&upgraded.app.at("/issuances")).await;
    page.expect_status(200).texts("tbody tr").len()
}

/// `ra-app` of the fixture had always signed in with a password.
async fn an_old_history_is_read_by_its_own_person_alone(upgraded: Upgraded) {
    let (app, stranger) = (&upgraded.app, Browser::new());
    let user = json!({"username": "ra\u{2010}app", "password": "ra\u{2010}app"});
    app.sandbox.post("users", user).await;
    for name in ["ra-app", "ra\u{2010}app"] {
        let page = stranger.visit(&app.at("/sign-in?connection=acme")).await;
        let form = page.form("form[action='/sign-in/redtrust']");
        let page = stranger.submit_and_follow(&form).await.expect_status(200);
        let form = page.form("form").set("username", name);
        let form = form.set("password", name);
        stranger.submit_and_follow(&form).await.expect_status(200);
        assert_eq!(listed(&upgraded, &stranger).await, 0, "{name}");
        let home = stranger.visit(&app.url).await;
        let out = home.form("form[action='/sign-out']");
        stranger.submit_and_follow(&out).await;
    }
    for _ in 0..2 {
        let owner = upgraded.signed_in("acme", "ra-app").await;
        assert!(listed(&upgraded, &owner).await > 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i07_an_old_history_is_read_by_its_own_person_alone_on_sqlite() {
    an_old_history_is_read_by_its_own_person_alone(Upgraded::on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i07_an_old_history_is_read_by_its_own_person_alone_on_postgresql() {
    if let Some(upgraded) = Upgraded::on_postgresql().await {
        an_old_history_is_read_by_its_own_person_alone(upgraded).await;
    }
}

/// What the connections of the fixture's SQLite file become if `sql` changed
/// them before the upgrade.
async fn connections_after(sql: &str) -> (Vec<Connection>, Vec<Broken>) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("portal.db");
    std::fs::copy(fixture("sqlite").join("portal.db"), &file).unwrap();
    let url = format!("sqlite://{}", file.display());
    let mut conn = SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut conn)
        .await
        .unwrap();
    conn.close().await.unwrap();
    let keys = KeyRing::new(MASTER_KEY);
    let storage = Storage::open(&url, &keys).await.unwrap();
    connections::readable(&storage, &keys).await.unwrap()
}

#[tokio::test]
async fn an_old_value_that_trust_rests_on_is_never_replaced_by_a_default() {
    for (column, value) in [
        ("ca_pem", "not a certificate"),
        ("base_url", "http://redtrust.example"),
        ("issuer", "\u{7}"),
        ("partner", ""),
    ] {
        let sql = format!("UPDATE connections SET {column} = '{value}' WHERE slug = 'beta'");
        let (good, broken) = connections_after(&sql).await;
        assert_eq!(good.len(), 1, "{column}");
        assert_eq!(broken[0].slug, "beta", "{column}");
    }
}

#[tokio::test]
async fn an_old_value_with_a_harmless_default_does_not_stop_its_connection() {
    let sql = "UPDATE connections SET validity_days = 0, issue_timeout_secs = -1,
        extra_sign_in_origins = '[\"nowhere\"]' WHERE slug = 'beta'";
    let (good, broken) = connections_after(sql).await;
    assert_eq!(broken, []);
    let beta = good.iter().find(|one| one.slug.as_str() == "beta").unwrap();
    let defaults = ConnectionSettings::blank();
    assert_eq!(beta.settings.validity, defaults.validity);
    assert_eq!(beta.settings.issue_timeout, defaults.issue_timeout);
    assert_eq!(beta.settings.extra_sign_in_origins, []);
}
