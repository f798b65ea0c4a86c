//! Invisible characters that cause problems in programs. The rules for fields are
//! elsewhere: numbers drop such characters, names reject them.

/// Why a character must not be part of visible text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hidden {
    /// NUL, tabs, line ends, terminal controls, line and paragraph separators.
    Control,
    /// Changes the text direction.
    Bidi,
    /// Has no width: zero-width spaces and joiners, fillers, variation selectors, tags.
    ZeroWidth,
    /// Has no meaning: private use, noncharacters, the replacement character.
    Meaningless,
}

/// Which kind of hidden character this is, if any.
pub(super) fn hidden(c: char) -> Option<Hidden> {
    match c {
        '\u{2028}' | '\u{2029}' => Some(Hidden::Control),
        c if c.is_control() => Some(Hidden::Control),
        '\u{061C}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{206F}' => Some(Hidden::Bidi),
        '\u{00AD}'
        | '\u{034F}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{17B4}'
        | '\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200D}'
        | '\u{2060}'..='\u{2065}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}' => Some(Hidden::ZeroWidth),
        '\u{E000}'..='\u{F8FF}'
        | '\u{FDD0}'..='\u{FDEF}'
        | '\u{FFF0}'..='\u{FFFD}'
        | '\u{F0000}'..='\u{10FFFF}' => Some(Hidden::Meaningless),
        c if u32::from(c) & 0xFFFE == 0xFFFE => Some(Hidden::Meaningless),
        _ => None,
    }
}

/// Whether to drop the character from a number: spaces of all kinds and invisible
/// characters that are copied by accident. NUL and other controls never are, so they
/// are not dropped.
pub(super) fn is_stray(c: char) -> bool {
    c.is_whitespace() || matches!(hidden(c), Some(Hidden::Bidi | Hidden::ZeroWidth))
}

/// The text with its invisible characters written as their numbers: `U+202E`. Names of
/// files and names in certificates are nobody's to check, and must not hide anything.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match hidden(c) {
            Some(_) => shown.push_str(&format!("[U+{:04X}]", u32::from(c))),
            None => shown.push(c),
        }
    }
    shown
}

/// Whether a label with this character is safe to show and log.
pub fn is_printable(c: char) -> bool {
    hidden(c).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_hidden_characters_are_distinguished() {
        assert_eq!(hidden('\0'), Some(Hidden::Control));
        assert_eq!(hidden('\u{2028}'), Some(Hidden::Control));
        assert_eq!(hidden('\u{202E}'), Some(Hidden::Bidi));
        assert_eq!(hidden('\u{200B}'), Some(Hidden::ZeroWidth));
        assert_eq!(hidden('\u{FFFF}'), Some(Hidden::Meaningless));
        assert_eq!(hidden('\u{E000}'), Some(Hidden::Meaningless));
        for seen in "aÑ· '’-م한Ω\u{301}".chars() {
            assert_eq!(hidden(seen), None, "{seen:?}");
        }
    }

    #[test]
    fn nothing_in_a_text_stays_invisible() {
        let text = visible("a\u{202E}fdp\0.cer ñ");
        assert_eq!(text, "a[U+202E]fdp[U+0000].cer ñ");
    }

    #[test]
    fn a_stray_blank_is_forgiven_and_a_nul_is_not() {
        assert!(is_stray(' ') && is_stray('\u{A0}') && is_stray('\n') && is_stray('\u{200E}'));
        assert!(!is_stray('\0') && !is_stray('7'));
    }
}
