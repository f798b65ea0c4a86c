//! Which name was probably meant by one that no setting has.

use super::origins::PREFIX;

/// As many letters at the beginning are no accident.
const ENOUGH: usize = 4;

/// Of the known names: the same but for upper and lower case and the prefix of variables;
/// otherwise one that differs in a letter or two, or the one with the longest beginning in
/// common.
pub(super) fn meant<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = bare(given);
    let shared = |one: &str| {
        let one = bare(one);
        let ahead = same(given.bytes(), one.bytes());
        let shorter = given.len().min(one.len());
        let behind = same(given.bytes().rev(), one.bytes().rev()).min(shorter - ahead);
        let is_like = ahead + behind >= 3 && ahead + behind + 2 >= given.len().max(one.len());
        (given == one, is_like, ahead)
    };
    let nearest = known.into_iter().max_by_key(|one| shared(one))?;
    let (_, is_like, ahead) = shared(nearest);
    (given == bare(nearest) || is_like || ahead >= ENOUGH).then_some(nearest)
}

fn bare(name: &str) -> String {
    let upper = name.to_ascii_uppercase();
    let bare = upper.strip_prefix(PREFIX).unwrap_or(&upper);
    bare.to_ascii_lowercase()
}

fn same(one: impl Iterator<Item = u8>, other: impl Iterator<Item = u8>) -> usize {
    one.zip(other)
        .take_while(|(one, other)| one == other)
        .count()
}

/// What is said of a name that no setting has.
pub(super) fn no_such(meant: Option<&str>) -> String {
    let guess = meant.map(|meant| format!("; is {meant} meant?"));
    format!("there is no such setting{}", guess.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn a_name_is_guessed_from_its_letters_and_not_from_one_or_two_of_them() {
        let known = ["log", "hsts", "pool_size", "partner_name", "partner_nif"];
        for (given, expected) in [
            ("Log", Some("log")),
            ("RUBRICA_LOG", Some("log")),
            ("hts", Some("hsts")),
            ("partner_nam", Some("partner_name")),
            ("poolsize", Some("pool_size")),
            ("port", None),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(meant(given, known), expected, "{given}");
        }
    }
}
