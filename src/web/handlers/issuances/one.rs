//! One issuance: its progress, result or problem, with the actions that are safe.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::renewed::Renewed;
use super::standing::{texts_of_story, told_to_others, why};
use super::story::{self, Line, Milestone};
use crate::domain::certificate::Certificate;
use crate::domain::csr::csr_to_pem;
use crate::domain::issuance::{Cause, Doubt, Issuance, Standing, State};
use crate::domain::login_attempt::Destination;
use crate::domain::thumbprint::Thumbprint;
use crate::i18n::{Key, Message, key};
use crate::services::attention::Seen;
use crate::services::history::{self, Story};
use crate::services::ids;
use crate::services::uploads;
use crate::web::extractors::SignedIn;
use crate::web::handlers::lists::way_back::WayBack;
use crate::web::handlers::{advice, files, names};
use crate::web::page::form::FormView;
use crate::web::page::{Frame, Said, Section, Tone, render};
use crate::web::problem::{AppError, Texts};
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "issuances/one.html")]
struct OnePage {
    frame: Frame,
    form: FormView,
    back: String,
    /// What is shown besides, if somebody else looks at it.
    seen: Option<Seen>,
    issuance: Issuance,
    /// The certificate that it led to.
    certificate: Option<Certificate>,
    /// The whole name, for its owner alone: it holds the document's number.
    subject: Option<String>,
    standing: Standing,
    texts: Texts,
    state: (Key, Tone),
    kind: Key,
    why: Option<Key>,
    steps: Vec<Milestone>,
    timeline: Vec<Line>,
    renewed: Option<Renewed>,
    links: Links,
    wording: Wording,
    /// What Redtrust said at the last event, and warnings before it.
    said: Vec<Said>,
    /// When what is personal will be erased.
    erases: Option<Message>,
}

/// The actions on this page; unsafe ones are left out.
#[derive(Debug, Default)]
struct Links {
    sign_in: Option<String>,
    edit: Option<String>,
    resume: Option<String>,
    settle: Option<String>,
    /// Where a certificate is taken over that may exist after all.
    take_over: Option<&'static str>,
    abandon: Option<String>,
    discard: Option<String>,
    again: Option<String>,
    new_draft: String,
    renew_again: Option<String>,
    csr: Option<String>,
    events: Option<String>,
    receipt: Option<String>,
    calendar: Option<String>,
    certificate: Option<String>,
    renews: Option<String>,
}

impl Links {
    fn of(story: &Story, user: &SignedIn, way: &WayBack) -> Self {
        let (issuance, standing) = (&story.issuance, story.standing);
        let id = &issuance.id;
        let file = |allowed: bool, what: &str| allowed.then(|| routes::of_issuance(id, what));
        let action = |allowed: bool, what: &str| file(allowed, what).map(|page| way.keep(page));
        let certificate = |one: &Thumbprint| way.keep(routes::certificate(one.as_str()));
        let renewal = issuance.renews.as_ref();
        let thumbprint = issuance.thumbprint.as_ref();
        let issued = thumbprint.filter(|_| standing.is_issued());
        let has_csr = issuance.csr.as_deref().and_then(csr_to_pem).is_some();
        let again = standing.may_begin_again();
        Self {
            sign_in: ended(issuance, user).then(|| {
                let back = Destination::Issuance(id.clone());
                let connection = story.connection.as_ref();
                routes::sign_in(connection.map(|one| &one.slug), &back)
            }),
            edit: standing.is_draft().then(|| way.keep(last_step(issuance))),
            resume: action(standing.may_resume(), "resume"),
            settle: action(uploads::may_settle(issuance), "certificate"),
            take_over: (standing == Standing::AbandonedInDoubt(Doubt::Certificate))
                .then_some(routes::TAKE_OVER),
            abandon: action(standing.may_abandon(), "abandon"),
            discard: action(standing.may_discard() && !standing.may_abandon(), "discard"),
            again: action(again && renewal.is_none(), "again"),
            new_draft: ids::new_id(),
            // An open issuance blocks another renewal of the same certificate.
            renew_again: renewal
                .filter(|_| again && standing != Standing::UnknownNoCode)
                .map(|renews| routes::renew_of(renews.as_str())),
            csr: file(has_csr, "request.csr"),
            events: file(standing.is_under_way(), "events"),
            receipt: action(standing.is_issued(), "receipt"),
            calendar: file(standing.is_issued() && story.may_remind, "expiry.ics"),
            certificate: issued.map(certificate),
            renews: renewal.map(certificate),
        }
    }

    /// How the other buttons look: whoever has to sign in does that first.
    const fn look(&self) -> &'static str {
        match self.sign_in {
            Some(_) => "secondary",
            None => "",
        }
    }
}

/// The page of a draft where it is sent.
fn last_step(draft: &Issuance) -> String {
    match draft.renews {
        Some(_) => routes::renew_check(&draft.id),
        None => routes::issue_step(&draft.id, "check"),
    }
}

/// How the ways on are offered.
#[derive(Debug)]
struct Wording {
    edit: Key,
    again: Key,
    /// Somebody else has to act before it makes sense to begin again.
    again_later: bool,
    /// A renewal that cannot go on: only once it is given up it can begin again.
    abandon_first: bool,
    /// Nobody knows whether its certificate exists.
    may_exist: bool,
}

