//! Somebody at a browser: signs in, goes from step to step, looks at every page.

use crate::support::app::App;
use crate::support::chromium::{Chromium, Look};

/// What a person types; each stands in a form where it has the field.
pub const ANSWERS: [(&str, &str); 8] = [
    ("given_names", "María José"),
    ("first_surname", "O'Neill-Núñez"),
    ("second_surname", "Pal·làs"),
    ("document_number", "12.345.678-Z"),
    ("organisation_name", "Construcciones del Mediterráneo, S.L."),
    ("organisation_nif", "A58818501"),
    ("common_name", "ÁNGELA DE LA PEÑA"),
    ("email", "maria@gestoria.example"),
];

/// A portal, a browser, and how it looks.
pub struct Walker {
    /// The portal and its sandbox.
    pub app: App,
    /// The browser.
    pub chromium: Chromium,
    look: Look,
}

impl Walker {
    /// Starts both, or says that there is no browser.
    pub async fn start(look: Look) -> Option<Self> {
        let chromium = Chromium::start(look).await?;
        let app = App::spawn().await;
        Some(Self {
            app,
            chromium,
            look,
        })
    }

    /// Goes to a path of the portal and looks at it.
    pub async fn visit(&self, path: &str) {
        self.chromium.goto(&self.app.at(path)).await;
        self.look().await;
    }

    /// Through Redtrust's own page and back.
    pub async fn sign_in(&self) {
        self.visit("/").await;
        assert_eq!(self.chromium.path().await, "/sign-in");
        let language = "return document.documentElement.lang";
        let language = self.chromium.client.execute(language, Vec::new()).await;
        assert_eq!(language.unwrap(), self.look.language);
        self.press("form[action='/sign-in/redtrust'] button").await;
        self.chromium.fill("[name=username]", "demo").await;
        self.chromium.fill("[name=password]", "demo").await;
        self.press("form [type=submit]").await;
        assert_eq!(self.chromium.path().await, "/");
        assert!(self.chromium.text("#signed-in-as").await.contains("demo"));
    }

    /// Out again; Back shows nothing of it.
    pub async fn sign_out(&self) {
        self.press("form[action='/sign-out'] button").await;
        self.chromium
            .wait_for("form[action='/sign-in/redtrust']")
            .await;
        self.chromium.client.back().await.unwrap();
        let shown = self.chromium.has("#signed-in-as").await;
        assert!(!shown, "Back shows what was signed out of");
    }

    /// Presses and looks at what comes.
    pub async fn press(&self, css: &str) {
        self.chromium.press(css).await;
        self.look().await;
    }

    /// Fills the fields that the step has and presses its button. A person's
    /// name in the certificate is left to be built from the others.
    pub async fn go_on(&self, answers: &[(&str, &str)]) {
        let of_a_person = self.chromium.has("form#step [name=given_names]").await;
        let typed = |name: &str| !(of_a_person && name == "common_name");
        for (name, value) in answers.iter().filter(|(name, _)| typed(name)) {
            let field = format!("form#step [name={name}]:not([type=radio], [type=hidden])");
            if self.chromium.has(&field).await {
                self.chromium.fill(&field, value).await;
            }
        }
        for choice in [
            "[name=data_changed][value=no]:not(:checked)",
            "[name=confirm]:not(:checked)",
        ] {
            if self.chromium.has(choice).await {
                self.chromium.click(choice).await;
            }
        }
        self.press("form#step button[type=submit]:last-of-type")
            .await;
    }

    /// Goes on until an issuance's page stands; answers how many pages it took.
    pub async fn finish(&self, answers: &[(&str, &str)]) -> usize {
        for pages in 0..8 {
            if self.chromium.has("#state").await {
                return pages;
            }
            self.go_on(answers).await;
            assert!(
                !self.chromium.has("#error-summary").await,
                "{}",
                self.chromium.client.source().await.unwrap()
            );
        }
        panic!(
            "the steps do not end: {}",
            self.chromium.client.source().await.unwrap()
        );
    }

    /// Waits until it is issued; answers the thumbprint without blanks.
    pub async fn issued(&self) -> String {
        self.chromium.wait_for("#state[data-state=issued]").await;
        self.chromium.wait_for("#thumbprint").await;
        self.look().await;
        self.chromium.text("#thumbprint").await.replace(' ', "")
    }

    pub const fn width(&self) -> u32 {
        self.look.width
    }

    /// Nobody scrolls sideways.
    pub async fn look(&self) {
        self.chromium
            .expect_no_sideways_scrolling(self.look.width)
            .await;
    }
}
