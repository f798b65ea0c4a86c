//! The origins that a server's sign-in page redirects through, as one text.

use super::Problem;
use crate::origin::Origin;

/// Most of them.
const MOST: usize = 10;

/// Reads them, separated by blanks or line ends.
pub(super) fn read(text: &str) -> Result<Vec<Origin>, Problem> {
    let origins = text.split_whitespace().map(str::parse);
    let origins: Vec<_> = origins
        .collect::<Result<_, _>>()
        .map_err(|_| Problem::Origins)?;
    match origins.len() {
        0..=MOST => Ok(origins),
        _ => Err(Problem::Origins),
    }
}

/// Writes them, one per line.
pub(super) fn write(origins: &[Origin]) -> String {
    let texts: Vec<_> = origins.iter().map(Origin::as_str).collect();
    texts.join("\n")
}
