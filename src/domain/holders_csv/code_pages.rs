//! Whether a text is Windows-1252 at all. What Excel calls "CSV (MS-DOS)" and "CSV
//! (Macintosh)" has other letters in the same places and no mark that says so: a certificate
//! for `Muñoz` would be issued to `Mu¤oz`.

/// What stands for 0x80 to 0xFF in code page 850.
const DOS: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ\
    áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀\
    ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// What stands for 0x80 to 0xFF in Mac Roman.
const MACINTOSH: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü\
    †°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø\
    ¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ\
    ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";

/// The letters beyond ASCII of Spanish and Catalan.
const SMALL: &str = "áàéèíïóòúüñç";
const CAPITAL: &str = "ÁÀÉÈÍÏÓÒÚÜÑÇ";

/// Signs that no text has between two letters.
const NEVER_WITHIN_WORDS: &str = "¡¢£¤¥‚ƒ„†‡ˆ‰‹›˜";

/// What an article or a preposition leaves before a small vowel: `l’illa`, `d’estalvis`.
const ELIDED: &str = "lLdsnmtjc";
const BEHIND_ELIDED: &str = "aeiouhàèéíòóú";

/// Whether `text`, which is what these bytes are in Windows-1252, cannot be meant, or is less
/// likely than what they are in another encoding.
pub(super) fn is_misread(bytes: &[u8], text: &str) -> bool {
    if has_impossible(text) {
        return true;
    }
    let [dos, macintosh] = [DOS, MACINTOSH].map(|high| {
        let high: Vec<char> = high.chars().collect();
        of_page(bytes, &high)
    });
    // A file of UTF-8 with a broken place in it.
    let broken = String::from_utf8_lossy(bytes);
    let fitting = fitting_in(text);
    let mut others = [&*dos, &*macintosh, &*broken].into_iter();
    others.any(|other| fitting_in(other) > fitting)
}

/// The text of bytes whose meaning from 0x80 on is `high`; those beyond it are their own code
/// points.
pub(super) fn of_page(bytes: &[u8], high: &[char]) -> String {
    let char_of = |byte: &u8| {
        let at = usize::from(*byte).checked_sub(0x80);
        let high = at.and_then(|at| high.get(at));
        high.copied().unwrap_or(char::from(*byte))
    };
    bytes.iter().map(char_of).collect()
}

/// Each character with the two before it and the one after it; around the text are blanks.
fn in_place(text: &str) -> impl Iterator<Item = [char; 4]> {
    let earlier = [' ', ' '].into_iter().chain(text.chars());
    let before = [' '].into_iter().chain(text.chars());
    let after = text.chars().skip(1).chain([' ']);
    let all = earlier.zip(before).zip(text.chars()).zip(after);
    all.map(|(((earlier, before), c), after)| [earlier, before, c, after])
}

fn has_impossible(text: &str) -> bool {
    in_place(text).any(|[_, before, c, after]| {
        let is_within = is_letter(before) && is_letter(after);
        // Windows-1252 leaves these places free.
        matches!(c, '\u{80}'..='\u{9f}') || (is_within && NEVER_WITHIN_WORDS.contains(c))
    })
}

/// How many characters stand where Spanish and Catalan have them.
fn fitting_in(text: &str) -> usize {
    in_place(text).map(fits).sum()
}

fn fits([earlier, before, c, after]: [char; 4]) -> usize {
    let is_l = |c| matches!(c, 'l' | 'L');
    match c {
        c if c.is_ascii() => 0,
        c if SMALL.contains(c) => usize::from(fits_small(before, after)),
        c if CAPITAL.contains(c) => usize::from(fits_capital(before, after)),
        'ª' | 'º' => usize::from(is_capital(before) || before.is_ascii_digit()),
        // More than the vowel that another encoding has in its place: `Gal·la`.
        '·' => 2 * usize::from(is_l(before) && is_l(after)),
        '\u{2019}' => usize::from(!is_letter(earlier) && is_elided(before, after)),
        _ => 0,
    }
}

