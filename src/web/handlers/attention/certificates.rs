//! All people's certificates on a connection.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{chosen, tabs, visible};
use crate::domain::certificate::Certificate;
use crate::i18n::key;
use crate::services::attention::{self, Owned};
use crate::web::extractors::OfficerSignedIn;
use crate::web::handlers::names;
use crate::web::page::paging::{self, Paging};
use crate::web::page::{Frame, Link, Section, Tone, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

const PAGE_SIZE: u16 = 20;

#[derive(Debug, Template)]
#[template(path = "attention/certificates.html")]
struct CertificatesPage {
    frame: Frame,
    tabs: Vec<Link>,
    rows: Vec<Row>,
    paging: Paging,
}

#[derive(Debug)]
struct Row {
    /// The request that led to it, if one here did.
    href: Option<String>,
    holder: String,
    owner: String,
    certificate: Certificate,
}

impl Row {
    fn of(found: Owned<Certificate>) -> Self {
        Self {
            href: found
                .record
                .issuance_id
                .as_deref()
                .map(routes::attention_issuance),
            holder: names::listed(&found.record.holder),
            owner: found.owner,
            certificate: found.record,
        }
    }
}

/// `?connection=SLUG&page=`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CertificatesQuery {
    connection: String,
    page: String,
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    officer: OfficerSignedIn,
    query: web::Query<CertificatesQuery>,
) -> Result<HttpResponse, AppError> {
    let seen = visible(&state, &officer).await?;
    let current = chosen(&seen, &query.connection)?;
    let path = routes::ATTENTION_CERTIFICATES;
    let mut frame = Frame::of(&req, &state).at(Section::AllCertificates);
    let tabs = tabs(&frame, &seen, path, current.as_ref());
    let (mut rows, mut links) = (Vec::new(), Paging::default());
    if let Some(connection) = current {
        let link = |more: &[(&str, &str)]| routes::attention_at(path, &connection.slug, more);
        let after = paging::cursor(&query.page);
        links.first = after.as_ref().map(|_| link(&[]));
        let found = attention::certificates(&state.portal, &connection, after, PAGE_SIZE).await?;
        if found.broken > 0 {
            let text = key("certificates-broken").with("count", found.broken);
            frame = frame.banner(Tone::Bad, text);
        }
        let next = found.next.as_deref().map(paging::text);
        links.next = next.map(|page| link(&[("page", page.as_str())]));
        rows = found.rows.into_iter().map(Row::of).collect();
    }
    let page = CertificatesPage {
        frame,
        tabs,
        rows,
        paging: links,
    };
    Ok(render(&page, StatusCode::OK))
}
