//! An incoming call with its body.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, HOST, HeaderName, ORIGIN};
use actix_web::web::{Bytes, Payload};
use serde_json::{Map, Value};

use super::language::Language;
use super::refusal::{ErrorCode, Refusal};
use rubrica_domain::millis::Millis;

/// The largest body accepted, in bytes.
pub(super) const LARGEST_BODY: usize = 64 * 1024;

/// The time limit for receiving a body.
const BODY_TIME: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(super) struct Incoming {
    /// When the call arrived.
    pub(super) now: Millis,
    /// The query string exactly as sent.
    pub(super) query: String,
    /// Scheme, host and port that the client called.
    pub(super) base_url: String,
    /// The language for pages.
    pub(super) language: Language,
    authorization: Option<String>,
    from_another_site: bool,
    body: Result<Bytes, ErrorCode>,
}

impl Incoming {
    /// Reads the whole call.
    pub(super) async fn read(request: &HttpRequest, body: Payload, now: Millis) -> Self {
        Self {
            now,
            query: request.query_string().to_owned(),
            // The sandbox speaks plain HTTP only.
            base_url: format!("http://{}", header(request, &HOST).unwrap_or_default()),
            language: Language::preferred(header(request, &ACCEPT_LANGUAGE).unwrap_or_default()),
            authorization: header(request, &AUTHORIZATION).map(ToOwned::to_owned),
            from_another_site: is_from_another_site(request),
            body: read_body(body).await,
        }
    }

    pub(super) fn bearer(&self) -> Option<&str> {
        bearer_of(self.authorization.as_deref()?)
    }

    /// Refuses a form sent by a page of another site.
    pub(super) fn check_same_site(&self) -> Result<(), Refusal> {
        if self.from_another_site {
            return Err(ErrorCode::CrossSite.into());
        }
        Ok(())
    }

    pub(super) fn json(&self) -> Result<Json, Refusal> {
        serde_json::from_slice(self.body()?)
            .map(Json)
            .map_err(|_| ErrorCode::MalformedJson.into())
    }

    pub(super) fn form(&self) -> Result<Vec<(String, String)>, Refusal> {
        Ok(url::form_urlencoded::parse(self.body()?)
            .into_owned()
            .collect())
    }

    fn body(&self) -> Result<&Bytes, Refusal> {
        self.body.as_ref().map_err(|code| (*code).into())
    }
}

/// The token in an `Authorization` header.
pub(super) fn bearer_of(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim())
        .filter(|token| !token.is_empty())
}

/// Reads a body, with limits on size and time.
pub(super) async fn read_body(body: Payload) -> Result<Bytes, ErrorCode> {
    match tokio::time::timeout(BODY_TIME, body.to_bytes_limited(LARGEST_BODY)).await {
        Ok(Ok(Ok(bytes))) => Ok(bytes),
        Ok(Err(_)) => Err(ErrorCode::BodyTooLarge),
        Ok(Ok(Err(_))) | Err(_) => Err(ErrorCode::BodyNotReceived),
    }
}

/// A header's value, if it is text.
pub(super) fn header<'a>(request: &'a HttpRequest, name: &HeaderName) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// Whether the browser reports that a page of another origin sent this. Clients that
/// are not browsers send no `Origin`.
pub(super) fn is_from_another_site(request: &HttpRequest) -> bool {
    let Some(origin) = request.headers().get(ORIGIN) else {
        return false;
    };
    let authority = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"))
        .map(|(_, authority)| authority);
    authority.is_none() || authority != header(request, &HOST)
}

#[derive(Debug)]
pub(super) struct Json(Map<String, Value>);

impl Json {
    /// A required field: text that is not empty.
    pub(super) fn text(&self, name: &str) -> Result<&str, Refusal> {
        self.optional_text(name)?
            .filter(|text| !text.is_empty())
            .ok_or_else(|| missing(name))
    }

    /// An optional field, as text.
    pub(super) fn optional_text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.field(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Refusal::because(
                ErrorCode::InvalidField,
                format!("{name} is not a string"),
            )),
        }
    }

    /// A field's raw value; `null` counts as missing.
    pub(super) fn field(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }
}

/// The refusal of a call that lacks this field.
pub(super) fn missing(name: &str) -> Refusal {
    Refusal::because(ErrorCode::MissingField, format!("{name} is missing"))
}
