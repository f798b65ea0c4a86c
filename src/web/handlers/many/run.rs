//! The page of a run: what became of each line, live while it is worked on.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::words::{self, Mistake};
use super::{check, connection_of, own};
use crate::domain::connection::Connection;
use crate::domain::login_attempt::Destination;
use crate::domain::run::{Hold, LineOutcome, Run, RunKind, RunState};
use crate::i18n::{Key, Lang, key};
use crate::services::many::{self, Named, Tally, Told};
use crate::web::extractors::SignedIn;
use crate::web::handlers::lists::way_back::WayBack;
use crate::web::handlers::names;
use crate::web::page::form::FormView;
use crate::web::page::{Frame, Numbered, Section, Text, Tone, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// Lines on one page.
pub(super) const PAGE_SIZE: usize = 20;

/// `?show=&page=`
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct RunQuery {
    show: String,
    page: String,
}

impl RunQuery {
    /// The outcome that is asked for.
    pub(super) fn shown(&self) -> Option<LineOutcome> {
        self.show.parse().ok()
    }

    pub(super) fn page(&self) -> &str {
        &self.page
    }
}

#[derive(Debug, Template)]
#[template(path = "many/run.html")]
struct RunPage {
    frame: Frame,
    way: WayBack,
    back: String,
    run: Run,
    kind: Key,
    /// What the lines are called, and one of them.
    called: (Key, Key),
    state: (Key, Tone),
    what: Key,
    /// How many lines need somebody's attention.
    unknown: usize,
    is_live: bool,
    counts: Vec<Count>,
    total: usize,
    shown: Option<LineOutcome>,
    rows: Vec<Row>,
    pages: Numbered,
    acts: Acts,
}

/// How many lines have an outcome.
#[derive(Debug)]
struct Count {
    outcome: LineOutcome,
    word: Key,
    number: usize,
}

/// One line.
#[derive(Debug)]
struct Row {
    position: i64,
    holder: String,
    /// What tells the holder from others of the same name.
    facts: String,
    outcome: (Key, Tone),
    /// Why it was left out, or what its refusal asks for.
    why: Vec<Mistake>,
    said: Option<String>,
    /// The page of its issuance, and its reference.
    issuance: Option<(String, String)>,
}

/// What may be done now.
#[derive(Debug, Default)]
struct Acts {
    pause: bool,
    go_on: bool,
    /// How many lines would be left out if it ended now; `None` if it cannot.
    stop: Option<usize>,
    /// How many lines it may help to try again, and how many there are with those that
    /// somebody has to mend first, if there are any.
    retry: usize,
    retry_all: usize,
    /// How many those are.
    mend: usize,
    /// Where to sign in again first.
    sign_in: Option<String>,
}

pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
    query: web::Query<RunQuery>,
) -> Result<HttpResponse, AppError> {
    let run = own(&state, &user, &id).await?;
    let frame = Frame::of(&req, &state);
    if run.state == RunState::Check {
        let query = check::CheckQuery {
            page: query.page.clone(),
        };
        let shown = (FormView::default(), StatusCode::OK);
        let at = (&query, WayBack::of(&req));
        return check::show(frame, (&state, &user), run, at, shown).await;
    }
    show(frame, &state, &user, run, (&query, WayBack::of(&req))).await
}

async fn show(
    frame: Frame,
    state: &AppState,
    user: &SignedIn,
    run: Run,
    (query, way): (&RunQuery, WayBack),
) -> Result<HttpResponse, AppError> {
    let tally = many::tally(&state.portal, &run).await?;
    let connection = connection_of(state, &run).await?;
    let story = many::story(&state.portal, run).await?;
    let shown = query.shown();
    let lines: Vec<_> = story.with(shown).collect();
    let pages = Numbered::of(query.page(), lines.len(), PAGE_SIZE);
    let at = (&story.run, connection.as_ref());
    let rows = rows(state, at, pages.rows(lines), frame.lang).await?;
    let run = &story.run;
    let acts = Acts::of(state, user, run, connection.as_ref()).await?;
    let page = RunPage {
        frame: frame
            .at(section(run.kind))
            .languages_at(way.keep(routes::run_page(&run.id, shown, pages.page))),
        back: way.link(routes::RUNS, ""),
        kind: words::kind(run.kind),
        called: words::called(run.kind),
        state: words::state(run, &tally),
        what: acts.what(run, &tally),
        is_live: is_live(run, &tally),
        unknown: unknown(run, &tally),
        counts: counts(&tally),
        total: tally.all(),
        shown,
        rows,
        pages,
        way,
        acts,
        run: run.clone(),
    };
    Ok(render(&page, StatusCode::OK))
}

const fn section(kind: RunKind) -> Section {
    match kind {
        RunKind::Renew => Section::Renew,
        RunKind::Issue => Section::Issue,
    }
}

/// Whether its lines are being worked on.
pub(super) fn is_live(run: &Run, tally: &Tally) -> bool {
    run.state == RunState::Working || words::is_ending(run, tally)
}

