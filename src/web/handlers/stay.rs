//! Extends a session that is about to end. Any request extends it, so the handlers
//! only answer.

use actix_session::SessionExt;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::{AccountSignedIn, SignedIn};
use crate::web::page::Stay;
use crate::web::session;
use crate::web::state::AppState;

/// How many seconds the session will last now.
const SECONDS: &str = "x-session-seconds";

pub async fn user(
    req: HttpRequest,
    state: web::Data<AppState>,
    _user: SignedIn,
    _form: CheckedForm<NoContent>,
) -> HttpResponse {
    kept(&req, &state)
}

pub async fn admin(
    req: HttpRequest,
    state: web::Data<AppState>,
    _account: AccountSignedIn,
    _form: CheckedForm<NoContent>,
) -> HttpResponse {
    kept(&req, &state)
}

/// No content: a browser that submits the form without a script stays on its page.
fn kept(req: &HttpRequest, state: &AppState) -> HttpResponse {
    let ends = session::ends(&req.get_session());
    let left = ends.map_or(0, |ends| Stay::of(ends, state.portal.clock.now()).ends_in);
    HttpResponse::NoContent()
        .insert_header((SECONDS, left.to_string()))
        .finish()
}
