//! Takes over certificates that exist already: from files, from zips of files, or by
//! thumbprint. Redtrust decides whether their owner may renew them; the portal refuses only
//! what it knows to be somebody else's. A request whose outcome is unknown stays so: only
//! `settle` looks for proof.

use std::collections::HashSet;
use std::sync::Arc;

use super::archive::{self, EntryProblem, ZipProblem};
use super::issuers;
use super::shown::shown;
use crate::domain::certificate::{Certificate, Origin, Validity};
use crate::domain::certificate_file::{CertificateFacts, FileProblem, read_up_to};
use crate::domain::thumbprint::Thumbprint;
use crate::services::{Caller, Portal, ids};
use crate::storage::StorageError;
use crate::storage::certificates::{self, ShownFile, TakenOver};

/// Most certificates in one file that is no zip.
pub const MOST: usize = 1_000;
/// Most CAs whose signatures are looked for.
const MOST_CAS: usize = 8;
/// Certificates in one transaction.
const BATCH: usize = 100;
/// How often a transaction is tried that met another one with the same certificate.
const TRIES: usize = 3;

/// A file that somebody chose, with the name it has on their side.
#[derive(Debug, Clone)]
pub struct ChosenFile {
    pub name: String,
    pub content: Vec<u8>,
}

/// What became of one certificate, or of a file that is none.
#[derive(Debug, Clone)]
pub struct Line {
    /// The file's name, for one in a zip after the zip's.
    pub file: String,
    pub became: Became,
}

/// What became of it.
#[derive(Debug, Clone)]
pub enum Became {
    /// It is this person's from now on.
    TakenOver(Box<Certificate>),
    /// It was this person's already.
    Here(Box<Certificate>),
    /// It is another person's, so nothing was changed.
    Others(Box<CertificateFacts>),
    /// It belongs to a CA; it is kept only as part of the chain of others.
    OfCa(Box<CertificateFacts>),
    NoCertificate(FileProblem),
    NotUnpacked(EntryProblem),
    NoZip(ZipProblem),
}

/// A certificate that was read, and from which file.
struct Read {
    file: String,
    facts: CertificateFacts,
}

/// Takes over what is in these files; each certificate is looked at once.
pub async fn take_over_files(
    portal: &Portal,
    who: &Caller,
    files: Vec<ChosenFile>,
) -> Result<Vec<Line>, StorageError> {
    // Unpacking, parsing and verifying is work for a processor.
    let read = tokio::task::spawn_blocking(move || read_all(files));
    let (read, mut lines) = read.await.map_err(|_| StorageError::Busy)?;
    let (cas, leaves): (Vec<_>, Vec<_>) = read.into_iter().partition(|one| one.facts.is_ca);
    let chains: Vec<CertificateFacts> = cas
        .iter()
        .take(MOST_CAS)
        .map(|ca| ca.facts.clone())
        .collect();
    lines.extend(cas.into_iter().map(|ca| Line {
        file: ca.file,
        became: Became::OfCa(Box::new(ca.facts)),
    }));
    let example = certificates::any_thumbprint(&portal.storage, &who.connection_id).await?;
    let mut known = Vec::new();
    for batch in leaves.chunks(BATCH) {
        let wanted = wanted(portal, who, batch, &chains, example.as_ref()).await?;
        let became = write(portal, wanted).await?;
        for (one, became) in batch.iter().zip(became) {
            let stored = stored(portal, who, &one.facts).await?;
            let became = match (became, stored) {
                (TakenOver::New, Some(stored)) => Became::TakenOver(Box::new(stored)),
                (TakenOver::Here, Some(stored)) => {
                    known.push((stored.clone(), one.facts.clone()));
                    Became::Here(Box::new(stored))
                }
                _ => Became::Others(Box::new(one.facts.clone())),
            };
            let file = one.file.clone();
            lines.push(Line { file, became });
        }
    }
    let all: Vec<_> = chains.iter().collect();
    issuers::learn(portal, &who.connection_id, &known, &all).await?;
    tracing::info!(event = "certificates_taken_over", lines = lines.len());
    Ok(lines)
}

/// Takes over a certificate of which only the thumbprint is known. `None` if it is
/// another person's; else it was taken over now, or was here.
pub async fn take_over_named(
    portal: &Portal,
    who: &Caller,
    thumbprint: &Thumbprint,
) -> Result<Option<Became>, StorageError> {
    let certificate = Certificate {
        origin: Origin::Thumbprint,
        thumbprint: thumbprint.clone(),
        holder: thumbprint.grouped(),
        validity: Validity::Unknown,
        ..empty(portal, who, thumbprint)
    };
    let became = write(portal, vec![(certificate, None)]).await?;
    let found =
        certificates::by_thumbprint(&portal.storage, &who.connection_id, thumbprint).await?;
    let own = found
        .filter(|found| found.owner_id == who.owner_id)
        .map(Box::new);
    Ok(own.map(|own| match became.first() {
        Some(TakenOver::New) => Became::TakenOver(own),
        _ => Became::Here(own),
    }))
}

