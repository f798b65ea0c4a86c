//! Drafts: what somebody began and has not sent, with its age.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::issuance::Issuance;
use crate::domain::millis::Millis;
use crate::i18n::{Key, key};
use crate::services::{Listed, history};
use crate::web::extractors::SignedIn;
use crate::web::handlers::lists::query::{ListQuery, Typed};
use crate::web::handlers::lists::view::{paging, with_banners};
use crate::web::handlers::names;
use crate::web::page::paging::Paging;
use crate::web::page::{Frame, Section, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

const PAGE_SIZE: u16 = 20;

#[derive(Debug, Template)]
#[template(path = "issuances/drafts.html")]
struct DraftsPage {
    frame: Frame,
    found: Listed<Draft>,
    paging: Paging,
}

#[derive(Debug)]
struct Draft {
    href: String,
    discard: String,
    holder: String,
    kind: Key,
    renewal: bool,
    updated_at: Millis,
    /// Whole days since it was last changed.
    days: i64,
}

impl Draft {
    fn of(issuance: &Issuance, now: Millis) -> Self {
        Self {
            href: routes::issuance(&issuance.id),
            discard: routes::of_issuance(&issuance.id, "discard"),
            holder: names::listed(&issuance.holder),
            kind: names::kind(issuance.kind),
            renewal: issuance.renews.is_some(),
            updated_at: issuance.updated_at,
            days: (now.0 - issuance.updated_at.0).max(0) / 86_400_000,
        }
    }
}

pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, AppError> {
    let (portal, who) = (&state.portal, &user.caller);
    let found = history::drafts(portal, who, &query.start(), PAGE_SIZE).await?;
    let frame = Frame::of(&req, &state).at(Section::Home);
    let now = portal.clock.now();
    let pages = ListQuery {
        page: query.page.clone(),
        back: query.back.clone(),
        ..ListQuery::default()
    };
    let page = DraftsPage {
        frame: with_banners(frame, &Typed::default(), &found, key("issuances-broken")),
        paging: paging(&pages, routes::DRAFTS, &found),
        found: found.map(|issuance| Draft::of(&issuance, now)),
    };
    Ok(render(&page, StatusCode::OK))
}
