//! The return from Redtrust. Each refusal has its own page with a way to continue.

use std::borrow::Cow;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::advice;
use super::begin::{adopt, to_be};
use super::sign_in::{go_on, redirect_url_problem};
use crate::domain::connection::{Connection, Slug};
use crate::domain::login_attempt::{Destination, LoginAttempt};
use crate::domain::temp_token::TempTokenRefusal;
use crate::i18n::{Key, key};
use crate::redtrust::RedtrustError;
use crate::services::limiter::Door;
use crate::services::sign_in::{self, Arrived, Called, Refusal, UrlProblem};
use crate::web::extractors::{Locale, SignedIn};
use crate::web::page::{Frame, Said, Tone, see_other};
use crate::web::problem::{self, AppError, Problem, Texts, texts};
use crate::web::state::AppState;
use crate::web::{attempt_cookie, destination, known_browser, routes};

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
    let arrived = arrived(req.query_string());
    let redtrust = state.portal.connections.by_slug(&slug).await?;
    let Some(redtrust) = redtrust else {
        let refusal = sign_in::refuse_unknown(&arrived);
        return Ok(refuse(&req, &state, before, &refusal, (&slug, None)));
    };
    let attempts = attempt_cookie::all(&req, &state, &slug);
    let to_be = to_be(&state, lang.0);
    let connection_id = &redtrust.connection.id;
    let door = Door::Return { connection_id };
    let who = known_browser::stranger(&req, &state, door)?;
    let called = sign_in::complete(&state.portal, &redtrust, attempts, arrived, to_be, who);
    Ok(match called.await? {
        Called::SignedIn {
            session: id,
            attempt,
            person,
        } => {
            adopt(&req, &state, &session, &id).await?;
            let mut answer = signed_in(&req, &state, &attempt)?;
            known_browser::remember(&req, &state, door, &person, &mut answer)?;
            answer
        }
        Called::TooMany { wait } => return Err(AppError::too_many(wait)),
        Called::Refused(refusal) => {
            let at = (&slug, Some(&redtrust.connection));
            refuse(&req, &state, before, &refusal, at)
        }
    })
}

/// The page of a refusal at a connection; `None` if there is no such one.
fn refuse(
    req: &HttpRequest,
    state: &AppState,
    before: Option<SignedIn>,
    refusal: &Refusal,
    (slug, connection): (&Slug, Option<&Connection>),
) -> HttpResponse {
    if let Some(there) = before
        .as_ref()
        .and_then(|_| arrived_already(req, state, refusal))
    {
        return see_other(&there);
    }
    let problem = problem_of(refusal, slug, connection);
    let (door, cause) = ("return", problem.code);
    tracing::info!(event = "sign_in_refused", door, connection = %slug, cause);
    let frame = Frame::of(req, state).languages_at(routes::SIGN_IN);
    match before {
        Some(who) => still_signed_in(frame, problem, who.login),
        None => problem::answer(frame, problem),
    }
}

/// Where somebody who is signed in should be: after the same link again, by Back or
/// reload, or after the second of two clicks, when the first has just signed in.
fn arrived_already(req: &HttpRequest, state: &AppState, refusal: &Refusal) -> Option<String> {
    match refusal {
        Refusal::TokenUsed => Some(routes::HOME.to_owned()),
        Refusal::NoAttempt => {
            attempt_cookie::led_to(req, state).map(|there| destination::path(&there))
        }
        _ => None,
    }
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

/// Leads on.
fn signed_in(
    req: &HttpRequest,
    state: &AppState,
    attempt: &LoginAttempt,
) -> Result<HttpResponse, AppError> {
    let mut answer = go_on(state, &attempt.connection, &attempt.go_to)?;
    if let Some(used) = attempt_cookie::remove(req, state, &attempt.id) {
        answer.add_cookie(&used).map_err(|_| AppError::Internal)?;
    }
    let just_used = attempt_cookie::just_used(state, attempt);
    answer
        .add_cookie(&just_used)
        .map_err(|_| AppError::Internal)?;
    Ok(answer)
}

/// The longest name of a parameter that is kept for the admins.
const LONGEST_NAME: usize = 24;

/// What the query holds. Two tokens are joined with a character that no token may
/// contain, so that the check refuses them.
pub(in crate::web) fn arrived(query: &str) -> Arrived {
    let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
    let tokens: Vec<_> = pairs
        .iter()
        .filter(|(name, _)| name == routes::TOKEN)
        // A `+` that was not escaped arrives as a blank, which no token has.
        .map(|(_, value)| value.replace(' ', "+"))
        .collect();
    // A longer name, or one without a value, may be the token itself.
    let is_name = |(name, value): &&(Cow<'_, str>, Cow<'_, str>)| {
        (1..=LONGEST_NAME).contains(&name.len()) && !value.is_empty()
    };
    let names = pairs.iter().filter(is_name).take(10);
    // However often it comes without a value, there is none.
    let joined = match tokens.iter().all(String::is_empty) {
        true => String::new(),
        false => tokens.join("&"),
    };
    Arrived {
        tkn: (!tokens.is_empty()).then_some(joined),
        parameters: names.map(|(name, _)| name.to_string()).collect(),
    }
}

/// The page of a refusal. Its link starts again, except where an admin has to act
/// first.
fn problem_of(refusal: &Refusal, slug: &Slug, connection: Option<&Connection>) -> Problem {
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
    let start_again = routes::sign_in(Some(slug), &Destination::Home);
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

fn rejected(error: &RedtrustError, connection: Option<&Connection>) -> Problem {
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
    problem.quoting(said.map(|said| Said::error(said, connection)))
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
    use super::arrived;

    #[test]
    fn only_one_token_is_accepted() {
        let token_of = |query: &str| arrived(query).tkn;
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

    #[test]
    fn names_are_kept_and_what_may_be_a_token_is_not() {
        let names = |query: &str| arrived(query).parameters;
        assert_eq!(names("token=a&error=b&tkn=c"), ["token", "error", "tkn"]);
        assert!(names("eyJhbGciOiJIUzI1NiJ9.e30&abc&=1").is_empty());
        assert!(names(&format!("{}=1", "a".repeat(25))).is_empty());
    }
}
