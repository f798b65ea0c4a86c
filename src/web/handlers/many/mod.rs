//! Many at once: choosing certificates or reading a file of holders, one page to check and
//! confirm, and one page with what became of each line.

mod act;
mod check;
mod choose;
mod events;
mod file;
mod file_words;
mod list;
mod results;
mod run;
mod template;
mod words;

use crate::domain::connection::Connection;
use crate::domain::run::Run;
use crate::services::many;
use crate::web::extractors::SignedIn;
use crate::web::problem::AppError;
use crate::web::routes::{self, Guard, Route};
use crate::web::state::AppState;

pub use list::RunRow;

pub const ROUTES: &[Route] = &[
    Route::get(routes::RENEW_MANY, Guard::User, |route| {
        route.to(choose::page)
    }),
    Route::post(routes::RENEW_MANY, Guard::User, |route| {
        route.to(choose::begin)
    }),
    Route::get(routes::ISSUE_MANY, Guard::User, |route| {
        route.to(file::page)
    }),
    Route::upload(routes::ISSUE_MANY, Guard::User, |route| {
        route.to(file::begin)
    }),
    Route::get(routes::ISSUE_MANY_TEMPLATE, Guard::User, |route| {
        route.to(template::file)
    }),
    Route::get(routes::RUNS, Guard::User, |route| route.to(list::page)),
    Route::get(routes::RUN, Guard::User, |route| route.to(run::page)),
    Route::post(routes::RUN, Guard::User, |route| route.to(act::act)),
    Route::stream(routes::RUN_EVENTS, Guard::User, |route| {
        route.to(events::events)
    }),
    Route::export(routes::RUN_RESULTS, Guard::User, |route| {
        route.to(results::export)
    }),
];

/// The connection of a run; `None` if it was removed.
async fn connection_of(state: &AppState, run: &Run) -> Result<Option<Connection>, AppError> {
    let all = state.portal.connections.all().await?;
    Ok(all.iter().find(|one| one.id == run.connection_id).cloned())
}

/// This person's run. Nothing tells one of somebody else from one that is gone, or was never
/// there.
async fn own(state: &AppState, user: &SignedIn, id: &str) -> Result<Run, AppError> {
    let run = many::open(&state.portal, &user.caller, id).await?;
    run.ok_or(AppError::NoSuchRun)
}
