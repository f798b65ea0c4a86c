//! Tests a connection and shows what was found.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::named;
use crate::domain::connection::Connection;
use crate::domain::connection_check::{Check, CheckResult, Finding, LoginFinding};
use crate::domain::secret::Secret;
use crate::i18n::{Key, Message, connection_check as words, key};
use crate::services::connection_test::{self, Credentials, Tested};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::AdminSignedIn;
use crate::web::page::form::{FieldErrors, FormView};
use crate::web::page::{Frame, Section, Tone, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "admin/connections/test.html")]
struct TestPage {
    frame: Frame,
    form: FormView,
    connection: Connection,
    action: String,
    back: String,
    /// Where the settings are found from an example.
    finder: String,
    lines: Vec<Line>,
}

/// One check as the page shows it.
#[derive(Debug)]
struct Line {
    id: &'static str,
    name: Key,
    result: CheckResult,
    tone: &'static str,
    word: Key,
    cause: Message,
    fix: Option<Message>,
    /// Redtrust's own words; empty if there are none.
    said: String,
    /// Whether an example would help to find the right settings.
    needs_example: bool,
}

impl Line {
    fn of(check: &Check) -> Self {
        let result = check.result();
        Self {
            id: check.name.as_str(),
            name: words::name(check.name),
            result,
            tone: match result {
                CheckResult::Pass => "good",
                CheckResult::Fail => "bad",
                CheckResult::Skip => "info",
            },
            word: words::result(result),
            cause: words::cause(check),
            fix: words::fix(check),
            said: check.said().map(|said| said.line()).unwrap_or_default(),
            needs_example: needs_example(&check.finding),
        }
    }
}

const fn needs_example(finding: &Finding) -> bool {
    matches!(
        finding,
        Finding::LoginUrl(LoginFinding::Signature { .. } | LoginFinding::Refused { .. })
    )
}

/// An application user; without one, direct login is not tried.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TestForm {
    username: String,
    password: Option<Secret>,
}

impl TestForm {
    fn credentials(self) -> Result<Option<Credentials>, FieldErrors> {
        let Self { username, password } = self;
        if username.trim().is_empty() {
            return Ok(None);
        }
        match password.filter(|password| !password.expose().is_empty()) {
            Some(password) => Ok(Some(Credentials { username, password })),
            None => Err(FieldErrors::one("password", key("check-password-missing"))),
        }
    }
}

pub(super) async fn test(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    slug: web::Path<String>,
    form: CheckedForm<TestForm>,
) -> Result<HttpResponse, AppError> {
    let connection = named(&state, &slug).await?;
    let back = routes::admin_connection(&connection.slug);
    let frame = Frame::of(&req, &state).languages_at(back.as_str());
    let mut page = TestPage {
        frame: frame.at(Section::Connections),
        form: FormView::filled(form.fields.clone().without("password")),
        action: routes::admin_connection_test(&connection.slug),
        finder: routes::admin_connection_dialect(&connection.slug),
        back,
        connection,
        lines: Vec::new(),
    };
    let credentials = match form.value.credentials() {
        Ok(credentials) => credentials,
        Err(errors) => {
            page.form = FormView::refused(form.fields.without("password"), errors);
            return Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    let tested =
        connection_test::test(&state.portal, &admin.actor, &page.connection, credentials).await?;
    Ok(page.with(tested))
}

impl TestPage {
    fn with(mut self, tested: Tested) -> HttpResponse {
        let checks = match tested {
            Tested::Done(checks) => checks,
            Tested::Running => {
                self.frame = self.frame.banner(Tone::Warning, key("check-running"));
                return render(&self, StatusCode::CONFLICT);
            }
        };
        let failed = connection_test::failed(&checks);
        self.frame = match failed {
            0 => self.frame.banner(Tone::Good, key("check-all-well")),
            count => {
                let text = key("check-some-fail").with("count", count);
                self.frame.banner(Tone::Bad, text)
            }
        };
        self.lines = checks.iter().map(Line::of).collect();
        render(&self, StatusCode::OK)
    }
}
