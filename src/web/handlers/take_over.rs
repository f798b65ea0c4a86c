//! Taking over certificates that exist already: by file, several files or a zip, or by
//! thumbprint. The answer has a line for each of them.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::renew::RenewalWay;
use super::{files, names};
use crate::domain::certificate::{Certificate, Validity};
use crate::domain::certificate_file::FileProblem;
use crate::domain::holder_name::HolderName;
use crate::domain::thumbprint::Thumbprint;
use crate::domain::visible;
use crate::i18n::{Key, Message, key};
use crate::services::certificates::{own_certificate, usual_length};
use crate::services::uploads::{
    self, Became, ChosenFile, EntryProblem, Line, MOST, MOST_A_DAY, MOST_FILES, ZipProblem,
};
use crate::web::csrf::{CheckedUpload, InSession, MANY_FILES_LIMIT, Upload};
use crate::web::extractors::SignedIn;
use crate::web::kept_form::kept;
use crate::web::page::form::{FieldErrors, Fields, FormView};
use crate::web::page::{Frame, Section, Tone, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// Longest name of a file that is shown, in characters.
const LONGEST_NAME: usize = 120;
/// Longer lists are folded.
const MOST_OPEN: usize = 20;

#[derive(Debug, Template)]
#[template(path = "certificates/take_over.html")]
struct AskPage {
    frame: Frame,
    form: FormView,
    /// Why nothing came of what was chosen, if it was more than one.
    groups: Vec<Group>,
}

#[derive(Debug, Template)]
#[template(path = "certificates/taken_over.html")]
struct ResultPage {
    frame: Frame,
    title: Key,
    /// What was not taken over comes first.
    groups: Vec<Group>,
}

/// The lines with the same result.
#[derive(Debug)]
struct Group {
    title: Message,
    id: &'static str,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    file: String,
    holder: HolderName,
    facts: String,
    /// Its page, if it is this person's.
    href: Option<String>,
    /// To its renewal, or to why there is none.
    renew: Option<RenewalWay>,
    why: Option<Message>,
}

impl Group {
    /// One line is no list.
    fn is_list(&self) -> bool {
        self.rows.len() > 1
    }

    fn is_open(&self) -> bool {
        self.rows.len() <= MOST_OPEN
    }
}

pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
) -> Result<HttpResponse, AppError> {
    let kept = kept(&req, &state, &user.caller.owner_id).await?;
    let mut frame = Frame::of(&req, &state);
    if kept.is_some() {
        frame = frame.banner(Tone::Info, key("form-kept-file"));
    }
    let form = FormView::filled(kept.unwrap_or_default());
    Ok(ask(frame, (form, StatusCode::OK), Vec::new()))
}

fn ask(frame: Frame, (form, status): files::Shown, groups: Vec<Group>) -> HttpResponse {
    let frame = frame.at(Section::Certificates);
    let page = AskPage {
        frame,
        form,
        groups,
    };
    render(&page, status)
}

/// Takes over what was chosen and what was typed, and says of each what became of it.
pub async fn submit(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    mut form: CheckedUpload<InSession, MANY_FILES_LIMIT>,
) -> Result<HttpResponse, AppError> {
    let frame = Frame::of(&req, &state);
    let files = std::mem::take(&mut form.files).into_iter();
    let chosen: Vec<_> = files.map(chosen).collect();
    let typed = form.fields.get("thumbprint");
    if chosen.is_empty() && typed.is_empty() {
        let missing = FieldErrors::one("thumbprint", key("missing-take-over"));
        return Ok(refused(frame, form.fields, missing, Vec::new()));
    }
    // Before anything is taken over: a wrong thumbprint has to be corrected first.
    let named = match named(&state, &user, typed).await? {
        Ok(named) => named,
        Err(wrong) => {
            let wrong = FieldErrors::one("thumbprint", wrong);
            return Ok(refused(frame, form.fields, wrong, Vec::new()));
        }
    };
    let found = uploads::take_over_files(&state.portal, &user.caller, chosen).await?;
    let lines = merged(named, found);
    let frame = frame.at(Section::Certificates);
    let Some(title) = headline(&lines) else {
        return Ok(nothing(frame, form.fields, lines));
    };
    let page = ResultPage {
        title,
        groups: groups(lines, &frame),
        frame,
    };
    Ok(render(&page, StatusCode::OK))
}

