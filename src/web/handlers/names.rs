//! Names used on several pages: kinds of holders, fields, states, causes.

use crate::domain::answers::Field;
use crate::domain::certificate::{Certificate, Summary};
use crate::domain::certificate_standing::{Standing, Urgency};
use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::document::DocumentType;
use crate::domain::holder::Kind;
use crate::domain::issuance::{Cause, State};
use crate::domain::millis::Millis;
use crate::domain::spanish_id::masked;
use crate::domain::today::Today;
use crate::i18n::{Key, Message, key};
use crate::web::page::{Frame, Tone};

pub const fn kind(kind: Kind) -> Key {
    match kind {
        Kind::Person => key("kind-person"),
        Kind::Linked => key("kind-linked"),
        Kind::Representative => key("kind-representative"),
        Kind::Seal => key("kind-seal"),
        Kind::Name => key("kind-name"),
    }
}

/// A kind of holder explained in a sentence.
pub const fn kind_hint(kind: Kind) -> Key {
    match kind {
        Kind::Person => key("kind-person-hint"),
        Kind::Linked => key("kind-linked-hint"),
        Kind::Representative => key("kind-representative-hint"),
        Kind::Seal => key("kind-seal-hint"),
        Kind::Name => key("kind-name-hint"),
    }
}

pub const fn document(kind: DocumentType) -> Key {
    match kind {
        DocumentType::Dni => key("document-dni"),
        DocumentType::Nie => key("document-nie"),
        DocumentType::Passport => key("document-passport"),
    }
}

pub const fn field(field: Field) -> Key {
    match field {
        Field::Kind => key("field-kind"),
        Field::GivenNames => key("field-given-names"),
        Field::FirstSurname => key("field-first-surname"),
        Field::SecondSurname => key("field-second-surname"),
        Field::OneName => key("field-one-name"),
        Field::DocumentType => key("field-document-type"),
        Field::DocumentNumber => key("field-document-number"),
        Field::DocumentCountry => key("field-document-country"),
        Field::OrganisationName => key("field-organisation-name"),
        Field::OrganisationNif => key("field-organisation-nif"),
        Field::Department => key("field-department"),
        Field::Position => key("field-position"),
        Field::Email => key("field-email"),
        Field::CommonName => key("field-common-name"),
        Field::HashType => key("field-hash-type"),
        Field::KeyLength => key("field-key-length"),
        Field::Provider => key("field-provider"),
        Field::GroupIds => key("field-group-ids"),
    }
}

/// The state of an issuance in words, and how it looks. What only its owner says is no
/// state that Redtrust confirmed.
pub fn state_of(of: State, cause: Option<Cause>) -> (Key, Tone) {
    match cause {
        Some(Cause::ShownByOwner) => (key("state-shown-by-owner"), Tone::Warning),
        _ => state(of),
    }
}

/// A certificate's status and how it looks.
pub const fn standing(standing: Standing) -> (Key, Tone) {
    match standing {
        Standing::Valid => (key("certificates-valid"), Tone::Good),
        Standing::Expiring => (key("certificates-expiring"), Tone::Warning),
        Standing::Expired => (key("certificates-expired"), Tone::Bad),
        Standing::Unknown => (key("certificates-status-unknown"), Tone::Info),
        Standing::Replaced => (key("certificates-replaced"), Tone::Info),
    }
}

/// What a certificate is worth today; `date` writes from when, if it is worth nothing yet.
pub fn status_of(
    certificate: &Certificate,
    today: Today<'_>,
    date: impl FnOnce(&Millis) -> String,
) -> (Message, Tone) {
    let standing = Standing::of(certificate, today);
    begun(standing, certificate.starts_at(), today, date)
}

/// The same of one in a list.
pub fn status_of_row(certificate: &Summary, frame: &Frame) -> (Message, Tone) {
    let (today, date) = (frame.today(), |from: &Millis| frame.end(from));
    let standing = Standing::of_row(certificate, today);
    begun(standing, certificate.starts_at, today, date)
}

/// One whose validity has not begun is worth nothing yet.
fn begun(
    of: Standing,
    starts_at: Millis,
    today: Today<'_>,
    date: impl FnOnce(&Millis) -> String,
) -> (Message, Tone) {
    let (word, tone) = standing(of);
    match of {
        Standing::Valid | Standing::Expiring if starts_at > today.now => {
            let from = date(&starts_at);
            (key("certificates-not-yet").with("from", from), Tone::Info)
        }
        _ => (word.into(), tone),
    }
}

/// How soon certificates expire, and how that looks.
pub const fn urgency(urgency: Urgency) -> (Key, Tone) {
    match urgency {
        Urgency::Expired => (key("home-expired"), Tone::Bad),
        Urgency::Within7 => (key("home-within-7"), Tone::Bad),
        Urgency::Within30 => (key("home-within-30"), Tone::Warning),
        Urgency::Within60 => (key("home-within-60"), Tone::Warning),
        Urgency::From8To30 => (key("home-8-to-30"), Tone::Warning),
        Urgency::From31To60 => (key("home-31-to-60"), Tone::Warning),
        Urgency::Later => (key("home-later"), Tone::Good),
        Urgency::Unknown => (key("home-unknown"), Tone::Warning),
    }
}

/// A state's name and how it looks.
pub const fn state(state: State) -> (Key, Tone) {
    match state {
        State::Draft => (key("state-draft"), Tone::Info),
        State::Creating => (key("state-creating"), Tone::Info),
        State::KeyCreated => (key("state-key-created"), Tone::Warning),
        State::Finalizing => (key("state-finalizing"), Tone::Info),
        State::Issued => (key("state-issued"), Tone::Good),
        State::Refused => (key("state-refused"), Tone::Bad),
        State::Unknown => (key("state-unknown"), Tone::Warning),
        State::Mismatch => (key("state-mismatch"), Tone::Bad),
        State::Abandoned => (key("state-abandoned"), Tone::Info),
    }
}

/// Whether a date of expiry is known, in tables for other programs.
pub const fn expiry_is(estimated: bool) -> Key {
    match estimated {
        true => key("lists-estimated"),
        false => key("lists-exact"),
    }
}

/// What tells a holder from others of the same name: the document, masked, and the
/// organisation.
pub fn facts(document: Option<&str>, organisation: Option<&str>) -> String {
    let document = document.map(masked);
    let facts = [document.as_deref(), organisation];
    let facts = facts.into_iter().flatten().filter(|fact| !fact.is_empty());
    facts.collect::<Vec<_>>().join(" · ")
}

/// The same of whom a certificate names.
pub fn facts_of(name: &DistinguishedName) -> String {
    facts(name.document(), name.organisation())
}

/// The same of whom this subject names, in readable form.
pub fn facts_in(subject: &str) -> String {
    facts_of(&DistinguishedName::of_preview(subject))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn a_certificate_whose_validity_has_not_begun_is_not_called_valid() {
        let today = Today {
            now: Millis(5),
            zone: &TimeZone::UTC,
        };
        let date = |from: &Millis| from.to_string();
        let word = |of, starts_at| begun(of, Millis(starts_at), today, date).0;
        let not_yet = key("certificates-not-yet").with("from", "6 ms");
        assert_eq!(word(Standing::Valid, 6), not_yet);
        assert_eq!(word(Standing::Expiring, 6), not_yet);
        for (of, starts_at, expected) in [
            (Standing::Valid, 5, key("certificates-valid")),
            (Standing::Replaced, 6, key("certificates-replaced")),
        ] {
            assert_eq!(word(of, starts_at), Message::from(expected));
        }
    }
}
