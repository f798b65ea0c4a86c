//! One account: its role, connections and whether it may sign in; a lost second factor;
//! a row that was changed past the portal.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::role_name;
use super::standing::{self, CONNECTION, ROLE, offered, roles};
use crate::domain::connection::Connection;
use crate::i18n::{Key, Lang, key};
use crate::services::accounts::people::{self, Changed};
use crate::services::accounts::{Account, Listed, Standing};
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::AdminSignedIn;
use crate::web::handlers::admin::confirm::{self, Question};
use crate::web::kept_form::kept_or;
use crate::web::page::form::{Choice, FieldErrors, Fields, FormView};
use crate::web::page::stale::{self, Joined};
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

const ENABLED: &str = "enabled";

#[derive(Debug, Template)]
#[template(path = "admin/people/one.html")]
struct OnePage {
    frame: Frame,
    form: FormView,
    username: String,
    /// `None` if its row was changed past the portal.
    account: Option<Account>,
    roles: Vec<Choice>,
    connections: Vec<Choice>,
    action: String,
    second_factor: String,
    delete: String,
}

impl OnePage {
    fn may_sign_in(&self) -> Vec<Choice> {
        vec![
            Choice::new("yes", self.frame.t("yes")),
            Choice::new("no", self.frame.t("no")),
        ]
    }
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let listed = named(&state, &id).await?;
    let connections = state.portal.connections.all().await?;
    let stored = listed
        .account
        .as_ref()
        .map(|account| stored(account, &connections));
    let form = FormView::filled(stale::showing(stored.unwrap_or_default()));
    let frame = Frame::of(&req, &state);
    let (frame, form) = kept_or(&req, &state, &admin.id, frame, form).await?;
    show(frame, &state, listed, form, StatusCode::OK).await
}

async fn named(state: &AppState, id: &str) -> Result<Listed, AppError> {
    let all = people::all(&state.portal).await?;
    let found = all.into_iter().find(|one| one.id == id);
    found.ok_or(AppError::NotFound)
}

fn stored(account: &Account, connections: &[Connection]) -> Fields {
    let enabled = match account.enabled {
        true => "yes",
        false => "no",
    };
    let mut fields = Fields::of([(ROLE, account.role.as_str()), (ENABLED, enabled)]);
    for one in connections {
        if account.connections.contains(&one.id) {
            fields.push(CONNECTION, one.slug.as_str());
        }
    }
    fields
}

async fn show(
    frame: Frame,
    state: &AppState,
    listed: Listed,
    form: FormView,
    status: StatusCode,
) -> Result<HttpResponse, AppError> {
    let connections = state.portal.connections.all().await?;
    let action = routes::admin_person(&listed.id);
    let frame = frame.at(Section::People).languages_at(action.as_str());
    let page = OnePage {
        roles: roles(&frame),
        connections: offered(&connections),
        frame,
        form,
        second_factor: routes::of_admin_person(&listed.id, "second-factor"),
        delete: routes::of_admin_person(&listed.id, "delete"),
        action,
        username: listed.username,
        account: listed.account,
    };
    Ok(render(&page, status))
}

