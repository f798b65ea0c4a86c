//! The words of the list: the passwords that turn up most often in what leaked, and
//! common Spanish words and names.
//!
//! Source: the npm packages `@zxcvbn-ts/language-common` 4.1.3 (its first 8,000
//! passwords, and all later ones of ten letters or more) and `@zxcvbn-ts/language-es-es`
//! 4.1.2 (its first 2,500 words, 400 first names, 300 surnames), in lower case without
//! accents. Copyright (c) 2012-2016 Dan Wheeler and Dropbox, Inc., (c) 2021 @zxcvbn-ts,
//! MIT licence.

/// One word a line, in the order of their bytes.
const LIST: &str = include_str!("common.txt");

/// Length of the longest word, in characters.
pub(super) const LONGEST: usize = 24;

/// Whether the list has this word. It must be in lower case without accents.
pub(super) fn is_common(word: &str) -> bool {
    let (mut from, mut to) = (0, LIST.len());
    while from < to {
        let (start, line) = line_at(from.midpoint(to));
        match line.cmp(word) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => from = start + line.len() + 1,
            std::cmp::Ordering::Greater => to = start,
        }
    }
    false
}

/// The line around this place, and where it begins.
fn line_at(place: usize) -> (usize, &'static str) {
    let (before, after) = LIST.split_at_checked(place).unwrap_or((LIST, ""));
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let end = place + after.find('\n').unwrap_or(after.len());
    (start, LIST.get(start..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_list_is_found_and_no_other() {
        let words: Vec<_> = LIST.lines().collect();
        assert!(words.is_sorted());
        assert!(words.len() > 10_000, "{}", words.len());
        for word in &words {
            assert!(is_common(word), "{word}");
            assert!((4..=LONGEST).contains(&word.len()), "{word}");
            assert!(!is_common(&format!("{word}\n")) && !is_common(&format!("{word} ")));
        }
        for other in ["", "\n", "a", "zzzzzzzzzzzzzzzz", "correct horse"] {
            assert!(!is_common(other), "{other:?}");
        }
    }
}
