//! The list of a person's certificates, with filters in the query and pages in both
//! directions. The filter form is a POST that redirects to the address of its result. What
//! is ticked is kept from page to page, and renewed in one go.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::basket::Basket;
use super::lists::choices;
use super::lists::form::{self, SearchForm};
use super::lists::query::{ListQuery, Reader, Typed};
use super::lists::view::{Filters, paging, with_banners};
use super::lists::way_back::anchor;
use super::names;
use super::renew::{OpenRenewal, RenewalWay, UnderWay};
use crate::domain::certificate::Summary;
use crate::domain::run::MOST_LINES;
use crate::i18n::{Message, key};
use crate::services::attention::Owner;
use crate::services::certificate_list::Beside;
use crate::services::{Caller, Listed, certificate_list};
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::SignedIn;
use crate::web::kept_form::{framed, kept};
use crate::web::page::form::{FieldErrors, Fields, FormView};
use crate::web::page::paging::Paging;
use crate::web::page::{Frame, Section, Tone, render, see_other};
use crate::web::problem::AppError;
use crate::web::state::AppState;
use crate::web::{language, routes};

const PAGE_SIZE: u16 = 20;

/// The texts that this person has typed into this list.
pub(super) fn reader(who: &Caller) -> Reader<'_> {
    Reader {
        list: "certificates",
        id: &who.owner_id,
    }
}

#[derive(Debug, Template)]
#[template(path = "certificates/list.html")]
struct ListPage {
    frame: Frame,
    filters: Filters,
    /// What is wrong with what was ticked.
    form: FormView,
    found: Listed<Row>,
    paging: Paging,
    /// The same pages, for a form that has what is ticked kept first.
    keeping: Paging,
    /// Where nothing but that is done.
    keep: String,
    /// How many are ticked, on all pages together.
    ticked: usize,
    export: String,
    /// Where what is ticked, or all that the list shows, is renewed in one go.
    renew: String,
}

impl ListPage {
    /// Whether anything on this page can be ticked.
    fn has_boxes(&self) -> bool {
        self.found.rows.iter().any(|row| row.ticked.is_some())
    }

    /// What the button says that renews all of the list: no more than fits into a batch.
    fn all_of_list(&self) -> Cow<'static, str> {
        let total = &self.found.total;
        match (total.or_more, total.number > MOST_LINES) {
            (false, false) => self.frame.t("many-all-submit").into(),
            (true, _) if total.number < MOST_LINES => {
                self.frame.t1("many-all-submit-most", "most", MOST_LINES)
            }
            _ => self.frame.t1("many-all-submit-first", "most", MOST_LINES),
        }
    }

    /// How many are ticked that this page does not show.
    fn elsewhere(&self) -> usize {
        let here = self.found.rows.iter();
        let here = here.filter(|row| row.ticked == Some(true)).count();
        self.ticked.saturating_sub(here)
    }
}

/// A certificate in a table of them.
#[derive(Debug)]
pub struct Row {
    pub certificate: Summary,
    /// What tells the holder from others of the same name.
    pub facts: String,
    pub standing: (Message, Tone),
    /// `None` if there is nothing more to see.
    pub href: Option<String>,
    pub renew: Option<RenewalWay>,
    /// A renewal of it that is not over.
    pub under_way: Option<OpenRenewal>,
    /// Whether its box is ticked; `None` if it has none, since it cannot be renewed.
    pub ticked: Option<bool>,
    /// What stands beside it, if others look at it and no other page says so.
    pub beside: Option<Beside>,
    /// Whose it is, if others look at it.
    pub owner: Option<Owner>,
}

impl Row {
    /// A certificate as its owner sees it today.
    pub fn of(certificate: Summary, frame: &Frame) -> Self {
        let thumbprint = certificate.thumbprint.as_str();
        Self {
            facts: names::facts_in(&certificate.subject),
            standing: names::status_of_row(&certificate, frame),
            href: Some(routes::certificate(thumbprint)),
            renew: RenewalWay::of_row(&certificate, frame.today().now),
            under_way: None,
            ticked: None,
            beside: None,
            owner: None,
            certificate,
        }
    }

    /// The same with a box, as far as it can be renewed, and the renewal that is not over.
    fn chosen(self, basket: &Basket, under_way: &UnderWay) -> Self {
        let may_renew = self.renew.as_ref().is_some_and(|way| way.is_open);
        let thumbprint = &self.certificate.thumbprint;
        Self {
            ticked: may_renew.then(|| basket.has(thumbprint)),
            under_way: under_way.renewal(thumbprint).cloned(),
            ..self
        }
    }

