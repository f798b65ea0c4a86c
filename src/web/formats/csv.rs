//! Lines of a CSV file (RFC 4180) that are safe to open in a spreadsheet: no value
//! is taken for a formula.

/// The byte order mark tells spreadsheets that the file is UTF-8.
pub const BOM: &str = "\u{feff}";

/// One line, including its line end.
pub fn line(values: &[String]) -> String {
    let cells: Vec<String> = values.iter().map(|value| cell(value)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A quoted value. If a spreadsheet would read it as a formula, it gets a leading
/// apostrophe, which spreadsheets hide.
fn cell(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let mark = if formula { "'" } else { "" };
    format!("\"{mark}{}\"", value.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_disarmed_and_quotes_are_doubled() {
        let values = ["=1+1", "+x", "-x", "@x", "\t=x", "\rx", "a \"b\", c", "x=1"];
        assert_eq!(
            line(&values.map(str::to_owned)),
            "\"'=1+1\",\"'+x\",\"'-x\",\"'@x\",\"'\t=x\",\"'\rx\",\"a \"\"b\"\", c\",\"x=1\"\r\n"
        );
    }
}
