//! The pages of a list that is short enough to be counted: by number, with a total.

/// One page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbered {
    /// This page, from 1.
    pub page: usize,
    /// The last page; 1 if the list is empty.
    pub last: usize,
    /// How many rows there are in all.
    pub total: usize,
    size: usize,
}

impl Numbered {
    /// The page that `wanted` names; the nearest one if there is none.
    pub fn of(wanted: &str, total: usize, size: usize) -> Self {
        let last = total.div_ceil(size).max(1);
        Self {
            page: wanted.parse().unwrap_or(1).clamp(1, last),
            last,
            total,
            size,
        }
    }

    /// How many rows come before this page.
    pub const fn skip(&self) -> usize {
        (self.page - 1) * self.size
    }

    /// The rows of this page.
    pub fn rows<T>(&self, rows: impl IntoIterator<Item = T>) -> Vec<T> {
        rows.into_iter().skip(self.skip()).take(self.size).collect()
    }

    pub const fn previous(&self) -> Option<usize> {
        match self.page {
            0 | 1 => None,
            page => Some(page - 1),
        }
    }

    pub const fn next(&self) -> Option<usize> {
        match self.page < self.last {
            true => Some(self.page + 1),
            false => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_not_there_is_the_nearest_one() {
        let page = |wanted| Numbered::of(wanted, 101, 50).page;
        assert_eq!(["", "x", "0", "2", "9"].map(page), [1, 1, 1, 2, 3]);
        let last = Numbered::of("3", 101, 50);
        assert_eq!(
            (last.previous(), last.next(), last.skip()),
            (Some(2), None, 100)
        );
        assert_eq!(last.rows(0..101), [100]);
        let empty = Numbered::of("2", 0, 50);
        assert_eq!((empty.page, empty.last, empty.next()), (1, 1, None));
    }
}
