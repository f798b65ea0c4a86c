//! A sandbox for one test, called in raw HTTP by a client that knows only the documents
//! and nothing about the portal.

use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use reqwest::{Method, RequestBuilder};
use rubrica::clock::Clock;
use rubrica::sandbox::{Contrary, Sandbox, SandboxError, SandboxSettings};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::OnceCell;

pub use super::answer::{Answer, read};

/// The redirect URL of these tests; nothing listens there.
pub const REDIRECT_URL: &str = "http://localhost:9/callback/demo?x=1";

pub struct TestSandbox {
    pub url: String,
    /// The key shared with its partner.
    pub key: String,
    pub clock: Clock,
    http: reqwest::Client,
    handle: ServerHandle,
    dir: TempDir,
}

/// Making the CA takes longest, so all sandboxes of a test run share one. A directory that
/// has one keeps it.
pub async fn copy_ca(to: &Path) {
    static MADE: OnceCell<TempDir> = OnceCell::const_new();
    let made = MADE
        .get_or_init(|| async {
            let dir = TempDir::new().unwrap();
            let settings = settings(dir.path(), Clock::System);
            drop(Sandbox::build(settings).await.unwrap());
            dir
        })
        .await;
    if to.join("ca.key").exists() {
        return;
    }
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(to)
        .unwrap();
    for file in ["ca.key", "ca.pem"] {
        std::fs::copy(made.path().join(file), to.join(file)).unwrap();
    }
}

/// Settings for a sandbox on a free port.
pub fn settings(data_dir: &Path, clock: Clock) -> SandboxSettings {
    SandboxSettings {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        data_dir: data_dir.to_owned(),
        allow_remote: false,
        clock,
        contrary: None,
    }
}

async fn fresh() -> (TempDir, Clock, SandboxSettings) {
    let dir = TempDir::new().unwrap();
    copy_ca(dir.path()).await;
    let clock = Clock::manual(Clock::System.now());
    let settings = settings(dir.path(), clock.clone());
    (dir, clock, settings)
}

impl TestSandbox {
    /// A new sandbox; its clock moves only when the test advances it.
    pub async fn start() -> Self {
        Self::start_as(None).await
    }

    /// The contrary sandbox of a seed, without trouble by chance.
    pub async fn start_contrary(seed: u64) -> Self {
        let steady = true;
        Self::start_as(Some(Contrary { seed, steady })).await
    }

    /// One that other machines may ask, and the token of its controls.
    pub async fn start_for_all() -> (Self, String) {
        let (dir, clock, mut settings) = fresh().await;
        settings.allow_remote = true;
        let sandbox = Sandbox::build(settings).await.unwrap();
        let token = sandbox.controls_token().unwrap().to_owned();
        (Self::of(sandbox, dir, clock), token)
    }

    async fn start_as(contrary: Option<Contrary>) -> Self {
        let (dir, clock, mut settings) = fresh().await;
        settings.contrary = contrary;
        let sandbox = Self::run(settings, dir, clock).await.unwrap();
        let body = json!({"url": REDIRECT_URL, "partner": "RUBRICA-DEMO"});
        let answer = sandbox
            .send(Method::POST, "/sandbox/v1/redirect-urls", &body)
            .await;
        assert_eq!(answer.status, 201, "{answer:#?}");
        sandbox
    }

    async fn run(
        settings: SandboxSettings,
        dir: TempDir,
        clock: Clock,
    ) -> Result<Self, SandboxError> {
        Ok(Self::of(Sandbox::build(settings).await?, dir, clock))
    }

    fn of(sandbox: Sandbox, dir: TempDir, clock: Clock) -> Self {
        let url = sandbox.url().to_owned();
        let key = sandbox.shared_key().expose().to_owned();
        let handle = sandbox.handle();
        tokio::spawn(sandbox.run());
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .tls_certs_only([])
            .build()
            .unwrap();
        Self {
            url,
            key,
            clock,
            http,
            handle,
            dir,
        }
    }

    /// Stops it and starts it again with the same files and port.
    pub async fn restart(self) -> Self {
        self.handle.stop(false).await;
        let mut settings = settings(self.dir.path(), self.clock.clone());
        settings.listen = self.url.strip_prefix("http://").unwrap().parse().unwrap();
        // The workers close the database a moment after they are stopped.
        let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
        loop {
            match Sandbox::build(settings.clone()).await {
                Err(SandboxError::InUse(_)) if tokio::time::Instant::now() < deadline => {
                    tokio::task::yield_now().await;
                }
                Err(error) => panic!("{error}"),
                Ok(sandbox) => {
                    drop(sandbox);
                    break;
                }
            }
        }
        let Self { dir, clock, .. } = self;
        Self::run(settings, dir, clock).await.unwrap()
    }

