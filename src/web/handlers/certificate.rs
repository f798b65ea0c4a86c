//! One certificate: what is known of it, its file, and its chain of renewals.

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::certificate::Certificate;
use crate::domain::certificate_standing::Standing;
use crate::domain::connection::RevocationHelp;
use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::pem::to_pem;
use crate::domain::thumbprint::Thumbprint;
use crate::domain::today::Today;
use crate::i18n::{Key, Message, key};
use crate::services::Portal;
use crate::services::certificates::{self, own_certificate};
use crate::services::mail;
use crate::services::renewal_chain::renewal_chain;
use crate::services::uploads::{self, MadeExact};
use crate::web::csrf::CheckedUpload;
use crate::web::extractors::SignedIn;
use crate::web::handlers::files;
use crate::web::handlers::lists::way_back::WayBack;
use crate::web::handlers::mail::silenced;
use crate::web::handlers::names;
use crate::web::handlers::note::NoteForm;
use crate::web::handlers::renew::{OpenRenewal, RenewalWay, UnderWay};
use crate::web::kept_form;
use crate::web::page::form::FormView;
use crate::web::page::{Frame, Section, Tone, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "certificates/one.html")]
struct OnePage {
    frame: Frame,
    way: WayBack,
    form: FormView,
    upload: String,
    certificate: Certificate,
    status: (Message, Tone),
    /// The numbers and names of its subject, each in a row of its own.
    names: Vec<(Key, String)>,
    /// The request that led to it; `None` if it was taken over.
    issuance: Option<String>,
    receipt: Option<String>,
    calendar: Option<String>,
    renew: Option<RenewalWay>,
    /// A renewal of it that is not over.
    under_way: Option<OpenRenewal>,
    renews: Option<Linked>,
    replaced_by: Option<Linked>,
    chain: Vec<Certificate>,
    note: NoteForm,
    /// Whether reminders of it are off; `None` if there are none anyway.
    silent: Option<bool>,
    revocation: RevocationHelp,
}

/// Another certificate in the chain of renewals.
#[derive(Debug)]
struct Linked {
    href: String,
    thumbprint: Thumbprint,
}

impl OnePage {
    fn back(&self) -> String {
        let row = self.certificate.thumbprint.as_str();
        self.way.link(routes::CERTIFICATES, row)
    }

    fn details(&self, certificate: &Certificate) -> String {
        self.way
            .keep(routes::certificate(certificate.thumbprint.as_str()))
    }

    fn is_this(&self, other: &Certificate) -> bool {
        other.id == self.certificate.id
    }

    fn may_renew(&self) -> bool {
        self.renew.as_ref().is_some_and(|way| way.is_open)
    }

    fn silence(&self) -> String {
        self.way.keep(routes::ACCOUNT_MAIL_SILENCE.to_owned())
    }

    fn download(&self, what: &str) -> String {
        routes::of_certificate(self.certificate.thumbprint.as_str(), what)
    }
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

/// Reads the exact expiry date from the certificate's file, and keeps the file.
pub async fn make_exact(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    thumbprint: web::Path<String>,
    form: CheckedUpload,
) -> Result<HttpResponse, AppError> {
    let thumbprint: Thumbprint = thumbprint.parse().map_err(|_| AppError::NotFound)?;
    let (portal, who) = (&state.portal, user.caller.clone());
    match uploads::make_exact(portal, &who, &thumbprint, form.content()).await? {
        MadeExact::Done => {
            let page = routes::certificate(thumbprint.as_str());
            Ok(see_other(&WayBack::of(&req).keep(page)))
        }
        MadeExact::Missing => Err(AppError::NotFound),
        MadeExact::Wrong(problem) => {
            let shown = files::refused(form.fields, &problem, &Frame::of(&req, &state));
            show(&req, &state, &user, &thumbprint, shown).await
        }
    }
}

/// The certificate as a file.
pub async fn download(
    state: web::Data<AppState>,
    user: SignedIn,
    thumbprint: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let (thumbprint, files) = kept(&state, &user, &thumbprint).await?;
    let own = files.into_iter().next().ok_or(AppError::NotFound)?;
    Ok(attachment(
        "application/pkix-cert",
        &format!("{thumbprint}.cer"),
        own,
    ))
}

/// The certificate and the CAs above it as a file.
pub async fn chain(
    state: web::Data<AppState>,
    user: SignedIn,
    thumbprint: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let (thumbprint, files) = kept(&state, &user, &thumbprint).await?;
    let pem: String = files.iter().map(|der| to_pem("CERTIFICATE", der)).collect();
    let name = format!("{thumbprint}.pem");
    Ok(attachment(
        "application/pem-certificate-chain",
        &name,
        pem.into_bytes(),
    ))
}

fn attachment(kind: &'static str, name: &str, content: Vec<u8>) -> HttpResponse {
    let disposition = format!("attachment; filename=\"{name}\"");
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .body(content)
}

async fn kept(
    state: &AppState,
    user: &SignedIn,
    text: &str,
) -> Result<(Thumbprint, Vec<Vec<u8>>), AppError> {
    let thumbprint: Thumbprint = text.parse().map_err(|_| AppError::NotFound)?;
    let files = certificates::file(&state.portal, &user.caller, &thumbprint).await?;
    Ok((thumbprint, files.ok_or(AppError::NotFound)?))
}

/// `?done=note`, `silent` or `again`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Done {
    done: String,
}

