//! Numbers for display, with their thousands apart.

use crate::i18n::Lang;

/// "10.000" in Spanish, "10,000" in English.
pub fn grouped(number: usize, lang: Lang) -> String {
    let separator = match lang {
        Lang::Es => '.',
        Lang::En => ',',
    };
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_apart_as_each_language_writes_them() {
        for (number, spanish, english) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1000, "1.000", "1,000"),
            (10_000, "10.000", "10,000"),
            (1_234_567, "1.234.567", "1,234,567"),
        ] {
            assert_eq!(grouped(number, Lang::Es), spanish);
            assert_eq!(grouped(number, Lang::En), english);
        }
    }
}
