//! Takes a CSV file of holders. Nothing of it is kept but what was read from its cells.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::choose::too_many;
use super::file_words;
use crate::domain::answers::Field;
use crate::domain::holder::Kind;
use crate::domain::holders_csv;
use crate::i18n::{Key, key};
use crate::services::many;
use crate::web::csrf::CheckedUpload;
use crate::web::extractors::SignedIn;
use crate::web::handlers::issue::count_batch;
use crate::web::handlers::{may_not_issue, names};
use crate::web::kept_form::kept;
use crate::web::page::form::{Choice, FieldErrors, FormView};
use crate::web::page::{Frame, Section, Tone, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "many/file.html")]
struct FilePage {
    frame: Frame,
    form: FormView,
    columns: Vec<(Field, Key)>,
}

impl FilePage {
    fn kinds(&self) -> Vec<Choice> {
        let first = Choice::new("", self.frame.t("many-kind-in-file"));
        let kinds = Kind::ALL.iter().map(|kind| {
            let label = self.frame.of_key(&names::kind(*kind));
            Choice::new(kind.as_str(), label)
        });
        std::iter::once(first).chain(kinds).collect()
    }
}

pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
) -> Result<HttpResponse, AppError> {
    if let Some(page) = may_not_issue::page(&req, &state, &user, Section::Issue).await? {
        return Ok(page);
    }
    let kept = kept(&req, &state, &user.caller.owner_id).await?;
    let mut frame = Frame::of(&req, &state);
    if kept.is_some() {
        frame = frame.banner(Tone::Info, key("form-kept-file"));
    }
    let form = FormView::filled(kept.unwrap_or_default());
    Ok(show(frame, form, StatusCode::OK))
}

fn show(frame: Frame, form: FormView, status: StatusCode) -> HttpResponse {
    let page = FilePage {
        frame: frame.at(Section::Issue).languages_at(routes::ISSUE_MANY),
        form,
        columns: file_words::columns(),
    };
    render(&page, status)
}

/// Makes a run of the rows, and goes on to its page, which says what each is worth.
pub async fn begin(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    form: CheckedUpload,
) -> Result<HttpResponse, AppError> {
    count_batch(&state, &user).await?;
    let frame = Frame::of(&req, &state);
    let (portal, who) = (&state.portal, &user.caller);
    let options = portal.connections.options(&who.connection_id).await?;
    let kind: Option<Kind> = form.fields.get("kind").parse().ok();
    let content = form.content();
    let read = content.map(|content| holders_csv::read(content, kind, &options));
    let wrong = match read {
        None => key("many-missing-file").into(),
        Some(Err(problem)) => file_words::problem(&problem),
        Some(Ok(read)) => match many::issue(portal, who, read).await? {
            many::Begun::Run(id) => return Ok(see_other(&routes::run(&id))),
            many::Begun::Nothing => key("many-file-empty").into(),
            many::Begun::TooMany(count) => too_many(count),
        },
    };
    let errors = FieldErrors::one("holders_file", wrong);
    let form = FormView::refused(form.fields, errors);
    Ok(show(frame, form, StatusCode::UNPROCESSABLE_ENTITY))
}
