//! The list of runs.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::words;
use crate::domain::millis::Millis;
use crate::domain::run::LineOutcome;
use crate::i18n::Key;
use crate::services::many::{self, Listed};
use crate::web::extractors::SignedIn;
use crate::web::page::{Frame, Numbered, Section, Tone, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

const PAGE_SIZE: usize = 20;

#[derive(Debug, Template)]
#[template(path = "many/list.html")]
struct ListPage {
    frame: Frame,
    /// Those that wait to be confirmed.
    unconfirmed: Vec<RunRow>,
    rows: Vec<RunRow>,
    pages: Numbered,
}

/// One run in a list.
#[derive(Debug)]
pub struct RunRow {
    pub href: String,
    pub kind: Key,
    pub at: Millis,
    pub state: (Key, Tone),
    pub issued: usize,
    pub total: usize,
}

impl ListPage {
    fn page_of(&self, page: &usize) -> String {
        routes::runs_page(*page)
    }
}

impl RunRow {
    pub fn of(listed: &Listed) -> Self {
        Self {
            href: routes::run(&listed.run.id),
            kind: words::kind(listed.run.kind),
            at: listed.run.created_at,
            state: words::state(&listed.run, &listed.tally),
            issued: listed.tally.of(LineOutcome::Issued),
            total: listed.tally.all(),
        }
    }
}

/// `?page=`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    page: String,
}

pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, AppError> {
    let (portal, who) = (&state.portal, &user.caller);
    let total = many::count(portal, who).await?;
    let pages = Numbered::of(&query.page, total, PAGE_SIZE);
    let listed = many::list(portal, who, pages.skip(), PAGE_SIZE).await?;
    let page = ListPage {
        frame: Frame::of(&req, &state).at(Section::Issuances),
        unconfirmed: many::unconfirmed(portal, who)
            .await?
            .iter()
            .map(RunRow::of)
            .collect(),
        rows: listed.iter().map(RunRow::of).collect(),
        pages,
    };
    Ok(render(&page, StatusCode::OK))
}
