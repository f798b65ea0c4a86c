//! Drafts: what somebody began and has not sent, with its age.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::discarded::Discarded;
use crate::domain::holder_name::HolderName;
use crate::domain::issuance::Summary;
use crate::domain::millis::Millis;
use crate::domain::today::Today;
use crate::i18n::{Key, key};
use crate::services::{Caller, Listed, Sought, history};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::SignedIn;
use crate::web::handlers::lists::form::{self, SearchForm};
use crate::web::handlers::lists::query::{ListQuery, Reader};
use crate::web::handlers::lists::view::{paging, with_banners};
use crate::web::handlers::lists::way_back::anchor;
use crate::web::handlers::names;
use crate::web::kept_form::kept_or;
use crate::web::page::form::FormView;
use crate::web::page::paging::Paging;
use crate::web::page::{Frame, Section, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

const PAGE_SIZE: u16 = 20;

/// The texts that this person has typed into this list.
fn reader(who: &Caller) -> Reader<'_> {
    Reader {
        list: "drafts",
        id: &who.owner_id,
    }
}

#[derive(Debug, Template)]
#[template(path = "issuances/drafts.html")]
struct DraftsPage {
    frame: Frame,
    form: FormView,
    discarded: Option<Discarded>,
    is_search: bool,
    found: Listed<Draft>,
    paging: Paging,
}

#[derive(Debug)]
struct Draft {
    anchor: String,
    href: String,
    discard: String,
    holder: HolderName,
    /// What tells the holder from others of the same name.
    facts: String,
    kind: Key,
    renewal: bool,
    updated_at: Millis,
    /// How many days ago it was last changed.
    days: i64,
}

impl Draft {
    fn of(issuance: &Summary, today: Today<'_>) -> Self {
        Self {
            anchor: anchor(&issuance.id),
            href: routes::issuance(&issuance.id),
            discard: routes::of_issuance(&issuance.id, "discard"),
            holder: issuance.holder.clone(),
            facts: names::facts(Some(&issuance.document), Some(&issuance.organisation)),
            kind: names::kind(issuance.kind),
            renewal: issuance.is_renewal,
            updated_at: issuance.updated_at,
            days: today.days_since(issuance.updated_at),
        }
    }

    const fn is_of_today(&self) -> bool {
        self.days == 0
    }
}

pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, AppError> {
    let (portal, who) = (&state.portal, &user.caller);
    let reader = reader(who);
    let typed = query.typed(&state, reader);
    let sought = Sought {
        text: typed.text.clone(),
        ..Sought::default()
    };
    let start = query.start(&state, reader);
    let found = history::drafts(portal, who, &sought, &start, PAGE_SIZE).await?;
    let frame = Frame::of(&req, &state).at(Section::Home);
    let pages = ListQuery {
        find: query.find.clone(),
        page: query.page.clone(),
        back: query.back.clone(),
        ..ListQuery::default()
    };
    let form = FormView::filled(pages.fields(&typed));
    let (frame, form) = kept_or(&req, &state, &who.owner_id, frame, form).await?;
    let page = DraftsPage {
        frame: with_banners(frame, &typed, &found, key("issuances-broken")),
        form,
        discarded: Discarded::of(&req, &state, who).await?,
        is_search: pages.is_filtered(),
        paging: paging(&state, reader, &pages, routes::DRAFTS, &found),
        found: found.map(|issuance| Draft::of(&issuance, portal.today())),
    };
    Ok(render(&page, StatusCode::OK))
}

/// Redirects to the drafts in which this is found.
pub async fn search(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    form: CheckedForm<SearchForm>,
) -> Result<HttpResponse, AppError> {
    let (list, reader) = ((routes::DRAFTS, ""), reader(&user.caller));
    let (fields, errors) = match form::search(&req, &state, reader, list, form) {
        Ok(found) => return Ok(found),
        Err(wrong) => wrong,
    };
    let page = DraftsPage {
        frame: Frame::of(&req, &state)
            .at(Section::Home)
            .languages_at(routes::DRAFTS),
        form: FormView::refused(fields, errors),
        discarded: None,
        is_search: true,
        paging: Paging::default(),
        found: Listed::empty(),
    };
    Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY))
}
