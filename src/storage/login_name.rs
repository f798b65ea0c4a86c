//! Login names: which spellings are the same person.

use unicode_normalization::UnicodeNormalization;

/// The form used for comparison: trimmed, NFC, lower case.
pub(super) fn normalised(login: &str) -> String {
    // Lower case before NFC: lowering decomposes a few letters.
    login.trim().to_lowercase().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn case_blanks_and_composition_make_no_other_person() {
        assert_eq!(normalised(" JOSE\u{301} "), "jos\u{e9}");
        assert_eq!(normalised("jos\u{e9}"), "jos\u{e9}");
        assert_ne!(normalised("ana@corp"), normalised("ana"));
    }
}
