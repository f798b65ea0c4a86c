//! The return from Redtrust. Each refusal has its own page with a way to continue.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::advice;
use super::sign_in::{go_on, identity, redirect_url_problem};
use crate::domain::connection::{Connection, Slug};
use crate::domain::login_attempt::{Destination, LoginAttempt};
use crate::domain::temp_token::TempTokenRefusal;
use crate::i18n::{Key, key};
use crate::redtrust::RedtrustError;
use crate::services::sign_in::{self, Called, Refusal, UrlProblem};
use crate::web::extractors::{Locale, SignedIn};
use crate::web::page::{Frame, Said, Tone, see_other};
use crate::web::problem::{self, AppError, Problem, Texts, texts};
use crate::web::state::AppState;
use crate::web::{attempt_cookie, routes, session};

/// Completes the sign-in and redirects to an address without the token.
pub async fn callback(
    req: HttpRequest,
    state: web::Data<AppState>,
    session: Session,
    slug: web::Path<String>,
    lang: Locale,
    before: Option<SignedIn>,
) -> Result<HttpResponse, AppError> {
    let slug: Slug = slug.parse().map_err(|_| AppError::NotFound)?;
    let redtrust = state.portal.connections.by_slug(&slug).await?;
    let redtrust = redtrust.ok_or(AppError::NotFound)?;
    let attempts = attempt_cookie::all(&req, &state, &slug);
    let tkn = token_of(req.query_string());
    let now = state.portal.clock.now();
    let to_be = session::to_be(now, move |sign_in| identity(sign_in, lang.0));
    let called = sign_in::complete(&state.portal, &redtrust, attempts, tkn.as_deref(), to_be);
    let refusal = match called.await? {
        Called::SignedIn {
            session: id,
            attempt,
        } => {
            session::adopt(&req, &state, &session, id.expose())?;
            return on(&req, &state, &attempt);
        }
        Called::Refused(refusal) => refusal,
    };
    // The same link again, by Back or reload, in the browser that it signed in.
    if matches!(refusal, Refusal::TokenUsed) && before.is_some() {
        return Ok(see_other(routes::HOME));
    }
    let problem = problem_of(&refusal, &redtrust.connection);
    tracing::info!(event = "sign_in_refused", connection = %slug, cause = problem.code);
    let frame = Frame::of(&req, &state).languages_at(routes::SIGN_IN);
    Ok(match before {
        Some(who) => still_signed_in(frame, problem, who.login),
        None => problem::answer(frame, problem),
    })
}

/// The page of a refusal for somebody who is signed in, for example because they
/// went back to Redtrust's page: says who they are, and leads home.
fn still_signed_in(frame: Frame, problem: Problem, login: String) -> HttpResponse {
    let texts = texts!("callback-signed-in");
    let problem = Problem { texts, ..problem };
    let problem = problem.leading_to(routes::HOME, key("error-link-home"));
    let who = key("callback-still-signed-in").with("name", login);
    problem::answer(frame.banner(Tone::Info, who), problem)
}

fn on(
    req: &HttpRequest,
    state: &AppState,
    attempt: &LoginAttempt,
) -> Result<HttpResponse, AppError> {
    let mut answer = go_on(state, &attempt.connection, &attempt.go_to)?;
    if let Some(used) = attempt_cookie::remove(req, state, &attempt.id) {
        answer.add_cookie(&used).map_err(|_| AppError::Internal)?;
    }
    Ok(answer)
}

/// The query's token. Two tokens are joined with a character that no token may
/// contain, so that the check refuses them.
fn token_of(query: &str) -> Option<String> {
    let mut tokens = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name == routes::TOKEN)
        // A `+` that was not escaped arrives as a blank, which no token has.
        .map(|(_, value)| value.replace(' ', "+"));
    let first = tokens.next()?;
    match tokens.next() {
        None => Some(first),
        Some(second) => Some(format!("{first}&{second}")),
    }
}

