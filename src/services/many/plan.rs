//! What a run would do, before it is confirmed: each line with what speaks against it.

use std::collections::{BTreeMap, HashMap};

use crate::domain::answers::{
    Answers, Checked, Field, Problems, Step, Warning, info_fields, warnings,
};
use crate::domain::certificate::{Certificate, Obstacle, Origin};
use crate::domain::connection::RequestOptions;
use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::holder::Holder;
use crate::domain::holder_name::HolderName;
use crate::domain::run::{Faults, Run, RunKind, RunLine, Skip};
use crate::domain::spanish_id::{masked, normalise};
use crate::domain::thumbprint::Thumbprint;
use crate::services::Portal;
use crate::services::issue::{self, Duplicate, Found, Likeness};
use crate::storage::runs::Conflicts;
use crate::storage::{StorageError, certificates, runs};

/// How much of a cell that is not understood is shown, in characters.
const LONGEST_SHOWN: usize = 60;

/// A run that its owner has yet to confirm.
#[derive(Debug, Clone)]
pub struct Plan {
    pub run: Run,
    /// In order.
    pub lines: Vec<Planned>,
    /// The fields of a file that some row fills in although its kind of holder has none such:
    /// what stands there is not used.
    pub unused: Vec<Field>,
}

/// One line.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The place in the run, or the row of the file.
    pub position: i64,
    pub subject: Subject,
    /// Why it would be left out.
    pub skip: Option<Skip>,
}

impl Plan {
    /// How many lines would be ordered, although their holders may have a certificate already.
    pub fn doubled(&self) -> usize {
        self.lines.iter().filter(|line| line.is_doubled()).count()
    }
}

impl Planned {
    /// Whether it would be ordered, although its holder may have a certificate already.
    pub fn is_doubled(&self) -> bool {
        let Subject::Holder(holder) = &self.subject else {
            return false;
        };
        let likest = holder.duplicates.first();
        self.skip.is_none() && likest.is_some_and(|one| one.likeness != Likeness::Namesake)
    }
}

/// What a line is about.
#[derive(Debug, Clone)]
pub enum Subject {
    /// A certificate of this person.
    Certificate(Box<Certificate>),
    /// A thumbprint that stands for no certificate of this person.
    Thumbprint(Thumbprint),
    /// A holder of the file.
    Holder(Box<HolderLine>),
}

/// A holder of the file, checked as a form would be.
#[derive(Debug, Clone)]
pub struct HolderLine {
    /// As much of the name as was read.
    pub holder: HolderName,
    /// The document as far as it was read, masked.
    pub document: String,
    pub organisation: String,
    /// The name, if all is well.
    pub name: Option<DistinguishedName>,
    pub faults: Faults,
    /// The beginning of what the row says of the kind of holder; empty if it says nothing.
    pub kind: String,
    /// What is accepted anyway.
    pub warnings: Vec<(Field, Warning)>,
    /// What exists already, or is planned, for the same document or name; the likest first.
    pub duplicates: Vec<Duplicate>,
}

/// Judges every line of a run as things stand now.
pub async fn plan(portal: &Portal, run: Run) -> Result<Plan, StorageError> {
    let storage = &portal.storage;
    let lines = runs::lines(storage, &run.id).await?;
    let conflicts = runs::conflicts(storage, &run).await?;
    let unused = unused(&lines);
    let lines = match run.kind {
        RunKind::Renew => {
            let own = certificates::in_run(storage, &run).await?;
            let own: BTreeMap<String, Certificate> = own
                .into_iter()
                .map(|one| (one.thumbprint.to_string(), one))
                .collect();
            let planned = |line: RunLine| renewal(portal, line, &own, &conflicts);
            lines.into_iter().filter_map(planned).collect()
        }
        RunKind::Issue => {
            let options = portal.connections.options(&run.connection_id).await?;
            let mut lines = holders(lines, &options);
            find_duplicates(portal, &run, &mut lines).await?;
            lines
        }
    };
    Ok(Plan { run, lines, unused })
}

fn unused(lines: &[RunLine]) -> Vec<Field> {
    let rows = || lines.iter().filter_map(|line| line.answers.as_ref());
    let is_unused = |field: &Field| rows().any(|answers| is_dropped(answers, *field));
    Field::ALL.iter().copied().filter(is_unused).collect()
}

/// Whether a row says something that its kind of holder has no use for.
fn is_dropped(answers: &Answers, field: Field) -> bool {
    let kind = answers.kind();
    let is_of_no_use = kind.is_some() && field.step(kind).is_none();
    // No row is without a kind of document, and it goes with the number.
    is_of_no_use && field != Field::DocumentType && !answers.text(field).trim().is_empty()
}