    pub fn data_dir(&self) -> &Path {
        self.dir.path()
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    pub async fn get(&self, path: &str) -> Answer {
        read(self.request(Method::GET, path)).await
    }

    pub async fn send(&self, method: Method, path: &str, body: &Value) -> Answer {
        read(self.request(method, path).json(body)).await
    }

    /// One call with a Bearer token.
    pub async fn call(&self, method: Method, path: &str, token: &str, body: &Value) -> Answer {
        read(self.request(method, path).bearer_auth(token).json(body)).await
    }

    pub async fn set_dialect(&self, changes: Value) {
        let answer = self
            .send(Method::PUT, "/sandbox/v1/dialect", &changes)
            .await;
        assert_eq!(answer.status, 200, "{answer:#?}");
    }

    /// Sets the faults.
    pub async fn set_faults(&self, faults: Value) {
        let body = json!({"faults": faults});
        let answer = self.send(Method::PUT, "/sandbox/v1/faults", &body).await;
        assert_eq!(answer.status, 200, "{answer:#?}");
    }

    pub async fn ledger(&self) -> Vec<Value> {
        let answer = self.get("/sandbox/v1/ledger").await;
        answer.json()["entries"].as_array().unwrap().clone()
    }

    /// Kind, operation and result of every entry, as one text each.
    pub async fn story(&self) -> Vec<String> {
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
        self.ledger()
            .await
            .iter()
            .map(|entry| {
                ["kind", "operation", "result"]
                    .map(|name| text(entry, name))
                    .join(" ")
            })
            .collect()
    }

    /// How many entries begin like this.
    pub async fn count(&self, beginning: &str) -> usize {
        let story = self.story().await;
        let begins = |line: &&String| line.starts_with(beginning);
        story.iter().filter(begins).count()
    }

    /// `data` of a direct login of the application user.
    pub async fn login(&self) -> Value {
        let body = json!({"username": "ra-app", "password": "ra-app"});
        self.send(Method::POST, "/raapi/v1/auth/login", &body)
            .await
            .data()
    }

    /// An access token of the application user.
    pub async fn token(&self) -> String {
        self.login().await["accessToken"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// The path of a login request with a valid signature under the default dialect.
    pub fn login_path(&self) -> String {
        self.signed(&self.login_query())
    }

    /// The signed part of the login request.
    pub fn login_query(&self) -> String {
        format!(
            "Consumer=RA_API&RedirectUrl={}&timestamp={}&partner=RUBRICA-DEMO",
            percent_encode(REDIRECT_URL),
            self.clock.now().as_secs()
        )
    }

    /// The path of a login request with this query and its signature.
    pub fn signed(&self, query: &str) -> String {
        let signature = HEXLOWER.encode(&mac(self.key.as_bytes(), query));
        login_path(query, &signature)
    }

    pub async fn submit(&self, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        read(
            self.request(Method::POST, "/authclient/auth/signin")
                .header("content-type", "application/x-www-form-urlencoded")
                .header("origin", &self.url)
                .body(body),
        )
        .await
    }

    /// The temporary token of a sign-in by redirect.
    pub async fn temp_token(&self, user: &str) -> String {
        let ticket = self.get(&self.login_path()).await.ticket();
        let fields = [
            ("request", ticket.as_str()),
            ("username", user),
            ("password", user),
        ];
        let answer = self.submit(&fields).await;
        let prefix = format!("{REDIRECT_URL}&tkn=");
        answer.location().strip_prefix(&prefix).unwrap().to_owned()
    }

    pub async fn exchange(&self, token: &str) -> Answer {
        let body = json!({"tempToken": token});
        self.send(Method::POST, "/authapi/v1/login_by_temp_token", &body)
            .await
    }

    pub async fn create(&self, token: &str, body: &Value) -> Answer {
        self.call(Method::POST, "/raapi/v1/csr/create", token, body)
            .await
    }

    pub async fn finalize(&self, token: &str, code: &Value) -> Answer {
        let body = json!({"requestCode": code});
        self.call(Method::PUT, "/raapi/v1/csr/finalize", token, &body)
            .await
    }

    /// Creates and finalizes; returns `data` of the latter.
    pub async fn issue(&self, token: &str, body: &Value) -> Value {
        let created = self.create(token, body).await.data();
        self.finalize(token, &created["requestCode"]).await.data()
    }
}

/// The body from the vendor's tutorial.
pub fn vendors_body() -> Value {
    json!({
        "dn": [{"attribute": "cn", "value": "HOLDER_NAME"}],
        "hashType": "SHA384",
        "keyLength": 2048,
        "keyType": "RSA",
        "provider": "CAMERFIRMA"
    })
}

/// The vendor's body with one field changed.
pub fn with(field: &str, value: Value) -> Value {
    let mut body = vendors_body();
    body[field] = value;
    body
}

pub fn mac(key: &[u8], message: &str) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
}

/// The path of a login request with this signature.
pub fn login_path(query: &str, signature: &str) -> String {
    let signature = percent_encode(signature);
    format!("/authclient/auth/loginrequest?{query}&hmac={signature}")
}

/// Encodes everything except the unreserved characters of RFC 3986.
pub fn percent_encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}