fn chosen(upload: Upload) -> ChosenFile {
    ChosenFile {
        name: upload.name,
        content: upload.content,
    }
}

/// The lines of the files, and that of the thumbprint unless its file is among them.
fn merged(named: Option<Line>, mut lines: Vec<Line>) -> Vec<Line> {
    let Some(named) = named else {
        return lines;
    };
    let Some(own) = named.became.own().map(|own| own.thumbprint.clone()) else {
        lines.insert(0, named);
        return lines;
    };
    let is_same = |line: &&mut Line| line.became.own().is_some_and(|one| one.thumbprint == own);
    let is_new = matches!(named.became, Became::TakenOver(_));
    let Some(same) = lines.iter_mut().find(is_same) else {
        lines.insert(0, named);
        return lines;
    };
    if is_new && let Became::Here(own) = &same.became {
        same.became = Became::TakenOver(own.clone());
    }
    lines
}

/// What the page says above all; `None` if nothing is this person's.
fn headline(lines: &[Line]) -> Option<Key> {
    let count = |is_one: fn(&Became) -> bool| {
        let lines = lines.iter();
        lines.filter(|line| is_one(&line.became)).count()
    };
    let new = count(|became| matches!(became, Became::TakenOver(_)));
    let here = count(|became| matches!(became, Became::Here(_)));
    match (new, here) {
        (0, 0) => None,
        (0, _) => Some(key("taken-over-nothing-new")),
        (1, _) => Some(key("taken-over-title-one")),
        _ => Some(key("taken-over-title")),
    }
}

/// The form again: beside the field why nothing came of the file, below it of each of many.
fn nothing(frame: Frame, fields: Fields, lines: Vec<Line>) -> HttpResponse {
    let (why, lines) = match lines.as_slice() {
        [] => (files::of_file(FileProblem::NoCertificate), Vec::new()),
        [only] => (why(&only.became), Vec::new()),
        _ => (key("take-over-nothing").into(), lines),
    };
    let errors = FieldErrors::one(files::FIELD, why);
    let groups = groups(lines, &frame);
    refused(frame, fields, errors, groups)
}

fn refused(frame: Frame, fields: Fields, errors: FieldErrors, groups: Vec<Group>) -> HttpResponse {
    let form = FormView::refused(fields, errors);
    ask(frame, (form, StatusCode::UNPROCESSABLE_ENTITY), groups)
}

/// Takes over by thumbprint, if one was typed, or says what is wrong with it.
async fn named(
    state: &AppState,
    user: &SignedIn,
    typed: &str,
) -> Result<Result<Option<Line>, Message>, AppError> {
    if typed.is_empty() {
        return Ok(Ok(None));
    }
    let thumbprint: Thumbprint = match typed.parse() {
        Ok(thumbprint) => thumbprint,
        Err(error) => return Ok(Err(files::of_thumbprint(error))),
    };
    if let Some(hint) = other_digest(state, user, &thumbprint).await? {
        return Ok(Err(hint));
    }
    let portal = &state.portal;
    let found = uploads::take_over_named(portal, &user.caller, &thumbprint).await?;
    let line = |became| Some(Line::of_nothing(became));
    Ok(found
        .map(line)
        .ok_or_else(|| key("take-over-others-thumbprint").into()))
}

/// Which digest the server calls its certificates by, if this is the other one and no
/// certificate is known by it.
pub async fn other_digest(
    state: &AppState,
    user: &SignedIn,
    thumbprint: &Thumbprint,
) -> Result<Option<Message>, AppError> {
    let (portal, who) = (&state.portal, &user.caller);
    let given = thumbprint.as_str().len();
    let usual = usual_length(portal, who).await?.unwrap_or(given);
    let known = own_certificate(portal, who, thumbprint).await?;
    let name = |digits: usize| if digits == 64 { "SHA-256" } else { "SHA-1" };
    let hint = key("wrong-thumbprint-digest")
        .with("given", name(given))
        .with("wanted", name(usual))
        .with("digits", usual);
    Ok((usual != given && known.is_none()).then_some(hint))
}