fn renewal(
    portal: &Portal,
    line: RunLine,
    own: &BTreeMap<String, Certificate>,
    conflicts: &Conflicts,
) -> Option<Planned> {
    let thumbprint = line.thumbprint?;
    let text = thumbprint.as_str();
    let Some(certificate) = own.get(text) else {
        return Some(Planned {
            position: line.position,
            subject: Subject::Thumbprint(thumbprint),
            skip: Some(Skip::Unknown),
        });
    };
    let obstacle = certificate.renewal_obstacle(portal.clock.now());
    let skip = match obstacle {
        Some(obstacle) => Some(skip_of(&obstacle)),
        // Nothing but its thumbprint is known: its owner fills in the rest.
        None if certificate.origin == Origin::Thumbprint => Some(Skip::Incomplete),
        None if conflicts.under_way.contains(text) => Some(Skip::UnderWay),
        None if conflicts.in_runs.contains(text) => Some(Skip::InRun),
        None => None,
    };
    Some(Planned {
        position: line.position,
        subject: Subject::Certificate(Box::new(certificate.clone())),
        skip,
    })
}

/// Why a certificate that cannot be renewed is left out.
pub(super) const fn skip_of(obstacle: &Obstacle) -> Skip {
    match obstacle {
        Obstacle::Expired => Skip::Expired,
        Obstacle::Seal => Skip::Seal,
        Obstacle::Replaced(_) => Skip::Replaced,
        Obstacle::UnderWay(_) => Skip::UnderWay,
        Obstacle::Unknown => Skip::Unknown,
    }
}

fn holders(lines: Vec<RunLine>, options: &RequestOptions) -> Vec<Planned> {
    let mut seen: HashMap<DistinguishedName, i64> = HashMap::new();
    let mut planned = Vec::with_capacity(lines.len());
    for line in lines {
        let Some(answers) = &line.answers else {
            continue;
        };
        let mut subject = holder(answers, options);
        if let Some(name) = &subject.name {
            subject.faults.same_as = seen.get(name).copied();
            seen.entry(name.clone()).or_insert(line.position);
        }
        planned.push(Planned {
            position: line.position,
            skip: match (&subject.name, subject.faults.same_as) {
                (None, _) => Some(Skip::Incomplete),
                (Some(_), Some(_)) => Some(Skip::Repeated),
                (Some(_), None) => None,
            },
            subject: Subject::Holder(Box::new(subject)),
        });
    }
    planned
}

/// Whole files that wait, and that the holders of another one are compared with.
const FILES: usize = 10;

/// Finds for each line that would be ordered what exists already for its holder, and who
/// comes before it in the file or waits in another run.
async fn find_duplicates(
    portal: &Portal,
    run: &Run,
    lines: &mut [Planned],
) -> Result<(), StorageError> {
    let ordered = |line| match line {
        &mut Planned {
            skip: None,
            position,
            subject: Subject::Holder(ref mut holder),
        } => Some((position, issue::wanted(holder.name.as_ref()?), holder)),
        _ => None,
    };
    let mut ordered: Vec<_> = lines.iter_mut().filter_map(ordered).collect();
    let wanted: Vec<_> = ordered.iter().map(|(_, whom, _)| whom.clone()).collect();
    let existing = issue::existing(portal, &run.owner_id, &wanted).await?;
    let mut before = issue::planned(portal, &run.owner_id, FILES).await?;
    for ((position, whom, holder), existing) in ordered.iter_mut().zip(existing) {
        let all = [existing, before.like(whom)].concat();
        holder.duplicates = issue::likest(all);
        before.add(whom.clone(), Found::Row(*position));
    }
    Ok(())
}

fn holder(answers: &Answers, options: &RequestOptions) -> HolderLine {
    let checked = answers.checked(options);
    let complete = checked.complete().ok();
    let read = checked.holder();
    let document = read.and_then(Holder::person);
    let organisation = read.and_then(Holder::organisation);
    let typed = |field| match is_dropped(answers, field) {
        true => "",
        false => answers.text(field),
    };
    HolderLine {
        holder: checked.listed_name().into(),
        document: document.map_or_else(
            || masked(&normalise(typed(Field::DocumentNumber))),
            |person| person.document.masked(),
        ),
        organisation: organisation.map_or_else(
            || typed(Field::OrganisationName).trim().to_owned(),
            |organisation| organisation.name.clone(),
        ),
        name: complete.map(|(holder, _)| holder.distinguished_name()),
        warnings: complete.map_or_else(Vec::new, |(holder, _)| warnings(holder)),
        faults: Faults {
            problems: problems(&checked),
            wrong_info: wrong_info(&checked, options),
            same_as: None,
        },
        kind: begun(typed(Field::Kind)),
        duplicates: Vec::new(),
    }
}

fn wrong_info(checked: &Checked<'_>, options: &RequestOptions) -> Vec<String> {
    let wrong = checked.wrong_info_on(Step::Options);
    info_fields(options)
        .filter(|(name, _)| wrong.contains(name))
        .map(|(_, field)| field.label.clone())
        .collect()
}

/// Any text may stand in a cell, numbers of people among it.
fn begun(cell: &str) -> String {
    let begun: String = cell.trim().chars().take(LONGEST_SHOWN).collect();
    HolderName::from(begun).masked()
}

/// Those of every step, in the order of the forms.
fn problems(checked: &Checked<'_>) -> Problems {
    let steps = Step::ALL.iter();
    steps.flat_map(|step| checked.problems_on(*step)).collect()
}
