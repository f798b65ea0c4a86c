//! An admin's first day with a Redtrust that nobody described: from an empty data
//! directory to the first sign-in, by the pages alone, in Chromium.

use std::time::{Duration, Instant};

use rubrica::services::accounts::setup_link;

use crate::support::admin::{PASSWORD, USERNAME};
use crate::support::app::App;
use crate::support::chromium::{Chromium, Look};

/// What people may need at the most.
const LIMIT: Duration = Duration::from_secs(180);

/// What the vendor hands over; here it stands on the sandbox's own page.
struct HandedOver {
    partner: String,
    shared_key: String,
    example: String,
}

struct FirstDay {
    app: App,
    chromium: Chromium,
}

#[tokio::test(flavor = "multi_thread")]
async fn from_an_empty_directory_to_the_first_sign_in_by_the_pages_alone() {
    let look = Look {
        language: "en",
        width: 1100,
        javascript: true,
    };
    let Some(chromium) = Chromium::start(look).await else {
        return;
    };
    // Another one: RUBRICA_TEST_SEED.
    let seed = std::env::var("RUBRICA_TEST_SEED");
    let seed = seed.map_or(4711, |text| text.parse().unwrap());
    eprintln!("seed {seed}");
    let app = App::spawn_contrary(seed, async |_: &str, _: &str, _: &str| String::new()).await;
    let secret = setup_link::make(&app.portal).await.unwrap().unwrap();
    let setup = app.at(&format!("/admin/setup?link={}", secret.expose()));
    let day = FirstDay { app, chromium };
    let began = Instant::now();
    day.become_admin(&setup).await;
    let vendor = day.handed_over().await;
    day.type_connection(&vendor).await;
    day.find_dialect(&vendor).await;
    day.register_redirect_url().await;
    day.test_connection().await;
    day.sign_in().await;
    let took = began.elapsed();
    eprintln!("signed in after {took:?}");
    assert!(took < LIMIT, "seed {seed}: {took:?}");
}

impl FirstDay {
    async fn go(&self, path: &str) {
        self.chromium.goto(&self.app.at(path)).await;
    }

    async fn source(&self) -> String {
        self.chromium.client.source().await.unwrap()
    }

    async fn become_admin(&self, setup: &str) {
        self.chromium.goto(setup).await;
        self.chromium.fill("[name=username]", USERNAME).await;
        self.chromium.fill("[name=password]", PASSWORD).await;
        self.chromium.press("form#step [type=submit]").await;
        if self.chromium.path().await == "/admin/sign-in" {
            self.chromium.fill("[name=username]", USERNAME).await;
            self.chromium.fill("[name=password]", PASSWORD).await;
            self.chromium.press("form#step [type=submit]").await;
        }
        assert_eq!(self.chromium.path().await, "/admin");
    }

    async fn handed_over(&self) -> HandedOver {
        let page = format!("{}/sandbox", self.app.sandbox.url);
        self.chromium.goto(&page).await;
        HandedOver {
            partner: self.chromium.text("#partner").await,
            shared_key: self.chromium.text("#shared-key").await,
            example: self.chromium.text("#example").await,
        }
    }

    async fn type_connection(&self, vendor: &HandedOver) {
        self.go("/admin/connections/new").await;
        let has_domain = vendor.example.contains("&Domain=demo&");
        for (name, text) in [
            ("name", "Acme"),
            ("slug", "acme"),
            ("base_url", &self.app.sandbox.url),
            ("partner", &vendor.partner),
            ("domain", if has_domain { "demo" } else { "" }),
            ("shared_key", &vendor.shared_key),
        ] {
            let field = format!("form#step [name={name}]");
            self.chromium.fill(&field, text).await;
        }
        self.chromium
            .press("form#step button[type=submit]:last-of-type")
            .await;
        self.chromium.fill("#password", PASSWORD).await;
        self.chromium.press("form#step button[type=submit]").await;
        let made = self.chromium.has("#error-summary").await;
        assert!(!made, "{}", self.source().await);
    }

    /// The finder reads the vendor's example; its one button takes over what it finds.
    async fn find_dialect(&self, vendor: &HandedOver) {
        self.go("/admin/connections/acme/dialect").await;
        let field = "form#step [name=example_url]";
        self.chromium.fill(field, &vendor.example).await;
        self.chromium.press("form#step [type=submit]").await;
        assert!(self.chromium.has(".found").await, "{}", self.source().await);
        if self.chromium.has("form.adopt").await {
            self.chromium.press("form.adopt [type=submit]").await;
        }
    }

    /// On Redtrust's side by its admin, and here by one button.
    async fn register_redirect_url(&self) {
        let page = format!("{}/sandbox", self.app.sandbox.url);
        self.chromium.goto(&page).await;
        let url = self.app.at("/callback/acme");
        self.chromium.fill("#redirect-url", &url).await;
        self.chromium.press("form#register [type=submit]").await;
        self.go("/admin/connections/acme").await;
        self.chromium
            .press("form[action$='/redirect-url'] [type=submit]")
            .await;
    }

    /// Presses the button, mends what the test names, and presses it again.
    async fn test_connection(&self) {
        for _ in 0..4 {
            self.go("/admin/connections/acme").await;
            self.chromium
                .press("form[action$='/test'] [type=submit]")
                .await;
            let failed = "#checks [data-result=fail]";
            if !self.chromium.has(failed).await {
                return;
            }
            if self.chromium.has("#check-api[data-result=fail]").await {
                self.mend_token_field().await;
            }
        }
        panic!("{}", self.source().await);
    }

    /// The test names the right field in its advice.
    async fn mend_token_field(&self) {
        let fix = self.chromium.text("#check-api .fix").await;
        let Some((_, advice)) = fix.split_once("Enter ") else {
            // An answer that was dropped by chance.
            return;
        };
        let right = advice.split(' ').next().unwrap();
        self.go("/admin/connections/acme").await;
        let open = "document.querySelectorAll('details').forEach(one => one.open = true)";
        self.chromium
            .client
            .execute(open, Vec::new())
            .await
            .unwrap();
        let field = "form#step [name=temp_token_field]";
        self.chromium.fill(field, right).await;
        self.chromium
            .press("form#step button[type=submit]:last-of-type")
            .await;
    }

    async fn sign_in(&self) {
        for _ in 0..5 {
            self.app.clock.advance(Duration::from_secs(2));
            self.go("/sign-in").await;
            self.chromium
                .press("form[action='/sign-in/redtrust'] button")
                .await;
            self.chromium.fill("[name=username]", "demo").await;
            self.chromium.fill("[name=password]", "demo").await;
            self.chromium.press("form#sign-in [type=submit]").await;
            if self.chromium.has("#signed-in-as").await {
                let shown = self.chromium.text("#signed-in-as").await;
                assert!(shown.contains("demo"), "{shown}");
                return;
            }
        }
        panic!("{}", self.source().await);
    }
}
