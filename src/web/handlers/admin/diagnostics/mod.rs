//! Diagnostics: the last failed sign-ins and their causes, and the comparison with
//! another program.

pub(super) mod causes;
mod compare;
mod failures;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::comparison::ComparisonError;
use crate::domain::connection::Connection;
use crate::i18n::key;
use crate::services::Total;
use crate::services::diagnostics::{self, CompareError};
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::{AdminSignedIn, AuditorSignedIn};
use crate::web::kept_form::kept;
use crate::web::page::form::{Choice, FieldErrors, FormView};
use crate::web::page::{Frame, Numbered, Section, Tone, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;
use compare::Compared;
use failures::Row;

/// Failed sign-ins on one page.
const PAGE_SIZE: usize = 8;

#[derive(Debug, Template)]
#[template(path = "admin/diagnostics/page.html")]
struct DiagnosticsPage {
    frame: Frame,
    form: FormView,
    choices: Vec<Choice>,
    compared: Option<Compared>,
    /// The name of each connection, and where it is tested.
    tests: Vec<(String, String)>,
    rows: Vec<Row>,
    pages: Numbered,
}

/// `?page=` of the failed sign-ins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FailuresQuery {
    page: String,
}

impl DiagnosticsPage {
    async fn new(
        req: &HttpRequest,
        state: &AppState,
        connections: &[Connection],
        form: FormView,
        wanted: &str,
    ) -> Result<Self, AppError> {
        let failures = diagnostics::failures(&state.portal).await?;
        let rows = failures::rows(failures, connections);
        let pages = Numbered::of(wanted, rows.len(), PAGE_SIZE);
        let choice =
            |one: &Connection| Choice::new(one.slug.to_string(), one.settings.name.clone());
        let test = |one: &Connection| {
            let action = routes::admin_connection_test(&one.slug);
            (one.settings.name.clone(), action)
        };
        Ok(Self {
            frame: Frame::of(req, state)
                .at(Section::Diagnostics)
                .languages_at(routes::admin_diagnostics_page(pages.page)),
            form,
            choices: connections.iter().map(choice).collect(),
            compared: None,
            tests: connections.iter().map(test).collect(),
            rows: pages.rows(rows),
            pages,
        })
    }

    fn page_of(&self, page: &usize) -> String {
        format!("{}#failures", routes::admin_diagnostics_page(*page))
    }

    fn total(&self) -> Total {
        Total {
            number: self.pages.total,
            or_more: false,
        }
    }
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    auditor: AuditorSignedIn,
    query: web::Query<FailuresQuery>,
) -> Result<HttpResponse, AppError> {
    let kept = kept(&req, &state, &auditor.id).await?;
    let connections = state.portal.connections.all().await?;
    let is_kept = kept.is_some();
    let form = kept.map_or_else(FormView::default, FormView::filled);
    let mut page = DiagnosticsPage::new(&req, &state, &connections, form, &query.page).await?;
    if is_kept {
        page.frame = page.frame.banner(Tone::Info, key("form-kept"));
    }
    Ok(render(&page, StatusCode::OK))
}

/// Compares a pasted login URL; changes nothing.
pub(super) async fn compare(
    req: HttpRequest,
    state: web::Data<AppState>,
    _admin: AdminSignedIn,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let connections = state.portal.connections.all().await?;
    let fields = form.fields;
    let slug = fields.get("connection");
    let chosen = connections.iter().find(|one| one.slug.as_str() == slug);
    let compared = match chosen {
        None => Err(FieldErrors::one(
            "connection",
            key("compare-connection-blank"),
        )),
        Some(connection) => {
            let compared = diagnostics::compare(&state.portal, connection, fields.get("url")).await;
            match compared.map_err(errors) {
                Ok(compared) => Ok(Compared::new(connection, compared)),
                Err(errors) => Err(errors?),
            }
        }
    };
    let (form, compared, status) = match compared {
        Ok(compared) => (FormView::filled(fields), Some(compared), StatusCode::OK),
        Err(errors) => {
            let form = FormView::refused(fields, errors);
            (form, None, StatusCode::UNPROCESSABLE_ENTITY)
        }
    };
    let page = DiagnosticsPage {
        compared,
        ..DiagnosticsPage::new(&req, &state, &connections, form, "").await?
    };
    Ok(render(&page, status))
}

/// What to say at which field.
fn errors(error: CompareError) -> Result<FieldErrors, AppError> {
    let (field, text) = match error {
        CompareError::NoRedirectUrl => ("connection", key("compare-no-url")),
        CompareError::Comparison(ComparisonError::Signing(_)) => {
            ("connection", key("compare-bad-key"))
        }
        CompareError::Comparison(_) => ("url", key("compare-url-unreadable")),
        CompareError::Job(error) => return Err(error.into()),
    };
    Ok(FieldErrors::one(field, text))
}
