//! Folds text for sorting and searching: `nunez` finds `Núñez`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case without accents, as bytes, because the two engines sort text
/// differently.
pub(super) fn fold(text: &str) -> Vec<u8> {
    let folded: String = text
        .to_lowercase()
        .nfkd()
        .filter(|letter| !is_combining_mark(*letter))
        .collect();
    folded.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn case_and_accents_make_no_difference() {
        assert_eq!(fold("NÚÑ"), b"nun");
        assert_eq!(fold("Pal·làs"), "pal\u{b7}las".as_bytes());
    }
}