/// The page with the form as it was sent, and what is wrong with it.
async fn refused(
    req: &HttpRequest,
    state: &AppState,
    listed: Listed,
    sent: Fields,
    errors: FieldErrors,
) -> Result<HttpResponse, AppError> {
    let (frame, form) = (Frame::of(req, state), FormView::refused(sent, errors));
    show(frame, state, listed, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// Somebody else saved first: the page with the changes of both, of which nothing is stored yet.
async fn look_again(
    req: &HttpRequest,
    state: &AppState,
    id: &str,
    sent: Fields,
) -> Result<HttpResponse, AppError> {
    let listed = named(state, id).await?;
    let connections = state.portal.connections.all().await?;
    let account = listed.account.as_ref().ok_or(AppError::Conflict)?;
    let joined = Joined::of(
        sent,
        stored(account, &connections),
        &[ROLE, CONNECTION, ENABLED],
    );
    let frame = Frame::of(req, state);
    let lang = frame.lang;
    let (frame, form) = joined.told(frame, |name| said(name, account, &connections, lang));
    show(frame, state, listed, form, StatusCode::CONFLICT).await
}

/// What a field is called, and what is stored in it.
fn said(name: &str, account: &Account, connections: &[Connection], lang: Lang) -> (Key, String) {
    let word = |key: Key| lang.of(key).into_owned();
    match name {
        ROLE => (key("people-role"), word(role_name(account.role))),
        ENABLED if account.enabled => (key("people-entry"), word(key("yes"))),
        ENABLED => (key("people-entry"), word(key("no"))),
        _ => {
            let theirs = connections
                .iter()
                .filter(|one| account.connections.contains(&one.id));
            let names: Vec<&str> = theirs.map(|one| one.settings.name.as_str()).collect();
            (key("people-connections"), names.join("; "))
        }
    }
}

/// Reads what is wanted: role, connections, and whether the account may sign in.
fn read(
    account: &Account,
    connections: &[Connection],
    sent: &Fields,
) -> Result<Standing, FieldErrors> {
    // A connection that cannot be read now is not on the page, and stays.
    let is_hidden = |id: &&String| !connections.iter().any(|one| one.id == **id);
    let hidden = account.connections.iter().filter(is_hidden);
    let (role, connections) = standing::read(connections, sent, hidden)?;
    let enabled = match sent.get(ENABLED) {
        "yes" => true,
        "no" => false,
        _ => return Err(FieldErrors::one(ENABLED, key("people-enabled-blank"))),
    };
    Ok(Standing {
        role,
        connections,
        enabled,
    })
}

pub(super) async fn save(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    id: web::Path<String>,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let sent = form.fields;
    let listed = named(&state, &id).await?;
    let connections = state.portal.connections.all().await?;
    let account = listed.account.as_ref().ok_or(AppError::Conflict)?;
    let wanted = match read(account, &connections, &sent) {
        Ok(wanted) => wanted,
        Err(errors) => return refused(&req, &state, listed, sent, errors).await,
    };
    let seen = people::standing_of(account);
    let now = stored(account, &connections);
    if wanted != seen && stale::shown(&sent).is_some_and(|shown| shown != now) {
        return look_again(&req, &state, &id, sent).await;
    }
    let question = question(&id, routes::admin_person(&id));
    confirm::then(&req, &state, &admin, &sent, question, async |confirmed| {
        let (portal, actor, as_seen) = (&state.portal, &admin.actor, (seen, wanted));
        match people::change(portal, actor, &id, as_seen, &confirmed).await? {
            Changed::LastAdmin => {
                let errors = FieldErrors::one(ROLE, key("people-last-admin"));
                refused(&req, &state, listed, sent.clone(), errors).await
            }
            Changed::Stale => look_again(&req, &state, &id, sent.clone()).await,
            changed => answer(&state, changed, "changed"),
        }
    })
    .await
}

pub(super) async fn reset_second_factor(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    id: web::Path<String>,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let question = question(&id, routes::of_admin_person(&id, "second-factor"));
    confirm::then(
        &req,
        &state,
        &admin,
        &form.fields,
        question,
        async |confirmed| {
            let (portal, actor) = (&state.portal, &admin.actor);
            let changed = people::reset_second_factor(portal, actor, &id, &confirmed).await?;
            answer(&state, changed, "second-factor")
        },
    )
    .await
}

/// Deletes an account whose row was changed past the portal.
pub(super) async fn delete(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    id: web::Path<String>,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let question = question(&id, routes::of_admin_person(&id, "delete"));
    confirm::then(
        &req,
        &state,
        &admin,
        &form.fields,
        question,
        async |confirmed| {
            let changed =
                people::delete_broken(&state.portal, &admin.actor, &id, &confirmed).await?;
            answer(&state, changed, "deleted")
        },
    )
    .await
}

/// Asks for the password before `action`; leads back to the account's page.
fn question(id: &str, action: String) -> Question<'static> {
    Question::about_people(action).leading_back_to(routes::admin_person(id))
}

/// Leads to the list; sessions that ended are forgotten here at once.
fn answer(state: &AppState, changed: Changed, done: &str) -> Result<HttpResponse, AppError> {
    match changed {
        Changed::Done | Changed::Same => {
            state.sessions.forget_all();
            Ok(see_other(&routes::admin_people_after(done)))
        }
        Changed::LastAdmin | Changed::Stale | Changed::Broken => Err(AppError::Conflict),
        Changed::Missing => Err(AppError::NotFound),
    }
}
