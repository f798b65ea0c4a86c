//! Lines of a CSV file (RFC 4180) that a spreadsheet can open without harm:
//! nothing in it is taken for a formula.

/// Tells a spreadsheet that UTF-8 follows.
pub const BOM: &str = "\u{feff}";

/// One line, its end included.
pub fn line(values: &[String]) -> String {
    let cells: Vec<String> = values.iter().map(|value| cell(value)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A value in quotes; one that a spreadsheet would calculate gets an
/// apostrophe in front, which it does not show.
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
