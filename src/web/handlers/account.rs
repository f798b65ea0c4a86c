//! The account page of a user: who is signed in, and on which devices.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::open_sessions::{DoneQuery, OpenRow, PAGE_SIZE};
use crate::services::{Caller, mail, open_sessions};
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::SignedIn;
use crate::web::page::{Frame, Numbered, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::session::{self, Kind};
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "account/page.html")]
struct AccountPage {
    frame: Frame,
    connection: String,
    /// Where mail goes, empty if nowhere; `None` if no mail is sent, so that there is no
    /// address to give.
    mail: Option<String>,
    sessions: Vec<OpenRow>,
    pages: Numbered,
}

impl AccountPage {
    fn page_of(&self, page: &usize) -> String {
        routes::account_page(*page)
    }
}

pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    query: web::Query<DoneQuery>,
) -> Result<HttpResponse, AppError> {
    let caller = &user.caller;
    let redtrust = state.portal.connections.by_id(&caller.connection_id);
    let redtrust = redtrust.await?;
    let this = session::this(&req, &state, Kind::User)?;
    let open = open_sessions::of_user(&state.portal, &caller.owner_id, &this).await?;
    let pages = Numbered::of(&query.page, open.len(), PAGE_SIZE);
    let page = AccountPage {
        frame: query.told(Frame::of(&req, &state)),
        connection: redtrust.map_or_else(String::new, |redtrust| {
            redtrust.connection.settings.name.clone()
        }),
        mail: address(&state, caller).await?,
        sessions: OpenRow::all(pages.rows(open), routes::account_session_end),
        pages,
    };
    Ok(render(&page, StatusCode::OK))
}

async fn address(state: &AppState, caller: &Caller) -> Result<Option<String>, AppError> {
    if state.portal.mail.is_none() {
        return Ok(None);
    }
    let person = mail::of(&state.portal, caller).await?;
    Ok(Some(person.map(|one| one.address).unwrap_or_default()))
}

/// Ends one of this person's sessions.
pub async fn end(
    state: web::Data<AppState>,
    user: SignedIn,
    mark: web::Path<String>,
    _form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let owner = &user.caller.owner_id;
    if !open_sessions::end_of_user(&state.portal, owner, &mark).await? {
        return Err(AppError::NotFound);
    }
    state.sessions.forget_all();
    Ok(see_other(&routes::account_after("ended")))
}

/// Ends all of this person's sessions but this one.
pub async fn end_others(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    _form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let this = session::this(&req, &state, Kind::User)?;
    open_sessions::end_others_of_user(&state.portal, &user.caller.owner_id, this).await?;
    state.sessions.forget_all();
    Ok(see_other(&routes::account_after("others")))
}
