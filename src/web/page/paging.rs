//! The pages of a long list as addresses name them: `page=` holds where one
//! begins.

use data_encoding::BASE64URL_NOPAD;

/// Where the other pages of a list are, as far as there are any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paging {
    /// The first page, where this is a later one.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
}

impl Paging {
    /// There is more than this page.
    pub const fn is_needed(&self) -> bool {
        self.first.is_some() || self.next.is_some()
    }
}

/// Where the page begins; what cannot be read is the first one.
pub fn cursor(page: &str) -> Option<Vec<u8>> {
    let read = BASE64URL_NOPAD.decode(page.as_bytes()).ok();
    read.filter(|cursor| !cursor.is_empty())
}

/// The same for an address.
pub fn text(cursor: &[u8]) -> String {
    BASE64URL_NOPAD.encode(cursor)
}
