//! Portal and sandbox on free ports, with an empty database and one clock that only the
//! test moves.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rubrica::clock::Clock;
use rubrica::config::{Config, Settings};
use rubrica::domain::millis::Millis;
use rubrica::domain::secret::Secret;
use rubrica::sandbox::{Contrary, Sandbox, SandboxSettings};
use rubrica::services::Portal;
use rubrica::services::demo_connection::{self, DemoConnection};
use rubrica::startup::Application;
use serde_json::json;
use tempfile::TempDir;

use super::browser::Browser;
use super::controls::Controls;
use super::database::MASTER_KEY;
use super::events;
use super::page::{Form, Page};
use super::sandbox;

/// One portal and one sandbox.
pub struct App {
    pub url: String,
    /// The controls of the sandbox.
    pub sandbox: Controls,
    /// The clock of both.
    pub clock: Clock,
    pub portal: Arc<Portal>,
    /// Where its metrics are, if it has any.
    pub metrics: Option<String>,
    dir: TempDir,
}

impl App {
    /// A portal on SQLite with the connection `demo`.
    pub async fn spawn() -> Self {
        Self::spawn_with("", |_| {}).await
    }

    /// The same, with a browser in which `demo` is signed in.
    pub async fn spawn_signed_in() -> (Self, Browser) {
        let (app, browser) = (Self::spawn().await, Browser::new());
        app.sign_in(&browser, "demo").await;
        (app, browser)
    }

    /// Like [`App::spawn`], on this database (SQLite if empty), with settings changed
    /// by `adjust`.
    pub async fn spawn_with(database_url: &str, adjust: impl FnOnce(&mut Config)) -> Self {
        let clock = Clock::manual(now());
        let dir = tempfile::tempdir().unwrap();
        let (sandbox, demo) = start_sandbox(dir.path(), &clock, None).await;
        let mut config = config(dir.path(), database_url);
        adjust(&mut config);
        let app = Self::start(config, clock, dir, sandbox).await;
        demo_connection::ensure(&app.portal, &demo).await.unwrap();
        app
    }

    /// A portal with connections from a configuration file: `toml` gets the sandbox's
    /// URL, its shared key and the portal's origin.
    pub async fn spawn_from_toml(toml: impl FnOnce(&str, &str, &str) -> String) -> Self {
        let toml = async |redtrust: &str, key: &str, origin: &str| toml(redtrust, key, origin);
        Self::spawn_in(tempfile::tempdir().unwrap(), Clock::manual(now()), toml).await
    }

    /// A portal with the connection `acme` of its configuration file, which has `more` lines
    /// there. Redtrust knows its redirect URL.
    pub async fn spawn_acme(more: &str) -> Self {
        let toml = |redtrust: &str, key: &str, origin: &str| {
            format!("{}{more}\n", acme(redtrust, key, origin))
        };
        let app = Self::spawn_from_toml(toml).await;
        let url = json!({"url": app.at("/callback/acme"), "partner": "RUBRICA-DEMO"});
        app.sandbox.post("redirect-urls", url).await;
        app
    }

    /// Like [`App::spawn_from_toml`], with the existing data in `dir`, at the time of
    /// `clock`; `prepare` runs before the portal opens its database.
    pub async fn spawn_in(
        dir: TempDir,
        clock: Clock,
        prepare: impl AsyncFnOnce(&str, &str, &str) -> String,
    ) -> Self {
        Self::spawn_at(dir, clock, None, prepare).await
    }

    /// Like [`App::spawn_from_toml`], with the contrary sandbox of a seed.
    pub async fn spawn_contrary(
        seed: u64,
        toml: impl AsyncFnOnce(&str, &str, &str) -> String,
    ) -> Self {
        let (dir, clock) = (tempfile::tempdir().unwrap(), Clock::manual(now()));
        let steady = false;
        Self::spawn_at(dir, clock, Some(Contrary { seed, steady }), toml).await
    }

