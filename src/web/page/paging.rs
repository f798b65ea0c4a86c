//! Links between the pages of a long list.

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
