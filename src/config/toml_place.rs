//! Where in a TOML file a mistake is, without quoting what may be a secret.

/// The line of `text` in which this byte is.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    let before = text.bytes().take(at);
    before.filter(|byte| *byte == b'\n').count() + 1
}

/// Where in `text` a TOML error is: the line, and the setting at its start.
pub(super) fn place_of(text: &str, span: Option<std::ops::Range<usize>>) -> String {
    let before = span.and_then(|span| text.get(..span.start));
    let Some(before) = before else {
        return String::new();
    };
    let number = line_of(text, before.len());
    let line = before.rsplit('\n').next().unwrap_or_default();
    match line.split_once('=').map(|(setting, _)| setting.trim()) {
        Some(setting) if is_setting(setting) => format!(" (line {number}, {setting})"),
        _ => format!(" (line {number})"),
    }
}

/// Whether text has the form of a setting's name; other text may be a secret in the
/// wrong place.
fn is_setting(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    (1..=32).contains(&text.len()) && text.bytes().all(fits)
}
