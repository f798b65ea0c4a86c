//! The help page: what this portal is for, how it is used, whom to ask.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::web::page::{Frame, render};
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "help.html")]
struct HelpPage {
    frame: Frame,
}

pub(super) async fn page(req: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    let frame = Frame::of(&req, &state);
    render(&HelpPage { frame }, StatusCode::OK)
}