/// How many lines are left for somebody to look at, once nothing else is left to do.
fn unknown(run: &Run, tally: &Tally) -> usize {
    match run.state {
        RunState::Done => tally.to_settle(),
        RunState::Check | RunState::Working | RunState::Paused => 0,
    }
}

async fn rows(
    state: &AppState,
    (run, connection): (&Run, Option<&Connection>),
    lines: Vec<&Told>,
    lang: Lang,
) -> Result<Vec<Row>, AppError> {
    let at = |line: Option<&&Told>| line.map_or(0, |line| line.position);
    let positions = at(lines.first())..=at(lines.last());
    let named = many::named(&state.portal, run, positions).await?;
    let row = |line: &Told| {
        let why = words::why(line, run.kind, connection, lang);
        Row::of(line, named.get(&line.position), why)
    };
    Ok(lines.into_iter().map(row).collect())
}

fn counts(tally: &Tally) -> Vec<Count> {
    let count = |outcome: &LineOutcome| Count {
        outcome: *outcome,
        word: words::outcome(*outcome).0,
        number: tally.of(*outcome),
    };
    LineOutcome::ALL.iter().map(count).collect()
}

impl RunPage {
    fn page_of(&self, page: &usize) -> String {
        self.way
            .keep(routes::run_page(&self.run.id, self.shown, *page))
    }

    fn only(&self, outcome: &LineOutcome) -> String {
        self.way
            .keep(routes::run_page(&self.run.id, Some(*outcome), 1))
    }

    fn only_unknown(&self) -> String {
        self.only(&LineOutcome::Unknown)
    }

    fn all(&self) -> String {
        self.way.keep(routes::run(&self.run.id))
    }

    fn is_shown(&self, outcome: &LineOutcome) -> bool {
        self.shown == Some(*outcome)
    }

    fn events(&self) -> String {
        routes::run_events(&self.run.id, self.shown, self.pages.page)
    }

    fn results(&self) -> String {
        routes::run_results(&self.run.id)
    }

    fn word(&self, outcome: &LineOutcome) -> Text {
        self.frame.of_key(&words::outcome(*outcome).0)
    }
}

impl Row {
    fn of(line: &Told, named: Option<&Named>, why: Vec<Mistake>) -> Self {
        Self {
            position: line.position,
            facts: named.map_or_else(String::new, |named| names::facts_of(&named.name)),
            holder: match &line.renews {
                Some(renews) if line.holder.is_empty() => renews.grouped(),
                _ => line.holder.masked(),
            },
            outcome: words::of_line(line.outcome),
            why,
            said: line.said.as_ref().map(|said| match said.text.as_str() {
                "" => said.code.clone(),
                text => format!("{text} ({})", said.code),
            }),
            issuance: line
                .issuance
                .as_ref()
                .map(|(id, reference)| (routes::issuance(id), reference.clone())),
        }
    }
}

impl Acts {
    async fn of(
        state: &AppState,
        user: &SignedIn,
        run: &Run,
        connection: Option<&Connection>,
    ) -> Result<Self, AppError> {
        let is_paused = run.state == RunState::Paused;
        // Another sign-in than the one that ended can go on at once.
        let is_over =
            run.hold == Some(Hold::SignInAgain) && run.sign_in_id == user.caller.sign_in_id;
        let sign_in = || {
            let back = Destination::Run(run.id.clone());
            routes::sign_in(connection.map(|one| &one.slug), &back)
        };
        let repeat = match run.state {
            RunState::Done => many::to_repeat(&state.portal, run).await?,
            _ => Vec::new(),
        };
        let retry = repeat.iter().filter(|line| line.helps).count();
        let mend = repeat.len() - retry;
        Ok(Self {
            pause: run.state == RunState::Working,
            go_on: is_paused && !is_over,
            stop: match is_paused {
                true => Some(many::left(&state.portal, run).await?),
                false => None,
            },
            retry,
            retry_all: if mend > 0 { repeat.len() } else { 0 },
            mend,
            sign_in: (is_paused && is_over).then(sign_in),
        })
    }

    /// Where the run stands, for somebody who may do this.
    fn what(&self, run: &Run, tally: &Tally) -> Key {
        match (run.hold, self.go_on) {
            (Some(Hold::SignInAgain), true) => key("many-what-signed-in-again"),
            _ => words::what(run, tally),
        }
    }
}

/// What changes on the page while it is open.
pub(super) fn news(lang: Lang, run: &Run, tally: &Tally, rows: &[&Told]) -> serde_json::Value {
    let steps: Vec<_> = counts(tally)
        .iter()
        .map(|count| {
            serde_json::json!({
                "class": "",
                "label": lang.of(count.word),
                "word": count.number.to_string(),
            })
        })
        .collect();
    let rows: Vec<_> = rows
        .iter()
        .map(|line| {
            let (word, tone) = words::of_line(line.outcome);
            serde_json::json!({
                "id": format!("line-{}", line.position),
                "class": format!("tag {}", tone.class()),
                "word": lang.of(word),
            })
        })
        .collect();
    serde_json::json!({
        "title": lang.of(words::state(run, tally).0),
        "what": lang.of(words::what(run, tally)),
        "steps": steps,
        "rows": rows,
    })
}
