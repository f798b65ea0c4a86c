//! What exists already for the holder of a request, or is about to be requested: the same
//! document, or the same name whatever its case and accents. Somebody else of the same name
//! is told apart. Single requests and files of a thousand holders are looked at alike.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::domain::certificate::{Certificate, Validity};
use crate::domain::connection::RequestOptions;
use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::document::{etsi_in, masked_etsi};
use crate::domain::holder_name::HolderName;
use crate::domain::issuance::{Issuance, State};
use crate::domain::millis::Millis;
use crate::domain::order::Order;
use crate::domain::thumbprint::Thumbprint;
use crate::services::Portal;
use crate::storage::{StorageError, Wanted, certificates, issuances, runs};

/// What was requested so short a time ago is of somebody who means both, such as a program.
const AT_ONCE: Duration = Duration::from_secs(60);

/// More than people look at.
const MOST: usize = 10;

/// Whole files that one request is compared with.
const FOR_ONE: usize = 1;

/// How another holder compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    SameDocument,
    /// One of the two has no document, so the name is all there is.
    SameName,
    /// The same name with another document: another person.
    Namesake,
}

/// What there is for that holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A valid certificate.
    Certificate(Thumbprint, Validity),
    /// A request that is under way, or whose outcome is not known.
    Request { id: String, is_unknown: bool },
    /// A line of a run that has yet to be ordered.
    Line { run: String, position: i64 },
    /// An earlier row of the same file.
    Row(i64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    pub likeness: Likeness,
    pub holder: HolderName,
    /// The other's document, masked.
    pub document: Option<String>,
    pub found: Found,
    /// What a check page's form calls it: a request and the certificate that came of it alike.
    mark: String,
    /// Since when there is this; the beginning of time for what is only planned.
    since: Millis,
}

impl Duplicate {
    fn new(own: &Wanted, holder: HolderName, theirs: Option<&str>, found: Found) -> Self {
        let likeness = match (own.document.as_deref(), theirs) {
            (Some(own), Some(theirs)) if own == theirs => Likeness::SameDocument,
            (Some(_), Some(_)) => Likeness::Namesake,
            (None, _) | (_, None) => Likeness::SameName,
        };
        let mark = match &found {
            Found::Certificate(thumbprint, _) => thumbprint.as_str().to_owned(),
            Found::Request { id, .. } => id.clone(),
            Found::Line { run, position } => format!("{run}/{position}"),
            Found::Row(row) => row.to_string(),
        };
        Self {
            likeness,
            holder,
            document: theirs.map(masked_etsi),
            found,
            mark,
            since: Millis(0),
        }
    }

    fn of_certificate(own: &Wanted, certificate: Certificate) -> Self {
        let found = Found::Certificate(certificate.thumbprint, certificate.validity);
        let theirs = etsi_in(&certificate.subject);
        let one = Self::new(own, certificate.holder, theirs, found);
        let mark = certificate.issuance_id.unwrap_or_else(|| one.mark.clone());
        let since = certificate.recorded_at;
        Self { mark, since, ..one }
    }

    fn of_request(own: &Wanted, issuance: Issuance) -> Self {
        let since = issuance.listed_at();
        let name = issuance.order.map(|order| order.dn.preview());
        let found = Found::Request {
            id: issuance.id,
            is_unknown: matches!(issuance.state, State::Unknown | State::Abandoned),
        };
        let theirs = name.as_deref().and_then(etsi_in);
        let one = Self::new(own, issuance.holder, theirs, found);
        Self { since, ..one }
    }
}

/// Whom a name names.
pub fn wanted(name: &DistinguishedName) -> Wanted {
    Wanted {
        holder: name.common_name().unwrap_or_default().to_owned(),
        document: etsi_in(&name.preview()).map(ToOwned::to_owned),
    }
}

/// Holders whose certificates are planned, and not requested yet.
#[derive(Debug, Default)]
pub struct Planned {
    all: Vec<(Wanted, Found)>,
    by_document: BTreeMap<String, Vec<usize>>,
    by_name: BTreeMap<Vec<u8>, Vec<usize>>,
}

impl Planned {
    pub fn add(&mut self, holder: Wanted, found: Found) {
        let place = self.all.len();
        if let Some(document) = &holder.document {
            let of_it = self.by_document.entry(document.clone());
            of_it.or_default().push(place);
        }
        let of_it = self.by_name.entry(holder.name_key());
        of_it.or_default().push(place);
        self.all.push((holder, found));
    }

