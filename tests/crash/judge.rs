//! The four invariants, judged by what the sandbox saw, what the portal's
//! database says, and whether the audit chain holds. Knows nothing of how the
//! facts came about.

use std::collections::BTreeMap;

/// Everything that is judged, once nobody is at work.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// What took effect at the sandbox.
    pub effects: Vec<Effect>,
    /// What the portal remembers.
    pub rows: Vec<Row>,
    /// Why the audit chain does not hold, if it does not.
    pub broken_audit: Option<String>,
}

/// A key pair or a certificate that the sandbox made.
#[derive(Debug, Clone)]
pub struct Effect {
    /// The thumbprint, where it is a certificate.
    pub thumbprint: Option<String>,
    /// The code of the key pair.
    pub code: String,
    /// The distinguished name.
    pub subject: String,
    /// The certificate it renews.
    pub renews: Option<String>,
}

/// An issuance of the portal.
#[derive(Debug, Clone)]
pub struct Row {
    /// Which.
    pub id: String,
    /// The stored state.
    pub state: String,
    /// The request code, as far as known.
    pub code: Option<String>,
    /// The certificate's.
    pub thumbprint: Option<String>,
    /// The common name: every issuance of a crash run has one of its own.
    pub holder: String,
    /// The certificate it renews.
    pub renews: Option<String>,
    /// The states it came to, by its timeline.
    pub steps: Vec<String>,
    /// The states it came to, by the audit.
    pub audited: Vec<String>,
}

/// One of the four, broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// `I1` to `I4`.
    pub invariant: &'static str,
    /// How.
    pub how: String,
}

/// This does not hold.
pub fn breach(invariant: &'static str, how: String) -> Breach {
    Breach { invariant, how }
}

/// Everything that does not hold.
pub fn judge(facts: &Facts) -> Vec<Breach> {
    let mut found = lost(facts);
    found.extend(invented(facts));
    found.extend(doubled(facts));
    found.extend(unaudited(facts));
    found
}

/// I1: a certificate has a row with its request code, and that row does not
/// say that nothing came of it.
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

/// I3: one key pair and one certificate per issuance at most. Key pairs whose
/// answer was lost have no code in any row: there the name tells.
fn doubled(facts: &Facts) -> Vec<Breach> {
    let mut by_code: BTreeMap<(bool, &str), u32> = BTreeMap::new();
    let mut by_name: BTreeMap<(bool, &str, Option<&str>), u32> = BTreeMap::new();
    for effect in &facts.effects {
        let is_certificate = effect.thumbprint.is_some();
        *by_code.entry((is_certificate, &effect.code)).or_default() += 1;
        let renews = effect.renews.as_deref();
        let name = (is_certificate, effect.subject.as_str(), renews);
        *by_name.entry(name).or_default() += 1;
    }
    let codes = by_code.iter().filter(|(_, times)| **times > 1);
    let codes = codes.map(|(what, times)| format!("{times} effects of the code {what:?}"));
    let names = by_name.iter().filter(|(_, times)| **times > 1);
    let names = names.map(|(what, times)| format!("{times} effects for {what:?}"));
    let doubled = codes.chain(names).map(|how| breach("I3", how));
    doubled.chain(strangers(facts)).collect()
}

/// Every effect belongs to an issuance: one that was asked for under a name
/// nobody submitted would hide a second one.
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

/// I4: the chain holds, and tells of every step that was made and of no other.
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