/// At the beginning of a word it says nothing: it may be a capital of another encoding.
fn fits_small(before: char, after: char) -> bool {
    match before {
        before if is_small(before) => !is_capital(after),
        before if is_capital(before) => is_small(after),
        '\'' | '\u{2019}' => is_small(after),
        _ => false,
    }
}

fn fits_capital(before: char, after: char) -> bool {
    match before {
        before if is_capital(before) => !is_small(after),
        before => !is_letter(before) && is_letter(after),
    }
}

/// Whether an apostrophe may stand here: `D’Ors`, `l’illa`.
fn is_elided(before: char, after: char) -> bool {
    let is_particle = ELIDED.contains(before) && BEHIND_ELIDED.contains(after);
    is_letter(before) && (is_capital(after) || is_particle)
}

/// Without the signs that Unicode counts among the letters.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !matches!(c, 'ª' | 'º' | 'ƒ' | 'µ' | 'ˆ')
}

fn is_small(c: char) -> bool {
    is_letter(c) && c.is_lowercase()
}

fn is_capital(c: char) -> bool {
    is_letter(c) && c.is_uppercase()
}

#[cfg(test)]
mod tests {
    use super::super::FileProblem;
    use super::super::decode::{HIGH, decode};
    use super::*;

    /// Each letter of Spanish and Catalan, and names in capitals.
    const NAMES: &[&str] = &[
        "Sánchez",
        "Pérez",
        "García",
        "López",
        "Raúl",
        "Muñoz",
        "Güell",
        "Gonçal",
        "Solà",
        "Mercè",
        "Sòria",
        "Lluïsa",
        "Álvaro",
        "Érika",
        "Íker",
        "Óscar",
        "Úrsula",
        "Ñuflo",
        "Übeda",
        "Çelik",
        "Gal·la",
        "MUÑOZ",
        "GARCÍA",
        "LÓPEZ",
        "MARTÍNEZ",
    ];

    fn bytes_of(text: &str, high: &[char]) -> Vec<u8> {
        let byte = |c: char| match high.iter().position(|one| *one == c) {
            Some(at) => u8::try_from(at + 0x80).unwrap(),
            None => u8::try_from(u32::from(c)).unwrap(),
        };
        text.chars().map(byte).collect()
    }

    #[test]
    fn a_name_in_the_encoding_of_ms_dos_or_of_an_old_macintosh_is_refused() {
        for page in [DOS, MACINTOSH] {
            let high: Vec<char> = page.chars().collect();
            assert_eq!(high.len(), 128);
            for name in NAMES {
                let text = format!("cn;cargo\r\n{name} Ruiz;Jefa\r\n");
                let read = decode(&bytes_of(&text, &high));
                assert_eq!(read, Err(FileProblem::Encoding), "{name}");
            }
        }
        let mut broken = "cn\nJosé\n".as_bytes().to_vec();
        broken.push(0xF1);
        assert_eq!(decode(&broken), Err(FileProblem::Encoding));
    }

    #[test]
    fn windows_1252_and_utf_8_are_read_whatever_signs_names_have() {
        let signs = [
            "Mª del Carmen",
            "1º y 2ª",
            "D’Ors",
            "L’Hospitalet",
            "Caixa d’estalvis",
            "O’Neill",
            "Centre d'òptica",
            "«Sol»",
            "“Sol”",
            "Madrid–Barcelona",
            "Ana – Bea",
            "Ana\u{a0}Ruiz",
            "COL·LEGI",
            "Jörg",
            "Søren",
            "João",
            "Saša",
            "Žarko",
            "Škoda",
            "François",
            "Hélène",
            "CÔTÉ",
            "Acme®",
            "Straße",
        ];
        for name in NAMES.iter().chain(&signs) {
            let text = format!("cn;cargo\r\n{name} Ruiz;Jefa\r\n");
            let in_windows = decode(&bytes_of(&text, &HIGH));
            assert_eq!(in_windows.as_ref(), Ok(&text), "{name}");
            assert_eq!(decode(text.as_bytes()), Ok(text));
        }
    }
}
