//! The judge of the crash harness finds what it is there to find.

#[path = "../crash/judge.rs"]
mod judge;

use judge::{Effect, Facts, Row, judge};

/// One issued, one whose key pair's answer was lost, one never sent.
fn good() -> Facts {
    let row = |id: &str, state: &str, code: Option<&str>, thumbprint: Option<&str>| Row {
        steps: vec!["creating".into(), state.into()],
        audited: vec!["creating".into(), state.into()],
        id: id.into(),
        state: state.into(),
        code: code.map(Into::into),
        thumbprint: thumbprint.map(Into::into),
        holder: id.to_uppercase(),
        renews: None,
    };
    let effect = |code: &str, subject: &str, thumbprint: Option<&str>| Effect {
        thumbprint: thumbprint.map(Into::into),
        code: code.into(),
        subject: subject.into(),
        renews: None,
    };
    Facts {
        effects: vec![
            effect("c1", "CN=ANA", None),
            effect("c1", "CN=ANA", Some("AA")),
            effect("c2", "CN=BEA", None),
        ],
        rows: vec![
            row("ana", "issued", Some("c1"), Some("AA")),
            row("bea", "abandoned", None, None),
            row("eva", "draft", None, None),
        ],
        broken_audit: None,
    }
}

#[track_caller]
fn breaks(invariant: &str, change: impl FnOnce(&mut Facts)) {
    let mut facts = good();
    change(&mut facts);
    let found = judge(&facts);
    assert!(
        found.iter().any(|breach| breach.invariant == invariant),
        "{found:?} in {facts:?}"
    );
    assert!(found.iter().all(|breach| !breach.how.is_empty()));
}

#[test]
fn f01_a_sound_world_breaks_nothing() {
    assert_eq!(judge(&good()), []);
}

#[test]
fn a_certificate_without_a_row_breaks_i1() {
    breaks("I1", |facts| facts.rows[0].code = None);
    breaks("I1", |facts| facts.rows[0].code = Some("other".into()));
    breaks("I1", |facts| {
        facts.rows.remove(0);
    });
}

#[test]
fn a_certificate_that_is_called_a_failure_breaks_i1() {
    for state in ["draft", "refused", "abandoned", "mismatch"] {
        breaks("I1", |facts| facts.rows[0].state = state.into());
    }
    let mut unknown = good();
    unknown.rows[0].state = "unknown".into();
    unknown.rows[0].steps[1] = "unknown".into();
    unknown.rows[0].audited[1] = "unknown".into();
    assert_eq!(judge(&unknown), [], "unknown is honest");
}

#[test]
fn an_issued_row_without_its_certificate_breaks_i2() {
    breaks("I2", |facts| {
        facts.effects.remove(1);
    });
    breaks("I2", |facts| facts.rows[0].thumbprint = Some("BB".into()));
    breaks("I2", |facts| facts.rows[1].state = "issued".into());
    breaks("I2", |facts| facts.effects[1].code = "c2".into());
}

#[test]
fn a_second_effect_breaks_i3() {
    breaks("I3", |facts| facts.effects.push(facts.effects[1].clone()));
    breaks("I3", |facts| {
        let mut again = facts.effects[2].clone();
        again.code = "c3".into();
        facts.effects.push(again);
    });
    breaks("I3", |facts| facts.effects[2].subject = "CN=NOBODY".into());
    breaks("I3", |facts| facts.effects[2].renews = Some("AA".into()));
}

#[test]
fn a_broken_audit_chain_breaks_i4() {
    breaks("I4", |facts| facts.broken_audit = Some("entry 7".into()));
}

#[test]
fn an_audit_that_tells_another_story_breaks_i4() {
    breaks("I4", |facts| {
        facts.rows[0].audited.pop();
    });
    breaks("I4", |facts| facts.rows[1].audited.push("issued".into()));
    breaks("I4", |facts| facts.rows[1].audited.swap(0, 1));
    breaks("I4", |facts| facts.rows[1].state = "unknown".into());
    breaks("I4", |facts| {
        facts.rows[2].steps.clear();
        facts.rows[2].audited.clear();
        facts.rows[2].state = "creating".into();
    });
}
