//! A list of holders as people keep it in a spreadsheet and save it as CSV: bytes in, the
//! answers of one issuance per row out. What the answers are worth is checked where the
//! forms' answers are.

mod code_pages;
mod columns;
mod decode;
mod records;
mod values;

use columns::{Column, columns};

use super::answers::{Answers, Field};
use super::connection::RequestOptions;
use super::holder::Kind;
use super::run::MOST_LINES;

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holders {
    /// One per row that is not blank.
    pub rows: Vec<HolderRow>,
    /// Headings that mean nothing to the portal: their columns are left out.
    pub unknown_headings: Vec<String>,
}

/// One holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderRow {
    /// The row as a spreadsheet numbers it: the headings are usually in row 1.
    pub row: i64,
    /// What the cells say.
    pub answers: Answers,
}

/// Why a file cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// It has no row below its headings.
    #[error("no rows")]
    Empty,
    /// A workbook of Excel or LibreOffice.
    #[error("a workbook")]
    Workbook,
    /// Bytes that are no text.
    #[error("not a text")]
    Binary,
    /// Its letters are those of an encoding that is not read.
    #[error("another encoding")]
    Encoding,
    /// The quote that opens in this row never closes.
    #[error("an open quote in row {0}")]
    OpenQuote(i64),
    /// This row has more cells than there are headings.
    #[error("too many cells in row {0}")]
    ExtraCells(i64),
    /// No heading is known.
    #[error("no known heading")]
    NoHeading,
    /// Two columns are for the same field.
    #[error("two columns for {0}")]
    TwoColumns(String),
    /// More rows than [`MOST_LINES`].
    #[error("{0} rows")]
    TooMany(usize),
}

/// Reads a file. `kind` is the kind of holder of rows that do not say it, `options` says
/// which further facts the connection asks for.
///
/// # Errors
/// [`FileProblem`] if nothing of it can be used.
pub fn read(
    bytes: &[u8],
    kind: Option<Kind>,
    options: &RequestOptions,
) -> Result<Holders, FileProblem> {
    let text = decode::decode(bytes)?;
    let mut records = records::records(&text)?.into_iter();
    let headings = records.next().ok_or(FileProblem::Empty)?;
    let columns = columns(&headings.cells, kind, options)?;
    let mut rows = Vec::new();
    for record in records {
        let extra = record.cells.iter().skip(columns.len());
        if extra.into_iter().any(|cell| !cell.trim().is_empty()) {
            return Err(FileProblem::ExtraCells(record.row));
        }
        rows.push(HolderRow {
            row: record.row,
            answers: answers(&columns, &record.cells, kind),
        });
    }
    match rows.len() {
        0 => Err(FileProblem::Empty),
        count if count > MOST_LINES => Err(FileProblem::TooMany(count)),
        _ => Ok(Holders {
            rows,
            unknown_headings: unknown(&columns, &headings.cells),
        }),
    }
}

fn unknown(columns: &[Column], headings: &[String]) -> Vec<String> {
    let both = columns.iter().zip(headings);
    let unknown =
        both.filter(|(column, text)| matches!(column, Column::Unknown) && !text.trim().is_empty());
    unknown.map(|(_, text)| text.trim().to_owned()).collect()
}

