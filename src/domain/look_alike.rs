//! Names that people take for each other at a glance: `l` and `1`, `rn` and `m`, a letter
//! with and without a mark, in full width, as a small capital, or of another alphabet.
//!
//! Only to tell people of it: no name stands for another one because it looks like it.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Plain letters, and what else looks like them in most typefaces. What Unicode takes
/// apart, such as letters with a mark or in full width, need not stand here.
const LIKE: [(char, &str); 26] = [
    ('a', "\u{251}\u{1D00}\u{430}\u{410}\u{3B1}\u{391}"),
    ('b', "\u{299}\u{185}\u{412}\u{392}"),
    ('c', "\u{1D04}\u{441}\u{421}"),
    ('d', "\u{1D05}\u{111}\u{110}\u{F0}\u{D0}\u{501}"),
    ('e', "\u{1D07}\u{435}\u{415}\u{395}"),
    ('f', "\u{A730}"),
    ('g', "\u{261}\u{262}"),
    ('h', "\u{29C}\u{127}\u{126}\u{4BB}\u{43D}\u{41D}\u{397}"),
    ('i', "\u{131}\u{269}\u{26A}\u{456}\u{3B9}"),
    ('j', "\u{237}\u{1D0A}\u{458}\u{408}"),
    ('k', "\u{138}\u{1D0B}\u{43A}\u{41A}\u{3BA}\u{39A}"),
    (
        'l',
        "I1|\u{29F}\u{142}\u{141}\u{1C0}\u{4CF}\u{4C0}\u{406}\u{399}",
    ),
    ('m', "\u{1D0D}\u{43C}\u{41C}\u{39C}"),
    ('n', "\u{274}\u{3B7}\u{39D}"),
    (
        'o',
        "0\u{1D0F}\u{F8}\u{D8}\u{43E}\u{41E}\u{3BF}\u{39F}\u{3C3}",
    ),
    ('p', "\u{1D18}\u{440}\u{420}\u{3C1}\u{3A1}"),
    ('q', "\u{51B}"),
    ('r', "\u{280}"),
    ('s', "\u{A731}\u{455}\u{405}"),
    ('t', "\u{1D1B}\u{167}\u{166}\u{442}\u{422}\u{3C4}\u{3A4}"),
    ('u', "\u{1D1C}\u{3C5}"),
    ('v', "\u{1D20}\u{3BD}\u{475}"),
    ('w', "\u{1D21}\u{51D}\u{461}"),
    ('x', "\u{445}\u{425}\u{3C7}\u{3A7}"),
    ('y', "\u{28F}\u{443}\u{423}\u{4AF}\u{3B3}\u{3A5}"),
    ('z', "\u{1D22}\u{396}"),
];

/// The same for all texts that look alike. Not for people to read.
pub fn at_a_glance(text: &str) -> String {
    let bare = text.nfkd().filter(|c| !is_combining_mark(*c)).map(plain);
    let letters: String = bare.flat_map(char::to_lowercase).collect();
    letters.replace("rn", "m").replace("vv", "w")
}

fn plain(c: char) -> char {
    let like = LIKE.iter().find(|(_, others)| others.contains(c));
    like.map_or(c, |(letter, _)| *letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_is_the_same_at_a_glance_and_nothing_else() {
        for (one, other) in [
            ("paul", "pau1"),
            ("Ian", "lan"),
            ("marta", "rnarta"),
            ("wendy", "vvendy"),
            ("root", "r00t"),
            ("ana", "\u{E1}na"),
            ("ana", "a\u{332}na"),
            ("ana", "\u{FF41}na"),
            ("ana", "\u{1D00}\u{274}\u{1D00}"),
            ("hana", "\u{2B0}ana"),
            ("eli", "el\u{131}"),
            ("kim", "\u{212A}im"),
            ("cap", "\u{441}\u{430}\u{440}"),
            ("SOL", "S\u{39F}L"),
        ] {
            assert_eq!(at_a_glance(one), at_a_glance(other), "{one} {other}");
        }
        for (one, other) in [
            ("ana", "eva"),
            ("ali", "all"),
            ("Ian", "ian"),
            ("ana1", "ana2"),
            ("ana.gil", "anagil"),
            ("marta", "maria"),
        ] {
            assert_ne!(at_a_glance(one), at_a_glance(other), "{one} {other}");
        }
    }
}
