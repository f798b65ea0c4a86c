//! Makes calls to one server: within a time limit, under the limit and the breaker. It
//! retries a call only if the first one cannot have been executed.
//!
//! Sign-ins, which strangers can cause, have a breaker and places of their own: neither
//! they nor those who are signed in keep the others from going on.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONNECTION, CONTENT_TYPE, HeaderValue};
use tokio::time::{Instant, timeout_at};
use tracing::Instrument as _;
use tracing::field::Empty;

use super::address::refused_literal;
use super::breaker::{Breaker, Sent, Verdict};
use super::endpoints::Operation;
use super::envelope::{self, Answer};
use super::error::RedtrustError;
use super::health::{Fault, Health};
use super::http::{Failed, client_for};
use super::limit::Limit;
use super::settings::ClientSettings;
use super::tally::Tally;
use crate::domain::connection::{BaseUrl, Connection};

/// Largest accepted answer in bytes.
const LONGEST_BODY: usize = 1024 * 1024;

/// A connection refused sooner than this leaves time for a retry.
const AT_ONCE: Duration = Duration::from_millis(250);

/// How long a sign-in waits for a place.
const SIGN_IN_WAITS: Duration = Duration::from_millis(700);

/// The pause before a retry.
const PAUSE: Duration = Duration::from_millis(100);

/// How busy the client of one connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Calls under way.
    pub in_flight: usize,
    /// Whether the breaker refuses the calls of those who are signed in.
    pub refused: bool,
    /// Whether the breaker refuses sign-ins.
    pub sign_ins_refused: bool,
}

/// A call ready to be sent.
pub(super) struct Outgoing<'a> {
    pub(super) operation: Operation,
    /// The access token.
    pub(super) bearer: Option<&'a str>,
    /// JSON.
    pub(super) body: Option<Vec<u8>>,
    /// Values to remove from the server's words in case it repeats them.
    pub(super) secrets: &'a [&'a str],
    /// The time limit for the whole call, including a retry.
    pub(super) within: Duration,
    /// Who calls: an owner, or where a sign-in comes from; empty for the portal itself.
    /// What the server does not answer as it should counts once for each, towards others.
    pub(super) caller: &'a str,
}

impl Outgoing<'_> {
    /// Stands for who calls and what is sent. Strangers are places, and all that comes from
    /// one is the same.
    fn sent(&self) -> Sent {
        let hash = |what: &dyn Fn(&mut DefaultHasher)| {
            let mut hasher = DefaultHasher::new();
            what(&mut hasher);
            hasher.finish()
        };
        Sent {
            by: hash(&|hasher| self.caller.hash(hasher)),
            what: match self.operation.is_of_strangers() {
                true => 0,
                false => hash(&|hasher| (self.operation.name(), &self.body).hash(hasher)),
            },
        }
    }
}

/// The transport to one server.
#[derive(Debug)]
pub(super) struct Transport {
    base_url: BaseUrl,
    /// The base URL's address if it must not be called.
    blocked: Option<IpAddr>,
    http: reqwest::Client,
    limit: Limit,
    breaker: Breaker,
    sign_in_limit: Limit,
    sign_in_breaker: Breaker,
    pub(super) health: Health,
    tally: Arc<Tally>,
}

impl Transport {
    /// The transport to `connection`'s server.
    pub(super) fn new(
        connection: &Connection,
        settings: &ClientSettings,
    ) -> Result<Self, RedtrustError> {
        Ok(Self {
            base_url: connection.settings.base_url.clone(),
            blocked: refused_literal(connection, settings),
            http: client_for(connection, settings)?,
            limit: Limit::new(settings.max_in_flight.saturating_sub(settings.max_sign_ins)),
            breaker: Breaker::default(),
            sign_in_limit: Limit::new(settings.max_sign_ins),
            sign_in_breaker: Breaker::default(),
            health: Health::default(),
            tally: Arc::clone(&settings.tally),
        })
    }

    /// What its limits hold up now.
    pub(super) fn load(&self) -> Load {
        Load {
            in_flight: self.limit.taken() + self.sign_in_limit.taken(),
            refused: self.breaker.is_open(),
            sign_ins_refused: self.sign_in_breaker.is_open(),
        }
    }

    /// Makes the call, and counts it.
    pub(super) async fn call(&self, call: Outgoing<'_>) -> Result<Answer, RedtrustError> {
        let (operation, started) = (call.operation, Instant::now());
        // The server is not told of the trace: it is another's.
        let trace = tracing::info_span!(
            "redtrust",
            otel.kind = "client",
            otel.name = format_args!("redtrust {}", operation.name()),
            otel.status = Empty,
            server.address = self.base_url.origin().authority(),
            error.type = Empty,
        );
        let calling = self.guarded(call, started).instrument(trace.clone());
        let answer = calling.await;
        if let Err(error) = &answer {
            trace.record("error.type", error.name());
            trace.record("otel.status", "error");
        }
        self.tally.add(operation, &answer, started.elapsed());
        answer
    }