/// An empty cell leaves what a form starts with.
fn answers(columns: &[Column], cells: &[String], kind: Option<Kind>) -> Answers {
    let mut answers = Answers::default();
    if let Some(kind) = kind {
        answers.set(Field::Kind, kind.as_str());
    }
    let mut has_type = false;
    for (column, cell) in columns.iter().zip(cells) {
        let text = cell.trim();
        match column {
            _ if text.is_empty() => {}
            Column::Field(field) => {
                has_type |= *field == Field::DocumentType;
                answers.set(*field, values::value(*field, text));
            }
            Column::Info(key) => {
                answers.info.insert(key.clone(), text.to_owned());
            }
            Column::Unknown => {}
        }
    }
    if !has_type {
        values::guess_document_type(&mut answers);
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Holders, FileProblem> {
        read(
            text.as_bytes(),
            Some(Kind::Person),
            &RequestOptions::default(),
        )
    }

    fn one(text: &str) -> Answers {
        let mut read = read_text(text).unwrap();
        assert_eq!(read.rows.len(), 1, "{text}");
        read.rows.remove(0).answers
    }

    #[test]
    fn a_file_of_spanish_excel_is_read() {
        // Windows-1252, semicolons, CR LF, trailing empty cells and rows.
        let text = b"Tipo;Nombre;Primer apellido;Segundo apellido;DNI;Correo;;\r\n\
            Persona;Mar\xEDa Jos\xE9;N\xFA\xF1ez;;12345678Z;a@b.es;;\r\n;;;;;;;\r\n";
        let read = read(text, None, &RequestOptions::default()).unwrap();
        assert_eq!(read.unknown_headings, Vec::<String>::new());
        let [row] = read.rows.as_slice() else {
            panic!("{read:?}")
        };
        assert_eq!(row.row, 2);
        for (field, text) in [
            (Field::Kind, "person"),
            (Field::GivenNames, "María José"),
            (Field::FirstSurname, "Núñez"),
            (Field::DocumentType, "dni"),
            (Field::DocumentNumber, "12345678Z"),
            (Field::Email, "a@b.es"),
        ] {
            assert_eq!(row.answers.text(field), text, "{field}");
        }
        let options = RequestOptions::default();
        assert!(row.answers.checked(&options).complete().is_ok());
    }

    #[test]
    fn the_separator_the_encoding_and_quotes_are_found_out() {
        let utf16: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain(
                "cn\torganisation\nÑandú\tX, Y"
                    .encode_utf16()
                    .flat_map(u16::to_le_bytes),
            )
            .collect();
        for bytes in [
            "common_name,organisation_name\nÑandú,\"X, Y\"\n".as_bytes(),
            "\u{feff}Nombre común;Organización\r\nÑandú;X, Y".as_bytes(),
            "sep=;\nNOMBRE COMÚN;ENTIDAD\rÑandú;\"X, Y\"\r".as_bytes(),
            "cn\torganisation\nÑandú\tX, Y\n\n".as_bytes(),
            &utf16,
        ] {
            let read = read(bytes, Some(Kind::Seal), &RequestOptions::default()).unwrap();
            let answers = &read.rows[0].answers;
            assert_eq!(answers.text(Field::CommonName), "Ñandú", "{read:?}");
            assert_eq!(answers.text(Field::OrganisationName), "X, Y");
        }
    }

    #[test]
    fn a_cell_may_hold_line_ends_and_quotes() {
        let answers = one("cn;cargo\n\"Ana \"\"la\"\"\nB\";Jefa\n");
        assert_eq!(answers.text(Field::CommonName), "Ana \"la\"\nB");
        assert_eq!(answers.text(Field::Position), "Jefa");
        let read = read_text("cn\n\"a\nb\"\n\nc\n").unwrap();
        let rows: Vec<_> = read.rows.iter().map(|row| row.row).collect();
        assert_eq!(rows, [2, 4], "as a spreadsheet numbers them");
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        use FileProblem as P;
        for (text, problem) in [
            ("", P::Empty),
            ("cn;nif\n", P::Empty),
            ("a;b\n1;2\n", P::NoHeading),
            ("cn\n\"Ana\nBea\n", P::OpenQuote(2)),
            ("cn;nif\nAna;A58818501;x\n", P::ExtraCells(2)),
            ("cn;CN\nAna;Bea\n", P::TwoColumns("CN".into())),
            ("PK\u{3}\u{4}xl/workbook", P::Workbook),
            ("cn\nA\0\n", P::Binary),
        ] {
            assert_eq!(read_text(text).unwrap_err(), problem, "{text}");
        }
        let many = |rows: usize| format!("cn\n{}", "Ana\n".repeat(rows));
        assert_eq!(read_text(&many(1000)).unwrap().rows.len(), 1000);
        assert_eq!(read_text(&many(1001)).unwrap_err(), P::TooMany(1001));
    }

    #[test]
    fn a_column_that_is_not_known_is_left_out_and_said() {
        let read = read_text("cn;Teléfono\nAna;600\n").unwrap();
        assert_eq!(read.unknown_headings, ["Teléfono"]);
        assert_eq!(read.rows.len(), 1);
    }
}
