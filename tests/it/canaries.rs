//! Secrets stay secret: through every flow, with the log at its most talkative,
//! none of them turns up in the log, in a page, in a trace or in the database.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::admin;
use crate::support::deployed::Deployed;
use crate::support::page::Page;
use crate::support::postgres;
use crate::support::process::{Process, command};
use crate::support::program::Program;
use crate::support::recorder::Recorder;
use crate::support::visitor::{Visitor, form_of};

const USER: &str = "canario";
const PASSWORD: &str = "CANARY-password-of-a-person";
const APP_PASSWORD: &str = "CANARY-password-of-an-application";
const WRONG: &str = "CANARY-password-that-is-wrong";
const ADMIN_PASSWORD: &str = "CANARY-password-of-the-admin";
const NEW_KEY: &str = "CANARY-key-of-a-new-connection";
const PLANTED: &str = "CANARY-token-that-somebody-made-up";

/// What every place shows, for it is no secret: the search looks where it should.
const VISIBLE: &str = "NOMBRE VISIBLE";

/// A portal whose every word is written down.
struct Watched {
    deployed: Deployed,
    /// Between browsers and the portal.
    outside: Recorder,
    /// Between the portal, browsers and Redtrust.
    inside: Recorder,
    /// Where its traces go.
    collector: Program,
    portal: Process,
    origin: String,
}

impl Watched {
    async fn start(database_url: Option<String>) -> Self {
        let deployed = Deployed::start(database_url, 1).await;
        let before_portal = format!("127.0.0.1:{}", deployed.balancer.port);
        let outside = Recorder::before(&before_portal).await;
        let at_redtrust = deployed.controls.url.clone();
        let inside = Recorder::before(at_redtrust.trim_start_matches("http://")).await;
        let origin = format!("http://localhost:{}", outside.port);
        deployed.rewrite(0, &deployed.origin(), &origin);
        deployed.rewrite(
            0,
            &at_redtrust,
            &format!("http://127.0.0.1:{}", inside.port),
        );
        let url = format!("{origin}/callback/acme");
        let controls = &deployed.controls;
        let url = json!({"url": url, "partner": "RUBRICA-DEMO"});
        controls.post("redirect-urls", url).await;
        // So short that every call is preceded by a refresh.
        controls
            .put("dialect", json!({"access_token_ttl": 50}))
            .await;
        for (username, password) in [(USER, PASSWORD), ("canary-app", APP_PASSWORD)] {
            let user = json!({"username": username, "password": password, "may_issue": true});
            controls.post("users", user).await;
        }
        std::fs::write(deployed.dir.path().join("password"), ADMIN_PASSWORD).unwrap();
        let made = deployed
            .command(0, &admin::create("canary-admin"), &[])
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        let collector = Program::default();
        collector.answers(200);
        let endpoint = collector.start().await;
        let variables = [
            ("RUBRICA_LOG", "trace"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()),
        ];
        let serving = deployed.serving(0, &variables);
        let portal = Process::try_start(serving, 1).unwrap();
        Self {
            deployed,
            outside,
            inside,
            collector,
            portal,
            origin,
        }
    }

    /// Signs in and out, issues, renews, is refused: everything people do.
    async fn everything(&self) {
        let ana = Visitor::new(&self.origin, USER);
        let page = ana.visit("/sign-in").await.unwrap();
        let form = form_of(&page, "form[action='/sign-in/redtrust']").unwrap();
        let page = ana.submit(&form).await.unwrap();
        let form = form_of(&page, "form").unwrap();
        let form = form.set("username", USER).set("password", PASSWORD);
        let back = ana.browser.submit(&form).await;
        let back = back.location().unwrap();
        assert!(back.query().unwrap().contains("tkn="), "{back}");
        let page = ana.browser.visit(back.as_str()).await;
        assert!(page.has("#signed-in-as"), "{page:?}");
        let issued = self.issue(&ana).await;
        let thumbprint = issued.text("#thumbprint").replace(' ', "");
        let renewal = format!("/renew/{thumbprint}");
        let answers = [("data_changed", "no")];
        let last = ana.to_last_step(&renewal, &answers).await.unwrap();
        ana.submit(&last).await.unwrap();
        for path in ["/", "/issuances", "/certificates", "/account", "/renew"] {
            ana.visit(path).await.unwrap();
        }
        // The same link once more, here and elsewhere, and one that was made up.
        ana.browser.get(back.as_str()).await;
        Visitor::new(&self.origin, "x")
            .browser
            .get(back.as_str())
            .await;
        for path in [
            "/callback/acme",
            "/callback/nowhere",
            "/nowhere",
            "/sign-in",
        ] {
            ana.browser
                .get(&ana.at(&format!("{path}?tkn={PLANTED}")))
                .await;
        }
        self.directly().await;
        self.as_admin().await;
        let page = ana.visit("/account").await.unwrap();
        let form = form_of(&page, "form[action='/sign-out/everywhere']").unwrap();
        ana.submit(&form).await.unwrap();
    }

