//! Checks the four invariants using what the sandbox recorded, what the portal's
//! database says, and whether the audit chain is valid. How the facts were produced
//! does not matter here.

use std::collections::BTreeMap;

/// The input of the judge, collected when no work is in progress.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// What took effect at the sandbox.
    pub effects: Vec<Effect>,
    /// The issuances in the portal's database.
    pub rows: Vec<Row>,
    /// Why the audit chain is invalid, if it is.
    pub broken_audit: Option<String>,
}

/// A key pair or a certificate that the sandbox made.
#[derive(Debug, Clone)]
pub struct Effect {
    /// The thumbprint, if it is a certificate.
    pub thumbprint: Option<String>,
    /// The code of the key pair.
    pub code: String,
    /// The distinguished name.
    pub subject: String,
    /// The thumbprint of the certificate to renew.
    pub renews: Option<String>,
}

/// An issuance of the portal.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    pub state: String,
    /// The request code, if known.
    pub code: Option<String>,
    /// The thumbprint of its certificate.
    pub thumbprint: Option<String>,
    /// The common name, unique for every issuance of a crash run.
    pub holder: String,
    /// The thumbprint of the certificate to renew.
    pub renews: Option<String>,
    /// The states it reached, according to its timeline.
    pub steps: Vec<String>,
    /// The states it reached, according to the audit.
    pub audited: Vec<String>,
}

/// A broken invariant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// `I1` to `I4`.
    pub invariant: &'static str,
    pub how: String,
}

pub fn breach(invariant: &'static str, how: String) -> Breach {
    Breach { invariant, how }
}

/// All broken invariants.
pub fn judge(facts: &Facts) -> Vec<Breach> {
    let mut found = lost(facts);
    found.extend(invented(facts));
    found.extend(doubled(facts));
    found.extend(unaudited(facts));
    found
}

/// I1: every certificate has a row with its request code, and that row does not say
/// that nothing was issued.
fn lost(facts: &Facts) -> Vec<Breach> {
    let rows: BTreeMap<&str, &Row> = facts
        .rows
        .iter()
        .filter_map(|row| Some((row.code.as_deref()?, row)))
        .collect();
    let certificates = facts.effects.iter().filter(|one| one.thumbprint.is_some());
    certificates
        .filter_map(|certificate| match rows.get(certificate.code.as_str()) {
            None => Some(format!("no row has the code of {certificate:?}")),
            Some(row) if says_failed(&row.state) => Some(format!("{row:?} has {certificate:?}")),
            Some(_) => None,
        })
        .map(|how| breach("I1", how))
        .collect()
}

fn says_failed(state: &str) -> bool {
    matches!(state, "draft" | "refused" | "abandoned" | "mismatch")
}

/// I2: an issued row has a certificate.
fn invented(facts: &Facts) -> Vec<Breach> {
    let issued = facts.rows.iter().filter(|row| row.state == "issued");
    issued
        .filter(|row| {
            !facts.effects.iter().any(|effect| {
                effect.thumbprint.is_some()
                    && effect.thumbprint == row.thumbprint
                    && Some(&effect.code) == row.code.as_ref()
            })
        })
        .map(|row| breach("I2", format!("no certificate for {}: {row:?}", row.id)))
        .collect()
}

/// I3: at most one key pair and one certificate per issuance. If the answer with the
/// code was lost, no row has the code, so key pairs are matched by name. A certificate is
/// renewed by a second issuance if its owner has given up the first.
fn doubled(facts: &Facts) -> Vec<Breach> {
    let mut by_code: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    let mut by_name: BTreeMap<(bool, &str, Option<&str>), usize> = BTreeMap::new();
    for effect in &facts.effects {
        let is_certificate = effect.thumbprint.is_some();
        *by_code.entry((is_certificate, &effect.code)).or_default() += 1;
        let renews = effect.renews.as_deref();
        let name = (is_certificate, effect.subject.as_str(), renews);
        *by_name.entry(name).or_default() += 1;
    }
    let codes = by_code.iter().filter(|(_, times)| **times > 1);
    let codes = codes.map(|(what, times)| format!("{times} effects of the code {what:?}"));
    let issuances = |(_, subject, renews): (bool, &str, Option<&str>)| {
        let of = |row: &&Row| {
            subject.strip_prefix("CN=") == Some(&row.holder) && row.renews.as_deref() == renews
        };
        let submitted = |row: &&Row| !row.steps.is_empty();
        facts.rows.iter().filter(of).filter(submitted).count()
    };
    let is_doubled =
        |(what, times): &(&(bool, &str, Option<&str>), &usize)| **times > issuances(**what).max(1);
    let names = by_name.iter().filter(is_doubled);
    let names = names.map(|(what, times)| format!("{times} effects for {what:?}"));
    let doubled = codes.chain(names).map(|how| breach("I3", how));
    doubled.chain(strangers(facts)).collect()
}

/// Every effect belongs to an issuance. An effect under a name that nobody submitted
/// could be a second one for the same issuance.
fn strangers(facts: &Facts) -> impl Iterator<Item = Breach> {
    let of = |effect: &Effect| {
        facts.rows.iter().any(|row| {
            effect.subject == format!("CN={}", row.holder) && effect.renews == row.renews
        })
    };
    facts
        .effects
        .iter()
        .filter(move |effect| !of(effect))
        .map(|effect| breach("I3", format!("no issuance asked for {effect:?}")))
        .collect::<Vec<_>>()
        .into_iter()
}

/// I4: the chain is valid and records exactly the steps that were made.
fn unaudited(facts: &Facts) -> impl Iterator<Item = Breach> {
    let differs = |row: &&Row| {
        let last = row.steps.last().map_or("draft", String::as_str);
        row.steps != row.audited || last != row.state
    };
    let rows = facts.rows.iter().filter(differs);
    let rows = rows.map(|row| format!("the audit tells another story of {row:?}"));
    let chain = facts.broken_audit.clone();
    chain.into_iter().chain(rows).map(|how| breach("I4", how))
}
