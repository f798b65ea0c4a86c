//! The steps of every documented call: read, faults before, processing, ledger, faults
//! after.

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, rt};

use super::answer::{Answer, envelope, refused_page};
use super::faults::{FAULT_INJECTED, When};
use super::incoming::Incoming;
use super::ledger::{self, Details, Operation};
use super::refusal::Refusal;
use super::state::State;
use super::{csr, sign_in, tokens};

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
    rt::spawn(async move { work(&state, incoming, operation).await })
        .await
        .unwrap_or_else(|error| envelope(&Refusal::internal(error)))
}

async fn work(state: &State, incoming: Incoming, operation: Operation) -> HttpResponse {
    let mut details = Details::default();
    if let Some(instead) = state.faults.strike(operation, When::Before).await {
        return match record(state, &incoming, operation, FAULT_INJECTED, &details).await {
            Ok(()) => instead,
            Err(error) => envelope(&Refusal::from(error)),
        };
    }
    let outcome = perform(state, &incoming, operation, &mut details).await;
    let response = match outcome {
        Ok(answer) => answer.respond(),
        Err(refusal) => refuse(state, &incoming, operation, &details, refusal).await,
    };
    state
        .faults
        .strike(operation, When::After)
        .await
        .unwrap_or(response)
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

async fn refuse(
    state: &State,
    incoming: &Incoming,
    operation: Operation,
    details: &Details,
    refusal: Refusal,
) -> HttpResponse {
    let result = refusal.code.as_str();
    let refusal = match record(state, incoming, operation, result, details).await {
        Ok(()) => refusal,
        Err(error) => error.into(),
    };
    if operation.is_for_browsers() {
        return refused_page(&refusal, incoming.language);
    }
    envelope(&refusal)
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
