//! The dashboard: what to do, unfinished issuances, upcoming expiries.

use std::ops::Range;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use jiff::tz::TimeZone;

use super::chart::Chart;
use crate::domain::certificate;
use crate::domain::holder_name::HolderName;
use crate::domain::issuance::{Cause, State, Summary};
use crate::domain::millis::Millis;
use crate::i18n::{Key, key};
use crate::services::many;
use crate::services::overview;
use crate::web::extractors::SignedIn;
use crate::web::handlers::issuances::Discarded;
use crate::web::handlers::many::RunRow;
use crate::web::handlers::names;
use crate::web::handlers::renew::{RenewalWay, UnderWay};
use crate::web::page::{Frame, Section, Tone, dates, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "home/page.html")]
struct HomePage {
    frame: Frame,
    discarded: Option<Discarded>,
    /// Sent, and not finished.
    open: Vec<Open>,
    runs: Vec<RunRow>,
    /// The newest drafts; a page of their own has all of them.
    drafts: Vec<Open>,
    groups: Vec<Group>,
    /// Renewals of those certificates that are not over.
    under_way: UnderWay,
    now: Millis,
    chart: Option<Chart>,
}

/// So many drafts are shown: what is sent, and what expires, comes first.
const DRAFTS: usize = 3;

/// A draft or an unfinished issuance.
#[derive(Debug)]
struct Open {
    href: String,
    holder: HolderName,
    /// What tells the holder from others of the same name.
    facts: String,
    updated_at: Millis,
    state: Key,
    tone: Tone,
}

/// Certificates that expire at about the same time.
#[derive(Debug)]
struct Group {
    title: Key,
    tone: Tone,
    count: i64,
    /// All of them.
    href: String,
    certificates: Vec<certificate::Summary>,
}

/// The first page after signing in.
pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
) -> Result<HttpResponse, AppError> {
    let (now, zone) = (state.portal.clock.now(), &state.settings.branding.time_zone);
    let months = dates::year_of_months(now, zone);
    let found = overview::overview(&state.portal, &user.caller, now, &months).await?;
    let runs = many::unfinished(&state.portal, &user.caller).await?;
    let prints = found.groups.iter().flat_map(|group| &group.first);
    let prints: Vec<_> = prints.map(|one| &one.thumbprint).collect();
    let under_way = UnderWay::of(&state, &user.caller, &prints).await?;
    let is_draft = |one: &&Summary| one.state == State::Draft;
    let (drafts, open): (Vec<_>, Vec<_>) = found.open.iter().partition(is_draft);
    let page = HomePage {
        frame: Frame::of(&req, &state).at(Section::Home),
        discarded: Discarded::of(&req, &state, &user.caller).await?,
        drafts: drafts.into_iter().take(DRAFTS).map(Open::of).collect(),
        open: open.into_iter().map(Open::of).collect(),
        runs: runs.iter().map(RunRow::of).collect(),
        groups: found.groups.into_iter().map(Group::of).collect(),
        under_way,
        now,
        chart: Chart::of(&months, &found.months, |month| days_of(month, zone)),
    };
    Ok(render(&page, StatusCode::OK))
}

/// The certificates that expire in this month.
fn days_of(month: &Range<Millis>, zone: &TimeZone) -> String {
    let last = Millis(month.end.0 - 1);
    let (from, to) = (
        dates::sortable_day(month.start, zone),
        dates::sortable_day(last, zone),
    );
    routes::certificates_with(&[("from", &from), ("to", &to)])
}

impl HomePage {
    fn renew(&self, certificate: &certificate::Summary) -> Option<RenewalWay> {
        RenewalWay::of_row(certificate, self.now)
    }
}

impl Open {
    fn of(issuance: &Summary) -> Self {
        let (state, tone) = match issuance.state {
            State::Draft => (key("home-open-draft"), Tone::Info),
            State::Unknown if issuance.cause == Some(Cause::ShownByOwner) => {
                names::state_of(issuance.state, issuance.cause)
            }
            State::Unknown => (key("home-open-unknown"), Tone::Warning),
            State::KeyCreated => (key("home-open-key-created"), Tone::Warning),
            State::Creating | State::Finalizing => (key("home-open-under-way"), Tone::Info),
            // These states are final, so such a row is never listed.
            State::Issued | State::Refused | State::Mismatch | State::Abandoned => {
                names::state(issuance.state)
            }
        };
        Self {
            href: routes::issuance(&issuance.id),
            holder: issuance.holder.clone(),
            facts: names::facts(Some(&issuance.document), Some(&issuance.organisation)),
            updated_at: issuance.updated_at,
            state,
            tone,
        }
    }
}

impl Group {
    fn of(group: overview::Group) -> Self {
        let (title, tone) = names::urgency(group.urgency);
        Self {
            title,
            tone,
            count: group.count,
            href: routes::certificates_with(&[("due", group.urgency.as_str())]),
            certificates: group.first,
        }
    }

    /// Whether there are more than the page shows.
    fn has_more(&self) -> bool {
        usize::try_from(self.count).is_ok_and(|count| count > self.certificates.len())
    }

    fn facts(&self, certificate: &certificate::Summary) -> String {
        names::facts_in(&certificate.subject)
    }

    fn details(&self, certificate: &certificate::Summary) -> String {
        routes::certificate(certificate.thumbprint.as_str())
    }
}
