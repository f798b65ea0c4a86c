//! The steps of every documented call: read, faults before, processing, ledger, faults
//! after.

use actix_web::http::header::{DATE, HeaderValue};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, rt};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use super::answer::{Answer, envelope, refused_page};
use super::faults::{self, FAULT_INJECTED, When};
use super::incoming::Incoming;
use super::ledger::{self, Details, Operation};
use super::manners::Manners;
use super::refusal::Refusal;
use super::state::State;
use super::trouble::Trouble;
use super::{csr, sign_in, tokens};
use rubrica_domain::millis::Millis;

/// Serves one call. Processing runs in its own task, so that it finishes even if the
/// client disconnects, as on a real server.
pub(super) async fn serve(
    state: Data<State>,
    request: HttpRequest,
    body: Payload,
    operation: Operation,
) -> HttpResponse {
    let incoming = Incoming::read(&request, body, state.clock.now()).await;
    drop(request);
    let clock = state.clock.clone();
    let manners = state.dialect().own;
    let of_work = manners.clone();
    let mut response = rt::spawn(async move { work(&state, incoming, operation, &of_work).await })
        .await
        .unwrap_or_else(|error| envelope(&Refusal::internal(error), &manners));
    tell_time(&mut response, clock.now());
    response
}

/// Sets `Date` by this server's own clock, which tests set apart from the machine's.
fn tell_time(response: &mut HttpResponse, now: Millis) {
    let date = Timestamp::from_millisecond(now.0)
        .and_then(|now| DateTimePrinter::new().timestamp_to_rfc9110_string(&now));
    if let Some(date) = date.ok().and_then(|date| HeaderValue::try_from(date).ok()) {
        response.headers_mut().insert(DATE, date);
    }
}

async fn work(
    state: &State,
    incoming: Incoming,
    operation: Operation,
    manners: &Manners,
) -> HttpResponse {
    let mut details = Details::default();
    if let Some(instead) = strike(state, operation, When::Before, manners).await {
        return match record(state, &incoming, operation, FAULT_INJECTED, &details).await {
            Ok(()) => instead,
            Err(error) => envelope(&Refusal::from(error), manners),
        };
    }
    let outcome = perform(state, &incoming, operation, &mut details).await;
    let response = match outcome {
        Ok(answer) => {
            let troubles = &state.troubles;
            let warned = troubles.strikes(Trouble::Warning, operation, manners);
            answer.respond(manners, warned)
        }
        Err(refusal) => {
            let refusal = recorded(state, &incoming, operation, &details, refusal).await;
            if operation.is_for_browsers() {
                refused_page(&refusal, incoming.language, manners)
            } else {
                envelope(&refusal, manners)
            }
        }
    };
    strike(state, operation, When::After, manners)
        .await
        .unwrap_or(response)
}

/// Applies the faults that were asked for, then those that come by chance; returns the
/// answer to send instead of the real one, if one of them replaces it.
async fn strike(
    state: &State,
    operation: Operation,
    when: When,
    manners: &Manners,
) -> Option<HttpResponse> {
    let mut blows = state.faults.take(operation, when);
    blows.extend(state.troubles.blows(operation, when, manners));
    faults::suffer(blows).await
}

async fn perform(
    state: &State,
    incoming: &Incoming,
    operation: Operation,
    details: &mut Details,
) -> Result<Answer, Refusal> {
    match operation {
        Operation::LoginRequest => sign_in::login_request::answer(state, incoming, details).await,
        Operation::SignIn => sign_in::form::answer(state, incoming, details).await,
        Operation::LoginByTempToken => tokens::exchange::answer(state, incoming, details).await,
        Operation::Login => tokens::direct::login(state, incoming, details).await,
        Operation::RefreshToken => tokens::direct::refresh(state, incoming, details).await,
        Operation::Logout => tokens::direct::logout(state, incoming, details).await,
        Operation::CsrCreate => csr::create::answer(state, incoming, details).await,
        Operation::CsrFinalize => csr::finalize::answer(state, incoming, details).await,
    }
}

/// Writes the refusal down; returns it, or why it could not be written.
async fn recorded(
    state: &State,
    incoming: &Incoming,
    operation: Operation,
    details: &Details,
    refusal: Refusal,
) -> Refusal {
    let result = refusal.code.as_str();
    match record(state, incoming, operation, result, details).await {
        Ok(()) => refusal,
        Err(error) => error.into(),
    }
}

async fn record(
    state: &State,
    incoming: &Incoming,
    operation: Operation,
    result: &str,
    details: &Details,
) -> Result<(), sqlx::Error> {
    let mut write = state.db.write().await?;
    ledger::call_refused(write.conn(), operation, result, details, incoming.now).await?;
    write.commit().await
}
