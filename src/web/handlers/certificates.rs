//! Certificates: the list, and one certificate with its chain of renewals.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::certificate::Certificate;
use crate::domain::thumbprint::Thumbprint;
use crate::i18n::key;
use crate::services::certificates::{self, own_certificate};
use crate::services::renewal_chain::renewal_chain;
use crate::services::uploads::{self, MadeExact};
use crate::web::csrf::CheckedUpload;
use crate::web::extractors::SignedIn;
use crate::web::handlers::{files, names};
use crate::web::page::form::FormView;
use crate::web::page::paging::Paging;
use crate::web::page::{Frame, Section, Tone, paging, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

const PAGE_SIZE: u16 = 20;

#[derive(Debug, Template)]
#[template(path = "certificates/list.html")]
struct ListPage {
    frame: Frame,
    certificates: Vec<Row>,
    paging: Paging,
}

#[derive(Debug)]
struct Row {
    certificate: Certificate,
    details: String,
    renew: String,
}

#[derive(Debug, Template)]
#[template(path = "certificates/one.html")]
struct OnePage {
    frame: Frame,
    form: FormView,
    upload: String,
    certificate: Certificate,
    /// The request that led to it; `None` if it was taken over.
    issuance: Option<String>,
    receipt: Option<String>,
    calendar: Option<String>,
    renew: Option<String>,
    renews: Option<Linked>,
    replaced_by: Option<Linked>,
    chain: Vec<Certificate>,
}

/// Another certificate in the chain of renewals.
#[derive(Debug)]
struct Linked {
    href: String,
    thumbprint: Thumbprint,
}

impl OnePage {
    fn details(&self, certificate: &Certificate) -> String {
        routes::certificate(certificate.thumbprint.as_str())
    }

    fn is_this(&self, other: &Certificate) -> bool {
        other.id == self.certificate.id
    }
}

/// `?page=`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    page: String,
}

pub async fn list(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, AppError> {
    let (portal, after) = (&state.portal, paging::cursor(&query.page));
    let first = after.as_ref().map(|_| routes::CERTIFICATES.to_owned());
    let current = certificates::current(portal, &user.caller, after, PAGE_SIZE).await?;
    let next = |cursor: &[u8]| routes::certificates_from(&paging::text(cursor));
    let row = |certificate: Certificate| Row {
        details: routes::certificate(&certificate.thumbprint.to_string()),
        renew: routes::renew_of(&certificate.thumbprint.to_string()),
        certificate: Certificate {
            holder: names::listed(&certificate.holder),
            ..certificate
        },
    };
    let mut frame = Frame::of(&req, &state).at(Section::Certificates);
    if current.broken > 0 {
        let text = key("certificates-broken").with("count", current.broken);
        frame = frame.banner(Tone::Bad, text);
    }
    let page = ListPage {
        frame,
        paging: Paging {
            first,
            next: current.next.as_deref().map(next),
        },
        certificates: current.rows.into_iter().map(row).collect(),
    };
    Ok(render(&page, StatusCode::OK))
}

/// Not found if the certificate belongs to somebody else.
pub async fn one(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    thumbprint: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let thumbprint: Thumbprint = thumbprint.parse().map_err(|_| AppError::NotFound)?;
    show(&req, &state, &user, &thumbprint, files::fresh()).await
}

/// Reads the exact expiry date from the certificate's file.
pub async fn make_exact(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    thumbprint: web::Path<String>,
    form: CheckedUpload,
) -> Result<HttpResponse, AppError> {
    let thumbprint: Thumbprint = thumbprint.parse().map_err(|_| AppError::NotFound)?;
    let (portal, who) = (&state.portal, user.caller.clone());
    let file = form.file.as_ref().map(|file| file.content.as_slice());
    match uploads::make_exact(portal, &who, &thumbprint, file).await? {
        MadeExact::Done => Ok(see_other(&routes::certificate(thumbprint.as_str()))),
        MadeExact::Missing => Err(AppError::NotFound),
        MadeExact::Wrong(problem) => {
            let shown = files::refused(form.fields, &problem, &Frame::of(&req, &state));
            show(&req, &state, &user, &thumbprint, shown).await
        }
    }
}

async fn show(
    req: &HttpRequest,
    state: &AppState,
    user: &SignedIn,
    thumbprint: &Thumbprint,
    (form, status): files::Shown,
) -> Result<HttpResponse, AppError> {
    let found = own_certificate(&state.portal, &user.caller, thumbprint).await?;
    let certificate = found.ok_or(AppError::NotFound)?;
    let may_renew = certificate
        .renewal_obstacle(state.portal.clock.now())
        .is_none();
    let chain = renewal_chain(&state.portal, &user.caller, &certificate).await?;
    let issuance = certificate.issuance_id.as_deref();
    let of_issuance = |what| issuance.map(|id| routes::of_issuance(id, what));
    let page = OnePage {
        receipt: of_issuance("receipt"),
        calendar: of_issuance("expiry.ics").filter(|_| certificate.validity.end().is_some()),
        chain,
        frame: Frame::of(req, state)
            .at(Section::Certificates)
            .languages_at(routes::certificate(thumbprint.as_str())),
        form,
        upload: routes::certificate_file(thumbprint.as_str()),
        issuance: issuance.map(routes::issuance),
        renew: may_renew.then(|| routes::renew_of(&thumbprint.to_string())),
        renews: certificate.renews.as_ref().map(Linked::to),
        replaced_by: certificate.replaced_by.as_ref().map(Linked::to),
        certificate,
    };
    Ok(render(&page, status))
}

impl Linked {
    fn to(thumbprint: &Thumbprint) -> Self {
        Self {
            href: routes::certificate(&thumbprint.to_string()),
            thumbprint: thumbprint.clone(),
        }
    }
}
