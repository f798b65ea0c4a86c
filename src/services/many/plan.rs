//! What a run would do, before it is confirmed: each line with what speaks against it.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::answers::{Answers, Checked, Field, Problems, Step, Warning, warnings};
use crate::domain::certificate::{Certificate, Obstacle, Origin};
use crate::domain::connection::RequestOptions;
use crate::domain::run::{Run, RunKind, RunLine, Skip};
use crate::domain::thumbprint::Thumbprint;
use crate::services::Portal;
use crate::storage::runs::Conflicts;
use crate::storage::{StorageError, certificates, runs};

/// A run that its owner has yet to confirm.
#[derive(Debug, Clone)]
pub struct Plan {
    pub run: Run,
    /// In order.
    pub lines: Vec<Planned>,
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
    pub holder: String,
    /// The name as it will read, if all is well.
    pub preview: Option<String>,
    pub problems: Problems,
    /// The fields of further facts that are missing or wrong.
    pub wrong_info: Vec<&'static str>,
    /// What is accepted anyway.
    pub warnings: Vec<(Field, Warning)>,
    /// The row that orders the same certificate.
    pub same_as: Option<i64>,
    /// A certificate for a holder of this name exists, or is being issued.
    pub exists: bool,
}

/// What a connection lets a request contain.
pub async fn options(portal: &Portal, connection_id: &str) -> Result<RequestOptions, StorageError> {
    let all = portal.connections.all().await?;
    let connection = all.iter().find(|one| one.id == connection_id);
    Ok(connection
        .map(|one| one.settings.request_options.clone())
        .unwrap_or_default())
}

/// Judges every line of a run as things stand now.
pub async fn plan(portal: &Portal, run: Run) -> Result<Plan, StorageError> {
    let (storage, now) = (&portal.storage, portal.clock.now());
    let lines = runs::lines(storage, &run.id).await?;
    let conflicts = runs::conflicts(storage, &run, now).await?;
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
            let options = options(portal, &run.connection_id).await?;
            holders(lines, &options, &conflicts)
        }
    };
    Ok(Plan { run, lines })
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

fn holders(lines: Vec<RunLine>, options: &RequestOptions, conflicts: &Conflicts) -> Vec<Planned> {
    let mut seen: BTreeMap<String, i64> = BTreeMap::new();
    let mut planned = Vec::with_capacity(lines.len());
    for line in lines {
        let Some(answers) = &line.answers else {
            continue;
        };
        let mut subject = holder(answers, options, &conflicts.holders);
        if let Some(preview) = &subject.preview {
            subject.same_as = seen.get(preview).copied();
            seen.entry(preview.clone()).or_insert(line.position);
        }
        planned.push(Planned {
            position: line.position,
            skip: match (&subject.preview, subject.same_as) {
                (None, _) => Some(Skip::Incomplete),
                (Some(_), Some(_)) => Some(Skip::Repeated),
                (Some(_), None) => None,
            },
            subject: Subject::Holder(Box::new(subject)),
        });
    }
    planned
}

fn holder(answers: &Answers, options: &RequestOptions, existing: &BTreeSet<String>) -> HolderLine {
    let checked = answers.checked(options);
    let complete = checked.complete().ok();
    let name = checked.listed_name();
    HolderLine {
        preview: complete.map(|(holder, _)| holder.distinguished_name().preview()),
        warnings: complete.map_or_else(Vec::new, |(holder, _)| warnings(holder)),
        problems: problems(&checked),
        wrong_info: checked.wrong_info_on(Step::Options).to_vec(),
        same_as: None,
        exists: complete.is_some() && existing.contains(&name),
        holder: name,
    }
}

/// Those of every step, in the order of the forms.
fn problems(checked: &Checked<'_>) -> Problems {
    let steps = Step::ALL.iter();
    steps.flat_map(|step| checked.problems_on(*step)).collect()
}
