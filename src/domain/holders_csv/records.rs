//! The records of a CSV text (RFC 4180), with whichever separator its first line uses.

use super::FileProblem;

/// The cells of one row.
pub(super) struct Record {
    /// As a spreadsheet numbers it.
    pub(super) row: i64,
    pub(super) cells: Vec<String>,
}

/// Every record with something in it.
pub(super) fn records(text: &str) -> Result<Vec<Record>, FileProblem> {
    let (separator, text, first_row) = match declared(text) {
        Some((separator, rest)) => (separator, rest, 2),
        None => (separator_of(text), text, 1),
    };
    let mut reader = Reader::new(separator, first_row);
    for c in text.chars() {
        reader.take(c);
    }
    reader.finish()
}

/// `sep=;` in a line of its own, as Excel writes and reads it.
fn declared(text: &str) -> Option<(char, &str)> {
    let rest = text
        .strip_prefix("sep=")
        .or_else(|| text.strip_prefix("SEP="))?;
    let mut rest = rest.chars();
    let separator = rest.next()?;
    let rest = rest.as_str();
    let rest = rest.strip_prefix('\r').unwrap_or(rest);
    Some((separator, rest.strip_prefix('\n').unwrap_or(rest)))
}

/// The separator that stands most often in the first line.
fn separator_of(text: &str) -> char {
    let first = text
        .split(['\r', '\n'])
        .find(|line| !line.trim().is_empty());
    let first = first.unwrap_or_default();
    let count = |separator: &char| first.matches(*separator).count();
    // Of several that stand equally often, the last one wins.
    let all = [',', '\t', ';'].into_iter();
    all.max_by_key(count).unwrap_or(';')
}

struct Reader {
    separator: char,
    row: i64,
    cells: Vec<String>,
    cell: String,
    /// Within quotes since this row.
    quoted: Option<i64>,
    /// A quote within quotes: the end of the cell, or one half of a quote.
    may_close: bool,
    after_cr: bool,
    found: Vec<Record>,
}

impl Reader {
    const fn new(separator: char, row: i64) -> Self {
        Self {
            separator,
            row,
            cells: Vec::new(),
            cell: String::new(),
            quoted: None,
            may_close: false,
            after_cr: false,
            found: Vec::new(),
        }
    }

    fn take(&mut self, c: char) {
        if self.quoted.is_some() {
            match (c, self.may_close) {
                ('"', false) => self.may_close = true,
                ('"', true) => {
                    self.may_close = false;
                    self.cell.push('"');
                }
                (c, false) => self.cell.push(c),
                (c, true) => {
                    (self.quoted, self.may_close) = (None, false);
                    self.plain(c);
                }
            }
            return;
        }
        self.plain(c);
    }

    fn plain(&mut self, c: char) {
        let after_cr = std::mem::take(&mut self.after_cr);
        match c {
            '"' if self.cell.trim().is_empty() => {
                self.cell.clear();
                self.quoted = Some(self.row);
            }
            '\n' if after_cr => {}
            '\n' => self.end_row(),
            '\r' => {
                self.after_cr = true;
                self.end_row();
            }
            c if c == self.separator => self.cells.push(std::mem::take(&mut self.cell)),
            c => self.cell.push(c),
        }
    }

    fn end_row(&mut self) {
        let mut cells = std::mem::take(&mut self.cells);
        cells.push(std::mem::take(&mut self.cell));
        if cells.iter().any(|cell| !cell.trim().is_empty()) {
            let row = self.row;
            self.found.push(Record { row, cells });
        }
        self.row += 1;
    }

    fn finish(mut self) -> Result<Vec<Record>, FileProblem> {
        match self.quoted {
            Some(row) if !self.may_close => Err(FileProblem::OpenQuote(row)),
            _ => {
                self.end_row();
                Ok(self.found)
            }
        }
    }
}
