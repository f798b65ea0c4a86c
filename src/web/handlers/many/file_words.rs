//! What is said about files of holders: their columns, and why one cannot be used.

use crate::domain::answers::Field;
use crate::domain::holders_csv::FileProblem;
use crate::i18n::{Key, Message, key};
use crate::web::handlers::names;

use super::choose::too_many;

/// The columns of a file, with the heading of each.
pub(super) fn columns() -> Vec<(Field, Key)> {
    let heading = |field: &Field| match field {
        // The form calls the kind by what people take for the number.
        Field::DocumentType => key("many-document-type"),
        field => names::field(*field),
    };
    Field::ALL
        .iter()
        .map(|field| (*field, heading(field)))
        .collect()
}

pub(super) fn problem(problem: &FileProblem) -> Message {
    match problem {
        FileProblem::Empty => key("many-file-empty").into(),
        FileProblem::Workbook => key("many-file-workbook").into(),
        FileProblem::Binary => key("many-file-binary").into(),
        FileProblem::Encoding => key("many-file-encoding").into(),
        FileProblem::OpenQuote(row) => key("many-file-quote").with("row", *row),
        FileProblem::ExtraCells(row) => key("many-file-cells").with("row", *row),
        FileProblem::NoHeading => key("many-file-heading").into(),
        FileProblem::TwoColumns(heading) => key("many-file-twice").with("heading", heading.clone()),
        FileProblem::TooMany(count) => too_many(*count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::connection::RequestOptions;
    use crate::domain::holder::Kind;
    use crate::domain::holders_csv::read;
    use crate::i18n::Lang;
    use crate::web::formats::csv;

    #[test]
    fn the_headings_of_the_template_are_understood_in_both_languages() {
        for lang in Lang::ALL {
            let headings: Vec<_> = columns()
                .iter()
                .map(|(_, heading)| lang.of(*heading).into_owned())
                .collect();
            let values: Vec<_> = columns()
                .iter()
                .map(|(field, _)| match field {
                    Field::Kind => lang.of(names::kind(Kind::Seal)).into_owned(),
                    Field::DocumentType => "NIE".to_owned(),
                    Field::HashType | Field::Provider => field.as_str().to_uppercase(),
                    field => field.as_str().to_owned(),
                })
                .collect();
            let text = format!("{}{}", csv::line(lang, &headings), csv::line(lang, &values));
            let read = read(text.as_bytes(), None, &RequestOptions::default());
            let read = read.unwrap_or_else(|problem| panic!("{lang:?}: {problem} in {text}"));
            assert_eq!(read.unknown_headings, Vec::<String>::new(), "{text}");
            let answers = &read.rows[0].answers;
            for (field, _) in columns() {
                let expected = match field {
                    Field::Kind => "seal".to_owned(),
                    Field::DocumentType => "nie".to_owned(),
                    Field::HashType | Field::Provider => field.as_str().to_uppercase(),
                    field => field.as_str().to_owned(),
                };
                assert_eq!(answers.text(field), expected, "{lang:?} {field}");
            }
        }
    }

    #[test]
    fn each_kind_of_holder_is_understood_as_the_forms_call_it() {
        for lang in Lang::ALL {
            for kind in Kind::ALL {
                let text = format!("kind;cn\n{};x\n", lang.of(names::kind(*kind)));
                let read = read(text.as_bytes(), None, &RequestOptions::default()).unwrap();
                assert_eq!(read.rows[0].answers.kind(), Some(*kind), "{text}");
            }
        }
    }
}