    async fn spawn_at(
        dir: TempDir,
        clock: Clock,
        contrary: Option<Contrary>,
        prepare: impl AsyncFnOnce(&str, &str, &str) -> String,
    ) -> Self {
        let (sandbox, demo) = start_sandbox(dir.path(), &clock, contrary).await;
        let port = free_port();
        let origin = format!("http://localhost:{port}");
        let file = dir.path().join("rubrica.toml");
        let text = prepare(&sandbox.url, demo.shared_key.expose(), &origin).await;
        std::fs::write(&file, text).unwrap();
        rubrica::config::MasterKey::from_file_or_new(&dir.path().join("master.key")).unwrap();
        let listen =
            move |name: &str| (name == "RUBRICA_LISTEN").then(|| format!("127.0.0.1:{port}"));
        let config = Settings::load(Some(&file), listen)
            .unwrap()
            .or_default(Settings::for_data_dir(dir.path()))
            .config()
            .unwrap();
        Self::start(config, clock, dir, sandbox).await
    }

    /// A second portal with its own clock on the same database and sandbox.
    pub async fn second_node(&self, database_url: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = config(dir.path(), database_url);
        let clock = Clock::manual(self.clock.now());
        Self::start(config, clock, dir, self.sandbox.clone()).await
    }

    /// A portal on SQLite; Redtrust's clock is `ahead` of the portal's clock.
    pub async fn spawn_behind(ahead: Duration) -> Self {
        let there = Clock::manual(now() + ahead);
        let dir = tempfile::tempdir().unwrap();
        let (sandbox, demo) = start_sandbox(dir.path(), &there, None).await;
        let config = config(dir.path(), "");
        let app = Self::start(config, Clock::manual(now()), dir, sandbox).await;
        demo_connection::ensure(&app.portal, &demo).await.unwrap();
        app
    }

    async fn start(config: Config, clock: Clock, dir: TempDir, sandbox: Controls) -> Self {
        events::listen();
        let application = Application::build(config, clock.clone()).await.unwrap();
        let portal = Arc::clone(application.portal());
        let url = application.url().to_owned();
        let metrics = application.metrics_url().map(ToOwned::to_owned);
        tokio::spawn(application.start().until(std::future::pending::<()>()));
        Self {
            url,
            sandbox,
            clock,
            portal,
            metrics,
            dir,
        }
    }

    /// The data directory, for commands beside the portal.
    pub fn data_dir(&self) -> &Path {
        self.dir.path()
    }

    /// The URL of a path of the portal.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Signs in on the sandbox's page, through the signed redirect.
    pub async fn sign_in(&self, browser: &Browser, username: &str) -> Page {
        let at_redtrust = self.go_to_redtrust(browser).await;
        let form = at_redtrust
            .form("form")
            .set("username", username)
            .set("password", username);
        browser.submit_and_follow(&form).await.expect_status(200)
    }

    /// Follows the sign-in button to the sandbox's page.
    pub async fn go_to_redtrust(&self, browser: &Browser) -> Page {
        self.go_to_redtrust_anyhow(browser).await.expect_status(200)
    }

    /// Follows the sign-in button, whatever page it leads to.
    pub async fn go_to_redtrust_anyhow(&self, browser: &Browser) -> Page {
        let page = browser.visit(&self.at("/sign-in")).await;
        let form = page.form("form[action='/sign-in/redtrust']");
        browser.submit_and_follow(&form).await
    }

    /// The login URL that the sign-in button of this browser leads to now.
    pub async fn login_url(&self, browser: &Browser) -> String {
        let page = browser.visit(&self.at("/sign-in")).await;
        let form = page.form("form[action='/sign-in/redtrust']");
        let to = browser.submit(&form).await.expect_status(303).location();
        to.unwrap().to_string()
    }

    /// Signs in with an application user's password.
    pub async fn sign_in_directly(&self, browser: &Browser, username: &str) -> Page {
        let page = browser.visit(&self.at("/sign-in")).await;
        let form = page
            .form("form[action='/sign-in/direct']")
            .set("username", username)
            .set("password", username);
        browser.submit_and_follow(&form).await.expect_status(200)
    }

    /// Fills in every step with `answers` until the issuance's page appears.
    pub async fn walk(&self, browser: &Browser, from: &str, answers: &[(&str, &str)]) -> Page {
        let mut page = browser.visit(&self.at(from)).await;
        for _ in 0..10 {
            if page.has("#state") {
                return page;
            }
            page = browser
                .submit_and_follow(&fill(
                    page.expect_status(200).form("main form#step"),
                    answers,
                ))
                .await;
        }
        panic!("the steps do not end: {page:?}");
    }