    async fn guarded(&self, call: Outgoing<'_>, started: Instant) -> Result<Answer, RedtrustError> {
        let (breaker, place) = if call.operation.is_of_strangers() {
            let place = self.sign_in_limit.enter_within(SIGN_IN_WAITS).await;
            (&self.sign_in_breaker, place)
        } else {
            (&self.breaker, self.limit.enter())
        };
        let _place = place.ok_or(RedtrustError::Busy)?;
        let sent = call.sent();
        let pass = breaker
            .enter(sent.by, Instant::now())
            .ok_or(RedtrustError::BreakerOpen)?;
        let answer = self.tries(&call, started).await;
        let fault = answer.as_ref().err().and_then(Fault::of);
        let answer = answer.map_err(|failed| failed.error);
        self.health.look_at(&answer);
        let verdict = verdict(&answer, sent);
        self.health.note(verdict, fault, Instant::now());
        pass.tell(verdict, Instant::now());
        tracing::debug!(
            event = "redtrust_call",
            operation = call.operation.name(),
            ok = answer.is_ok(),
            millis = started.elapsed().as_millis(),
        );
        answer
    }

    async fn tries(&self, call: &Outgoing<'_>, started: Instant) -> Result<Answer, Failed> {
        let deadline = started + call.within;
        match self.once(call, deadline).await {
            Err(failed) if may_repeat(call.operation, &failed, started.elapsed()) => {
                tokio::time::sleep(PAUSE).await;
                self.once(call, deadline).await
            }
            answer => answer,
        }
    }

    async fn once(&self, call: &Outgoing<'_>, deadline: Instant) -> Result<Answer, Failed> {
        if let Some(address) = self.blocked {
            return Err(Failed::from(RedtrustError::BlockedAddress {
                address: address.to_string(),
            }));
        }
        let (status, body) = timeout_at(deadline, self.exchange(call))
            .await
            .map_err(|_| RedtrustError::TimedOut)??;
        Ok(envelope::read(call.operation, status, &body, call.secrets)?)
    }

    /// Sends one request and reads the whole answer.
    async fn exchange(&self, call: &Outgoing<'_>) -> Result<(u16, Vec<u8>), Failed> {
        let operation = call.operation;
        let mut request = self
            .http
            .request(operation.method(), self.base_url.join(operation.path()))
            .header(CONNECTION, HeaderValue::from_static("close"));
        if let Some(token) = call.bearer {
            request = request.header(AUTHORIZATION, bearer(token)?);
        }
        if let Some(body) = &call.body {
            request = request
                .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
                .body(body.clone());
        }
        let mut response = request.send().await?;
        self.health.look_at_headers(response.headers());
        let status = response.status().as_u16();
        let mut body = Vec::new();
        // Count the bytes as they arrive; Content-Length may be wrong.
        while let Some(piece) = response.chunk().await? {
            if body.len() + piece.len() > LONGEST_BODY {
                return Err(too_long(status).into());
            }
            body.extend_from_slice(&piece);
        }
        Ok((status, body))
    }
}

fn bearer(token: &str) -> Result<HeaderValue, RedtrustError> {
    // A token that does not fit a header cannot be valid.
    let mut value =
        HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| unusable_token())?;
    value.set_sensitive(true);
    Ok(value)
}

fn unusable_token() -> RedtrustError {
    RedtrustError::Unauthorized {
        code: String::new(),
        message: String::new(),
    }
}

fn too_long(status: u16) -> RedtrustError {
    if (200..300).contains(&status) {
        RedtrustError::Malformed {
            cause: format!("longer than {LONGEST_BODY} bytes"),
        }
    } else {
        RedtrustError::Unavailable { status }
    }
}

/// A refused connection may be retried, because nothing was sent. Logging out may be
/// repeated after any failure. Nothing else is retried.
fn may_repeat(operation: Operation, failed: &Failed, elapsed: Duration) -> bool {
    if operation == Operation::Logout {
        return matches!(
            failed.error,
            RedtrustError::Unreachable { .. }
                | RedtrustError::Cut
                | RedtrustError::Unavailable { .. }
        );
    }
    failed.refused && elapsed < AT_ONCE
}

/// What the result says about the server. A refusal counts as an answer, also one
/// without an envelope.
fn verdict(answer: &Result<Answer, RedtrustError>, sent: Sent) -> Verdict {
    match answer {
        Err(RedtrustError::Unreachable { .. } | RedtrustError::Tls { .. }) => Verdict::Failing,
        Err(RedtrustError::Unavailable { status }) if *status < 500 => Verdict::Alive,
        Err(RedtrustError::TimedOut | RedtrustError::Cut | RedtrustError::Unavailable { .. }) => {
            Verdict::FailingFor(sent)
        }
        Err(
            RedtrustError::BlockedAddress { .. } | RedtrustError::Busy | RedtrustError::BreakerOpen,
        ) => Verdict::NoWord,
        Ok(_)
        | Err(
            RedtrustError::Unauthorized { .. }
            | RedtrustError::Rejected { .. }
            | RedtrustError::Malformed { .. },
        ) => Verdict::Alive,
    }
}
