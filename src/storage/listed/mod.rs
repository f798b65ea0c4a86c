//! Lists that people look through: sorted, counted, and read page by page in both
//! directions. Each page starts where the one before ended, and costs the same however
//! long the list is.

mod frequent;
mod place;
mod view;

pub(super) use place::Column;
pub(super) use view::{Scattered, Sort, View};

/// Where a page starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Start {
    #[default]
    First,
    /// Behind the row at this place.
    After(Vec<u8>),
    /// Before it: the page ends there.
    Before(Vec<u8>),
}

impl Start {
    pub(super) fn place(&self) -> Option<&[u8]> {
        match self {
            Self::First => None,
            Self::After(place) | Self::Before(place) => Some(place),
        }
    }
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Listed<T> {
    /// The rows, in order.
    pub rows: Vec<T>,
    /// How many further rows of this page could not be read.
    pub broken: usize,
    /// Where the page before this one ends, if there is one.
    pub previous: Option<Vec<u8>>,
    /// Where the next page starts, if there is one.
    pub next: Option<Vec<u8>>,
    /// How many rows the list has.
    pub total: Total,
    /// Whether the page has room left, and its neighbour goes on looking: what is sought
    /// is so frequent in parts, and so rare as a whole, that looking was interrupted.
    pub goes_on: bool,
    /// Whether only rows are shown that have exactly the words of the search in one text:
    /// many have each of them somewhere.
    pub exactly: bool,
}

/// A number of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    pub number: usize,
    /// Whether there are more: counting stopped.
    pub or_more: bool,
}

impl<T> Listed<T> {
    /// An empty list.
    pub const fn empty() -> Self {
        Self {
            rows: Vec::new(),
            broken: 0,
            previous: None,
            next: None,
            total: Total {
                number: 0,
                or_more: false,
            },
            goes_on: false,
            exactly: false,
        }
    }

    /// The same page of what is made of the rows.
    pub fn map<U>(self, made: impl FnMut(T) -> U) -> Listed<U> {
        Listed {
            rows: self.rows.into_iter().map(made).collect(),
            broken: self.broken,
            previous: self.previous,
            next: self.next,
            total: self.total,
            goes_on: self.goes_on,
            exactly: self.exactly,
        }
    }
}
