//! Why a certificate cannot be renewed, and what to do instead.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::domain::certificate::{Certificate, Obstacle, RenewalWarning};
use crate::domain::millis::Millis;
use crate::i18n::{Key, Message, key};
use crate::services::ids;
use crate::web::handlers::lists::way_back::WayBack;
use crate::web::page::{Frame, render};
use crate::web::routes;

#[derive(Debug, Template)]
#[template(path = "renew/blocked.html")]
struct BlockedPage {
    frame: Frame,
    back: String,
    certificate: Certificate,
    why: Key,
    next: Key,
    /// A page on which something can be done about it.
    look_at: Option<(Key, String)>,
    /// Where to start a new issuance with the same answers, if that helps.
    anew: Option<String>,
    draft: String,
}

pub fn blocked(
    (frame, way): (Frame, &WayBack),
    certificate: Certificate,
    obstacle: &Obstacle,
    status: StatusCode,
) -> HttpResponse {
    let is_estimated = *obstacle == Obstacle::Expired && certificate.validity.is_estimated();
    let own = certificate.thumbprint.as_str();
    let look_at = match obstacle {
        Obstacle::Expired if is_estimated => {
            Some((key("certificates-exact-title"), routes::certificate(own)))
        }
        Obstacle::Expired | Obstacle::Seal => None,
        Obstacle::Replaced(by) => Some((key("renew-look-at"), routes::certificate(by.as_str()))),
        Obstacle::UnderWay(id) => Some((key("renew-look-at"), routes::issuance(id))),
        Obstacle::Unknown => Some((key("nav-issue"), routes::ISSUE.to_owned())),
    };
    let anew = matches!(obstacle, Obstacle::Expired | Obstacle::Seal);
    let anew = anew.then(|| way.keep(routes::renew_changed(own)));
    let (why, next) = match is_estimated {
        true => (key("renew-estimated-why"), key("renew-estimated-next")),
        false => reason(obstacle),
    };
    let page = BlockedPage {
        frame,
        back: way.link(routes::RENEW_CHOOSE, own),
        certificate,
        why,
        next,
        look_at,
        anew,
        draft: ids::new_id(),
    };
    render(&page, status)
}

/// Why not, and what to do instead.
pub const fn reason(obstacle: &Obstacle) -> (Key, Key) {
    match obstacle {
        Obstacle::Expired => (key("renew-expired-why"), key("renew-expired-next")),
        Obstacle::Seal => (key("renew-seal-why"), key("renew-seal-next")),
        Obstacle::Replaced(_) => (key("renew-replaced-why"), key("renew-replaced-next")),
        Obstacle::UnderWay(_) => (key("renew-under-way-why"), key("renew-under-way-next")),
        Obstacle::Unknown => (key("renew-unknown-why"), key("renew-unknown-next")),
    }
}

/// Whether a certificate can be renewed: now, from a date on, or why not.
pub fn eligible(certificate: &Certificate, now: Millis, frame: &Frame) -> Message {
    if let Some(found) = certificate.renewal_obstacle(now) {
        return reason(&found).0.into();
    }
    let mut warnings = certificate.renewal_warnings(frame.today()).into_iter();
    match warnings.next() {
        Some(RenewalWarning::Early { usual_from }) => {
            key("renew-from").with("date", frame.date(&usual_from))
        }
        Some(RenewalWarning::DateUnknown) => key("renew-date-unknown-short").into(),
        Some(RenewalWarning::Endless) => key("renew-endless").into(),
        Some(RenewalWarning::NotYet(from)) => not_yet(from, frame),
        Some(RenewalWarning::Estimated) | None => key("renew-now").into(),
    }
}

/// That its validity begins at this point.
pub fn not_yet(from: Millis, frame: &Frame) -> Message {
    key("renew-not-yet").with("from", frame.end(&from))
}

/// What to say before a renewal: warnings, and what is only good to know.
#[derive(Debug)]
pub struct Advice {
    pub warnings: Vec<Message>,
    pub notes: Vec<Message>,
}

impl Advice {
    pub fn of(certificate: &Certificate, frame: &Frame) -> Self {
        let (mut warnings, mut notes) = (Vec::new(), Vec::new());
        for warning in certificate.renewal_warnings(frame.today()) {
            match warning {
                RenewalWarning::Early { usual_from } => {
                    let date = frame.date(&usual_from);
                    warnings.push(key("renew-early").with("date", date));
                }
                RenewalWarning::Estimated => notes.push(key("renew-estimated").into()),
                RenewalWarning::DateUnknown => notes.push(key("renew-date-unknown").into()),
                RenewalWarning::Endless => warnings.push(key("renew-endless").into()),
                RenewalWarning::NotYet(from) => warnings.push(not_yet(from, frame)),
            }
        }
        Self { warnings, notes }
    }
}
