//! What is unknown or unfinished on a connection, and its history.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{chosen, tabs, visible};
use crate::domain::connection::Connection;
use crate::domain::issuance::Issuance;
use crate::i18n::key;
use crate::services::Page;
use crate::services::attention::{self, Owned};
use crate::web::extractors::OfficerSignedIn;
use crate::web::handlers::issuances::Row;
use crate::web::page::paging::{self, Paging};
use crate::web::page::{Banner, Frame, Link, Section, Tone, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

const PAGE_SIZE: u16 = 20;

/// Unfinished ones above the history; a page of their own has all of them.
const FIRST_FEW: u16 = 10;

#[derive(Debug, Template)]
#[template(path = "attention/list.html")]
struct ListPage {
    frame: Frame,
    tabs: Vec<Link>,
    /// The connection's certificates; `None` if there is no connection to see.
    certificates: Option<String>,
    unfinished: Vec<Row>,
    more_unfinished: Option<String>,
    only_unfinished: bool,
    /// Back from the unfinished ones to everything.
    all: String,
    rows: Vec<Row>,
    paging: Paging,
}

/// `?connection=SLUG&show=unfinished&page=`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AttentionQuery {
    connection: String,
    show: String,
    page: String,
}

const UNFINISHED: &str = "unfinished";

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    officer: OfficerSignedIn,
    query: web::Query<AttentionQuery>,
) -> Result<HttpResponse, AppError> {
    let seen = visible(&state, &officer).await?;
    let current = chosen(&seen, &query.connection)?;
    let frame = Frame::of(&req, &state).at(Section::Attention);
    let tabs = tabs(&frame, &seen, routes::ATTENTION, current.as_ref());
    let mut page = ListPage {
        frame,
        tabs,
        certificates: None,
        unfinished: Vec::new(),
        more_unfinished: None,
        only_unfinished: query.show == UNFINISHED,
        all: String::new(),
        rows: Vec::new(),
        paging: Paging::default(),
    };
    if let Some(connection) = current {
        page = page.filled(&state, &connection, &query).await?;
    }
    Ok(render(&page, StatusCode::OK))
}

impl ListPage {
    async fn filled(
        mut self,
        state: &AppState,
        connection: &Connection,
        query: &AttentionQuery,
    ) -> Result<Self, AppError> {
        let (portal, only) = (&state.portal, self.only_unfinished);
        let after = paging::cursor(&query.page);
        let is_first = after.is_none();
        let of_all = [("show", UNFINISHED)];
        let filter = if only { of_all.as_slice() } else { &[] };
        let link =
            |more: &[(&str, &str)]| routes::attention_at(routes::ATTENTION, &connection.slug, more);
        self.all = link(&[]);
        let at = routes::ATTENTION_CERTIFICATES;
        self.certificates = Some(routes::attention_at(at, &connection.slug, &[]));
        let found = attention::requests(portal, connection, only, after, PAGE_SIZE).await?;
        self.count_broken(&found);
        let next = found.next.as_deref().map(paging::text);
        self.paging = Paging {
            first: (!is_first).then(|| link(filter)),
            next: next.map(|page| link(&[filter, &[("page", page.as_str())]].concat())),
        };
        let rows = found.rows.iter().map(row).collect();
        if only {
            self.unfinished = rows;
            return Ok(self);
        }
        self.rows = rows;
        if is_first {
            let few = attention::requests(portal, connection, true, None, FIRST_FEW).await?;
            self.more_unfinished = few.next.as_ref().map(|_| link(&of_all));
            self.unfinished = few.rows.iter().map(row).collect();
        }
        Ok(self)
    }

    fn count_broken<T>(&mut self, found: &Page<T>) {
        if found.broken > 0 {
            let text = key("issuances-broken").with("count", found.broken);
            let tone = Tone::Bad;
            self.frame.banners.push(Banner { tone, text });
        }
    }
}

fn row(found: &Owned<Issuance>) -> Row {
    Row {
        href: routes::attention_issuance(&found.record.id),
        owner: Some(found.owner.clone()),
        ..Row::of(&found.record)
    }
}
