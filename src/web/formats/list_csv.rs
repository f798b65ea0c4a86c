//! A list as a CSV file, read page by page while it is written.

use std::future::Future;

use futures_util::{Stream, stream};

use super::csv::{self, Sheet};
use crate::i18n::Key;
use crate::services::{Listed, Start};
use crate::web::problem::AppError;

/// How much of the file has been written.
enum Place {
    Beginning,
    From(Start),
    End,
}

/// The file: a line of headings, and a line for each row. `broken` says how many rows
/// could not be read: an incomplete file must not look complete.
pub fn lines<T, Read, Found>(
    sheet: Sheet,
    headings: &'static [Key],
    broken: Key,
    read: Read,
    line: impl Fn(T) -> Vec<String> + 'static,
) -> impl Stream<Item = Result<String, AppError>> + 'static
where
    T: 'static,
    Read: Fn(Start) -> Found + 'static,
    Found: Future<Output = Result<Listed<T>, AppError>> + 'static,
{
    stream::unfold(
        (Place::Beginning, read, line),
        move |(place, read, line)| async move {
            let start = match place {
                Place::Beginning => {
                    let text = sheet.head(headings);
                    return Some((Ok(text), (Place::From(Start::First), read, line)));
                }
                Place::From(start) => start,
                Place::End => return None,
            };
            let found = match read(start).await {
                Ok(found) => found,
                Err(error) => return Some((Err(error), (Place::End, read, line))),
            };
            let (missing, next) = (found.broken, found.next);
            let rows = found.rows.into_iter();
            let mut text: String = rows.map(|row| sheet.line(line(row))).collect();
            if missing > 0 {
                let said = sheet
                    .lang
                    .message(&broken.with("count", missing))
                    .into_owned();
                text.push_str(&csv::line(sheet.lang, &[said]));
            }
            let place = next.map_or(Place::End, |next| Place::From(Start::After(next)));
            Some((Ok(text), (place, read, line)))
        },
    )
}
