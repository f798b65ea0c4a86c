//! Calls over HTTP, and what their answers show.

use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, LOCATION, USER_AGENT};
use reqwest::{RequestBuilder, Response};
use serde_json::{Map, Value};
use tokio::time::timeout;
use url::Url;

use super::{Distrust, Probe, html, said};
use crate::domain::connection_check::Said;
use crate::domain::millis::Millis;
use crate::domain::signing::SignedLogin;
use crate::redtrust::endpoints::Operation;
use crate::redtrust::envelope::shortened;
use crate::redtrust::error::RedtrustError;
use crate::redtrust::health::time_in;
use crate::redtrust::http::{Failed, tls_error};

/// The time limit of one call.
const WITHIN: Duration = Duration::from_secs(4);

/// How much of an answer is read, in bytes.
const READ: usize = 128 * 1024;

/// Longest title and address that are kept, in characters.
const LONGEST: usize = 300;

/// Stands for a temporary token; no server has given it to anybody.
const INVENTED: &str = "rubrica-connection-test";

/// A browser's, so that Redtrust answers as it answers people.
const BROWSER: &str = concat!(
    "Mozilla/5.0 (compatible; rubrica/",
    env!("CARGO_PKG_VERSION"),
    ")"
);

/// How the RA API answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Redtrust's code and words; `None` if the answer has no envelope.
    pub envelope: Option<Said>,
    /// The server's time, if the answer had a `Date`.
    pub date: Option<Millis>,
    /// Where it redirects to, without the query.
    pub location: Option<String>,
    /// The title of the page, if it is one.
    pub title: String,
}

/// A page as a browser would get it, without following redirects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The HTTP status.
    pub status: u16,
    /// Where it redirects to, without the query.
    pub location: Option<String>,
    /// The error code and the words on it, or in the query of the redirect.
    pub said: Said,
    /// Whether it has a field for a password.
    pub has_password: bool,
    /// Whether it has a form.
    pub has_form: bool,
    /// Whether it has scripts.
    pub has_script: bool,
}

/// Why a call got no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallFailed {
    /// The server's certificate is not trusted.
    Distrusted(Distrust),
    /// This machine has no list of public CAs, or the private CA cannot be used.
    NoRoots,
    /// No answer in time.
    TimedOut,
    /// No connection was made, in the network's words.
    NotConnected(String),
    /// The connection broke, in the network's words.
    Cut(String),
}

impl Probe {
    /// Exchanges an invented temporary token, in a field of this name, or no token at
    /// all. It has no effect at any server.
    ///
    /// # Errors
    /// [`CallFailed`].
    pub async fn invented_token(&self, field: Option<&str>) -> Result<ApiAnswer, CallFailed> {
        let operation = Operation::LoginByTempToken;
        let token = |field: &str| (field.to_owned(), Value::from(INVENTED));
        let body: Map<String, Value> = field.map(token).into_iter().collect();
        let request = self
            .client()?
            .request(operation.method(), self.base_url.join(operation.path()))
            .header(CONTENT_TYPE, "application/json")
            .body(Value::Object(body).to_string());
        let (head, body) = self.fetched(request).await?;
        Ok(ApiAnswer {
            status: head.status,
            envelope: said::in_envelope(operation, head.status, &body),
            date: head.date,
            location: head.location.map(|url| without_query(&url)),
            title: shortened(&html::title(&String::from_utf8_lossy(&body)), LONGEST),
        })
    }

    /// The name of the field for the temporary token, as the settings have it.
    pub fn temp_token_field(&self) -> &str {
        &self.temp_token_field
    }

    /// The page at a login URL. Neither the signature nor the query is in it, even if
    /// the server repeats them.
    ///
    /// # Errors
    /// [`CallFailed`].
    pub async fn login_page(&self, login: &SignedLogin, lang: &str) -> Result<Page, CallFailed> {
        let request = self
            .client()?
            .get(&login.url)
            .header(USER_AGENT, BROWSER)
            .header(ACCEPT, "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5")
            .header(ACCEPT_LANGUAGE, lang);
        let (head, body) = self.fetched(request).await?;
        let body = String::from_utf8_lossy(&body).into_owned();
        let said = match &head.location {
            Some(location) => said::in_redirect(location, login),
            None => said::on_page(head.status, &body, login),
        };
        let lower = body.to_ascii_lowercase();
        let has = |what: &str| lower.contains(what);
        Ok(Page {
            status: head.status,
            said,
            has_password: has("type=\"password\"")
                || has("type='password'")
                || has("type=password"),
            has_form: has("<form"),
            has_script: has("<script"),
            location: head.location.map(|url| without_query(&url)),
        })
    }

    fn client(&self) -> Result<&reqwest::Client, CallFailed> {
        self.http.as_ref().map_err(|_| CallFailed::NoRoots)
    }

    async fn fetched_once(&self, request: RequestBuilder) -> Result<(Head, Vec<u8>), CallFailed> {
        let all = async {
            let response = request.send().await?;
            let head = self.head(&response);
            Ok::<_, reqwest::Error>((head, read(response).await?))
        };
        match timeout(WITHIN, all).await {
            Err(_) => Err(CallFailed::TimedOut),
            Ok(fetched) => fetched.map_err(failed),
        }
    }

    /// The same, and once more if the connection broke: that may have been chance, and
    /// none of these calls has an effect.
    async fn fetched(&self, request: RequestBuilder) -> Result<(Head, Vec<u8>), CallFailed> {
        let again = request.try_clone();
        match (self.fetched_once(request).await, again) {
            (Err(CallFailed::Cut(_)), Some(again)) => self.fetched_once(again).await,
            (answer, _) => answer,
        }
    }

    fn head(&self, response: &Response) -> Head {
        let location = response.headers().get(LOCATION);
        let location = location
            .filter(|_| response.status().is_redirection())
            .and_then(|value| value.to_str().ok());
        let base = Url::parse(self.base_url.as_str()).ok();
        Head {
            status: response.status().as_u16(),
            date: time_in(response.headers()),
            location: location
                .zip(base)
                .and_then(|(location, base)| base.join(location).ok()),
        }
    }
}

struct Head {
    status: u16,
    date: Option<Millis>,
    location: Option<Url>,
}

async fn read(mut response: Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await? {
        body.extend_from_slice(&piece);
        if body.len() >= READ {
            break;
        }
    }
    Ok(body)
}

fn failed(error: reqwest::Error) -> CallFailed {
    if let Some(reason) = tls_error(&error) {
        return CallFailed::Distrusted(Distrust::of(reason));
    }
    match Failed::from(error).error {
        RedtrustError::TimedOut => CallFailed::TimedOut,
        error if error.nothing_was_sent() => CallFailed::NotConnected(error.to_string()),
        error => CallFailed::Cut(error.to_string()),
    }
}

fn without_query(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    shortened(url.as_str(), LONGEST)
}