impl Wording {
    fn of(story: &Story) -> Self {
        let (issuance, connection) = (&story.issuance, story.connection.as_ref());
        Self {
            edit: match story.standing {
                Standing::PutOff => key("one-try-again"),
                _ => key("one-edit"),
            },
            again: advice::again(issuance),
            again_later: !advice::helps_to_begin_again(issuance, connection),
            abandon_first: story.standing == Standing::UnknownNoCode && issuance.renews.is_some(),
            may_exist: story.doubt() == Some(Doubt::Certificate),
        }
    }
}

/// The sign-in that sent it has ended at Redtrust, and this is still the same
/// sign-in.
fn ended(issuance: &Issuance, user: &SignedIn) -> bool {
    issuance.cause == Some(Cause::SignInAgain) && issuance.sign_in_id == user.caller.sign_in_id
}

/// Not found if the issuance belongs to somebody else.
pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    show(&req, &state, &user, &id, files::fresh()).await
}

/// Shows the current state, with this form.
pub(super) async fn show(
    req: &HttpRequest,
    state: &AppState,
    user: &SignedIn,
    id: &str,
    (form, status): files::Shown,
) -> Result<HttpResponse, AppError> {
    let story = history::story(&state.portal, &user.caller, id).await?;
    let story = story.ok_or(AppError::NotFound)?;
    let frame = Frame::of(req, state).at(Section::Issuances);
    let way = WayBack::of(req);
    let page = OnePage {
        form,
        subject: subject(&story),
        back: way.link(routes::ISSUANCES, id),
        links: Links::of(&story, user, &way),
        renewed: Renewed::of(state, user, &story.issuance).await?,
        erases: state
            .portal
            .retention
            .map(|kept| key("one-erases").with("days", i64::from(kept.days()))),
        ..OnePage::reading(frame.languages_at(way.keep(routes::issuance(id))), story)
    };
    Ok(render(&page, status))
}

/// The distinguished name in the certificate, or else the one that was asked for.
fn subject(story: &Story) -> Option<String> {
    let certificate = story.certificate.as_ref();
    let stands = certificate.map(|certificate| certificate.subject.clone());
    let order = story.issuance.order.as_ref();
    stands
        .filter(|subject| !subject.is_empty())
        .or_else(|| order.map(|order| order.dn.preview()))
}

/// Shows somebody else's issuance, with nothing to do about it.
pub fn show_read_only(frame: Frame, story: Story, seen: Seen, back: String) -> HttpResponse {
    let mut page = OnePage {
        seen: Some(seen),
        back,
        ..OnePage::reading(frame, story)
    };
    page.texts.title = told_to_others(page.texts.title);
    page.why = page.why.map(told_to_others);
    for line in &mut page.timeline {
        line.why = line.why.map(told_to_others);
    }
    render(&page, StatusCode::OK)
}

impl OnePage {
    /// The page without actions.
    fn reading(frame: Frame, story: Story) -> Self {
        let standing = story.standing;
        Self {
            frame,
            form: FormView::default(),
            back: String::new(),
            seen: None,
            links: Links::default(),
            wording: Wording::of(&story),
            said: story::said(&story),
            renewed: None,
            subject: None,
            erases: None,
            texts: texts_of_story(&story),
            state: state_label(&story.issuance, standing),
            kind: names::kind(story.issuance.kind),
            why: why(&story),
            steps: story::progress(&story.issuance, standing),
            timeline: story::lines(&story),
            standing,
            certificate: story.certificate,
            issuance: story.issuance,
        }
    }

    /// Whether somebody else who looks at it should know what its owner is told to do.
    const fn is_left_to_owner(&self) -> bool {
        matches!(
            self.standing,
            Standing::KeysOnly
                | Standing::KeysRefused
                | Standing::UnknownWithCode
                | Standing::UnknownNoCode
                | Standing::Mismatch
                | Standing::AbandonedInDoubt(_)
        )
    }

    /// The request that led to the certificate that replaced this one's.
    fn replacement(&self) -> Option<String> {
        let new = self.seen.as_ref()?.replaced_by.as_ref()?;
        new.issuance_id.as_deref().map(routes::attention_issuance)
    }
}

/// The state as shown to people.
fn state_label(issuance: &Issuance, standing: Standing) -> (Key, Tone) {
    match (issuance.state, standing) {
        (_, Standing::Recording) => (key("state-recording"), Tone::Info),
        (State::KeyCreated, Standing::Working | Standing::Waiting) => {
            (key("state-creating"), Tone::Info)
        }
        _ => names::state_of(issuance.state, issuance.cause),
    }
}

pub async fn csr(
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let found = history::find(&state.portal, &user.caller, &id).await?;
    let (issuance, _) = found.ok_or(AppError::NotFound)?;
    let pem = issuance.csr.as_deref().and_then(csr_to_pem);
    let pem = pem.ok_or(AppError::NotFound)?;
    let disposition = format!("attachment; filename=\"{}.csr\"", issuance.reference);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .body(pem))
}
