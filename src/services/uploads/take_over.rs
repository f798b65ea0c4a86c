//! Takes over certificates that exist already: from files, from zips of files, or by
//! thumbprint. Redtrust decides whether their owner may renew them; the portal refuses only
//! what it knows to be somebody else's. A request whose outcome is unknown stays so: only
//! `settle` looks for proof.

use std::sync::Arc;
use std::time::Duration;

use super::chosen::{ChosenFile, Found, Read};
use super::issuers;
use super::line::{Became, Line};
use super::shown::shown;
use crate::domain::certificate::{Certificate, Origin, Validity};
use crate::domain::certificate_file::CertificateFacts;
use crate::domain::certificate_trust::Checks;
use crate::domain::holder_name::HolderName;
use crate::domain::thumbprint::Thumbprint;
use crate::services::jobs::{Job, JobError};
use crate::services::limiter::{self, Deed};
use crate::services::{Caller, Portal, ids};
use crate::storage::StorageError;
use crate::storage::certificates::{self, ShownFile, TakenOver};

/// Most certificates that one person takes over in a day.
pub const MOST_A_DAY: usize = 10_000;
/// Most CAs whose signatures are looked for.
const MOST_CAS: usize = 8;
/// Certificates in one transaction.
const BATCH: usize = 50;
/// How often a transaction is tried that met another one with the same certificate.
const TRIES: usize = 3;

/// Takes over what is in these files; each certificate is looked at once.
pub async fn take_over_files(
    portal: &Portal,
    who: &Caller,
    files: Vec<ChosenFile>,
) -> Result<Vec<Line>, JobError> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    // Unpacking, parsing and verifying is work for a processor.
    let job = Job::of(portal, &who.counted_as).await?;
    let found = job.run(move |stop| Found::read(files, stop)).await?;
    let (mut lines, mut left_out) = (found.lines, found.left_out);
    let (cas, mut leaves): (Vec<_>, Vec<_>) =
        (found.all.into_iter()).partition(|one| one.facts.is_ca);
    let chains = cas.iter().take(MOST_CAS).map(|ca| ca.facts.clone());
    let chains: Vec<CertificateFacts> = chains.collect();
    lines.extend(cas.into_iter().map(|ca| Line {
        file: ca.file,
        became: Became::OfCa(Box::new(ca.facts)),
    }));
    let today = leaves.split_off(room(portal, who, leaves.len()).await?);
    let example = certificates::any_thumbprint(&portal.storage, &who.connection_id).await?;
    let mut known = Vec::new();
    for batch in leaves.chunks(BATCH) {
        let files = shown_files(&job, batch, &chains).await?;
        // There are fewer if the time is over.
        left_out += batch.len() - files.len();
        let became = write(portal, wanted(portal, who, batch, files, example.as_ref())).await?;
        for (one, became) in batch.iter().zip(became) {
            let line = line(portal, who, one, became).await?;
            if let Became::Here(stored) = &line.became {
                known.push(((**stored).clone(), one.facts.clone()));
            }
            lines.push(line);
        }
    }
    let more = [Became::LeftOut(left_out), Became::TooManyToday(today.len())];
    let more = more
        .into_iter()
        .filter(|more| !matches!(more, Became::LeftOut(0) | Became::TooManyToday(0)));
    lines.extend(more.map(Line::of_nothing));
    let all: Vec<_> = chains.iter().collect();
    issuers::learn(portal, &job, &who.connection_id, &known, &all).await?;
    tracing::info!(event = "certificates_taken_over", lines = lines.len());
    Ok(lines)
}

/// How many of so many certificates this person may take over now.
async fn room(portal: &Portal, who: &Caller, wanted: usize) -> Result<usize, StorageError> {
    let since = portal.clock.now() - Duration::from_secs(24 * 3600);
    let taken = certificates::taken_over_since(&portal.storage, &who.owner_id, since).await?;
    let own = MOST_A_DAY.saturating_sub(taken).min(wanted);
    limiter::together(portal, who, Deed::TakeOver, own).await
}

/// What became of one certificate.
async fn line(
    portal: &Portal,
    who: &Caller,
    one: &Read,
    became: TakenOver,
) -> Result<Line, StorageError> {
    let stored = stored(portal, who, &one.facts).await?.map(Box::new);
    let became = match (became, stored) {
        (TakenOver::New, Some(stored)) => Became::TakenOver(stored),
        (TakenOver::Here, Some(stored)) => Became::Here(stored),
        _ => Became::Others(Box::new(one.facts.clone())),
    };
    let file = one.file.clone();
    Ok(Line { file, became })
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
        holder: thumbprint.grouped().into(),
        validity: Validity::Unknown,
        ..empty(portal, who, thumbprint)
    };
    if room(portal, who, 1).await? == 0 {
        return Ok(Some(Became::TooManyToday(1)));
    }
    let became = write(portal, vec![(certificate, None)]).await?;
    if became.first() == Some(&TakenOver::Others) {
        return Ok(None);
    }
    let (storage, at) = (&portal.storage, &who.connection_id);
    let own = certificates::owned(storage, at, &who.owner_id, [thumbprint; 2]).await?;
    Ok(own.map(Box::new).map(|own| match became.first() {
        Some(TakenOver::New) => Became::TakenOver(own),
        _ => Became::Here(own),
    }))
}

/// The files of these certificates, with the CAs that have signed them.
async fn shown_files(
    job: &Job,
    batch: &[Read],
    cas: &[CertificateFacts],
) -> Result<Vec<ShownFile>, JobError> {
    let facts: Vec<_> = batch.iter().map(|one| one.facts.clone()).collect();
    let cas = cas.to_vec();
    job.run(move |stop| {
        let cas: Vec<_> = cas.iter().collect();
        (facts.iter())
            .take_while(|_| !stop.is_now())
            .map(|facts| shown(&mut Checks::default(), facts, &cas))
            .collect()
    })
    .await
}

/// What to store of these certificates.
fn wanted(
    portal: &Portal,
    who: &Caller,
    batch: &[Read],
    files: Vec<ShownFile>,
    example: Option<&Thumbprint>,
) -> Vec<(Certificate, Option<ShownFile>)> {
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
    batch.iter().zip(files).map(certificate).collect()
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
        holder: HolderName::default(),
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
    certificates::owned(storage, at, &who.owner_id, called).await
}
