//! Who a person is at one Redtrust server: the way they came in, the domain they named,
//! and the subject that the server names.
//!
//! Two names are the same person only if they are equal byte for byte in Unicode form C.
//! Nothing is trimmed, and no letter is taken for another one that only looks alike.
//! Where a connection says that its server makes no difference between `ANA` and `ana`,
//! the ASCII letters A to Z are folded, and no others.
//!
//! Owners of databases older than migration 0011 had one text instead, which was
//! trimmed and folded more: `user@domain` for direct login, the subject for the
//! redirect. Such an owner is taken over by the first person whose name gives the same
//! text by that rule, once for each way in that the owner had used before; from then on
//! it is that person's alone, in any ASCII case. Only two things of the old rule are
//! not kept, unless the owner was written exactly so: a letter that is not ASCII no longer
//! counts as an ASCII one (the Kelvin sign is no `k`), and only ASCII blanks are trimmed.

use unicode_normalization::UnicodeNormalization as _;

use super::sign_in_failure::Method;

/// One person at one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerName {
    /// How they signed in.
    pub way: Method,
    /// The domain they named; empty if they named none.
    pub domain: String,
    /// Who they are, as the server says; as typed where it does not say.
    pub subject: String,
}

impl OwnerName {
    /// The name, in the form that is compared.
    pub fn new(way: Method, domain: Option<&str>, subject: &str) -> Self {
        Self {
            way,
            domain: domain.map(form_c).unwrap_or_default(),
            subject: form_c(subject),
        }
    }

    /// The subject with the letters A to Z in lower case.
    pub fn folded_subject(&self) -> String {
        self.subject.to_ascii_lowercase()
    }

    /// Whether both name the same person if ASCII case makes no difference.
    pub fn is_but_for_case(&self, other: &Self) -> bool {
        self.way == other.way
            && self.domain.eq_ignore_ascii_case(&other.domain)
            && self.subject.eq_ignore_ascii_case(&other.subject)
    }
}

/// Unicode form C, unless that would turn another letter into an ASCII one: then the
/// text as it is.
fn form_c(text: &str) -> String {
    match text.chars().any(composes_to_ascii) {
        true => text.to_owned(),
        false => text.nfc().collect(),
    }
}

/// Whether this is another letter that form C turns into an ASCII one.
fn composes_to_ascii(c: char) -> bool {
    !c.is_ascii() && std::iter::once(c).nfc().all(|made| made.is_ascii())
}

/// Whether this is another letter whose lower case has an ASCII one.
fn lowers_to_ascii(c: char) -> bool {
    !c.is_ascii() && c.to_lowercase().any(|made| made.is_ascii())
}

/// The text by which an owner was known before migration 0011.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameBefore {
    /// The text.
    pub text: String,
    /// Whether it is the owner's only if the owner was written exactly like this name.
    pub only_if_written_so: bool,
}

impl NameBefore {
    /// What this login name was before.
    pub fn of(login: &str) -> Self {
        Self {
            // Lower case before form C: lowering decomposes a few letters.
            text: login.trim().to_lowercase().nfc().collect(),
            only_if_written_so: !is_plain(login),
        }
    }
}

/// Whether the old rule makes this name the same as no other one that only looks alike.
fn is_plain(login: &str) -> bool {
    let login = login.trim_matches(|c: char| c.is_ascii_whitespace());
    let is_look_alike = |c| lowers_to_ascii(c) || composes_to_ascii(c);
    login.trim() == login && !login.chars().any(is_look_alike)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(domain: Option<&str>, subject: &str) -> OwnerName {
        OwnerName::new(Method::Direct, domain, subject)
    }

    #[test]
    fn i07_only_composition_makes_no_other_person() {
        assert_eq!(name(None, "jose\u{301}"), name(None, "jos\u{e9}"));
        for (one, other) in [
            ("kim", "Kim"),
            ("kim", "\u{212a}im"),
            ("Kim", "\u{212a}im"),
            ("ana", " ana"),
            ("ana", "ana\u{a0}"),
            ("ana", "\u{ff41}na"),
            ("\u{130}da", "ida"),
            ("a;b", "a\u{37e}b"),
        ] {
            assert_ne!(name(None, one), name(None, other), "{one} {other}");
        }
        assert_ne!(name(Some("corp"), "ana"), name(None, "ana"));
        assert_ne!(name(Some("corp"), "ana"), name(None, "ana@corp"));
    }

    #[test]
    fn i07_folding_is_of_ascii_letters_alone() {
        let is = |one, other| name(Some("CORP"), one).is_but_for_case(&name(Some("corp"), other));
        assert!(is("ANA", "ana"));
        for (one, other) in [
            ("\u{212a}im", "kim"),
            ("JOS\u{c9}", "jos\u{e9}"),
            ("\u{130}da", "ida"),
        ] {
            assert!(!is(one, other), "{one} {other}");
        }
    }

    #[test]
    fn i07_an_old_owner_is_found_by_the_old_rule_but_by_no_look_alike() {
        for login in ["jos\u{e9}@corp", " JOSE\u{301}@Corp ", "Jos\u{c9}@CORP"] {
            let before = NameBefore {
                text: "jos\u{e9}@corp".into(),
                only_if_written_so: false,
            };
            assert_eq!(NameBefore::of(login), before);
        }
        for login in ["\u{212a}im", "kim\u{a0}", "\u{3000}kim", "\u{130}da"] {
            assert!(NameBefore::of(login).only_if_written_so, "{login:?}");
        }
    }
}