/// The page of a refusal. Its link starts again, except where an admin has to act
/// first.
fn problem_of(refusal: &Refusal, connection: &Connection) -> Problem {
    let problem = match refusal {
        Refusal::RedirectUrl(problem) => return no_redirect_url(*problem),
        Refusal::Failed(error) => problem::of_redtrust(error),
        Refusal::Rejected(error) => rejected(error, connection),
        Refusal::NoConnection => refused(
            "no_connection",
            key("callback-no-connection-title"),
            key("callback-no-connection-what"),
        ),
        Refusal::TokenMissing => refused(
            "token_missing",
            key("callback-missing-title"),
            key("callback-missing-what"),
        ),
        Refusal::TokenShape(_) => refused(
            "token_shape",
            key("callback-shape-title"),
            key("callback-shape-what"),
        ),
        Refusal::TokenUsed => refused(
            "token_used",
            key("callback-used-title"),
            key("callback-used-what"),
        ),
        Refusal::NoAttempt => refused(
            "no_attempt",
            key("callback-no-attempt-title"),
            key("callback-no-attempt-what"),
        ),
        Refusal::AttemptExpired => refused(
            "attempt_expired",
            key("callback-attempt-expired-title"),
            key("callback-attempt-expired-what"),
        ),
        Refusal::Token(refusal) => of_token(refusal),
    };
    let start_again = routes::sign_in(Some(&connection.slug), &Destination::Home);
    problem.leading_to(start_again, key("callback-start-again"))
}

/// The redirect URL was disabled during the sign-in.
fn no_redirect_url(problem: UrlProblem) -> Problem {
    Problem {
        status: StatusCode::BAD_REQUEST,
        ..redirect_url_problem(problem)
    }
}

fn refused(code: &'static str, title: Key, what: Key) -> Problem {
    let next = key("callback-next");
    Problem::new(StatusCode::BAD_REQUEST, code, Texts { title, what, next })
}

fn rejected(error: &RedtrustError, connection: &Connection) -> Problem {
    let failed = problem::of_redtrust(error);
    let said = error.said();
    let advice = said.as_ref().map(|said| said.class());
    let problem = Problem {
        code: "redtrust_rejected",
        texts: Texts {
            title: key("callback-rejected-title"),
            what: key("callback-rejected-what"),
            next: advice
                .and_then(advice::at_redtrusts_page)
                .unwrap_or(failed.texts.next),
        },
        ..failed
    };
    problem.quoting(said.map(|said| Said::error(said, Some(connection))))
}

/// A token whose signature or claims are invalid.
fn of_token(refusal: &TempTokenRefusal) -> Problem {
    use TempTokenRefusal as Token;
    match refusal {
        Token::Expired => refused(
            "token_expired",
            key("callback-token-expired-title"),
            key("callback-token-expired-what"),
        ),
        Token::IssuedInFuture | Token::LivesTooLong => refused(
            "token_clock",
            key("callback-clock-title"),
            key("callback-clock-what"),
        ),
        Token::OtherAudience | Token::OtherIssuer => refused(
            "token_audience",
            key("callback-audience-title"),
            key("callback-audience-what"),
        ),
        Token::OtherRedirectUrl => refused(
            "token_redirect_url",
            key("callback-url-title"),
            key("callback-url-what"),
        ),
        Token::NotAJws | Token::Algorithm | Token::Claims => refused(
            "token_form",
            key("callback-form-title"),
            key("callback-form-what"),
        ),
        Token::Signature | Token::Key(_) => refused(
            "token_signature",
            key("callback-signature-title"),
            key("callback-signature-what"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::token_of;

    #[test]
    fn only_one_token_is_accepted() {
        assert_eq!(token_of("tkn=a.b.c").as_deref(), Some("a.b.c"));
        assert_eq!(token_of("x=1&tkn=a%2Bb").as_deref(), Some("a+b"));
        assert_eq!(token_of("tkn=a&tkn=b").as_deref(), Some("a&b"));
        for plus in ["a+b", "a b", "a%20b"] {
            let query = format!("tkn={plus}");
            assert_eq!(token_of(&query).as_deref(), Some("a+b"), "{plus}");
        }
        assert_eq!(token_of("tkn[]=a"), None);
        assert_eq!(token_of(""), None);
    }
}
