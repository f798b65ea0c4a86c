//! Folds text for sorting and searching: `nunez` finds `Núñez`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case without accents, as bytes, because the two engines sort text
/// differently. Letters that only look like others with an accent become those, and all
/// apostrophes and hyphens are the same.
pub(super) fn fold(text: &str) -> Vec<u8> {
    folded(text).into_bytes()
}

/// What `LOWER` may make of a text that is this one in small letters, in capitals, or with
/// words that begin with a capital: SQLite's knows the letters A to Z only.
pub(super) fn lowered(text: &str) -> [String; 4] {
    let (small, mut words) = (text.to_lowercase(), String::new());
    for letter in small.chars() {
        match words.chars().next_back().is_some_and(char::is_alphanumeric) {
            true => words.push(letter),
            false => words.extend(letter.to_uppercase()),
        }
    }
    let capitals = small.to_uppercase().to_ascii_lowercase();
    [
        text.to_ascii_lowercase(),
        small,
        capitals,
        words.to_ascii_lowercase(),
    ]
}

/// The same as text.
pub(super) fn folded(text: &str) -> String {
    // Signs first: Unicode takes ´ apart into a blank and an accent.
    let signs = text.chars().map(|c| match plain(c) {
        Some("'") => '\'',
        _ => c,
    });
    let bare = signs.nfkd().flat_map(char::to_lowercase).nfkd();
    let mut folded = String::with_capacity(text.len());
    for letter in bare.filter(|letter| !is_combining_mark(*letter)) {
        match plain(letter) {
            Some(plain) => folded.push_str(plain),
            None => folded.push(letter),
        }
    }
    folded
}

/// What people type instead of a letter or sign that Unicode does not take apart.
const fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        '’' | '‘' | '‛' | '´' | '`' | '′' | 'ʼ' | 'ʹ' => "'",
        '‐'..='―' | '−' => "-",
        'ł' => "l",
        'ß' => "ss",
        'ı' => "i",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ħ' => "h",
        'ŋ' => "n",
        'ŧ' => "t",
        'ĸ' => "k",
        _ => return None,
    })
}

/// Folds a name for sorting. Ñ is a letter of its own, after N.
pub(super) fn sort_key(name: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(name.len());
    for letter in name.nfc() {
        if matches!(letter, 'ñ' | 'Ñ') {
            // No letter has this byte, so that this comes after every other N.
            key.extend_from_slice(b"n\xFF");
        } else {
            key.extend(fold(letter.encode_utf8(&mut [0; 4])));
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_make_no_difference() {
        assert_eq!(fold("NÚÑ"), b"nun");
        assert_eq!(fold("Pal·làs"), "pal\u{b7}las".as_bytes());
        assert_eq!(fold("ＡＮＡ 𝐀"), b"ana a");
    }

    #[test]
    fn letters_and_signs_that_unicode_does_not_take_apart_are_found_as_they_are_typed() {
        for (stored, typed) in [
            ("O’Neill", "o'neill"),
            ("D´Angelo", "d'angelo"),
            ("García–Lorca", "garcia-lorca"),
            ("Łukasz Żółć", "lukasz zolc"),
            ("Øystein", "oystein"),
            ("Straße", "strasse"),
            ("STRAẞE", "strasse"),
            ("Yılmaz İnci", "yilmaz inci"),
            ("Đorđe Þór Æsa", "dorde thor aesa"),
        ] {
            assert_eq!(folded(stored), typed);
        }
    }

    #[test]
    fn n_with_tilde_comes_after_n_and_before_o() {
        let mut names = ["Ñandú", "Nuria", "Nzé", "Oto", "nandu"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, ["nandu", "Nuria", "Nzé", "Ñandú", "Oto"]);
    }
}
