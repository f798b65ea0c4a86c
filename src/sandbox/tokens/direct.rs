//! Direct login, refresh and logout.

use serde_json::json;

use super::super::answer::Answer;
use super::super::incoming::Incoming;
use super::super::ledger::{self, Details, Operation};
use super::super::refusal::{ErrorCode, Refusal};
use super::super::state::State;
use super::super::users::{self, Door};
use super::{bearer, sessions};

/// `POST /raapi/v1/auth/login`.
pub(crate) async fn login(
    state: &State,
    incoming: &Incoming,
    details: &mut Details,
) -> Result<Answer, Refusal> {
    let body = incoming.json()?;
    let credentials = (body.text("username")?, body.text("password")?);
    let domain = body
        .optional_text("domain")?
        .filter(|domain| !domain.is_empty());
    let mut write = state.db.write().await?;
    let user = users::check(&mut *write.conn(), Door::Api, credentials, domain)
        .await?
        .ok_or(ErrorCode::InvalidCredentials)?;
    let data = sessions::begin(write.conn(), state, Operation::Login, &user, incoming.now).await?;
    details.user = Some(user.username);
    ledger::effect_done(write.conn(), Operation::Login, details, incoming.now).await?;
    write.commit().await?;
    Ok(Answer::Data(data))
}

/// `PUT /raapi/v1/auth/refresh-token`.
pub(crate) async fn refresh(
    state: &State,
    incoming: &Incoming,
    details: &mut Details,
) -> Result<Answer, Refusal> {
    let body = incoming.json()?;
    let old = body.text("refreshToken")?;
    let mut write = state.db.write().await?;
    let (data, user) = sessions::refresh(write.conn(), state, old, incoming.now).await?;
    details.user = Some(user.username);
    ledger::effect_done(write.conn(), Operation::RefreshToken, details, incoming.now).await?;
    write.commit().await?;
    Ok(Answer::Data(data))
}

/// `DELETE /raapi/v1/auth/logout`.
pub(crate) async fn logout(
    state: &State,
    incoming: &Incoming,
    details: &mut Details,
) -> Result<Answer, Refusal> {
    let mut write = state.db.write().await?;
    let caller = bearer::authenticate(write.conn(), state, incoming).await?;
    sessions::end(write.conn(), &caller.session, incoming.now).await?;
    details.user = Some(caller.user.username);
    ledger::effect_done(write.conn(), Operation::Logout, details, incoming.now).await?;
    write.commit().await?;
    Ok(Answer::Data(json!({})))
}
