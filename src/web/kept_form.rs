//! Forms that would be lost: one that arrives after its session has ended, and one that
//! is left half-filled to switch the language. They are kept for their owner, and shown
//! to them again on the same page. Secrets and files are not kept.

use std::collections::HashSet;

use actix_session::SessionExt;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, ResponseError, web};

use super::csrf::{
    Binding, FIELD, FILE_LIMIT, FORM_LIMIT, InSession, MANY_FILES_LIMIT, PEM_FORM_LIMIT,
    check_source, multipart, read_any,
};
use super::keeper::{self, KEEPER};
use super::page::form::{Fields, FormView};
use super::page::{Frame, Tone};
use super::problem::AppError;
use super::session::{self, Ended, Kind};
use super::sign_in_needed::sign_in_needed;
use super::state::AppState;
use super::{destination, routes};
use crate::i18n::key;
use crate::services::kept_forms;
use crate::storage::StorageError;

/// Fields that are never kept, since no page may show them again.
const SECRETS: [&str; 6] = [
    "shared_key",
    "sealed_key",
    "next_shared_key",
    "password",
    "new_password",
    "totp",
];

/// Middleware of the users' scope: keeps the form of a step whose session has ended,
/// sends the browser to sign in and then back to that step.
pub async fn keep_late_forms(
    state: web::Data<AppState>,
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    keep_late(Kind::User, &state, req, next).await
}

/// The same for the admins' scope.
pub async fn keep_late_admin_forms(
    state: web::Data<AppState>,
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    keep_late(Kind::Admin, &state, req, next).await
}

async fn keep_late(
    kind: Kind,
    state: &AppState,
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_late = *req.method() == Method::POST
        && page_of(kind, req.path()).is_some()
        && session::identity(&req.get_session()).is_none();
    if !is_late {
        return Ok(next.call(req).await?.map_into_boxed_body());
    }
    let ended = session::ended(req.request(), state, kind).await;
    // A session that timed out is remembered; one that somebody signed out of is not.
    let why = match &ended {
        Some(_) => routes::OUT_OF_TIME,
        None => routes::OUT_ELSEWHERE,
    };
    let payload = req.take_payload();
    let kept = keep_late_form(req.request(), state, ended, kind, payload).await;
    match &kept {
        Ok(kept) => tracing::info!(event = "late_form", ?kept),
        Err(error) => tracing::info!(event = "late_form_not_kept", %error),
    }
    let why = match kept {
        Ok(Kept::WithFiles) => Some(routes::OUT_WITH_FILES),
        Ok(Kept::Whole) => Some(why),
        Ok(Kept::NoRoom) | Err(_) => None,
    };
    let sign_in = sign_in_to(kind, &req, why);
    Ok(req.into_response(sign_in.error_response()))
}

/// Where to sign in, to come back to the form; `why` it was late, if it was kept.
fn sign_in_to(kind: Kind, req: &ServiceRequest, why: Option<&str>) -> AppError {
    let Some(why) = why else {
        return sign_in_needed(req.request(), kind);
    };
    AppError::Elsewhere(match kind {
        Kind::User => routes::sign_in_after(&destination::of_path(req.path()), why),
        Kind::Admin => routes::admin_sign_in_to_kept(why),
    })
}

/// The page that shows a form sent to this path, if it shows kept forms.
fn page_of(kind: Kind, path: &str) -> Option<&str> {
    match kind {
        Kind::User => routes::user_form_page(path),
        Kind::Admin => routes::admin_form_page(path),
    }
}

/// What was kept of a late form.
#[derive(Debug)]
enum Kept {
    Whole,
    /// All but the files.
    WithFiles,
    NoRoom,
}

/// The largest form that is kept.
const fn limit(kind: Kind) -> usize {
    match kind {
        Kind::User => FORM_LIMIT,
        Kind::Admin => PEM_FORM_LIMIT,
    }
}

/// Checks the same proof of origin as for any form, against the session that the form
/// names, or the one that has ended.
async fn keep_late_form(
    req: &HttpRequest,
    state: &AppState,
    ended: Option<Ended>,
    kind: Kind,
    payload: Payload,
) -> Result<Kept, AppError> {
    check_source(req, state)?;
    let limit = match &ended {
        Some(_) => limit(kind),
        None => FORM_LIMIT,
    };
    // A form that is nobody's is not read to its end.
    let whose = |beginning: &[u8]| match &ended {
        Some(ended) => Some(ended.who.counted_as().to_owned()),
        None => {
            let fields = multipart::first_fields(req, beginning);
            keeper::open(state, kind, fields.get(KEEPER)).map(|keeper| keeper.subject)
        }
    };
    // Files are not kept: the person has to choose the file again.
    let limits = (limit, files_limit(req));
    let (fields, (files, _)) = read_any(req, payload, limits, &whose).await?;
    let named = keeper::open(state, kind, fields.get(KEEPER));
    let named = named.map(|keeper| (keeper.subject, keeper.csrf_nonce));
    let of_ended = |ended: Ended| (ended.who.subject().to_owned(), ended.csrf_nonce);
    let (owner, nonce) = named
        .or_else(|| ended.map(of_ended))
        .ok_or(AppError::Forged)?;
    if !state
        .keys
        .csrf_holds(InSession::PURPOSE, &nonce, fields.get(FIELD))
    {
        return Err(AppError::Forged);
    }
    let place = page_of(kind, req.path()).ok_or(AppError::NotFound)?;
    let fields = with_address(req.query_string(), fields.without(FIELD).without(KEEPER));
    Ok(match store(state, &owner, place, fields).await? {
        true if files.is_empty() => Kept::Whole,
        true => Kept::WithFiles,
        false => Kept::NoRoom,
    })
}

