//! The list of a person's certificates, with filters in the query and pages in both
//! directions. The filter form is a POST that redirects to the address of its result.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::certificate::standing;
use super::lists::choices;
use super::lists::form::SearchForm;
use super::lists::query::{ListQuery, Reader, Typed};
use super::lists::view::{Filters, paging, with_banners};
use super::names;
use crate::domain::certificate::Certificate;
use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::millis::Millis;
use crate::i18n::{Key, key};
use crate::services::{Caller, Listed, certificate_list, groups};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::SignedIn;
use crate::web::page::paging::Paging;
use crate::web::page::{Frame, Section, Tone, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

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
    found: Listed<Row>,
    paging: Paging,
    export: String,
    /// Where all that the list shows is renewed in one go.
    renew_all: String,
}

/// A certificate in a table of them.
#[derive(Debug)]
pub struct Row {
    pub certificate: Certificate,
    pub holder: String,
    pub organisation: String,
    pub standing: (Key, Tone),
    /// `None` if there is nothing more to see.
    pub href: Option<String>,
    pub renew: Option<String>,
    /// The person's name, if others look at it.
    pub owner: Option<String>,
}

impl Row {
    /// A certificate as its owner sees it at `now`.
    pub fn of(certificate: Certificate, now: Millis) -> Self {
        let subject = DistinguishedName::of_preview(&certificate.subject);
        let may_renew = certificate.renewal_obstacle(now).is_none();
        let thumbprint = certificate.thumbprint.as_str();
        Self {
            holder: names::listed(&certificate.holder),
            organisation: subject.organisation().unwrap_or_default().to_owned(),
            standing: standing(&certificate, now),
            href: Some(routes::certificate(thumbprint)),
            renew: may_renew.then(|| routes::renew_of(thumbprint)),
            owner: None,
            certificate,
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
    let typed = query.typed(&state, reader(who));
    let wanted = query.certificates(&state.settings.branding.time_zone, &typed);
    let found = certificate_list::list(portal, who, &wanted, &query.start(), PAGE_SIZE).await?;
    let frame = Frame::of(&req, &state).at(Section::Certificates);
    let frame = with_banners(frame, &typed, &found, key("certificates-broken"));
    let now = portal.clock.now();
    let page = ListPage {
        filters: filters(&frame, &state, who, &query, &typed).await?,
        frame,
        paging: paging(&query, routes::CERTIFICATES, &found),
        export: query.link(routes::CERTIFICATES_CSV),
        renew_all: query.link(routes::RENEW_MANY),
        found: found.map(|certificate| Row::of(certificate, now)),
    };
    Ok(render(&page, StatusCode::OK))
}

async fn filters(
    frame: &Frame,
    state: &AppState,
    who: &Caller,
    query: &ListQuery,
    typed: &Typed,
) -> Result<Filters, AppError> {
    let groups = groups::offered(&state.portal, &who.connection_id).await?;
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
    let errors = match form
        .value
        .query(&state, reader(&user.caller), String::new())
    {
        Ok(query) => return Ok(see_other(&query.link(routes::CERTIFICATES))),
        Err(errors) => errors,
    };
    let frame = Frame::of(&req, &state)
        .at(Section::Certificates)
        .languages_at(routes::CERTIFICATES);
    let (query, typed) = (ListQuery::default(), Typed::default());
    let filters = filters(&frame, &state, &user.caller, &query, &typed).await?;
    let page = ListPage {
        filters: filters.refused(form.fields, errors),
        frame,
        found: Listed::empty(),
        paging: Paging::default(),
        export: String::new(),
        renew_all: String::new(),
    };
    Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY))
}
