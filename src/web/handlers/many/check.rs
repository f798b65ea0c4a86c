//! The page on which a run is checked and confirmed: a line each, with what would be done
//! or why not.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;

use super::words::{self, Mistake};
use crate::domain::answers::Field;
use crate::domain::certificate::{Certificate, RenewalWarning};
use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::millis::Millis;
use crate::domain::run::{Run, RunKind, Skip};
use crate::domain::today::Today;
use crate::i18n::{Key, Lang, Message, key};
use crate::services::many::{self, HolderLine, Planned, Subject};
use crate::web::extractors::SignedIn;
use crate::web::handlers::issue::{Duplicates, warning};
use crate::web::handlers::lists::way_back::WayBack;
use crate::web::handlers::may_not_issue;
use crate::web::handlers::names;
use crate::web::handlers::renew::{OpenRenewal, UnderWay, obstacles};
use crate::web::page::form::FormView;
use crate::web::page::{Frame, Numbered, Section, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// Lines on one page.
const PAGE_SIZE: usize = 20;

/// `?page=`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CheckQuery {
    pub(super) page: String,
}

#[derive(Debug, Template)]
#[template(path = "many/check.html")]
struct CheckPage {
    frame: Frame,
    form: FormView,
    action: String,
    way: WayBack,
    back: String,
    id: String,
    /// Headings of the file that are not known.
    ignored: String,
    /// What the kind of holder of some row has no use for.
    unused: String,
    is_renewal: bool,
    /// What the lines are called, and one of them.
    called: (Key, Key),
    /// Lines that would be ordered, and those that would not.
    good: usize,
    bad: usize,
    /// Lines that would be ordered, although a certificate may exist or come twice.
    doubled: usize,
    /// Lines that would be renewed before the usual time.
    early: usize,
    rows: Vec<Row>,
    pages: Numbered,
    /// More may be doubled than when the page was shown before.
    stale: bool,
}

/// One line.
#[derive(Debug)]
struct Row {
    position: i64,
    holder: String,
    /// What tells the holder from others of the same name.
    facts: String,
    certificate: Option<Certificate>,
    /// The name as it will read.
    preview: Option<String>,
    is_skipped: bool,
    /// Why it is left out, or what to know about it.
    notes: Vec<Message>,
    mistakes: Vec<Mistake>,
    duplicates: Duplicates,
    href: Option<String>,
    /// The renewal for which it is left out.
    under_way: Option<OpenRenewal>,
}

impl CheckPage {
    fn page_of(&self, page: &usize) -> String {
        self.way.keep(routes::run_page(&self.id, None, *page))
    }

    /// What is said of the lines that are left out.
    fn left_out(&self) -> Message {
        let text = match (self.is_renewal, self.good) {
            (true, _) => key("many-bad-renew"),
            (false, 0) => key("many-bad-all"),
            (false, _) => key("many-bad-issue"),
        };
        text.with("count", self.bad)
    }

    fn verdict(&self, row: &Row) -> (Key, &'static str) {
        match (row.is_skipped, self.is_renewal) {
            (true, _) => (key("many-left-out"), "warning"),
            (false, true) => (key("many-will-renew"), "good"),
            (false, false) => (key("many-will-issue"), "good"),
        }
    }
}

/// The page, with the lines that need a look first.
pub(super) async fn show(
    frame: Frame,
    (state, user): (&AppState, &SignedIn),
    run: Run,
    (query, way): (&CheckQuery, WayBack),
    (form, status): (FormView, StatusCode),
) -> Result<HttpResponse, AppError> {
    let plan = many::plan(&state.portal, run).await?;
    let (section, back) = match plan.run.kind {
        RunKind::Renew => (Section::Renew, routes::CERTIFICATES),
        RunKind::Issue => (Section::Issue, routes::ISSUE_MANY),
    };
    let frame = may_not_issue::warned(frame.at(section), state, user).await?;
    let pages = Numbered::of(&query.page, plan.lines.len(), PAGE_SIZE);
    let (lang, today) = (frame.lang, frame.today());
    let lines = ranked(&plan.lines, today);
    let count = |wanted| lines.iter().filter(|(rank, _)| *rank == wanted).count();
    let bad = count(Rank::LeftOut);
    let page = CheckPage {
        doubled: plan.doubled(),
        stale: status == StatusCode::CONFLICT,
        early: early(&plan.lines, today),
        good: plan.lines.len() - bad,
        rows: rows(state, user, pages.rows(lines), (plan.run.kind, &frame)).await?,
        frame: frame.languages_at(way.keep(routes::run_page(&plan.run.id, None, pages.page))),
        form,
        action: way.keep(routes::run(&plan.run.id)),
        back: way.link(back, ""),
        way,
        is_renewal: plan.run.kind == RunKind::Renew,
        called: words::called(plan.run.kind),
        bad,
        pages,
        unused: labels(&plan.unused, lang),
        ignored: plan.run.ignored,
        id: plan.run.id,
    };
    Ok(render(&page, status))
}

/// Fields as the forms call them.
fn labels(fields: &[Field], lang: Lang) -> String {
    let labels = fields.iter().map(|field| lang.of(names::field(*field)));
    labels.collect::<Vec<_>>().join(", ")
}

