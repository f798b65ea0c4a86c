//! Links between the pages of a long list: `page=` holds the place behind which a page
//! begins, `back=` the place before which it ends.

use data_encoding::BASE64URL_NOPAD;

use crate::services::Start;

/// Links to the other pages of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paging {
    /// Set on every page but the first.
    pub first: Option<String>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

impl Paging {
    /// Whether the list has more than one page.
    pub const fn is_needed(&self) -> bool {
        self.first.is_some() || self.next.is_some()
    }
}

/// Where a page starts; unreadable text means the first page.
pub fn start(page: &str, back: &str) -> Start {
    match (cursor(page), cursor(back)) {
        (_, Some(place)) => Start::Before(place),
        (Some(place), None) => Start::After(place),
        (None, None) => Start::First,
    }
}

/// Reads the cursor of `page=`; unreadable text means the first page.
pub fn cursor(page: &str) -> Option<Vec<u8>> {
    let read = BASE64URL_NOPAD.decode(page.as_bytes()).ok();
    read.filter(|cursor| !cursor.is_empty())
}

/// Writes the cursor for `page=`.
pub fn text(cursor: &[u8]) -> String {
    BASE64URL_NOPAD.encode(cursor)
}
