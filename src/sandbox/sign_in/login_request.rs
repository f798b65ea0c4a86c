//! `GET /authclient/auth/loginrequest`: checks everything before it shows a page.

use std::time::Duration;

use actix_web::http::StatusCode;
use sqlx::SqliteConnection;

use super::super::answer::{Answer, render};
use super::super::incoming::Incoming;
use super::super::ledger::{self, Details, Operation};
use super::super::pages::SignInPage;
use super::super::partners;
use super::super::redirect_urls;
use super::super::refusal::{ErrorCode, Refusal};
use super::super::secrets::SharedKey;
use super::super::state::State;
use super::hmac;
use super::query::LoginQuery;
use super::ticket::Ticket;
use rubrica_domain::dialect::{Dialect, TimestampUnit};
use rubrica_domain::millis::Millis;

/// The only consumer that exists.
pub(crate) const CONSUMER: &str = "RA_API";

/// Maximum difference between the timestamp and this server's clock, either way.
const SKEW: Duration = Duration::from_secs(300);

/// Answers with the sign-in page or a refusal.
pub(crate) async fn answer(
    state: &State,
    incoming: &Incoming,
    details: &mut Details,
) -> Result<Answer, Refusal> {
    let query = LoginQuery::parse(&incoming.query)?;
    let dialect = state.dialect();
    let key = partners::key_of(state.db.pool(), state, &query.partner.text).await?;
    check(&query, &dialect.open, &incoming.base_url, key, incoming.now)?;
    let mut write = state.db.write().await?;
    let url = &query.redirect_url.text;
    if !redirect_urls::is_registered(write.conn(), &query.partner.text, url).await? {
        return Err(ErrorCode::UnregisteredRedirectUrl.into());
    }
    if dialect.own.refuse_replayed_login {
        refuse_replay(write.conn(), &query, incoming.now).await?;
    }
    let ticket = Ticket::new(
        query.partner.text,
        query.domain.map(|domain| domain.text),
        query.redirect_url.text,
        incoming.now,
    );
    let page = page(state, incoming, &ticket, None)?;
    ledger::call_done(write.conn(), Operation::LoginRequest, details, incoming.now).await?;
    write.commit().await?;
    Ok(page)
}

/// The sign-in page; after a failed attempt it contains the typed user name.
pub(super) fn page(
    state: &State,
    incoming: &Incoming,
    ticket: &Ticket,
    failed: Option<&str>,
) -> Result<Answer, Refusal> {
    let html = render(&SignInPage {
        words: incoming.language.words(),
        partner: &ticket.partner,
        domain: ticket.domain.as_deref(),
        request: &ticket.seal(state)?,
        username: failed.unwrap_or_default(),
        failed: failed.is_some(),
    })?;
    Ok(Answer::Page {
        status: match failed {
            None => StatusCode::OK,
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        },
        html,
        form_leads_to: ticket.origin(),
    })
}

/// Checks what needs no look-up. `key` is the partner's shared key; `None` if there is
/// no such partner.
pub(crate) fn check(
    query: &LoginQuery,
    dialect: &Dialect,
    base_url: &str,
    key: Option<SharedKey>,
    now: Millis,
) -> Result<(), Refusal> {
    check_signature(query, dialect, base_url, key)?;
    check_time(query, dialect.timestamp_unit, now)
}

/// `key` is the partner's shared key; `None` if there is no such partner.
fn check_signature(
    query: &LoginQuery,
    dialect: &Dialect,
    base_url: &str,
    key: Option<SharedKey>,
) -> Result<(), Refusal> {
    if query.consumer.text != CONSUMER {
        return Err(ErrorCode::UnknownConsumer.into());
    }
    let key = key.ok_or(ErrorCode::UnknownPartner)?;
    let key = hmac::secret(&key, dialect)?;
    if !hmac::is_right(query, dialect, base_url, &key) {
        return Err(ErrorCode::InvalidHmac.into());
    }
    Ok(())
}

/// Refuses a timestamp that is no number, or too far from this server's clock.
pub(crate) fn check_time(
    query: &LoginQuery,
    unit: TimestampUnit,
    now: Millis,
) -> Result<(), Refusal> {
    let text = &query.timestamp.text;
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::because(
            ErrorCode::MalformedLoginRequest,
            "timestamp is not a number",
        ));
    }
    let number = text.parse().unwrap_or(i64::MAX);
    let said = match unit {
        TimestampUnit::Seconds => Millis::from_secs(number),
        TimestampUnit::Milliseconds => Millis(number),
    };
    // Compare whole seconds, because the request has no fractions.
    if now.as_secs().abs_diff(said.as_secs()) > SKEW.as_secs() {
        return Err(ErrorCode::StaleTimestamp.into());
    }
    Ok(())
}

/// Remembers the signature and refuses one that was seen before. Signatures with a
/// stale timestamp are deleted.
async fn refuse_replay(
    conn: &mut SqliteConnection,
    query: &LoginQuery,
    now: Millis,
) -> Result<(), Refusal> {
    sqlx::query("DELETE FROM seen_logins WHERE seen_at < ?")
        .bind((now - SKEW * 3).0)
        .execute(&mut *conn)
        .await?;
    let noted =
        sqlx::query("INSERT INTO seen_logins (hmac, seen_at) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(&query.hmac.text)
            .bind(now.0)
            .execute(conn)
            .await?;
    match noted.rows_affected() {
        0 => Err(ErrorCode::ReplayedLogin.into()),
        _ => Ok(()),
    }
}