/// How much a line needs a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    LeftOut,
    Doubled,
    Namesake,
    NotYet,
    Early,
    Plain,
}

/// Those first that need a look most.
fn ranked<'a>(lines: &'a [Planned], today: Today<'_>) -> Vec<(Rank, &'a Planned)> {
    let mut lines: Vec<_> = lines.iter().map(|line| (rank(line, today), line)).collect();
    lines.sort_by_key(|(rank, _)| *rank);
    lines
}

fn rank(line: &Planned, today: Today<'_>) -> Rank {
    if line.skip.is_some() {
        return Rank::LeftOut;
    }
    match &line.subject {
        Subject::Holder(_) if line.is_doubled() => Rank::Doubled,
        Subject::Holder(holder) if holder.duplicates.is_empty() => Rank::Plain,
        Subject::Holder(_) => Rank::Namesake,
        Subject::Certificate(_) if not_yet(line, today).is_some() => Rank::NotYet,
        Subject::Certificate(_) if is_early(line, today) => Rank::Early,
        Subject::Certificate(_) | Subject::Thumbprint(_) => Rank::Plain,
    }
}

/// How many would be renewed before the usual time.
fn early(lines: &[Planned], today: Today<'_>) -> usize {
    lines.iter().filter(|line| is_early(line, today)).count()
}

/// Whether it would be renewed before the usual time. That dates are estimates stands beside
/// them.
fn is_early(line: &Planned, today: Today<'_>) -> bool {
    let mut warnings = warnings(line, today).into_iter();
    warnings.any(|one| matches!(one, RenewalWarning::Early { .. } | RenewalWarning::Endless))
}

/// From when it is valid, if it would be renewed before.
fn not_yet(line: &Planned, today: Today<'_>) -> Option<Millis> {
    let mut warnings = warnings(line, today).into_iter();
    warnings.find_map(|one| match one {
        RenewalWarning::NotYet(from) => Some(from),
        _ => None,
    })
}

fn warnings(line: &Planned, today: Today<'_>) -> Vec<RenewalWarning> {
    match &line.subject {
        Subject::Certificate(own) if line.skip.is_none() => own.renewal_warnings(today),
        _ => Vec::new(),
    }
}

async fn rows(
    state: &AppState,
    user: &SignedIn,
    lines: Vec<(Rank, &Planned)>,
    (kind, frame): (RunKind, &Frame),
) -> Result<Vec<Row>, AppError> {
    let renewed = |(_, line): &(Rank, &Planned)| match &line.subject {
        Subject::Certificate(own) if line.skip == Some(Skip::UnderWay) => {
            Some(own.thumbprint.clone())
        }
        _ => None,
    };
    let renewed: Vec<_> = lines.iter().filter_map(renewed).collect();
    let renewed: Vec<_> = renewed.iter().collect();
    let under_way = UnderWay::of(state, &user.caller, &renewed).await?;
    let row = |(rank, line)| row(rank, line, kind, frame, &under_way);
    Ok(lines.into_iter().map(row).collect())
}

fn row(rank: Rank, line: &Planned, kind: RunKind, frame: &Frame, under_way: &UnderWay) -> Row {
    let mut row = Row {
        position: line.position,
        holder: String::new(),
        facts: String::new(),
        certificate: None,
        preview: None,
        is_skipped: line.skip.is_some(),
        notes: Vec::from_iter(line.skip.map(|skip| words::skip(skip, kind).into())),
        mistakes: Vec::new(),
        duplicates: Duplicates::default(),
        href: None,
        under_way: None,
    };
    match &line.subject {
        Subject::Thumbprint(thumbprint) => row.holder = thumbprint.grouped(),
        Subject::Certificate(certificate) => {
            row.holder = frame.holder(&certificate.holder);
            let subject = DistinguishedName::of_preview(&certificate.subject);
            row.facts = names::facts_of(&subject);
            row.href = Some(routes::certificate(certificate.thumbprint.as_str()));
            row.under_way = under_way.renewal(&certificate.thumbprint).cloned();
            row.notes.extend(advice(rank, line, frame));
            row.certificate = Some((**certificate).clone());
        }
        Subject::Holder(holder) => {
            row.holder = holder.holder.masked();
            let organisation = Some(holder.organisation.as_str());
            row.facts = names::facts(Some(&holder.document), organisation);
            row.preview = holder.name.as_ref().map(DistinguishedName::preview);
            row.notes.extend(notes(holder, frame));
            row.mistakes = words::mistakes(&holder.faults, &holder.kind, frame.lang);
            row.duplicates = Duplicates::of(holder.duplicates.clone(), frame);
        }
    }
    row
}

/// What to know about a certificate that is renewed anyway.
fn advice(rank: Rank, line: &Planned, frame: &Frame) -> Option<Message> {
    match rank {
        Rank::NotYet => not_yet(line, frame.today()).map(|from| obstacles::not_yet(from, frame)),
        Rank::Early => Some(key("many-early-line").into()),
        _ => None,
    }
}

/// What to know about a row that is accepted anyway.
fn notes(holder: &HolderLine, frame: &Frame) -> impl Iterator<Item = Message> {
    let warnings = holder.warnings.iter();
    warnings.map(|(field, one)| warning(*field, *one, frame.lang))
}
