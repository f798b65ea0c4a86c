//! How many guesses a password takes from somebody who tries common words, names, rows
//! of keys and repetitions first: the cheapest way to write it with such parts.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::common::{LONGEST, is_common};

/// What is next to each other on a keyboard or in an alphabet, in both directions.
const ROWS: [&str; 9] = [
    "12345678901234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "azertyuiopqsdfghjklmwxcvbn",
    "!@#$%^&*()_+",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
];

/// Which letters digits and signs stand for; the last has a second reading.
const LEET: [(char, char); 11] = [
    ('@', 'a'),
    ('4', 'a'),
    ('8', 'b'),
    ('3', 'e'),
    ('0', 'o'),
    ('5', 's'),
    ('$', 's'),
    ('7', 't'),
    ('+', 't'),
    ('!', 'i'),
    ('1', 'i'),
];

/// Kinds of parts, from what an attacker tries first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// A name of the account or of the portal.
    Personal,
    /// A word of the list.
    Common,
    /// A row of keys, a sequence, a repetition, a year.
    Pattern,
    /// A character of its own.
    Single,
}

/// The guesses for a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Guesses {
    /// In tenths of a bit.
    pub(super) bits: u32,
    /// The first kind of part that it has.
    pub(super) part: Part,
}

/// Costs in tenths of a bit.
const PERSONAL: u32 = 40;
const COMMON: u32 = 120;
/// A word that is written with other signs, or backwards.
const CHANGED: u32 = 10;
const ROW: u32 = 60;
const YEAR: u32 = 70;
/// The same once more.
const AGAIN: u32 = 20;

/// In lower case without accents, as the list and [`guesses`] need names.
pub(super) fn folded(text: &str) -> String {
    let letters = text.nfkd().filter(|c| !is_combining_mark(*c));
    letters.flat_map(char::to_lowercase).collect()
}

/// The guesses for `password` of somebody who knows `names`, which are folded.
pub(super) fn guesses(password: &str, names: &[String]) -> Guesses {
    let plain: Vec<char> = folded(password).chars().collect();
    let mut readings = vec![(plain.clone(), 0)];
    for one in ['i', 'l'] {
        let read: Vec<char> = plain.iter().map(|c| letter_of(*c, one)).collect();
        if readings.iter().all(|(known, _)| *known != read) {
            readings.push((read, CHANGED));
        }
    }
    let nothing = Guesses {
        bits: 0,
        part: Part::Single,
    };
    let mut best = vec![nothing];
    for end in 1..=plain.len() {
        let last = (0..end).filter_map(|start| {
            let before = best.get(start)?;
            let (bits, part) = cheapest(&plain, &readings, names, start, end)?;
            Some(Guesses {
                bits: before.bits + bits,
                part: before.part.min(part),
            })
        });
        best.push(last.min_by_key(|way| way.bits).unwrap_or(nothing));
    }
    best.last().copied().unwrap_or(nothing)
}

fn letter_of(sign: char, one: char) -> char {
    if matches!(sign, '1' | '!') {
        return one;
    }
    let letter = LEET.iter().find(|(known, _)| *known == sign);
    letter.map_or(sign, |(_, letter)| *letter)
}

/// What the characters from `start` to `end` cost as one part; `None` if they are none.
fn cheapest(
    plain: &[char],
    readings: &[(Vec<char>, u32)],
    names: &[String],
    start: usize,
    end: usize,
) -> Option<(u32, Part)> {
    let part = plain.get(start..end)?;
    let mut found = Vec::new();
    if let [one] = part {
        found.push((single(*one), Part::Single));
    }
    if is_row(part) {
        found.push((ROW, Part::Pattern));
    }
    if is_year(part) {
        found.push((YEAR, Part::Pattern));
    }
    let before = start.checked_sub(part.len());
    if before.is_some_and(|from| plain.get(from..start) == Some(part)) {
        found.push((AGAIN, Part::Pattern));
    }
    for (reading, more) in readings {
        let read: String = reading.get(start..end)?.iter().collect();
        let back: String = read.chars().rev().collect();
        let ways = [(read, *more), (back, more + CHANGED)];
        found.extend(ways.iter().filter_map(|(word, more)| {
            let (bits, part) = word_cost(word, names)?;
            Some((bits + more, part))
        }));
    }
    found.into_iter().min()
}

fn word_cost(word: &str, names: &[String]) -> Option<(u32, Part)> {
    if names.iter().any(|name| name == word) {
        return Some((PERSONAL, Part::Personal));
    }
    let is_word = word.len() <= LONGEST && is_common(word);
    is_word.then_some((COMMON, Part::Common))
}

/// All that people choose between for one character.
const fn single(c: char) -> u32 {
    match c {
        '0'..='9' => 33,
        'a'..='z' => 47,
        _ => 50,
    }
}

/// Three or more of a row, forwards or backwards.
fn is_row(part: &[char]) -> bool {
    let forwards: String = part.iter().collect();
    let backwards: String = part.iter().rev().collect();
    let has_it = |row: &&str| row.contains(&forwards) || row.contains(&backwards);
    part.len() >= 3 && ROWS.iter().any(has_it)
}

fn is_year(part: &[char]) -> bool {
    matches!(part, ['1', '9', a, b] | ['2', '0', a, b] if a.is_ascii_digit() && b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cheapest_way_counts_and_names_what_is_tried_first() {
        let of = |password: &str| guesses(password, &["ana".to_owned()]);
        assert_eq!(of("").bits, 0);
        assert_eq!(of("k").bits, 47);
        assert_eq!(of("password").bits, COMMON);
        assert_eq!(of("5uP3rM4n").bits, COMMON + CHANGED);
        assert_eq!(of("namrepus").bits, COMMON + CHANGED);
        assert_eq!(of("ana").part, Part::Personal);
        assert_eq!(of("ANA1234").bits, PERSONAL + ROW);
        assert_eq!(of("aaaa").bits, 47 + 2 * AGAIN);
        assert_eq!(of("7890").part, Part::Pattern);
        assert_eq!(of("1987").bits, YEAR);
        assert_eq!(of("contraseña").part, Part::Common);
    }
}
