//! The way back from Redtrust. Each refusal is a page of its own with a way on.

use std::borrow::Cow;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::problems;
use super::sign_in::{begin_session, redirect_url_problem};
use crate::domain::connection::Slug;
use crate::domain::login_attempt::{Destination, LoginAttempt};
use crate::domain::temp_token::TempTokenRefusal;
use crate::i18n::{Key, key};
use crate::services::sign_in::{self, Called, Refusal};
use crate::web::error::AppError;
use crate::web::extractors::{Locale, MaybeSignedIn};
use crate::web::page::{Frame, see_other};
use crate::web::problem::Problem;
use crate::web::state::AppState;
use crate::web::{attempt_cookie, destination, last_connection, routes};

/// Takes the browser back, and on to a clean URL.
pub async fn callback(
    req: HttpRequest,
    state: web::Data<AppState>,
    session: Session,
    slug: web::Path<String>,
    lang: Locale,
    before: MaybeSignedIn,
) -> Result<HttpResponse, AppError> {
    let slug: Slug = slug.parse().map_err(|_| AppError::NotFound)?;
    let redtrust = state.portal.connections.by_slug(&slug).await?;
    let redtrust = redtrust.ok_or(AppError::NotFound)?;
    let attempts = attempt_cookie::all(&req, &state, &slug);
    let tkn = token_of(req.query_string());
    let refusal =
        match sign_in::complete(&state.portal, &redtrust, attempts, tkn.as_deref()).await? {
            Called::SignedIn { sign_in, attempt } => {
                begin_session(&session, sign_in, lang.0)?;
                return on(&req, &state, &attempt);
            }
            Called::Refused(refusal) => refusal,
        };
    // The same link again, by Back or reload, in the browser that it signed in.
    if matches!(refusal, Refusal::TokenUsed) && before.0.is_some() {
        return Ok(see_other(routes::HOME));
    }
    tracing::info!(event = "sign_in_refused", connection = %slug, cause = refusal.name());
    let frame = Frame::of(&req, &state).languages_at(routes::SIGN_IN);
    Ok(problems::answer(frame, told(&refusal, &slug)))
}

fn on(
    req: &HttpRequest,
    state: &AppState,
    attempt: &LoginAttempt,
) -> Result<HttpResponse, AppError> {
    let mut answer = see_other(&destination::path(&attempt.go_to));
    let used = attempt_cookie::remove(req, state, &attempt.id);
    let last = last_connection::remember(state, &attempt.connection);
    for cookie in used.into_iter().chain([last]) {
        answer.add_cookie(&cookie).map_err(|_| AppError::Internal)?;
    }
    Ok(answer)
}

/// The one token of the query. Two of them are as good as something that is
/// no token: the blank between them is in no token's alphabet.
fn token_of(query: &str) -> Option<Cow<'_, str>> {
    let mut tokens = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name == routes::TOKEN)
        .map(|(_, value)| value);
    let first = tokens.next()?;
    match tokens.next() {
        None => Some(first),
        Some(second) => Some(Cow::Owned(format!("{first} {second}"))),
    }
}

/// How a refusal is told.
fn told(refusal: &Refusal, slug: &Slug) -> Problem {
    let (title, what) = match refusal {
        Refusal::RedirectUrl(problem) => {
            return Problem {
                status: StatusCode::BAD_REQUEST,
                ..redirect_url_problem(*problem)
            };
        }
        Refusal::Unreachable(error) | Refusal::Unreadable(error) => {
            return again(problems::of_redtrust(error), slug);
        }
        Refusal::Rejected(error) => {
            return again(
                Problem {
                    title: key("callback-rejected-title"),
                    what: key("callback-rejected-what"),
                    ..problems::of_redtrust(error)
                },
                slug,
            );
        }
        Refusal::NoConnection => (
            key("callback-no-connection-title"),
            key("callback-no-connection-what"),
        ),
        Refusal::TokenMissing => (key("callback-missing-title"), key("callback-missing-what")),
        Refusal::TokenShape(_) => (key("callback-shape-title"), key("callback-shape-what")),
        Refusal::TokenUsed => (key("callback-used-title"), key("callback-used-what")),
        Refusal::NoAttempt => (
            key("callback-no-attempt-title"),
            key("callback-no-attempt-what"),
        ),
        Refusal::AttemptExpired => (
            key("callback-attempt-expired-title"),
            key("callback-attempt-expired-what"),
        ),
        Refusal::Token(refusal) => of_token(refusal),
    };
    again(
        Problem::new(StatusCode::BAD_REQUEST, title, what, key("callback-next")),
        slug,
    )
}

/// Title and story of a token whose signature or claims do not hold.
fn of_token(refusal: &TempTokenRefusal) -> (Key, Key) {
    match refusal {
        TempTokenRefusal::Expired => (
            key("callback-token-expired-title"),
            key("callback-token-expired-what"),
        ),
        TempTokenRefusal::IssuedInFuture | TempTokenRefusal::LivesTooLong => {
            (key("callback-clock-title"), key("callback-clock-what"))
        }
        TempTokenRefusal::OtherAudience | TempTokenRefusal::OtherIssuer => (
            key("callback-audience-title"),
            key("callback-audience-what"),
        ),
        TempTokenRefusal::OtherRedirectUrl => (key("callback-url-title"), key("callback-url-what")),
        TempTokenRefusal::NotAJws | TempTokenRefusal::Algorithm | TempTokenRefusal::Claims => {
            (key("callback-form-title"), key("callback-form-what"))
        }
        TempTokenRefusal::Signature | TempTokenRefusal::Key(_) => (
            key("callback-signature-title"),
            key("callback-signature-what"),
        ),
    }
}

/// The way on is always to start again.
fn again(problem: Problem, slug: &Slug) -> Problem {
    problem.leading_to(
        routes::sign_in(Some(slug), &Destination::Home),
        key("callback-start-again"),
    )
}

#[cfg(test)]
mod tests {
    use super::token_of;

    #[test]
    fn only_one_token_is_taken() {
        assert_eq!(token_of("tkn=a.b.c").as_deref(), Some("a.b.c"));
        assert_eq!(token_of("x=1&tkn=a%2Bb").as_deref(), Some("a+b"));
        assert_eq!(token_of("tkn=a&tkn=b").as_deref(), Some("a b"));
        assert_eq!(token_of("tkn[]=a"), None);
        assert_eq!(token_of(""), None);
    }
}
