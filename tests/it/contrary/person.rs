//! Somebody who does what the pages say until there is a certificate: tries again,
//! signs in again, shows the file of a certificate whose answer was lost.

use std::time::Duration;

use serde_json::Value;

use crate::support::app::{App, fill, state_of, thumbprint_of};
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};

/// More misfortune in a row than this is a fault of the portal.
const PATIENCE: usize = 12;

/// What the page of an issuance shows.
#[derive(Debug)]
pub struct Ordered {
    pub request_code: Option<String>,
    pub state: String,
    pub csr_is_known: bool,
}

pub struct Person<'a> {
    app: &'a App,
    browser: Browser,
    name: &'static str,
    /// Signs in with a password at the portal, not on Redtrust's page.
    directly: bool,
}

impl<'a> Person<'a> {
    pub fn new(app: &'a App, name: &'static str, directly: bool) -> Self {
        let browser = Browser::new();
        Self {
            app,
            browser,
            name,
            directly,
        }
    }

    /// Signs in, again if the answer of a call was lost.
    pub async fn sign_in(&self) {
        let mut last = None;
        for _ in 0..PATIENCE {
            // In the same second the login URL would be the same one.
            self.app.clock.advance(Duration::from_secs(2));
            let page = match self.directly {
                true => self.knock_directly().await,
                false => self.knock().await,
            };
            if page.has("#signed-in-as") {
                let shown = page.text("#signed-in-as");
                assert!(shown.contains(self.name), "{page:?}");
                return;
            }
            last = Some(page);
        }
        panic!("{} is not signed in: {last:?}", self.name);
    }

    async fn knock(&self) -> Page {
        let page = self.app.go_to_redtrust_anyhow(&self.browser).await;
        let form = page.form("form#sign-in");
        let form = form.set("username", self.name).set("password", self.name);
        self.browser.submit_and_follow(&form).await
    }

    async fn knock_directly(&self) -> Page {
        let page = self.browser.visit(&self.app.at("/sign-in")).await;
        let mut form = page.form("form[action='/sign-in/direct']");
        for (field, value) in [
            ("username", self.name),
            ("password", self.name),
            // An application user belongs to no domain.
            ("domain", ""),
        ] {
            if form.has(field) {
                form = form.set(field, value);
            }
        }
        self.browser.submit_and_follow(&form).await
    }

    pub async fn visit(&self, path: &str) -> Page {
        self.browser.visit(&self.app.at(path)).await
    }

    /// Orders until a certificate is issued; answers its thumbprint.
    pub async fn certificate(&self, from: &str, answers: &[(&str, &str)]) -> String {
        let mut last = None;
        for _ in 0..PATIENCE {
            let page = self.order(from, answers).await;
            let page = self.finish(page).await;
            if state_of(&page) == "issued" {
                return thumbprint_of(&page);
            }
            // Given up here, but Redtrust has it: there is no second one to ask for.
            if let Some(thumbprint) = self.lost(&page).await {
                return thumbprint;
            }
            last = Some(page);
        }
        panic!("no certificate: {last:?}");
    }

    /// Fills in every step until the page of an issuance stands.
    async fn order(&self, from: &str, answers: &[(&str, &str)]) -> Page {
        let mut page = self.visit(from).await;
        for _ in 0..PATIENCE {
            if page.has("#state") {
                return page;
            }
            let form = fill(page.form("main form#step"), answers);
            page = self.browser.submit_and_follow(&form).await;
        }
        panic!("the steps do not end: {page:?}");
    }

    /// Does what the page of an issuance offers, until it is issued or offers nothing.
    async fn finish(&self, mut page: Page) -> Page {
        for tries in 0..PATIENCE {
            page = self.at_rest(page).await;
            if state_of(&page) == "issued" {
                return page;
            }
            if page.has("main a[href^='/sign-in']") {
                self.sign_in().await;
                page = self.browser.visit(page.url.as_str()).await;
            }
            if state_of(&page) == "draft" {
                page = self.send_again(&page).await;
            } else if tries > 2 {
                // Finalizing again does not help: look at Redtrust itself.
                return match (page.try_form("form#settle"), self.lost(&page).await) {
                    (Some(form), Some(thumbprint)) => self.show(form, &thumbprint).await,
                    _ => self.give_up(page).await,
                };
            } else if let Some(form) = page.try_form("form#resume") {
                page = self.browser.submit_and_follow(&form).await;
            }
        }
        page
    }

    /// Uploads the certificate whose answer was lost.
    async fn show(&self, form: Form, thumbprint: &str) -> Page {
        let path = format!("certificates/{thumbprint}");
        let pem = self.app.sandbox.text(&path).await;
        let form = form.attach("certificate_file", "a.pem", pem.as_bytes());
        self.browser.submit_and_follow(&form).await
    }

    /// Gives up a request for which Redtrust has no certificate, or for which none
    /// can be shown, because the answer with the CSR was lost.
    async fn give_up(&self, page: Page) -> Page {
        match page.try_form("form[action$='/abandon']") {
            Some(form) => self.browser.submit_and_follow(&form).await,
            None => page,
        }
    }

    /// Submits the last step of a request of which nothing was sent.
    async fn send_again(&self, page: &Page) -> Page {
        let check = page.attribute("main a[href$='/check']", "href");
        let check = check.unwrap_or_else(|| panic!("no way on from {page:?}"));
        self.order(&check, &[]).await
    }

    /// Thumbprint of the certificate that Redtrust issued for the page's request code.
    async fn lost(&self, page: &Page) -> Option<String> {
        let code = Value::from(page.find("#request-code")?);
        let ledger = self.app.sandbox.ledger().await;
        let entry = ledger
            .iter()
            .find(|entry| entry["kind"] == "certificate" && entry["request_code"] == code)?;
        Some(entry["thumbprint"].as_str().unwrap().to_owned())
    }

    /// Reloads until no work is in progress.
    async fn at_rest(&self, mut page: Page) -> Page {
        for _ in 0..800 {
            let state = state_of(&page);
            let works = matches!(state.as_str(), "creating" | "finalizing");
            if !works && !page.has("meta[http-equiv=refresh]") {
                return page;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
            page = self.browser.visit(page.url.as_str()).await;
        }
        panic!("still at work: {page:?}");
    }

    /// Everything this person ordered.
    pub async fn orders(&self) -> Vec<Ordered> {
        let list = self.visit("/issuances").await.expect_status(200);
        let mut paths = list.attributes("main a[href^='/issuances/']", "href");
        // Links to other views of the list have a query or another name.
        paths.retain(|path| path["/issuances/".len()..].len() == 36);
        paths.sort();
        paths.dedup();
        assert!(!paths.is_empty(), "{list:?}");
        let mut orders = Vec::new();
        for path in paths {
            let page = self.visit(&path).await.expect_status(200);
            orders.push(Ordered {
                request_code: page.find("#request-code"),
                state: state_of(&page),
                csr_is_known: page.has("a[href$='/request.csr']"),
            });
        }
        orders
    }
}