/// The certificates in these files, each once, and a line for each file that has none.
fn read_all(files: Vec<ChosenFile>) -> (Vec<Read>, Vec<Line>) {
    let (mut all, mut lines, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    let mut take =
        |file: String, content: &[u8], lines: &mut Vec<Line>| match read_up_to(content, MOST) {
            Ok(found) => all.extend(
                found
                    .into_iter()
                    .filter(|facts| seen.insert(facts.sha256.clone()))
                    .map(|facts| Read {
                        file: file.clone(),
                        facts,
                    }),
            ),
            Err(problem) => lines.push(Line {
                file,
                became: Became::NoCertificate(problem),
            }),
        };
    for file in files {
        if !archive::is_zip(&file.content) {
            take(file.name, &file.content, &mut lines);
            continue;
        }
        match archive::entries(&file.content) {
            Err(problem) => lines.push(Line {
                file: file.name,
                became: Became::NoZip(problem),
            }),
            Ok(entries) => {
                for entry in entries {
                    let name = format!("{}: {}", file.name, entry.name);
                    match entry.content {
                        Ok(content) => take(name, &content, &mut lines),
                        Err(problem) => lines.push(Line {
                            file: name,
                            became: Became::NotUnpacked(problem),
                        }),
                    }
                }
            }
        }
    }
    (all, lines)
}

/// What to store of these certificates.
async fn wanted(
    portal: &Portal,
    who: &Caller,
    batch: &[Read],
    cas: &[CertificateFacts],
    example: Option<&Thumbprint>,
) -> Result<Vec<(Certificate, Option<ShownFile>)>, StorageError> {
    let facts: Vec<_> = batch.iter().map(|one| one.facts.clone()).collect();
    let cas = cas.to_vec();
    let files = tokio::task::spawn_blocking(move || {
        let cas: Vec<_> = cas.iter().collect();
        facts
            .iter()
            .map(|facts| shown(facts, &cas))
            .collect::<Vec<_>>()
    });
    let files = files.await.map_err(|_| StorageError::Busy)?;
    let certificate = |(one, file): (&Read, ShownFile)| {
        let thumbprint = one.facts.called_like(example).clone();
        let certificate = Certificate {
            origin: Origin::File,
            holder: file.holder.clone(),
            subject: file.subject.clone(),
            kind: Some(file.kind),
            issued_at: file.not_before,
            validity: Validity::Exact(file.not_after),
            ..empty(portal, who, &thumbprint)
        };
        (certificate, Some(file))
    };
    Ok(batch.iter().zip(files).map(certificate).collect())
}

/// A certificate of which nothing is known yet.
fn empty(portal: &Portal, who: &Caller, thumbprint: &Thumbprint) -> Certificate {
    let now = portal.clock.now();
    Certificate {
        id: ids::new_id(),
        connection_id: who.connection_id.clone(),
        owner_id: who.owner_id.clone(),
        issuance_id: None,
        origin: Origin::Thumbprint,
        recorded_at: now,
        certificate_id: None,
        thumbprint: thumbprint.clone(),
        file: None,
        holder: String::new(),
        subject: String::new(),
        kind: None,
        renews: None,
        replaced_by: None,
        issued_at: now,
        validity: Validity::Unknown,
        proven: false,
    }
}

/// One transaction. Somebody may take the same certificate over at the same moment: then
/// the next try finds it.
async fn write(
    portal: &Portal,
    wanted: Vec<(Certificate, Option<ShownFile>)>,
) -> Result<Vec<TakenOver>, StorageError> {
    let mut tries = 0;
    loop {
        tries += 1;
        let (wanted, keys) = (wanted.clone(), Arc::clone(&portal.keys));
        let written = portal
            .storage
            .write(move |conn| {
                Box::pin(async move {
                    let mut became = Vec::with_capacity(wanted.len());
                    for (certificate, file) in &wanted {
                        became.push(
                            certificates::take_over(conn, &keys, certificate, file.as_ref())
                                .await?,
                        );
                    }
                    Ok(became)
                })
            })
            .await;
        match written {
            Err(StorageError::Conflict) if tries < TRIES => {}
            done => return done,
        }
    }
}

/// This person's certificate as it is stored now.
async fn stored(
    portal: &Portal,
    who: &Caller,
    facts: &CertificateFacts,
) -> Result<Option<Certificate>, StorageError> {
    let (storage, at) = (&portal.storage, &who.connection_id);
    let called = [&facts.sha1, &facts.sha256];
    let found = certificates::by_either_thumbprint(storage, at, called).await?;
    Ok(found.filter(|found| found.owner_id == who.owner_id))
}
