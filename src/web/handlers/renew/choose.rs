//! Chooses the certificate: from the list, by its thumbprint, or by its file.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{OpenRenewal, UnderWay, file, obstacles, own};
use crate::domain::certificate::Certificate;
use crate::domain::certificate_standing::Standing;
use crate::domain::millis::Millis;
use crate::domain::thumbprint::Thumbprint;
use crate::i18n::{Message, key};
use crate::services::{certificates, many};
use crate::web::csrf::CheckedUpload;
use crate::web::extractors::SignedIn;
use crate::web::handlers::files::{self, Shown};
use crate::web::handlers::lists::query::ListQuery;
use crate::web::handlers::lists::way_back::WayBack;
use crate::web::handlers::{may_not_issue, names, take_over};
use crate::web::kept_form::kept;
use crate::web::page::form::{FieldErrors, Fields, FormView};
use crate::web::page::{Frame, Section, Tone, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// So many are shown of those that have not expired, the first to expire; the list of
/// certificates has all.
const SHOWN: usize = 10;

#[derive(Debug, Template)]
#[template(path = "renew/choose.html")]
struct ChoosePage {
    frame: Frame,
    form: FormView,
    rows: Vec<Row>,
    /// A thumbprint that is of no certificate here, to take over.
    offer: Option<String>,
    /// How many expire soon and can be renewed unchanged.
    due: usize,
    /// How many have expired, and where they are listed.
    expired: i64,
    expired_at: String,
    /// Whether the list of certificates has others.
    has_more: bool,
}

#[derive(Debug)]
struct Row {
    href: String,
    certificate: Certificate,
    /// What tells the holder from others of the same name.
    facts: String,
    /// Whether and when it can be renewed, or why not.
    eligible: Message,
    blocked: bool,
    /// A renewal of it that is not over.
    under_way: Option<OpenRenewal>,
}

impl Row {
    fn of(certificate: Certificate, now: Millis, frame: &Frame, under_way: &UnderWay) -> Self {
        Self {
            href: routes::renew_of(certificate.thumbprint.as_str()),
            facts: names::facts_in(&certificate.subject),
            eligible: obstacles::eligible(&certificate, now, frame),
            blocked: certificate.renewal_obstacle(now).is_some(),
            under_way: under_way.renewal(&certificate.thumbprint).cloned(),
            certificate,
        }
    }
}

pub async fn first(_user: SignedIn) -> HttpResponse {
    see_other(routes::RENEW_CHOOSE)
}

pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
) -> Result<HttpResponse, AppError> {
    if let Some(page) = may_not_issue::page(&req, &state, &user, Section::Renew).await? {
        return Ok(page);
    }
    let kept = kept(&req, &state, &user.caller.owner_id).await?;
    let mut frame = Frame::of(&req, &state);
    if kept.is_some() {
        frame = frame.banner(Tone::Info, key("form-kept-file"));
    }
    let shown = (FormView::filled(kept.unwrap_or_default()), StatusCode::OK);
    match shown.0.value(file::AMONG) {
        "" => show(frame, &state, &user, shown).await,
        _ => file::ask(frame, &state, &user, shown).await,
    }
}

/// The page with this form.
async fn show(
    frame: Frame,
    state: &AppState,
    user: &SignedIn,
    (form, status): Shown,
) -> Result<HttpResponse, AppError> {
    let portal = &state.portal;
    let renewable = certificates::renewable(portal, &user.caller, SHOWN).await?;
    let due = many::count_due(portal, &user.caller).await?;
    let (frame, now) = (frame.at(Section::Renew), portal.clock.now());
    let prints: Vec<_> = renewable.first.iter().map(|one| &one.thumbprint).collect();
    let under_way = UnderWay::of(state, &user.caller, &prints).await?;
    let row = |certificate| Row::of(certificate, now, &frame, &under_way);
    let is_wrong = form.error("thumbprint").is_some();
    let typed = form.value("thumbprint").parse::<Thumbprint>().ok();
    let page = ChoosePage {
        offer: typed.filter(|_| is_wrong).map(String::from),
        form,
        due,
        expired: renewable.expired,
        expired_at: ListQuery {
            state: Standing::Expired.to_string(),
            ..ListQuery::default()
        }
        .link(routes::CERTIFICATES),
        has_more: renewable.others > 0,
        rows: renewable.first.into_iter().map(row).collect(),
        frame,
    };
    Ok(render(&page, status))
}

/// Goes on with the certificate named by its file or thumbprint.
pub async fn choose(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    form: CheckedUpload,
) -> Result<HttpResponse, AppError> {
    let fields = form.fields.clone();
    let typed = fields.get("thumbprint");
    if form.content().is_some() && !typed.is_empty() {
        return refused(&req, &state, &user, fields, key("renew-both").into()).await;
    }
    if let Some(content) = form.content() {
        return match file::answer(&req, &state, &user, fields, content).await? {
            Ok(answer) => Ok(answer),
            Err(shown) => show(Frame::of(&req, &state), &state, &user, shown).await,
        };
    }
    if typed.is_empty() && !fields.get(file::AMONG).is_empty() {
        return file::ask_again(&req, &state, &user, fields).await;
    }
    let wrong = match typed.parse::<Thumbprint>() {
        Err(error) => files::of_thumbprint(error),
        Ok(thumbprint) => match own(&state, &user, thumbprint.as_str()).await {
            Ok(_) => return Ok(see_other(&routes::renew_of(thumbprint.as_str()))),
            Err(AppError::NotFound) => not_here(&state, &user, &thumbprint).await?,
            Err(error) => return Err(error),
        },
    };
    refused(&req, &state, &user, fields, wrong).await
}

/// The form again, with what is wrong with the thumbprint.
async fn refused(
    req: &HttpRequest,
    state: &AppState,
    user: &SignedIn,
    fields: Fields,
    wrong: Message,
) -> Result<HttpResponse, AppError> {
    let form = FormView::refused(fields, FieldErrors::one("thumbprint", wrong));
    let shown = (form, StatusCode::UNPROCESSABLE_ENTITY);
    show(Frame::of(req, state), state, user, shown).await
}

/// Why a thumbprint leads nowhere: it is of the digest that the server does not use, or
/// its certificate was not issued here.
async fn not_here(
    state: &AppState,
    user: &SignedIn,
    thumbprint: &Thumbprint,
) -> Result<Message, AppError> {
    let digest = take_over::other_digest(state, user, thumbprint).await?;
    Ok(digest.unwrap_or_else(|| key("wrong-thumbprint-not-here").into()))
}

/// `/renew/{thumbprint}`: the first page for this certificate.
pub async fn one(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    thumbprint: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let certificate = own(&state, &user, &thumbprint).await?;
    let page = routes::renew_changed(certificate.thumbprint.as_str());
    Ok(see_other(&WayBack::of(&req).keep(page)))
}
