//! Taking over certificates that exist already: by file, several files or a zip, or by
//! thumbprint. The answer has a line for each of them.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{files, names};
use crate::domain::certificate::{Certificate, Validity};
use crate::domain::certificate_file::FileProblem;
use crate::domain::thumbprint::Thumbprint;
use crate::domain::visible;
use crate::i18n::{Message, key};
use crate::services::certificates::{own_certificate, usual_length};
use crate::services::uploads::{self, Became, ChosenFile, EntryProblem, Line, MOST, ZipProblem};
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
}

#[derive(Debug, Template)]
#[template(path = "certificates/taken_over.html")]
struct ResultPage {
    frame: Frame,
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
    name: String,
    facts: String,
    /// Its page, if it is this person's.
    href: Option<String>,
    renew: Option<String>,
    why: Option<Message>,
}

impl Group {
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
    Ok(ask(frame, (form, StatusCode::OK)))
}

fn ask(frame: Frame, (form, status): files::Shown) -> HttpResponse {
    let frame = frame.at(Section::Certificates);
    render(&AskPage { frame, form }, status)
}

/// Takes over what was chosen, and says of each what became of it.
pub async fn submit(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    mut form: CheckedUpload<InSession, MANY_FILES_LIMIT>,
) -> Result<HttpResponse, AppError> {
    let frame = Frame::of(&req, &state);
    let chosen: Vec<_> = std::mem::take(&mut form.files)
        .into_iter()
        .map(chosen)
        .collect();
    let lines = match (chosen.is_empty(), form.fields.get("thumbprint")) {
        (false, _) => uploads::take_over_files(&state.portal, &user.caller, chosen).await?,
        (true, "") => return Ok(refused(frame, form.fields, key("missing-take-over"))),
        (true, typed) => match named(&state, &user, typed).await? {
            Ok(line) => vec![line],
            Err(wrong) => return Ok(refused(frame, form.fields, wrong)),
        },
    };
    let now = state.portal.clock.now();
    let may_renew = |certificate: &Certificate| certificate.renewal_obstacle(now).is_none();
    let frame = frame.at(Section::Certificates);
    let page = ResultPage {
        groups: groups(lines, &frame, may_renew),
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

fn refused(frame: Frame, fields: Fields, message: impl Into<Message>) -> HttpResponse {
    let mut errors = FieldErrors::new();
    errors.add("thumbprint", message);
    let form = FormView::refused(fields, errors);
    ask(frame, (form, StatusCode::UNPROCESSABLE_ENTITY))
}

/// Takes over by thumbprint, or says what is wrong with it.
async fn named(
    state: &AppState,
    user: &SignedIn,
    typed: &str,
) -> Result<Result<Line, Message>, AppError> {
    let thumbprint: Thumbprint = match typed.parse() {
        Ok(thumbprint) => thumbprint,
        Err(error) => return Ok(Err(files::of_thumbprint(error))),
    };
    if let Some(hint) = other_digest(state, user, &thumbprint).await? {
        return Ok(Err(hint));
    }
    let portal = &state.portal;
    let found = uploads::take_over_named(portal, &user.caller, &thumbprint).await?;
    let line = |became| Line {
        file: String::new(),
        became,
    };
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
fn groups(lines: Vec<Line>, frame: &Frame, may_renew: impl Fn(&Certificate) -> bool) -> Vec<Group> {
    let group = |id, title: fn(usize) -> Message, is_of: fn(&Became) -> bool| {
        let of = lines.iter().filter(|line| is_of(&line.became));
        let rows: Vec<Row> = of.map(|line| row(line, frame, &may_renew)).collect();
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
        Became::NoCertificate(_) | Became::NotUnpacked(_) | Became::NoZip(_)
    )
}

fn row(line: &Line, frame: &Frame, may_renew: &impl Fn(&Certificate) -> bool) -> Row {
    let mut row = Row {
        file: visible(&line.file).chars().take(LONGEST_NAME).collect(),
        name: String::new(),
        facts: String::new(),
        href: None,
        renew: None,
        why: None,
    };
    match &line.became {
        Became::TakenOver(own) | Became::Here(own) => {
            row.name = names::listed(&own.holder);
            row.facts = facts_of(own, frame);
            row.href = Some(routes::certificate(own.thumbprint.as_str()));
            let renew = routes::renew_of(own.thumbprint.as_str());
            row.renew = Some(renew).filter(|_| may_renew(own));
        }
        Became::Others(facts) | Became::OfCa(facts) => {
            row.name = names::listed(&facts.holder());
            row.facts = frame.expiry(&Validity::Exact(facts.not_after));
        }
        Became::NoCertificate(FileProblem::TooMany) => {
            row.why = Some(key("file-too-many").with("most", MOST));
        }
        Became::NoCertificate(problem) => row.why = Some(files::of_file(*problem)),
        Became::NotUnpacked(problem) => row.why = Some(of_entry(*problem)),
        Became::NoZip(problem) => row.why = Some(of_zip(*problem)),
    }
    row
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
                frame.date(&end),
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