/// With what the form's address says, such as the connection of a list. Both may hold
/// thousands of names, so none is looked for among all the others.
fn with_address(query: &str, mut fields: Fields) -> Fields {
    let filled = fields.pairs().filter(|(_, value)| !value.is_empty());
    let typed: HashSet<&str> = filled.map(|(name, _)| name).collect();
    let mut said = HashSet::new();
    let added: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .filter(|(name, value)| {
            !value.is_empty() && !typed.contains(name.as_str()) && said.insert(name.clone())
        })
        .collect();
    for (name, value) in added {
        fields.push(name, value);
    }
    fields
}

/// The largest files that are read, and thrown away, to find the fields beside them.
fn files_limit(req: &HttpRequest) -> usize {
    match req.path() {
        routes::TAKE_OVER => MANY_FILES_LIMIT,
        _ => FILE_LIMIT,
    }
}

async fn store(
    state: &AppState,
    owner: &str,
    place: &str,
    fields: Fields,
) -> Result<bool, StorageError> {
    let fields = SECRETS
        .iter()
        .fold(fields, |fields, name| fields.without(name));
    let form = fields.to_body();
    kept_forms::keep(&state.portal, owner, place, form.as_bytes()).await
}

/// Keeps a half-filled form for somebody who is signed in. `place` is the path of its
/// page.
///
/// # Errors
/// [`AppError::NotFound`] if that page shows no kept forms.
pub async fn keep(
    state: &AppState,
    kind: Kind,
    owner: &str,
    place: &str,
    fields: Fields,
) -> Result<bool, AppError> {
    let place = page_of(kind, place).ok_or(AppError::NotFound)?;
    Ok(store(state, owner, place, fields).await?)
}

/// The form kept for this owner at the requested page. Looked up only when the
/// address says so.
pub async fn kept(
    req: &HttpRequest,
    state: &AppState,
    owner: &str,
) -> Result<Option<Fields>, AppError> {
    let mut query = req.query_string().split('&');
    if !query.any(|part| part == routes::KEPT) {
        return Ok(None);
    }
    let found = kept_forms::find(&state.portal, owner, req.path()).await?;
    Ok(found.map(|form| Fields::parse(&form)))
}

/// The frame, which says that a form was kept.
pub fn framed(frame: Frame, is_kept: bool) -> Frame {
    match is_kept {
        true => frame.banner(Tone::Info, key("form-kept")),
        false => frame,
    }
}

/// The form kept for this owner at the requested page, in a frame that says so; if there is
/// none, `form`.
pub async fn kept_or(
    req: &HttpRequest,
    state: &AppState,
    owner: &str,
    frame: Frame,
    form: FormView,
) -> Result<(Frame, FormView), AppError> {
    Ok(match kept(req, state, owner).await? {
        Some(kept) => (framed(frame, true), FormView::filled(kept)),
        None => (frame, form),
    })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn the_address_fills_in_what_was_not_typed() {
        let typed = Fields::of([("q", "Ana"), ("state", "")]);
        let kept = with_address("q=Bea&state=issued&state=draft&due=&due=soon", typed);
        let shown = ["q", "state", "due"].map(|name| kept.get(name).to_owned());
        assert_eq!(shown, ["Ana", "issued", "soon"]);
    }

    #[test]
    fn the_largest_form_with_the_longest_address_takes_no_time() {
        let many = |letter: char, count: usize| {
            let named = (0..count).map(|at| format!("{letter}{at:x}=1"));
            named.collect::<Vec<_>>().join("&")
        };
        let mut body = many('f', 120_000);
        body.truncate(PEM_FORM_LIMIT);
        let fields = Fields::parse(body.as_bytes());
        let address = many('a', 8_000);
        let begun = Instant::now();
        let kept = with_address(&address, fields);
        let took = begun.elapsed();
        assert_eq!(kept.get("a0"), "1");
        assert!(took < Duration::from_secs(2), "it took {took:?}");
    }
}
