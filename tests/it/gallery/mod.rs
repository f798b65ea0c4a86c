//! Every page in every state (empty, full, error, hostile), as it is served in
//! one language: what judges of pages walk through.

#[cfg(test)]
mod account;
#[cfg(test)]
mod admins;
#[cfg(test)]
mod erased;
#[cfg(test)]
mod files;
#[cfg(test)]
pub mod frequent;
#[cfg(test)]
mod issuing;
#[cfg(test)]
mod many;
#[cfg(test)]
mod people;
#[cfg(test)]
mod records;
#[cfg(test)]
mod signed_out;
#[cfg(test)]
mod states;

use reqwest::Url;
use rubrica::config::MailConfig;
use rubrica::domain::mail::Policy;
use rubrica::domain::retention::Retention;
use rubrica::domain::secret::Secret;

use crate::support::admin;
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::checkers::Shot;
use crate::support::page::{Form, Page};

/// Longest and strangest of what people are called.
pub const HOSTILE: &str = "<b>Wolfeschlegelsteinhausenbergerdorff</b> & Ñandú \"Pal·làs\"";

/// The pages, and the portal that served them.
pub struct Gallery {
    /// Serves what the pages ask for while they are looked at.
    pub app: App,
    /// Each page once in each state.
    pub shots: Vec<Shot>,
    language: &'static str,
}

/// Walks everything in this language.
pub async fn all(language: &'static str) -> Gallery {
    let app = App::spawn_with("", |config| {
        config.data.retention = Retention::of_days("3650");
        config.data.mail = Some(unsent_mail());
    })
    .await;
    admin::make_admin(&app).await;
    let mut gallery = Gallery {
        app,
        shots: Vec::new(),
        language,
    };
    signed_out::walk(&mut gallery).await;
    issuing::walk(&mut gallery).await;
    states::walk(&mut gallery).await;
    records::walk(&mut gallery).await;
    many::walk(&mut gallery).await;
    frequent::walk(&mut gallery).await;
    people::walk(&mut gallery).await;
    admins::walk(&mut gallery).await;
    account::walk(&mut gallery).await;
    erased::walk(&mut gallery).await;
    gallery
}

/// Nobody listens there: what is ordered waits.
pub fn unsent_mail() -> MailConfig {
    MailConfig {
        smtp_url: Secret::new("smtp://127.0.0.1:9"),
        from: "portal@example.com".to_owned(),
        policy: Policy {
            reminder_days: "30,7".parse().unwrap(),
            alerts_to: vec!["guardia@example.com".to_owned()],
        },
    }
}

impl Gallery {
    fn browser(&self) -> Browser {
        Browser::speaking(self.language)
    }

    async fn signed_in(&self, user: &str) -> Browser {
        let browser = self.browser();
        self.app.sign_in(&browser, user).await;
        browser
    }

    fn keep(&mut self, name: &str, page: Page) {
        self.shots.push(Shot::of(name, page));
    }

    /// Keeps what a path of the portal answers, and hands it on.
    async fn visit(&mut self, browser: &Browser, name: &str, path: &str) -> Url {
        let page = browser.visit(&self.app.at(path)).await;
        let url = page.url.clone();
        self.keep(name, page);
        url
    }

    /// Keeps what a form is answered with.
    async fn submit(&mut self, browser: &Browser, name: &str, form: &Form, status: u16) {
        let page = browser.submit_and_follow(form).await.expect_status(status);
        self.keep(name, page);
    }
}
