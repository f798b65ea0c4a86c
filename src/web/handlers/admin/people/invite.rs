//! Invites somebody: the form, the link that is shown once, and taking it back.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::standing::{self, offered, roles};
use crate::domain::is_printable;
use crate::domain::secret::Secret;
use crate::i18n::key;
use crate::services::accounts::invite::{self, Invited};
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::AdminSignedIn;
use crate::web::handlers::admin::confirm::{self, Question};
use crate::web::kept_form::kept_or;
use crate::web::page::form::{Choice, FieldErrors, Fields, FormView};
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

const NOTE: &str = "note";

/// The longest note, in characters.
const LONGEST: usize = 100;

#[derive(Debug, Template)]
#[template(path = "admin/people/invite.html")]
struct InvitePage {
    frame: Frame,
    form: FormView,
    roles: Vec<Choice>,
    connections: Vec<Choice>,
}

#[derive(Debug, Template)]
#[template(path = "admin/people/invited.html")]
struct InvitedPage {
    frame: Frame,
    note: String,
    link: Secret,
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
) -> Result<HttpResponse, AppError> {
    let (frame, form) = (Frame::of(&req, &state), FormView::default());
    let (frame, form) = kept_or(&req, &state, &admin.id, frame, form).await?;
    show(frame, &state, form, StatusCode::OK).await
}

async fn show(
    frame: Frame,
    state: &AppState,
    form: FormView,
    status: StatusCode,
) -> Result<HttpResponse, AppError> {
    let connections = state.portal.connections.all().await?;
    let frame = frame.at(Section::People).languages_at(routes::ADMIN_INVITE);
    let page = InvitePage {
        roles: roles(&frame),
        connections: offered(&connections),
        frame,
        form,
    };
    Ok(render(&page, status))
}

/// Makes the invitation once the admin's password was typed, and shows its link.
pub(super) async fn invite(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let sent = form.fields;
    let connections = state.portal.connections.all().await?;
    let whom = match read(&connections, &sent) {
        Ok(whom) => whom,
        Err(errors) => {
            let form = FormView::refused(sent, errors);
            let frame = Frame::of(&req, &state);
            return show(frame, &state, form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let question = Question::about_people(routes::ADMIN_INVITE.to_owned());
    confirm::then(&req, &state, &admin, &sent, question, async |confirmed| {
        let note = whom.note.clone();
        let secret = invite::invite(&state.portal, &admin.actor, whom, &confirmed).await?;
        let path = routes::admin_setup(secret.expose());
        let page = InvitedPage {
            frame: Frame::of(&req, &state)
                .at(Section::People)
                .languages_at(routes::ADMIN_PEOPLE),
            note,
            link: Secret::new(format!("{}{path}", state.portal.public_url)),
        };
        Ok(render(&page, StatusCode::OK))
    })
    .await
}

fn read(
    connections: &[crate::domain::connection::Connection],
    sent: &Fields,
) -> Result<Invited, FieldErrors> {
    let note = sent.get(NOTE).trim();
    if note.is_empty() || note.chars().count() > LONGEST || !note.chars().all(is_printable) {
        return Err(FieldErrors::one(NOTE, key("people-note-wrong")));
    }
    let (role, connections) = standing::read(connections, sent, std::iter::empty())?;
    Ok(Invited {
        role,
        connections,
        note: note.to_owned(),
    })
}

/// Takes an invitation back; one that was used or taken back already is gone anyway.
pub(super) async fn revoke(
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    id: web::Path<String>,
    _form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    match invite::revoke(&state.portal, &admin.actor, &id).await? {
        true => Ok(see_other(&routes::admin_people_after("revoked"))),
        false => Err(AppError::Conflict),
    }
}