/// Says what was done there, and if what was typed there was kept.
fn framed(req: &HttpRequest, state: &AppState, is_kept: bool) -> Frame {
    let frame = Frame::of(req, state).at(Section::Certificates);
    let query = web::Query::<Done>::from_query(req.query_string());
    let done = query.map(|query| query.into_inner().done);
    let frame = match done.unwrap_or_default().as_str() {
        "note" => frame.banner(Tone::Good, key("note-saved")),
        done => silenced(frame, done),
    };
    kept_form::framed(frame, is_kept)
}

async fn show(
    req: &HttpRequest,
    state: &AppState,
    user: &SignedIn,
    thumbprint: &Thumbprint,
    (form, status): files::Shown,
) -> Result<HttpResponse, AppError> {
    let (portal, who) = (&state.portal, &user.caller);
    let found = own_certificate(portal, who, thumbprint).await?;
    let certificate = found.ok_or(AppError::NotFound)?;
    let (today, way) = (portal.today(), WayBack::of(req));
    let under_way = UnderWay::of(state, who, &[&certificate.thumbprint]).await?;
    let issuance = certificate.issuance_id.as_deref();
    let of_issuance = |what| issuance.map(|id| routes::of_issuance(id, what));
    let linked = |other: &Thumbprint| Linked::to(other, &way);
    let typed = kept_form::kept(req, state, &who.owner_id).await?;
    let frame = framed(req, state, typed.is_some());
    let page = OnePage {
        receipt: of_issuance("receipt").map(|page| way.keep(page)),
        calendar: of_issuance("expiry.ics").filter(|_| may_remind(&certificate, today)),
        chain: renewal_chain(portal, who, &certificate).await?,
        note: NoteForm::of(portal, &certificate, &way, typed).await?,
        silent: mail::is_silent(portal, &certificate).await?,
        revocation: revocation(portal, &certificate).await?,
        status: names::status_of(&certificate, today, |from| frame.end(from)),
        frame: frame.languages_at(way.keep(routes::certificate(thumbprint.as_str()))),
        form,
        upload: way.keep(routes::of_certificate(thumbprint.as_str(), "file")),
        names: rows(&certificates::name(portal, &certificate).await?),
        issuance: issuance.map(|id| way.keep(routes::issuance(id))),
        renew: RenewalWay::of(&certificate, today.now),
        under_way: under_way.renewal(&certificate.thumbprint).cloned(),
        renews: certificate.renews.as_ref().map(linked),
        replaced_by: certificate.replaced_by.as_ref().map(linked),
        certificate,
        way,
    };
    Ok(render(&page, status))
}

/// What this certificate's connection says about revocation.
async fn revocation(
    portal: &Portal,
    certificate: &Certificate,
) -> Result<RevocationHelp, AppError> {
    let all = portal.connections.all().await?;
    let mut all = all.iter();
    let at = all.find(|one| one.id == certificate.connection_id);
    Ok(at
        .map(|one| one.settings.revocation.clone())
        .unwrap_or_default())
}

fn may_remind(certificate: &Certificate, today: Today<'_>) -> bool {
    certificate.validity.end().is_some() && Standing::of(certificate, today).may_remind()
}

/// The attributes of a name that people look for, without the marks of ETSI.
fn rows(name: &DistinguishedName) -> Vec<(Key, String)> {
    const SHOWN: [(&str, Key); 4] = [
        ("2.5.4.5", key("field-document-number")),
        ("2.5.4.10", key("field-organisation-name")),
        ("2.5.4.97", key("field-organisation-nif")),
        ("2.5.4.12", key("field-position")),
    ];
    let row = |(oid, label): &(&str, Key)| {
        let found = name.attributes().iter().find(|one| one.oid() == Some(*oid));
        let value = &found?.value;
        let bare = ["IDCES-", "VATES-"]
            .iter()
            .find_map(|mark| value.strip_prefix(mark));
        Some((*label, bare.unwrap_or(value).to_owned()))
    };
    SHOWN.iter().filter_map(row).collect()
}

impl Linked {
    fn to(thumbprint: &Thumbprint, way: &WayBack) -> Self {
        Self {
            href: way.keep(routes::certificate(thumbprint.as_str())),
            thumbprint: thumbprint.clone(),
        }
    }
}