    async fn issue(&self, visitor: &Visitor) -> Page {
        let answers = [("kind", "name"), ("common_name", VISIBLE)];
        let last = visitor.to_last_step("/issue", &answers).await.unwrap();
        let page = visitor.submit(&last).await.unwrap();
        let patience = Duration::from_secs(30);
        let page = visitor.settled(page.url.path(), patience).await.unwrap();
        assert!(page.has("#thumbprint"), "{page:?}");
        page
    }

    /// With a password, wrong at first, and Redtrust answering junk.
    async fn directly(&self) {
        let app = Visitor::new(&self.origin, "canary-app");
        let page = app.visit("/sign-in").await.unwrap();
        let form = form_of(&page, "form[action='/sign-in/direct']").unwrap();
        let form = form.set("username", "canary-app");
        for password in [WRONG, APP_PASSWORD] {
            app.submit(&form.clone().set("password", password))
                .await
                .unwrap();
        }
        let faults = &self.deployed.controls;
        let junk = json!("junk");
        faults.fault("csr_create", "after", "body", junk, 1).await;
        let answers = [("kind", "name"), ("common_name", VISIBLE)];
        let last = app.to_last_step("/issue", &answers).await.unwrap();
        app.submit(&last).await.unwrap();
        self.issue(&app).await;
        let page = app.visit("/").await.unwrap();
        let form = form_of(&page, "form[action='/sign-out']").unwrap();
        app.submit(&form).await.unwrap();
    }

    /// Signs in, wrong at first, and makes a connection.
    async fn as_admin(&self) {
        let admin = Visitor::new(&self.origin, "canary-admin");
        let page = admin.visit("/admin/sign-in").await.unwrap();
        let form = form_of(&page, "main form#step").unwrap();
        let form = form.set("username", "canary-admin");
        for password in [WRONG, ADMIN_PASSWORD] {
            admin
                .submit(&form.clone().set("password", password))
                .await
                .unwrap();
        }
        let page = admin.visit("/admin/connections/new").await.unwrap();
        let form = form_of(&page, "main form#step").unwrap();
        let form = form
            .set("slug", "canary")
            .set("name", VISIBLE)
            .set("base_url", "https://redtrust.example:8082")
            .set("partner", "CANARIO")
            .set("shared_key", NEW_KEY);
        // Refused once, then made.
        admin
            .submit(&form.clone().set("base_url", "nonsense"))
            .await
            .unwrap();
        let page = admin.submit(&form).await.unwrap();
        let asked = form_of(&page, "main form#step").unwrap();
        let page = admin.submit(&asked.set("password", ADMIN_PASSWORD)).await;
        let page = page.unwrap();
        assert!(page.body.contains(VISIBLE), "{page:?}");
        for path in [
            "/admin",
            "/admin/connections",
            "/admin/connections/canary",
            "/admin/audit",
        ] {
            admin.visit(path).await.unwrap();
        }
    }

    /// Everything that must not turn up: what was chosen above, and what
    /// Redtrust gave on the way.
    fn secrets(&self) -> Vec<String> {
        let chosen = [
            PASSWORD,
            APP_PASSWORD,
            WRONG,
            ADMIN_PASSWORD,
            NEW_KEY,
            PLANTED,
        ];
        let mut secrets: Vec<String> = chosen.map(ToOwned::to_owned).into();
        let show = ["sandbox", "--show-key", "--data-dir", "redtrust"];
        let key = command(self.deployed.dir.path(), &show, &[])
            .output()
            .unwrap();
        secrets.push(String::from_utf8(key.stdout).unwrap().trim().to_owned());
        let asked = String::from_utf8_lossy(&self.inside.asked()).into_owned();
        let answered = String::from_utf8_lossy(&self.inside.answered()).into_owned();
        for (text, before, at_least) in [
            (&answered, "\"accessToken\":\"", 4),
            (&answered, "\"refreshToken\":\"", 4),
            (&asked, "\"tempToken\":\"", 1),
        ] {
            let found = after_each(text, before);
            assert!(found.len() >= at_least, "{before}: {found:?}");
            secrets.extend(found);
        }
        secrets.sort();
        secrets.dedup();
        secrets
    }

