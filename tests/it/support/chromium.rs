//! Chromium controlled by chromedriver: one driver per test, stopped with the test.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::require;

/// How long a page is waited for. Nothing is promised by it: a browser on a busy machine is
/// given time, and one that is answered goes on at once.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs the driver, and stops it and its browsers when its input is closed. Its own output
/// is closed, so that a driver that ends at once is seen to have ended.
const SUPERVISOR: &str = "chromedriver --port=0 & exec >&-; cat >/dev/null; kill -TERM 0";

/// The settings of the browser.
#[derive(Clone, Copy)]
pub struct Look {
    /// The value of `Accept-Language`.
    pub language: &'static str,
    /// Width of the viewport in CSS pixels.
    pub width: u32,
    /// Whether JavaScript is on.
    pub javascript: bool,
}

pub struct Chromium {
    pub client: Client,
    _driver: Driver,
    profile: TempDir,
}

struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _status = self.0.wait();
    }
}

impl Chromium {
    /// Starts a browser, or reports that it is not installed.
    pub async fn start(look: Look) -> Option<Self> {
        let there = |program: &str| Command::new(program).arg("--version").output().is_ok();
        if !there("chromedriver") || !there("chromium") {
            require::missing("Chromium");
            return None;
        }
        Some(Self::start_in(look, tempfile::tempdir().unwrap()).await)
    }