    /// Those who may be the same as `own`.
    pub fn like(&self, own: &Wanted) -> Vec<Duplicate> {
        let document = own.document.as_ref();
        let same = document.and_then(|document| self.by_document.get(document));
        let named = self.by_name.get(&own.name_key());
        let first = |places: Option<&'_ Vec<usize>>| -> Vec<usize> {
            places.into_iter().flatten().copied().take(MOST).collect()
        };
        let places: BTreeSet<usize> = [first(same), first(named)].concat().into_iter().collect();
        let one = |place: usize| {
            let (theirs, found) = self.all.get(place)?;
            let document = theirs.document.as_deref();
            let holder = theirs.holder.clone().into();
            Some(Duplicate::new(own, holder, document, found.clone()))
        };
        places.into_iter().filter_map(one).collect()
    }
}

/// The holders of files who wait in runs of this person that are not over: as many as `whole`
/// files have, since each is read and compared.
pub async fn planned(
    portal: &Portal,
    owner_id: &str,
    whole: usize,
) -> Result<Planned, StorageError> {
    let mut planned = Planned::default();
    for (run, line) in runs::waiting_holders(&portal.storage, owner_id, whole).await? {
        let position = line.position;
        // What a connection lets a request contain besides says nothing of its holder.
        let answers = line.answers.unwrap_or_default();
        if let Some(holder) = answers.checked(&RequestOptions::default()).holder() {
            let whom = wanted(&holder.distinguished_name());
            planned.add(whom, Found::Line { run, position });
        }
    }
    Ok(planned)
}

/// What this person has already for each of these holders.
pub async fn existing(
    portal: &Portal,
    owner_id: &str,
    wanted: &[Wanted],
) -> Result<Vec<Vec<Duplicate>>, StorageError> {
    let (storage, keys, now) = (&portal.storage, &portal.keys, portal.clock.now());
    let valid = certificates::alike(storage, keys, owner_id, wanted, now).await?;
    let open = issuances::alike(storage, keys, owner_id, wanted).await?;
    let of_one = |((own, valid), open): ((&Wanted, Vec<Certificate>), Vec<Issuance>)| {
        let valid = valid.into_iter();
        let valid = valid.map(|one| Duplicate::of_certificate(own, one));
        let open = open.into_iter();
        valid
            .chain(open.map(|one| Duplicate::of_request(own, one)))
            .collect()
    };
    Ok(wanted.iter().zip(valid).zip(open).map(of_one).collect())
}

/// The likest first, and no more than people look at.
pub fn likest(mut all: Vec<Duplicate>) -> Vec<Duplicate> {
    all.sort_by_key(|one| one.likeness);
    all.truncate(MOST);
    all
}

/// What a check page shows of these, for its form to say again: whoever may be the same holder.
pub fn marks(all: &[Duplicate]) -> String {
    let marks: Vec<&str> = same(all).map(|one| one.mark.as_str()).collect();
    marks.join(" ")
}

fn same(all: &[Duplicate]) -> impl Iterator<Item = &Duplicate> {
    all.iter().filter(|one| one.likeness != Likeness::Namesake)
}

/// Whether the holder of `order` has by now what a check page that said `shown` did not show.
pub async fn has_others(
    portal: &Portal,
    own: &Issuance,
    order: &Order,
    shown: &str,
) -> Result<bool, StorageError> {
    let now = portal.clock.now();
    let all = duplicates(portal, own, order).await?;
    let is_new = |one: &Duplicate| !shown.split_whitespace().any(|mark| mark == one.mark);
    Ok(same(&all).any(|one| is_new(one) && now.since(one.since) > AT_ONCE))
}

/// What this person has already, or has planned, for the holder of `order`, which is of the
/// issuance `own`, but for what it renews; the likest first.
pub async fn duplicates(
    portal: &Portal,
    own: &Issuance,
    order: &Order,
) -> Result<Vec<Duplicate>, StorageError> {
    let whom = wanted(&order.dn);
    let one = std::slice::from_ref(&whom);
    let mut all = existing(portal, &own.owner_id, one).await?.concat();
    all.retain(|one| match &one.found {
        Found::Certificate(thumbprint, _) => order.renews.as_ref() != Some(thumbprint),
        Found::Request { id, .. } => *id != own.id,
        Found::Line { .. } | Found::Row(_) => true,
    });
    all.extend(planned(portal, &own.owner_id, FOR_ONE).await?.like(&whom));
    Ok(likest(all))
}