    /// Where they are looked for.
    fn places(&self) -> Vec<(&'static str, Vec<u8>)> {
        let database = match self.deployed.database_url.strip_prefix("sqlite://") {
            Some(file) => with_side_files(Path::new(file)),
            None => postgres::cluster()
                .unwrap()
                .dump(&self.deployed.database_url),
        };
        vec![
            ("the log", std::fs::read(self.deployed.log_of(0)).unwrap()),
            ("a page", self.outside.answered()),
            ("the database", database),
            ("a trace", format!("{:?}", self.collector.requests()).into()),
        ]
    }
}

/// The file, its write-ahead log, and whatever else lies beside it.
fn with_side_files(file: &Path) -> Vec<u8> {
    let name = file.file_name().unwrap().to_str().unwrap();
    let mut all = Vec::new();
    for entry in file.parent().unwrap().read_dir().unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().starts_with(name) {
            all.extend(std::fs::read(entry.path()).unwrap());
        }
    }
    all
}

/// What stands after each `before`, up to the quote or the end of the line.
fn after_each(text: &str, before: &str) -> Vec<String> {
    let pieces = text.split(before).skip(1);
    pieces
        .filter_map(|piece| piece.split(['"', '\r', '\n']).next())
        .map(ToOwned::to_owned)
        .collect()
}

/// In the forms in which a secret could be written down.
fn forms_of(secret: &str) -> Vec<Vec<u8>> {
    let bytes = secret.as_bytes();
    vec![
        bytes.to_vec(),
        data_encoding::HEXLOWER.encode(bytes).into_bytes(),
        data_encoding::BASE64.encode(bytes).into_bytes(),
        url::form_urlencoded::byte_serialize(bytes)
            .collect::<String>()
            .into_bytes(),
    ]
}

fn holds(place: &[u8], secret: &str) -> bool {
    let finds = |form: &Vec<u8>| memchr::memmem::find(place, form).is_some();
    forms_of(secret).iter().any(finds)
}

async fn no_secret_turns_up(database_url: Option<String>) {
    let mut watched = Watched::start(database_url).await;
    watched.everything().await;
    let secrets = watched.secrets();
    let hunt = |places: &[(&'static str, Vec<u8>)]| {
        let mut hits = Vec::new();
        for (place, content) in places {
            let hit = secrets.iter().filter(|secret| holds(content, secret));
            hits.extend(hit.map(|secret| format!("{secret} in {place}")));
        }
        hits
    };
    let until = Instant::now() + Duration::from_secs(10);
    let mut places = watched.places();
    // Spans go out twice a second.
    while !holds(&places[3].1, "csr_create") && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(100)).await;
        places = watched.places();
    }
    for ((place, content), known) in
        places
            .iter()
            .zip(["request_id", VISIBLE, VISIBLE, "csr_create"])
    {
        assert!(holds(content, known), "{place} holds nothing");
    }
    let hits = hunt(&places);
    assert!(hits.is_empty(), "{hits:#?}");
    // The hunt finds each of them, planted in any place in any form.
    for (number, secret) in secrets.iter().enumerate() {
        let forms = forms_of(secret);
        let (_, content) = &mut places[number % 4];
        let length = content.len();
        content.extend_from_slice(&forms[number % forms.len()]);
        assert!(!hunt(&places).is_empty(), "{secret} is not found");
        places[number % 4].1.truncate(length);
    }
    assert_eq!(watched.portal.terminate(), Some(0));
    let hits = hunt(&watched.places());
    assert!(hits.is_empty(), "after its end: {hits:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a16_no_secret_turns_up_in_log_pages_or_sqlite() {
    no_secret_turns_up(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a16_no_secret_turns_up_in_log_pages_or_postgresql() {
    if let Some(url) = postgres::migrated().await {
        no_secret_turns_up(Some(url)).await;
    }
}
