//! One POST for each outcome, with a signature over time and body.

use std::error::Error;
use std::time::Duration;

use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use crate::config::{Complaint, WebhookConfig};
use crate::domain::millis::Millis;

/// How long the receiver may take.
const WITHIN: Duration = Duration::from_secs(10);

/// Where outcomes are told.
pub struct Receiver {
    url: Url,
    key: hmac::Key,
    client: Client,
}

impl Receiver {
    /// # Errors
    /// What is wrong, if the address is none, or there is no TLS.
    pub fn new(config: &WebhookConfig) -> Result<Self, Vec<Complaint>> {
        let wrong = |cause: String| vec![Complaint::of("RUBRICA_WEBHOOK_URL", cause)];
        let url: Result<Url, _> = config.url.parse();
        let url = url.map_err(|error| wrong(error.to_string()))?;
        let mut client = Client::builder()
            .timeout(WITHIN)
            // An answer that leads elsewhere is no answer.
            .redirect(Policy::none())
            .user_agent("rubrica");
        if url.scheme() == "http" {
            // On this machine, and to be read by nobody in between.
            client = client.no_proxy();
        }
        Ok(Self {
            url,
            key: hmac::Key::new(hmac::HMAC_SHA256, config.key.expose().as_bytes()),
            client: client.build().map_err(|error| wrong(error.to_string()))?,
        })
    }

    /// Tells it. The error is why it may not know it.
    pub(super) async fn post(&self, id: i64, body: String, now: Millis) -> Result<(), String> {
        let time = now.as_secs();
        let tag = hmac::sign(&self.key, format!("{time}.{body}").as_bytes());
        let signature = format!("t={time},v1={}", HEXLOWER.encode(tag.as_ref()));
        let answer = self
            .client
            .post(self.url.clone())
            .header("content-type", "application/json")
            .header("rubrica-delivery", id)
            .header("rubrica-signature", signature)
            .body(body)
            .send()
            .await
            .map_err(|error| why(&error.without_url()))?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status => Err(format!("answered {status}")),
        }
    }
}

/// The error with its causes, of which the last says what happened.
fn why(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    let causes: Vec<String> = causes.map(ToString::to_string).collect();
    causes.join(": ")
}
