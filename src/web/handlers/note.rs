//! Note and tags on a certificate's page.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::issue::words::text_problem;
use super::lists::way_back::WayBack;
use crate::domain::certificate::Certificate;
use crate::domain::person_name::NameError;
use crate::domain::thumbprint::Thumbprint;
use crate::i18n::{Key, key};
use crate::services::notes::{self, Note, Noted};
use crate::services::{Portal, certificates};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::SignedIn;
use crate::web::page::form::{FieldErrors, Fields, FormView};
use crate::web::page::stale::{self, Joined};
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// The form as a certificate's page shows it.
#[derive(Debug)]
pub struct NoteForm {
    pub form: FormView,
    pub action: String,
}

impl NoteForm {
    /// With what is written beside this certificate, or with what was typed there and `kept`.
    pub async fn of(
        portal: &Portal,
        certificate: &Certificate,
        way: &WayBack,
        kept: Option<Fields>,
    ) -> Result<Self, AppError> {
        let note = notes::of(portal, certificate).await?;
        Ok(Self {
            form: FormView::filled(kept.unwrap_or_else(|| stale::showing(fields(&note)))),
            action: action(certificate.thumbprint.as_str(), way),
        })
    }
}

fn fields(note: &Note) -> Fields {
    Fields::of([("note", &note.note), ("tags", &note.tags)])
}

/// The form alone, after something was wrong with it, or was changed elsewhere.
#[derive(Debug, Template)]
#[template(path = "certificates/note_page.html")]
struct NotePage {
    frame: Frame,
    note: NoteForm,
    certificate: Certificate,
    back: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    note: String,
    tags: String,
}

/// Writes them, and leads back to the certificate.
pub async fn save(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    thumbprint: web::Path<String>,
    form: CheckedForm<Typed>,
) -> Result<HttpResponse, AppError> {
    let thumbprint: Thumbprint = thumbprint.parse().map_err(|_| AppError::NotFound)?;
    let (portal, who) = (&state.portal, &user.caller);
    let Typed { note, tags } = form.value;
    let way = WayBack::of(&req);
    let back = way.keep(routes::certificate(thumbprint.as_str()));
    let typed = (seen(&form.fields), Note { note, tags });
    let frame = Frame::of(&req, &state)
        .at(Section::Certificates)
        .languages_at(back.clone());
    let noted = notes::write(portal, who, &thumbprint, typed).await?;
    let (frame, form, status) = match noted {
        Noted::Done => return Ok(see_other(&routes::after(&back, "note"))),
        Noted::Missing => return Err(AppError::NotFound),
        Noted::Wrong(note, tags) => {
            let form = FormView::refused(form.fields, errors(&frame, note, tags));
            (frame, form, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Noted::Stale(now) => joined(frame, form.fields, &now),
    };
    let found = certificates::own_certificate(portal, who, &thumbprint).await?;
    let page = NotePage {
        frame,
        note: NoteForm {
            form,
            action: action(thumbprint.as_str(), &way),
        },
        certificate: found.ok_or(AppError::NotFound)?,
        back,
    };
    Ok(render(&page, status))
}

/// What the form showed.
fn seen(sent: &Fields) -> Option<Note> {
    let shown = stale::shown(sent)?;
    Some(Note {
        note: shown.get("note").to_owned(),
        tags: shown.get("tags").to_owned(),
    })
}

/// What was typed here, joined with what was written meanwhile.
fn joined(frame: Frame, sent: Fields, now: &Note) -> (Frame, FormView, StatusCode) {
    let said = |name: &str| -> (Key, String) {
        match name {
            "tags" => (key("note-tags"), now.tags.clone()),
            _ => (key("note-note"), now.note.clone()),
        }
    };
    let joined = Joined::of(sent, fields(now), &["note", "tags"]);
    let (frame, form) = joined.told(frame, said);
    (frame, form, StatusCode::CONFLICT)
}

fn action(thumbprint: &str, way: &WayBack) -> String {
    way.keep(routes::of_certificate(thumbprint, "note"))
}

fn errors(frame: &Frame, note: Option<NameError>, tags: Option<NameError>) -> FieldErrors {
    let mut errors = FieldErrors::new();
    for (field, label, problem) in [
        ("note", key("note-note"), note),
        ("tags", key("note-tags"), tags),
    ] {
        let label = frame.of_key(&label).into_owned();
        match problem {
            // A note may have several lines.
            Some(NameError::Control) if field == "note" => {
                errors.add(field, key("wrong-note-control").with("field", label));
            }
            Some(problem) => errors.add(field, text_problem(problem, label)),
            None => {}
        }
    }
    errors
}
