//! A person with a browser, using a portal that may go down at any moment: every action
//! may fail and returns the reason.

use std::time::Duration;

use tokio::time::Instant;

use super::app::fill;
use super::browser::Browser;
use super::page::{Form, Page};

/// The result of an attempt.
pub type Tried<T> = Result<T, String>;

/// A person whose password equals their name.
pub struct Visitor {
    pub browser: Browser,
    /// The user name at Redtrust.
    pub name: String,
    origin: String,
}

impl Visitor {
    /// A person who is not signed in.
    pub fn new(origin: &str, name: &str) -> Self {
        Self {
            browser: Browser::new(),
            name: name.to_owned(),
            origin: origin.to_owned(),
        }
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Sends a GET and follows all redirects.
    pub async fn visit(&self, path: &str) -> Tried<Page> {
        let page = self.browser.try_get(&self.at(path)).await?;
        self.browser.try_follow(page).await
    }

    /// Submits a form and follows all redirects.
    pub async fn submit(&self, form: &Form) -> Tried<Page> {
        let page = self.browser.try_submit(form).await?;
        self.browser.try_follow(page).await
    }

    /// Signs in with the password.
    pub async fn sign_in(&self) -> Tried<Page> {
        let page = self.visit("/sign-in").await?;
        let form = form_of(&page, "form[action='/sign-in/direct']")?;
        let form = form.set("username", &self.name).set("password", &self.name);
        self.signed_in(self.submit(&form).await?)
    }

    /// Signs in on Redtrust's own page.
    pub async fn sign_in_at_redtrust(&self) -> Tried<Page> {
        let page = self.visit("/sign-in").await?;
        let form = form_of(&page, "form[action='/sign-in/redtrust']")?;
        let page = self.submit(&form).await?;
        let form = form_of(&page, "form")?;
        let form = match form.has("username") {
            true => form.set("username", &self.name).set("password", &self.name),
            // Redtrust remembers who signed in and shows only a button.
            false => form,
        };
        self.signed_in(self.submit(&form).await?)
    }

    fn signed_in(&self, page: Page) -> Tried<Page> {
        match page.has("#signed-in-as") {
            true => Ok(page),
            false => Err(format!("{} is not signed in: {page:?}", self.name)),
        }
    }

    /// Fills in every step; returns the last one filled in but not submitted.
    pub async fn to_last_step(&self, from: &str, answers: &[(&str, &str)]) -> Tried<Form> {
        let mut page = self.visit(from).await?;
        for _ in 0..10 {
            let form = fill(form_of(&page, "main form#step")?, answers);
            if form.has("confirm") {
                return Ok(form);
            }
            page = self.submit(&form).await?;
        }
        Err(format!("the steps do not end: {page:?}"))
    }

    /// Reloads an issuance's page until no work is in progress.
    pub async fn settled(&self, path: &str, within: Duration) -> Tried<Page> {
        let until = Instant::now() + within;
        loop {
            let page = self.visit(path).await?;
            let state = page.attribute("#state", "data-state");
            let state = state.ok_or_else(|| format!("no state on {page:?}"))?;
            let at_work = page.has("meta[http-equiv=refresh]");
            if !at_work && !matches!(state.as_str(), "creating" | "finalizing") {
                return Ok(page);
            }
            if Instant::now() > until {
                return Err(format!("still at work: {page:?}"));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// The form that matches `selector`.
pub fn form_of(page: &Page, selector: &str) -> Tried<Form> {
    page.try_form(selector)
        .ok_or_else(|| format!("no form {selector} on {page:?}"))
}
