//! Local accounts for admins: who has one and in which role, open invitations, and the
//! page of one account. What changes something asks for the admin's password first.

mod invite;
mod one;
mod standing;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::connection::Connection;
use crate::i18n::{Key, key};
use crate::services::accounts::invite::{self as invitations, Invitation};
use crate::services::accounts::{Account, Listed, Role, people};
use crate::web::extractors::AuditorSignedIn;
use crate::web::page::{Frame, Section, Tone, render};
use crate::web::problem::AppError;
use crate::web::routes::{self, Guard, Route};
use crate::web::state::AppState;

/// "invite" must come before the id pattern.
pub const ROUTES: &[Route] = &[
    Route::get(routes::ADMIN_PEOPLE, Guard::Auditor, |route| route.to(list)),
    Route::get(routes::ADMIN_INVITE, Guard::Admin, |route| {
        route.to(invite::page)
    }),
    Route::post(routes::ADMIN_INVITE, Guard::Admin, |route| {
        route.to(invite::invite)
    }),
    Route::post(routes::ADMIN_INVITATION_REVOKE, Guard::Admin, |route| {
        route.to(invite::revoke)
    }),
    Route::get(routes::ADMIN_PERSON, Guard::Admin, |route| {
        route.to(one::page)
    }),
    Route::post(routes::ADMIN_PERSON, Guard::Admin, |route| {
        route.to(one::save)
    }),
    Route::post(routes::ADMIN_PERSON_SECOND_FACTOR, Guard::Admin, |route| {
        route.to(one::reset_second_factor)
    }),
    Route::post(routes::ADMIN_PERSON_DELETE, Guard::Admin, |route| {
        route.to(one::delete)
    }),
];

#[derive(Debug, Template)]
#[template(path = "admin/people/list.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Row>,
    invitations: Vec<Open>,
}

/// An account in the list.
#[derive(Debug)]
struct Row {
    username: String,
    href: String,
    /// `None` if its row was changed past the portal.
    account: Option<Account>,
    /// Names of an officer's connections.
    connections: String,
}

/// An open invitation in the list.
#[derive(Debug)]
struct Open {
    invitation: Invitation,
    connections: String,
    revoke: String,
}

impl ListPage {
    fn role(&self, role: &Role) -> Key {
        role_name(*role)
    }
}

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    done: String,
}

async fn list(
    req: HttpRequest,
    state: web::Data<AppState>,
    _auditor: AuditorSignedIn,
    told: web::Query<Told>,
) -> Result<HttpResponse, AppError> {
    let connections = state.portal.connections.all().await?;
    let row = |listed: Listed| Row {
        href: routes::admin_person(&listed.id),
        connections: names(
            &connections,
            listed.account.as_ref().map(|one| &one.connections),
        ),
        username: listed.username,
        account: listed.account,
    };
    let open = |invitation: Invitation| Open {
        connections: names(&connections, Some(&invitation.connections)),
        revoke: routes::admin_invitation_revoke(&invitation.id),
        invitation,
    };
    let mut frame = Frame::of(&req, &state)
        .at(Section::People)
        .languages_at(routes::ADMIN_PEOPLE);
    if let Some(text) = words(&told.done) {
        frame = frame.banner(Tone::Good, text);
    }
    let (accounts, invited) = (
        people::all(&state.portal).await?,
        invitations::open(&state.portal).await?,
    );
    let page = ListPage {
        frame,
        rows: accounts.into_iter().map(row).collect(),
        invitations: invited.into_iter().map(open).collect(),
    };
    Ok(render(&page, StatusCode::OK))
}

fn words(done: &str) -> Option<Key> {
    Some(match done {
        "changed" => key("people-changed"),
        "second-factor" => key("people-second-factor-gone"),
        "deleted" => key("people-deleted"),
        "revoked" => key("people-revoked"),
        _ => return None,
    })
}

/// The names of these connections; a removed one is left out.
fn names(connections: &[Connection], ids: Option<&Vec<String>>) -> String {
    let ids = ids.map(Vec::as_slice).unwrap_or_default();
    let named = connections.iter().filter(|one| ids.contains(&one.id));
    let names: Vec<_> = named.map(|one| one.settings.name.as_str()).collect();
    names.join(", ")
}

pub(super) const fn role_name(role: Role) -> Key {
    match role {
        Role::Admin => key("role-admin"),
        Role::Officer => key("role-officer"),
        Role::Auditor => key("role-auditor"),
    }
}
