//! Numbers for display, with their thousands apart.

use super::Lang;

/// "10.000" in Spanish, "10,000" in English. What is not made of digits alone stays as it is.
pub fn grouped(number: impl ToString, lang: Lang) -> String {
    let separator = match lang {
        Lang::Es => '.',
        Lang::En => ',',
    };
    let digits = number.to_string();
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return digits;
    }
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
    use super::super::Arg;
    use super::*;

    #[test]
    fn a_number_in_a_message_is_grouped_and_a_text_is_not() {
        let year = |lang: Lang| lang.text_with("lists-total-more", &[("count", Arg::from("2026"))]);
        let count =
            |lang: Lang| lang.text_with("lists-total-more", &[("count", Arg::from(1000_i64))]);
        assert_eq!(count(Lang::Es), "Más de 1.000 resultados");
        assert_eq!(count(Lang::En), "More than 1,000 results");
        assert_eq!(year(Lang::En), "More than 2026 results");
    }

    #[test]
    fn thousands_are_apart_as_each_language_writes_them() {
        for (number, spanish, english) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1000, "1.000", "1,000"),
            (10_000, "10.000", "10,000"),
            (1_234_567, "1.234.567", "1,234,567"),
            (-1000, "-1000", "-1000"),
        ] {
            assert_eq!(grouped(number, Lang::Es), spanish);
            assert_eq!(grouped(number, Lang::En), english);
        }
    }
}
