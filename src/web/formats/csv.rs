//! Lines of a CSV file (RFC 4180) that are safe to open in a spreadsheet: no value
//! is taken for a formula.

use crate::i18n::{Key, Lang, key};

/// The byte order mark tells spreadsheets that the file is UTF-8.
pub const BOM: &str = "\u{feff}";

/// A file of certificates. Each line of a sandbox's says that they are play ones: lines are
/// copied into other files.
#[derive(Debug, Clone, Copy)]
pub struct Sheet {
    pub lang: Lang,
    pub play: bool,
}

impl Sheet {
    /// How the file begins.
    pub fn head(self, headings: &[Key]) -> String {
        let notice = self.play.then_some(key("lists-play"));
        let headings = headings.iter().copied().chain(notice);
        let headings: Vec<String> = headings.map(|one| self.lang.of(one).into_owned()).collect();
        format!("{BOM}{}", line(self.lang, &headings))
    }

    pub fn line(self, mut values: Vec<String>) -> String {
        let notice = self
            .play
            .then(|| self.lang.text("play-certificate").into_owned());
        values.extend(notice);
        line(self.lang, &values)
    }
}

/// One line, including its line end, in the separator that spreadsheets of this
/// language expect.
pub fn line(lang: Lang, values: &[String]) -> String {
    let separator = match lang {
        Lang::Es => ";",
        Lang::En => ",",
    };
    let cells: Vec<String> = values.iter().map(|value| cell(value)).collect();
    format!("{}\r\n", cells.join(separator))
}

/// A quoted value. Where a spreadsheet would read a formula it gets an apostrophe,
/// which spreadsheets hide: at its beginning, and behind all that could end a cell for
/// a program that splits the line in another way.
fn cell(value: &str) -> String {
    let mut safe = String::with_capacity(value.len() + 3);
    let mut may_begin = true;
    for c in value.chars() {
        if may_begin && is_formula_sign(c) {
            safe.push('\'');
        }
        safe.push(c);
        if c == '"' {
            safe.push('"');
        }
        may_begin = matches!(c, ',' | ';' | '\t' | '\r' | '\n' | '"') || (may_begin && c == ' ');
    }
    format!("\"{safe}\"")
}

/// What begins a formula, in full width too: spreadsheets fold it.
const fn is_formula_sign(c: char) -> bool {
    matches!(
        c,
        '=' | '+'
            | '-'
            | '@'
            | '\t'
            | '\r'
            | '＝'
            | '＋'
            | '－'
            | '＠'
            | '﹦'
            | '﹢'
            | '﹣'
            | '﹫'
            | '−'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i13_a_formula_is_disarmed_and_quotes_are_doubled() {
        let values = ["=1+1", "+x", "-x", "@x", "\t=x", "\rx", "a \"b\", c", "x=1"];
        assert_eq!(
            line(Lang::En, &values.map(str::to_owned)),
            "\"'=1+1\",\"'+x\",\"'-x\",\"'@x\",\"'\t'=x\",\"'\rx\",\"a \"\"b\"\", c\",\"x=1\"\r\n"
        );
    }

    #[test]
    fn i13_a_formula_is_disarmed_behind_any_separator() {
        for (value, safe) in [
            ("X;=1+1;Y", "X;'=1+1;Y"),
            ("X,@SUM(A1)", "X,'@SUM(A1)"),
            ("X; -1", "X; '-1"),
            ("X\t+1", "X\t'+1"),
            ("X\"=1", "X\"\"'=1"),
            ("X\n=1", "X\n'=1"),
            (" =1", " '=1"),
            ("＝1", "'＝1"),
            ("a;＋1", "a;'＋1"),
            ("−1", "'−1"),
            ("=", "'="),
        ] {
            assert_eq!(cell(value), format!("\"{safe}\""), "{value}");
        }
        for name in ["García-Lorca, José", "O'Neill; Núñez-Ruiz", "a=b", "R+D"] {
            assert_eq!(cell(name), format!("\"{name}\""));
        }
    }
}