    pub fn anchor(&self) -> String {
        anchor(self.certificate.thumbprint.as_str())
    }
}

pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, AppError> {
    let kept = kept(&req, &state, &user.caller.owner_id).await?;
    let frame = framed(Frame::of(&req, &state), kept.is_some());
    let form = FormView::default();
    show(frame, &state, &user.caller, &query, (form, kept)).await
}

/// The list again, because nothing that could be renewed was ticked.
pub(super) async fn refused(
    frame: Frame,
    state: &AppState,
    who: &Caller,
    query: &ListQuery,
    errors: FieldErrors,
) -> Result<HttpResponse, AppError> {
    let frame = frame.languages_at(query.address(routes::CERTIFICATES));
    let form = FormView::refused(Fields::default(), errors);
    show(frame, state, who, query, (form, None)).await
}

async fn show(
    frame: Frame,
    state: &AppState,
    who: &Caller,
    query: &ListQuery,
    (form, kept): (FormView, Option<Fields>),
) -> Result<HttpResponse, AppError> {
    let (portal, reader) = (&state.portal, reader(who));
    let typed = query.typed(state, reader);
    let wanted = query.certificates(&state.settings.branding.time_zone, &typed);
    let start = query.start(state, reader);
    let found = certificate_list::list(portal, who, &wanted, &start, PAGE_SIZE).await?;
    let paging = |path: &str| paging(state, reader, query, path, &found);
    let frame = frame.at(Section::Certificates);
    let frame = with_banners(frame, &typed, &found, key("certificates-broken"));
    let basket = Basket::of(state, who).await?;
    let prints: Vec<_> = found.rows.iter().map(|one| &one.thumbprint).collect();
    let under_way = UnderWay::of(state, who, &prints).await?;
    let status = match form.has_errors() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let page = ListPage {
        filters: filters(&frame, state, who, query, &typed).await?.kept(kept),
        form,
        paging: paging(routes::CERTIFICATES),
        keeping: paging(routes::CERTIFICATES_TICK),
        keep: query.address(routes::CERTIFICATES_TICK),
        ticked: basket.count(),
        export: query.link(routes::CERTIFICATES_CSV),
        renew: query.address(routes::RENEW_MANY),
        found: found.map(|one| Row::of(one, &frame).chosen(&basket, &under_way)),
        frame,
    };
    Ok(render(&page, status))
}

/// Keeps what is ticked, or nothing of it, and leads to the page with these filters.
pub async fn tick(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    query: web::Query<ListQuery>,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let who = &user.caller;
    let basket = match form.fields.get("untick") {
        "all" => Basket::default(),
        _ => Basket::of(&state, who).await?.changed(&form.fields),
    };
    basket.keep(&state, who).await?;
    let list = query.address(routes::CERTIFICATES);
    Ok(see_other(&language::as_asked(req.query_string(), list)))
}

async fn filters(
    frame: &Frame,
    state: &AppState,
    who: &Caller,
    query: &ListQuery,
    typed: &Typed,
) -> Result<Filters, AppError> {
    let options = state.portal.connections.options(&who.connection_id);
    let groups = options.await?.groups;
    let choices = choices::of_certificates(frame);
    let at = (routes::CERTIFICATES, routes::CERTIFICATES_SEARCH.to_owned());
    Ok(Filters::of(frame, query, typed, at, choices, &groups))
}

/// Redirects to the list with these filters.
pub async fn search(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    form: CheckedForm<SearchForm>,
) -> Result<HttpResponse, AppError> {
    let (list, reader) = ((routes::CERTIFICATES, ""), reader(&user.caller));
    let (fields, errors) = match form::search(&req, &state, reader, list, form) {
        Ok(found) => return Ok(found),
        Err(wrong) => wrong,
    };
    let frame = Frame::of(&req, &state)
        .at(Section::Certificates)
        .languages_at(routes::CERTIFICATES);
    let (query, typed) = (ListQuery::default(), Typed::default());
    let filters = filters(&frame, &state, &user.caller, &query, &typed).await?;
    let page = ListPage {
        filters: filters.refused(fields, errors),
        frame,
        form: FormView::default(),
        found: Listed::empty(),
        paging: Paging::default(),
        keeping: Paging::default(),
        keep: String::new(),
        ticked: 0,
        export: String::new(),
        renew: String::new(),
    };
    Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY))
}
