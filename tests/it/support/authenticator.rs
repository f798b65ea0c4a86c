//! An app that shows the codes of a second factor.

use rubrica::domain::totp::{TotpKey, step_at};

use super::admin::{PASSWORD, sign_in};
use super::app::App;
use super::browser::Browser;
use super::page::Page;

pub struct Authenticator(TotpKey);

impl Authenticator {
    /// With the key that the page shows for typing.
    pub fn of(page: &Page) -> Self {
        let key = page.text("#totp-key").replace(' ', "");
        Self(TotpKey::from_text(&key).unwrap())
    }

    /// The code that it shows now.
    pub fn code(&self, app: &App) -> String {
        self.0.code(step_at(app.clock.now()))
    }

    /// A code that it does not show within a step before and after now.
    pub fn wrong_code(&self, app: &App) -> String {
        let step = step_at(app.clock.now());
        let near: Vec<_> = (step - 1..=step + 1)
            .map(|step| self.0.code(step))
            .collect();
        let mut all = (0..4).map(|code| format!("00000{code}"));
        all.find(|code| !near.contains(code)).unwrap()
    }
}

/// Switches the second factor on; the app, and the recovery codes. The next code comes 30
/// seconds later.
pub async fn switch_on(app: &App, browser: &Browser) -> (Authenticator, Vec<String>) {
    let page = browser.visit(&app.at("/admin/account/second-factor")).await;
    let authenticator = Authenticator::of(&page);
    let form = page.form("main form#step").set("password", PASSWORD);
    let form = form.set("totp", &authenticator.code(app));
    let codes = browser.submit(&form).await.expect_status(200);
    let codes = codes.texts("#recovery-codes code");
    assert_eq!(codes.len(), 10);
    (authenticator, codes)
}

/// Signs in with the password; the page that asks for the code.
pub async fn password_given(app: &App, browser: &Browser, username: &str) -> Page {
    let asked = sign_in(app, browser, username, PASSWORD)
        .await
        .expect_redirect_to("/admin/sign-in/code");
    assert!(browser.cookie(&app.url, "rubrica-admin").is_none());
    browser.follow(asked).await.expect_status(200)
}

/// Types a code on that page.
pub async fn give(browser: &Browser, page: &Page, code: &str) -> Page {
    let form = page.form("main form#step").set("totp", code);
    browser.submit(&form).await
}