/// The lines, by what became of them.
fn groups(lines: Vec<Line>, frame: &Frame) -> Vec<Group> {
    let group = |id, title: fn(usize) -> Message, is_of: fn(&Became) -> bool| {
        let of = lines.iter().filter(|line| is_of(&line.became));
        let rows: Vec<Row> = of.map(|line| row(line, frame)).collect();
        Group {
            title: title(rows.len()),
            id,
            rows,
        }
    };
    let mut all = vec![
        group(
            "not-read",
            |count| key("taken-over-not-read").with("count", count),
            is_not_read,
        ),
        group(
            "others",
            |count| key("taken-over-others").with("count", count),
            |became| matches!(became, Became::Others(_)),
        ),
        group(
            "taken-over",
            |count| key("taken-over-new").with("count", count),
            |became| matches!(became, Became::TakenOver(_)),
        ),
        group(
            "here",
            |count| key("taken-over-here").with("count", count),
            |became| matches!(became, Became::Here(_)),
        ),
        group(
            "of-cas",
            |count| key("taken-over-of-cas").with("count", count),
            |became| matches!(became, Became::OfCa(_)),
        ),
    ];
    all.retain(|group| !group.rows.is_empty());
    all
}

const fn is_not_read(became: &Became) -> bool {
    matches!(
        became,
        Became::NoCertificate(_)
            | Became::NotUnpacked(_)
            | Became::NoZip(_)
            | Became::LeftOut(_)
            | Became::TooManyToday(_)
    )
}

fn row(line: &Line, frame: &Frame) -> Row {
    let mut row = Row {
        file: visible(&line.file).chars().take(LONGEST_NAME).collect(),
        holder: HolderName::default(),
        facts: String::new(),
        href: None,
        renew: None,
        why: None,
    };
    match &line.became {
        Became::TakenOver(own) | Became::Here(own) => {
            row.holder = own.holder.clone();
            row.facts = facts_of(own, frame);
            row.href = Some(routes::certificate(own.thumbprint.as_str()));
            row.renew = RenewalWay::of(own, frame.today().now);
        }
        Became::Others(facts) | Became::OfCa(facts) => {
            row.holder = facts.holder();
            row.facts = frame.until(&Validity::Exact(facts.not_after));
        }
        Became::NoCertificate(_)
        | Became::NotUnpacked(_)
        | Became::NoZip(_)
        | Became::LeftOut(_)
        | Became::TooManyToday(_) => {
            row.why = Some(why(&line.became));
        }
    }
    row
}

/// Why it was not taken over, or what it is instead.
fn why(became: &Became) -> Message {
    match became {
        Became::TakenOver(_) | Became::Here(_) => key("taken-over-title").into(),
        Became::Others(_) => key("take-over-others-thumbprint").into(),
        Became::OfCa(_) => key("take-over-only-ca").into(),
        Became::NoCertificate(FileProblem::TooMany) => key("file-too-many").with("most", MOST),
        Became::NoCertificate(problem) => files::of_file(*problem),
        Became::NotUnpacked(problem) => of_entry(*problem),
        Became::NoZip(problem) => of_zip(*problem),
        Became::LeftOut(count) => {
            let most = key("take-over-left-out").with("most", MOST_FILES);
            most.with("count", *count)
        }
        Became::TooManyToday(count) => {
            let most = key("take-over-too-many-today").with("most", MOST_A_DAY);
            most.with("count", *count)
        }
    }
}

/// The kind, as far as it can be guessed, and the dates.
fn facts_of(own: &Certificate, frame: &Frame) -> String {
    let kind = own
        .kind
        .map(|kind| frame.of_key(&names::kind(kind)).into_owned());
    let from = own.file.as_ref().map(|file| file.not_before);
    let dates = match (from, own.validity.end()) {
        (Some(from), Some(end)) => frame
            .t2(
                "taken-over-dates",
                "from",
                frame.date(&from),
                "to",
                frame.end(&end),
            )
            .into_owned(),
        _ => frame.expiry(&own.validity),
    };
    kind.into_iter()
        .chain([dates])
        .collect::<Vec<_>>()
        .join(" · ")
}

fn of_entry(problem: EntryProblem) -> Message {
    match problem {
        EntryProblem::Password => key("zip-password").into(),
        EntryProblem::TooLarge => key("zip-entry-too-large").into(),
        EntryProblem::Damaged => key("zip-entry-damaged").into(),
        EntryProblem::Zip => key("zip-in-zip").into(),
    }
}

fn of_zip(problem: ZipProblem) -> Message {
    match problem {
        ZipProblem::Damaged => key("zip-damaged").into(),
        ZipProblem::TooMany | ZipProblem::TooLarge => key("zip-too-large").into(),
    }
}
