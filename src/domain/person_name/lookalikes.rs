//! Characters that are typed or pasted in place of others that look like them, read as
//! what they stand for. Never a guess about letters: only their width and shape.

use unicode_normalization::UnicodeNormalization as _;

/// Letters in another shape (full width, mathematical, ligatures) become plain ones;
/// the ordinal signs `ª` and `º` are letters of their own in names.
pub(super) fn plain_letters(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'ª' | 'º' => plain.push(c),
            c if c.is_alphabetic() || is_full_width(c) => plain.extend(std::iter::once(c).nfkc()),
            c => plain.push(c),
        }
    }
    plain
}

/// The full-width forms of ASCII.
const fn is_full_width(c: char) -> bool {
    matches!(c, '\u{FF01}'..='\u{FF5E}')
}

/// A person's name with the apostrophes, hyphens, middle dots and ordinals that it
/// contains: `O´Neill` is `O'Neill`, `García–Lorca` is `García-Lorca`, `Pal•làs` and
/// `Pal.làs` are `Pal·làs`, `M° Carmen` is `Mª Carmen`.
pub(super) fn plain_signs(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    (0..letters.len()).map(|at| sign(&letters, at)).collect()
}

fn sign(letters: &[char], at: usize) -> char {
    let beside = |by: isize| letters.get(at.checked_add_signed(by)?).copied();
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let is_l = |c: Option<char>| matches!(c, Some('l' | 'L'));
    let (before, after) = (beside(-1), beside(1));
    let is_between_l = is_l(before) && is_l(after);
    match beside(0).unwrap_or_default() {
        // An accent that stands alone behind a word is no apostrophe.
        c if is_apostrophe(c) && is_letter(after) => '\'',
        c if is_dash(c) => '-',
        c if is_dot(c) && is_between_l => '·',
        // Initials are no word.
        '.' if is_between_l && is_letter(beside(-2)) && is_letter(beside(2)) => '·',
        '°' | '\u{2DA}' if matches!(before, Some('M' | 'm')) => 'ª',
        '°' | '\u{2DA}' if is_letter(before) => 'º',
        c => c,
    }
}

const fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '`' | '´' | '\u{2B9}' | '\u{2BB}'
            ..='\u{2BD}'
                | '\u{2C8}'
                | '\u{2CA}'
                | '\u{2CB}'
                | '\u{2018}'
                | '\u{201A}'
                | '\u{201B}'
                | '\u{2032}'
                | '\u{2035}'
                | '\u{A78C}'
                | '\u{FF07}'
                | '\u{FF40}'
    )
}

const fn is_dash(c: char) -> bool {
    matches!(
        c,
        '\u{2012}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}'
    )
}

/// Dots at the height of the middle dot.
const fn is_dot(c: char) -> bool {
    matches!(
        c,
        '\u{387}'
            | '\u{2022}'
            | '\u{2024}'
            | '\u{2027}'
            | '\u{2219}'
            | '\u{22C5}'
            | '\u{25CF}'
            | '\u{25E6}'
            | '\u{30FB}'
            | '\u{FF65}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_read_as_what_they_stand_for() {
        for (typed, read) in [
            ("O´Neill", "O'Neill"),
            ("D`Angelo", "D'Angelo"),
            ("O‘Neill", "O'Neill"),
            ("O′Neill", "O'Neill"),
            ("O\u{2BC}Neill", "O'Neill"),
            ("´t Hooft", "'t Hooft"),
            ("O’Neill", "O’Neill"),
            ("García–Lorca", "García-Lorca"),
            ("García — Lorca", "García - Lorca"),
            ("García−Lorca", "García-Lorca"),
            ("Pal•làs", "Pal·làs"),
            ("PAL∙LÀS", "PAL·LÀS"),
            ("Pal.làs", "Pal·làs"),
            ("PAL.LÀS", "PAL·LÀS"),
            ("J.L.L. Pal. Las", "J.L.L. Pal. Las"),
            ("M° Carmen", "Mª Carmen"),
            ("Fco° Javier", "Fcoº Javier"),
            ("Jose´ Luis", "Jose´ Luis"),
            ("Ana•Rosa", "Ana•Rosa"),
            ("° Ana", "° Ana"),
        ] {
            assert_eq!(plain_signs(typed), read, "{typed}");
        }
    }

    #[test]
    fn letters_of_another_shape_become_plain_ones() {
        for (typed, read) in [
            ("Ｇａｒｃíａ", "Garcíａ".replace('ａ', "a").as_str()),
            ("𝐆𝐚𝐫𝐜𝐢𝐚", "Garcia"),
            ("ﬁlip", "filip"),
            ("Paŀlàs", "Pal·làs"),
            ("Ⓐna", "Ana"),
            ("Mª Núñez", "Mª Núñez"),
            ("Ｏ＇Neill", "O'Neill"),
            ("ＡＣＭＥ　Ｓ．Ｌ．", "ACME\u{3000}S.L."),
            ("12 m² №5 ™", "12 m² №5 ™"),
        ] {
            assert_eq!(plain_letters(typed), read, "{typed}");
        }
    }
}
