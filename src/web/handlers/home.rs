//! The dashboard: what to do, what is half done, what will expire.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::issuance::State;
use crate::domain::millis::Millis;
use crate::storage::certificates::{self, Certificate};
use crate::storage::issuances::{self, Issuance};
use crate::web::error::AppError;
use crate::web::extractors::SignedIn;
use crate::web::handlers::names;
use crate::web::i18n::{Key, key};
use crate::web::page::{Frame, Section, Tone, render};
use crate::web::routes;
use crate::web::state::AppState;

/// At most so many certificates stand on the dashboard.
const SHOWN: u16 = 100;

/// The dashboard.
#[derive(Debug, Template)]
#[template(path = "home/page.html")]
struct HomePage {
    frame: Frame,
    open: Vec<Open>,
    groups: Vec<Group>,
}

/// A draft or something half finished.
#[derive(Debug)]
struct Open {
    href: String,
    holder: String,
    updated_at: Millis,
    state: Key,
    tone: Tone,
}

/// Certificates that expire at about the same time.
#[derive(Debug)]
struct Group {
    title: Key,
    tone: Tone,
    certificates: Vec<Certificate>,
}

/// The page that a signed-in person begins with.
pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
) -> Result<HttpResponse, AppError> {
    let (storage, owner) = (&state.portal.storage, &user.0.owner);
    let open = issuances::newest_open(storage, owner).await?;
    let current = certificates::current(storage, owner, SHOWN).await?;
    let page = HomePage {
        frame: Frame::of(&req, &state).at(Section::Home),
        open: open.iter().map(Open::of).collect(),
        groups: grouped(current, state.portal.clock.now()),
    };
    Ok(render(&page, StatusCode::OK))
}

impl Open {
    fn of(issuance: &Issuance) -> Self {
        let (state, tone) = match issuance.state {
            State::Draft => (key("home-open-draft"), Tone::Info),
            State::Unknown => (key("home-open-unknown"), Tone::Warning),
            State::KeyCreated => (key("home-open-key-created"), Tone::Warning),
            _ => (key("home-open-under-way"), Tone::Info),
        };
        Self {
            href: routes::issuance(&issuance.id),
            holder: names::listed(&issuance.holder),
            updated_at: issuance.updated_at,
            state,
            tone,
        }
    }
}

impl Group {
    fn renew(&self, certificate: &Certificate) -> String {
        routes::renew_of(&certificate.thumbprint.to_string())
    }

    fn details(&self, certificate: &Certificate) -> String {
        routes::certificate(&certificate.thumbprint.to_string())
    }
}

/// By urgency; groups without a certificate do not show.
fn grouped(certificates: Vec<Certificate>, now: Millis) -> Vec<Group> {
    let within = |days: u64| now + Duration::from_secs(days * 24 * 3600);
    let mut groups: Vec<(Millis, Group)> = [
        (now, key("home-expired"), Tone::Bad),
        (within(7), key("home-within-7"), Tone::Bad),
        (within(30), key("home-within-30"), Tone::Warning),
        (within(60), key("home-within-60"), Tone::Warning),
        (Millis(i64::MAX), key("home-later"), Tone::Good),
    ]
    .into_iter()
    .map(|(until, title, tone)| {
        let certificates = Vec::new();
        (
            until,
            Group {
                title,
                tone,
                certificates,
            },
        )
    })
    .collect();
    for mut certificate in certificates {
        certificate.holder = names::listed(&certificate.holder);
        let fits = |(until, _): &&mut (Millis, Group)| certificate.not_after <= *until;
        if let Some((_, group)) = groups.iter_mut().find(fits) {
            group.certificates.push(certificate);
        }
    }
    groups.retain(|(_, group)| !group.certificates.is_empty());
    groups.into_iter().map(|(_, group)| group).collect()
}
