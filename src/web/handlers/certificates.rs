//! The list of certificates.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::certificate::Certificate;
use crate::i18n::key;
use crate::services::certificates;
use crate::web::extractors::SignedIn;
use crate::web::handlers::names;
use crate::web::page::paging::Paging;
use crate::web::page::{Frame, Section, Tone, paging, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

const PAGE_SIZE: u16 = 20;

#[derive(Debug, Template)]
#[template(path = "certificates/list.html")]
struct ListPage {
    frame: Frame,
    certificates: Vec<Row>,
    paging: Paging,
}

#[derive(Debug)]
struct Row {
    certificate: Certificate,
    details: String,
    renew: String,
}

/// `?page=`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    page: String,
}

pub async fn list(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, AppError> {
    let (portal, after) = (&state.portal, paging::cursor(&query.page));
    let first = after.as_ref().map(|_| routes::CERTIFICATES.to_owned());
    let current = certificates::current(portal, &user.caller, after, PAGE_SIZE).await?;
    let next = |cursor: &[u8]| routes::certificates_from(&paging::text(cursor));
    let row = |certificate: Certificate| Row {
        details: routes::certificate(&certificate.thumbprint.to_string()),
        renew: routes::renew_of(&certificate.thumbprint.to_string()),
        certificate: Certificate {
            holder: names::listed(&certificate.holder),
            ..certificate
        },
    };
    let mut frame = Frame::of(&req, &state).at(Section::Certificates);
    if current.broken > 0 {
        let text = key("certificates-broken").with("count", current.broken);
        frame = frame.banner(Tone::Bad, text);
    }
    let page = ListPage {
        frame,
        paging: Paging {
            first,
            next: current.next.as_deref().map(next),
        },
        certificates: current.rows.into_iter().map(row).collect(),
    };
    Ok(render(&page, StatusCode::OK))
}
