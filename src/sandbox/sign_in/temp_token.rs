//! Temporary tokens: valid for 120 seconds and one exchange.

use std::time::Duration;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use serde::Serialize;
use serde_json::json;
use sqlx::SqliteConnection;

use super::super::forms::guid;
use super::super::jws::{self, TokenKey};
use super::super::manners::TokenAlphabet;
use super::super::partners;
use super::super::refusal::{ErrorCode, Refusal};
use super::super::secrets::{self, SharedKey};
use super::super::state::State;
use super::super::users::User;
use super::hmac;
use super::ticket::Ticket;
use rubrica_domain::dialect::TempTokenForm;
use rubrica_domain::millis::Millis;

/// Lifetime of a temporary token.
const LIFE: Duration = Duration::from_secs(120);

/// How long an expired token is remembered, so that it gives a different error from an
/// unknown one.
const MEMORY: Duration = Duration::from_secs(24 * 3600);

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
    redirect_url: &'a str,
}

/// Makes a token for this user and stores its hash.
pub(super) async fn issue(
    conn: &mut SqliteConnection,
    state: &State,
    ticket: &Ticket,
    user: &User,
    now: Millis,
) -> Result<String, Refusal> {
    let token = match state.dialect().open.temp_token {
        TempTokenForm::Opaque => opaque(state)?,
        // `auto` only affects reading; a token for `auto` is written in the stronger,
        // signed form.
        TempTokenForm::Signed | TempTokenForm::Auto => {
            let key = partners::key_of(&mut *conn, state, &ticket.partner).await?;
            let key = key.ok_or(ErrorCode::UnknownPartner)?;
            signed(state, ticket, user, &key, now)?
        }
    };
    sqlx::query("DELETE FROM temp_tokens WHERE expires_at < ?")
        .bind((now - MEMORY).0)
        .execute(&mut *conn)
        .await?;
    sqlx::query("INSERT INTO temp_tokens (hash, user_id, expires_at) VALUES (?, ?, ?)")
        .bind(jws::hash(&token))
        .bind(user.id)
        .bind((now + LIFE).0)
        .execute(conn)
        .await?;
    Ok(token)
}

/// A token whose text says nothing to the partner.
fn opaque(state: &State) -> Result<String, Refusal> {
    let bytes = secrets::random::<32>()?;
    let digits = HEXLOWER.encode(&bytes);
    Ok(match state.dialect().own.temp_token_alphabet {
        TokenAlphabet::Base64Url => BASE64URL_NOPAD.encode(&bytes),
        TokenAlphabet::Hex => digits,
        TokenAlphabet::Base64 => BASE64.encode(&bytes),
        TokenAlphabet::Guid => guid(&digits),
        TokenAlphabet::Jws => {
            let claims = json!({"jti": digits});
            state.access_key.sign(&claims).map_err(Refusal::internal)?
        }
    })
}

fn signed(
    state: &State,
    ticket: &Ticket,
    user: &User,
    key: &SharedKey,
    now: Millis,
) -> Result<String, Refusal> {
    let key = hmac::secret(key, &state.dialect().open)?;
    TokenKey::new(&key)
        .sign(&Claims {
            iss: &state.url,
            aud: &ticket.partner,
            sub: &user.username,
            iat: now.as_secs(),
            exp: (now + LIFE).as_secs(),
            jti: secrets::random_text()?,
            redirect_url: &ticket.redirect_url,
        })
        .map_err(Refusal::internal)
}