    /// Issues a certificate for only a name and waits until it is issued.
    pub async fn issue(&self, browser: &Browser, name: &str) -> Page {
        let answers = [("kind", "name"), ("common_name", name)];
        let page = self.walk(browser, "/issue", &answers).await;
        self.settled(browser, page).await
    }

    /// Reloads an issuance's page until no work is in progress.
    pub async fn settled(&self, browser: &Browser, mut page: Page) -> Page {
        for _ in 0..600 {
            let state = page.attribute("#state", "data-state");
            let at_work = page.has("meta[http-equiv=refresh]");
            if !at_work && !matches!(state.as_deref(), Some("creating" | "finalizing")) {
                return page;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
            page = browser.get(page.url.as_str()).await;
        }
        panic!("still at work: {page:?}");
    }
}

/// The connection `acme` as a configuration file has it.
pub fn acme(redtrust: &str, key: &str, origin: &str) -> String {
    format!(
        "[[connection]]\nslug = \"acme\"\nname = \"Acme\"\nbase_url = \"{redtrust}\"\n\
         partner = \"RUBRICA-DEMO\"\nshared_key = \"{key}\"\n\
         redirect_url = \"{origin}/callback/acme\"\n"
    )
}

/// The form of Redtrust's page, filled in unless Redtrust remembers who signed in.
pub fn as_demo(at_redtrust: &Page) -> Form {
    let form = at_redtrust.form("form");
    match form.has("username") {
        true => form.set("username", "demo").set("password", "demo"),
        false => form,
    }
}

/// Signs in from a page that asks for it, and follows to where that leads.
pub async fn sign_in_from(browser: &Browser, page: &Page) -> Page {
    let form = page.form("form[action='/sign-in/redtrust']");
    let at_redtrust = browser.submit_and_follow(&form).await;
    browser.submit_and_follow(&as_demo(&at_redtrust)).await
}

/// Sets those of `answers` that the form has, and ticks the confirmations.
pub fn fill(mut form: Form, answers: &[(&str, &str)]) -> Form {
    for (name, value) in answers {
        if form.has(name) {
            form = form.set(name, value);
        }
    }
    if form.has("confirm") {
        form = form.set("confirm", "yes");
    }
    form
}

/// The state shown on an issuance's page.
pub fn state_of(page: &Page) -> String {
    page.attribute("#state", "data-state")
        .unwrap_or_else(|| panic!("no state on {page:?}"))
}

/// The thumbprint on the page of an issued issuance, without spaces.
#[track_caller]
pub fn thumbprint_of(issued: &Page) -> String {
    assert_eq!(state_of(issued), "issued", "{issued:?}");
    issued.text("#thumbprint").replace(' ', "")
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Settings of a portal on a free port with data in `dir`.
pub fn config(dir: &Path, database_url: &str) -> Config {
    let key = data_encoding::HEXLOWER.encode(&MASTER_KEY);
    std::fs::write(dir.join("master.key"), key).unwrap();
    let variable = |name: &str| match name {
        "RUBRICA_LISTEN" => Some("127.0.0.1:0".to_owned()),
        "RUBRICA_DATABASE_URL" if !database_url.is_empty() => Some(database_url.to_owned()),
        _ => None,
    };
    Settings::load(None, variable)
        .unwrap()
        .or_default(Settings::for_data_dir(dir))
        .config()
        .unwrap()
}

fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Millis(i64::try_from(since.as_millis()).unwrap())
}

async fn start_sandbox(
    dir: &Path,
    clock: &Clock,
    contrary: Option<Contrary>,
) -> (Controls, DemoConnection) {
    let dir = dir.join("sandbox");
    sandbox::copy_ca(&dir).await;
    let settings = SandboxSettings {
        contrary,
        ..sandbox::settings(&dir, clock.clone())
    };
    let sandbox = Sandbox::build(settings).await.unwrap();
    let demo = DemoConnection {
        base_url: sandbox.url().parse().unwrap(),
        shared_key: Secret::new(sandbox.shared_key().expose()),
    };
    let controls = Controls::new(sandbox.url());
    tokio::spawn(sandbox.run());
    (controls, demo)
}
