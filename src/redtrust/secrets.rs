//! Secrets of a call that the server repeats.

/// Shorter secrets are not looked for: removing the password `a` would remove every `a` of
/// a sentence and so reveal it.
const SHORTEST: usize = 6;

fn long_enough<'s>(secrets: &'s [&'s str]) -> impl Iterator<Item = &'s str> {
    let all = secrets.iter().copied();
    all.filter(|secret| secret.len() >= SHORTEST)
}

/// Whether one of them stands in `text`.
pub(super) fn stand_in(text: &str, secrets: &[&str]) -> bool {
    long_enough(secrets).any(|secret| text.contains(secret))
}

/// `text` without them. Do this before it is cut: a part of a secret is not found any more.
pub(super) fn removed(text: &str, secrets: &[&str]) -> String {
    long_enough(secrets).fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_and_removed_wherever_it_stands() {
        let secrets = ["canary-1", "a"];
        assert!(stand_in("a token canary-1.", &secrets));
        assert!(!stand_in("a token", &secrets));
        assert_eq!(removed("a token canary-1.", &secrets), "a token ….");
    }
}
