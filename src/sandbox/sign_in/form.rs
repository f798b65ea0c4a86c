//! The sign-in form: redirects back to the application, with a temporary token, or
//! without one if the person cancelled.

use super::super::answer::Answer;
use super::super::incoming::Incoming;
use super::super::ledger::{self, Details, Operation};
use super::super::redirect_urls;
use super::super::refusal::{ErrorCode, Refusal};
use super::super::state::State;
use super::super::users::{self, Door};
use super::ticket::Ticket;
use super::{hmac, login_request, temp_token};
use rubrica_domain::dialect::UrlEncoding;

/// Result in the ledger of a cancelled sign-in.
const CANCELLED: &str = "CANCELLED";

/// Answers with a redirect, the page again, or a refusal.
pub(crate) async fn answer(
    state: &State,
    incoming: &Incoming,
    details: &mut Details,
) -> Result<Answer, Refusal> {
    incoming.check_same_site()?;
    let form = incoming.form()?;
    let field = |name: &str| {
        form.iter()
            .find(|(field, _)| field == name)
            .map_or("", |(_, value)| value.as_str())
    };
    let ticket = Ticket::open(field("request"), state, incoming.now)?;
    let mut write = state.db.write().await?;
    // The URL may have been removed while the page was open.
    if !redirect_urls::is_registered(write.conn(), &ticket.partner, &ticket.redirect_url).await? {
        return Err(ErrorCode::UnregisteredRedirectUrl.into());
    }
    let (operation, now) = (Operation::SignIn, incoming.now);
    if !field("cancel").is_empty() {
        ledger::call_refused(write.conn(), operation, CANCELLED, details, now).await?;
        write.commit().await?;
        return Ok(Answer::SeeOther(ticket.redirect_url));
    }
    let credentials = (field("username"), field("password"));
    let domain = ticket.domain.as_deref();
    let user = users::check(&mut *write.conn(), Door::Page, credentials, domain).await?;
    let Some(user) = user else {
        let result = ErrorCode::InvalidCredentials.as_str();
        ledger::call_refused(write.conn(), operation, result, details, now).await?;
        write.commit().await?;
        return login_request::page(state, incoming, &ticket, Some(credentials.0));
    };
    let token = temp_token::issue(write.conn(), state, &ticket, &user, now).await?;
    details.user = Some(user.username);
    ledger::effect_done(write.conn(), operation, details, now).await?;
    write.commit().await?;
    Ok(Answer::SeeOther(with_token(&ticket.redirect_url, &token)))
}

/// Appends `tkn` to the redirect URL and leaves the registered part unchanged.
fn with_token(redirect_url: &str, token: &str) -> String {
    let separator = if redirect_url.contains('?') { '&' } else { '?' };
    let token = hmac::escaped(token, UrlEncoding::Rfc3986);
    format!("{redirect_url}{separator}tkn={token}")
}
