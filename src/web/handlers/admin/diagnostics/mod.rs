//! Diagnostics: the last failed sign-ins and their causes.

pub(super) mod causes;
mod failures;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::services::diagnostics;
use crate::web::extractors::AdminSignedIn;
use crate::web::page::{Frame, Section, render};
use crate::web::problem::AppError;
use crate::web::state::AppState;
use failures::Row;

#[derive(Debug, Template)]
#[template(path = "admin/diagnostics/page.html")]
struct DiagnosticsPage {
    frame: Frame,
    rows: Vec<Row>,
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    _admin: AdminSignedIn,
) -> Result<HttpResponse, AppError> {
    let connections = state.portal.connections.all().await?;
    let failures = diagnostics::failures(&state.portal).await?;
    let page = DiagnosticsPage {
        frame: Frame::of(&req, &state).at(Section::Diagnostics),
        rows: failures::rows(failures, &connections),
    };
    Ok(render(&page, StatusCode::OK))
}