    /// Starts an installed browser with what is stored in `profile`.
    pub async fn start_in(look: Look, profile: TempDir) -> Self {
        // The port that a driver chose may be taken by another program before it listens.
        let (driver, port) = std::iter::repeat_with(start_driver)
            .take(3)
            .flatten()
            .next()
            .expect("chromedriver did not start");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(look, profile.path().to_str().unwrap()))
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        Self {
            client,
            _driver: driver,
            profile,
        }
    }

    /// Closes the browser, and returns its profile.
    pub async fn close(self) -> TempDir {
        self.client.close().await.unwrap();
        self.profile
    }

    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    pub async fn path(&self) -> String {
        self.client.current_url().await.unwrap().path().to_owned()
    }

    /// The text of the first element that matches `css`.
    pub async fn text(&self, css: &str) -> String {
        let found = self.client.find(Locator::Css(css)).await;
        match found {
            Ok(element) => element.text().await.unwrap(),
            Err(_) => panic!("no {css} on {}", self.client.source().await.unwrap()),
        }
    }

    /// Whether any element matches `css`.
    pub async fn has(&self, css: &str) -> bool {
        !self
            .client
            .find_all(Locator::Css(css))
            .await
            .unwrap()
            .is_empty()
    }

    /// Replaces the text of a field.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.client.find(Locator::Css(css)).await.unwrap();
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Chooses a file, as its dialog would.
    pub async fn choose_file(&self, css: &str, file: &Path) {
        let field = self.client.find(Locator::Css(css)).await.unwrap();
        field.send_keys(file.to_str().unwrap()).await.unwrap();
    }

    /// Clicks the first element that matches `css`.
    pub async fn click(&self, css: &str) {
        let found = self.client.find(Locator::Css(css)).await;
        match found {
            Ok(element) => element.click().await.unwrap(),
            Err(_) => panic!("no {css} on {}", self.client.source().await.unwrap()),
        }
    }

    /// Presses `css` and waits until the next page has loaded.
    pub async fn press(&self, css: &str) {
        let mark = "document.documentElement.dataset.before = 'press'";
        self.client.execute(mark, Vec::new()).await.unwrap();
        self.click(css).await;
        self.next_page().await;
    }

    /// Waits until the marked page is gone and the next one has loaded.
    pub async fn next_page(&self) {
        let came = "return document.documentElement.dataset.before !== 'press' \
                    && document.readyState === 'complete'";
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            // Between two pages there may be no document to ask.
            if let Ok(Value::Bool(true)) = self.client.execute(came, Vec::new()).await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("no new page: {}", self.client.source().await.unwrap());
    }

    pub async fn wait_for(&self, css: &str) {
        let waiting = self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(css));
        if waiting.await.is_err() {
            panic!("no {css} on {}", self.client.source().await.unwrap());
        }
    }

    /// Waits until the first element that matches `css` says this.
    pub async fn wait_to_read(&self, css: &str, text: &str) {
        let until = Instant::now() + PATIENCE;
        loop {
            // Between two pages there may be no document to ask.
            let said = match self.client.find(Locator::Css(css)).await {
                Ok(element) => element.text().await.ok(),
                Err(_) => None,
            };
            if said.as_deref() == Some(text) {
                return;
            }
            assert!(Instant::now() < until, "{css} says {said:?}");
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// Shows the HTML as if it had been served at the browser's current address, to
    /// look again at pages that only a POST leads to. Automatic reloads are off.
    pub async fn show(&self, html: &str) {
        let html = html.replace("http-equiv=\"refresh\"", "data-held=\"refresh\"");
        let html = html.replace("data-events=", "data-held=");
        let script = "document.open(); document.write(arguments[0]); document.close(); \
                      const done = arguments[1]; \
                      const dressed = () => document.readyState === 'complete' && \
                      [...document.querySelectorAll('link[rel=stylesheet]')] \
                      .every(link => link.sheet) ? done(true) : setTimeout(dressed, 5); \
                      dressed();";
        let shown = self.client.execute_async(script, vec![json!(html)]).await;
        shown.unwrap();
    }

    /// Goes to the origin of `url`, unless the browser is already there. Returns whether it
    /// went: then its view is the first one again.
    pub async fn be_at_origin_of(&self, url: &Url) -> bool {
        let here = self.client.current_url().await.unwrap();
        let is_elsewhere = here.origin() != url.origin();
        if is_elsewhere {
            self.goto(url.join("/").unwrap().as_str()).await;
        }
        is_elsewhere
    }

    /// Makes the viewport as wide as this, in CSS pixels.
    pub async fn be_wide(&self, width: u32) {
        let metrics =
            json!({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
    }

    /// Selects the light or dark color scheme.
    pub async fn prefer(&self, scheme: &str) {
        let scheme = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", scheme).await;
    }

    /// Sends a command of the DevTools protocol.
    pub async fn devtools(&self, command: &'static str, parameters: Value) -> Value {
        let command = Devtools {
            command,
            parameters,
        };
        self.client.issue_cmd(command).await.unwrap()
    }

    /// Panics if the page is wider than the viewport.
    pub async fn expect_no_sideways_scrolling(&self, width: u32) {
        let script = "return [window.innerWidth, document.documentElement.scrollWidth]";
        let seen = self.client.execute(script, Vec::new()).await.unwrap();
        let path = self.path().await;
        assert_eq!(seen[0], json!(width), "innerWidth on {path}");
        let scroll = seen[1].as_u64().unwrap();
        assert!(scroll <= u64::from(width), "{path} is {scroll} px wide");
    }
}

/// chromedriver's endpoint for the DevTools protocol.
#[derive(Debug)]
struct Devtools {
    command: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap()))
    }

    fn method_and_body(&self, _url: &Url) -> (Method, Option<String>) {
        let body = json!({"cmd": self.command, "params": self.parameters});
        (Method::POST, Some(body.to_string()))
    }
}

fn start_driver() -> Option<(Driver, u16)> {
    let mut child = Command::new("sh")
        .args(["-c", SUPERVISOR])
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let driver = Driver(child);
    for line in out.lines().map_while(Result::ok) {
        if let Some((_, rest)) = line.split_once("started successfully on port ") {
            return Some((driver, rest.trim_end_matches('.').parse().unwrap()));
        }
    }
    None
}

fn capabilities(look: Look, profile: &str) -> Capabilities {
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-quic".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--password-store=basic".to_owned(),
    ];
    arguments.push(format!("--user-data-dir={profile}"));
    arguments.push(format!("--accept-lang={}", look.language));
    let mut preferences = json!({"intl.accept_languages": look.language});
    if !look.javascript {
        preferences["profile.managed_default_content_settings.javascript"] = Value::from(2);
    }
    let options = json!({
        "binary": "/usr/bin/chromium",
        "args": arguments,
        "prefs": preferences,
        "mobileEmulation": {"deviceMetrics": {
            "width": look.width, "height": 800, "pixelRatio": 1.0, "mobile": false, "touch": false
        }},
    });
    let mut capabilities = Capabilities::new();
    capabilities.insert("goog:chromeOptions".to_owned(), options);
    capabilities
}
