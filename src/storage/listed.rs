//! Lists that people look through: sorted, counted, and read page by page in both
//! directions. Each page starts where the one before ended, however long the list is.

use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::conditions::{Bound, Conditions};
use super::row::{FromRow, readable};
use super::{Storage, StorageError};

/// Up to this many rows are collected and then sorted. What more rows share is so
/// frequent that walking the list in its order finds a page of it sooner.
pub(super) const RARE: usize = 500;

/// Counting stops here for a whole list.
pub(super) const MOST: usize = 10_000;

/// Counting stops here for what is searched or filtered: it costs more.
pub(super) const MOST_FOUND: usize = 1_000;

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
        }
    }
}

/// A column by which a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Bytes(&'static str),
    Number(&'static str),
    Text(&'static str),
}

/// How a list is sorted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sort {
    /// The last one makes each place unique.
    pub(super) columns: &'static [Column],
    pub(super) descending: bool,
}

/// What a list shows.
pub(super) struct View {
    pub(super) table: &'static str,
    /// Columns to read, the sorted ones among them.
    pub(super) columns: String,
    pub(super) conditions: Conditions,
    /// Limits of one column that is sorted by in some lists: its name, `>=` or `<`, and
    /// the value.
    pub(super) limits: Vec<(&'static str, &'static str, Bound)>,
    /// Counting stops here.
    pub(super) most: usize,
    /// Whether there may be more rows than can be found.
    pub(super) is_partial: bool,
}

impl View {
    /// One page of at most `size` rows.
    pub(super) async fn page<T: FromRow>(
        &self,
        storage: &Storage,
        sort: Sort,
        start: &Start,
        size: u16,
    ) -> Result<Listed<T>, StorageError> {
        let start = match start {
            Start::After(place) | Start::Before(place)
                if read_place(place, sort.columns).is_none() =>
            {
                &Start::First
            }
            start => start,
        };
        let all = self.with_limits(false);
        let counted = all.count(storage, self.table, self.most + 1).await?;
        let (sql, conditions) = self.statement(sort, start, size, counted <= RARE);
        let mut found = conditions.fetch(storage, sql).await?;
        let has_more = found.len() > usize::from(size);
        found.truncate(size.into());
        let backwards = matches!(start, Start::Before(_));
        if backwards {
            found.reverse();
        }
        let place = |row: Option<&AnyRow>| row.map(|row| place_of(row, sort.columns)).transpose();
        let has_previous = if backwards {
            has_more
        } else {
            *start != Start::First
        };
        let rows: Vec<T> = readable(&found);
        Ok(Listed {
            broken: found.len() - rows.len(),
            rows,
            previous: place(found.first().filter(|_| has_previous))?,
            next: place(found.last().filter(|_| backwards || has_more))?,
            total: Total {
                number: counted.min(self.most),
                or_more: counted > self.most || self.is_partial,
            },
        })
    }

    /// How the database would read a page, in its own words.
    pub(super) async fn plan(
        &self,
        storage: &Storage,
        sort: Sort,
        start: &Start,
        few: bool,
    ) -> Result<String, StorageError> {
        let (sql, conditions) = self.statement(sort, start, 20, few);
        conditions.plan(storage, &sql).await
    }

    /// `few`: whether all rows that match may be collected and sorted. If not, only the
    /// index of the order is useful, so the limits of another column are hidden.
    fn statement(&self, sort: Sort, start: &Start, size: u16, few: bool) -> (String, Conditions) {
        let is_of_order = |name: &str| sort.columns.first().map(|one| one.name()) == Some(name);
        let other = self.limits.iter().any(|(name, ..)| !is_of_order(name));
        let mut conditions = self.with_limits(other && !few);
        let backwards = matches!(start, Start::Before(_));
        let descending = sort.descending != backwards;
        if let Start::After(place) | Start::Before(place) = start
            && let Some(values) = read_place(place, sort.columns)
        {
            let names: Vec<&str> = sort.columns.iter().map(|column| column.name()).collect();
            let sign = if descending { '<' } else { '>' };
            let gaps = vec!["?"; names.len()].join(", ");
            let behind = format!("({}) {sign} ({gaps})", names.join(", "));
            conditions.and(&behind, values);
        }
        // An index of the order is no help if few rows are read another way.
        let hidden = (few && other) || conditions.is_joined();
        let order: Vec<String> = (sort.columns.iter().enumerate())
            .map(|(at, column)| {
                let name = column.name();
                let name = match hidden && at == 0 {
                    true => format!("COALESCE({name}, {name})"),
                    false => name.to_owned(),
                };
                format!("{name}{}", if descending { " DESC" } else { "" })
            })
            .collect();
        let sql = format!(
            "SELECT {} FROM {} {} ORDER BY {} LIMIT {}",
            self.columns,
            conditions.from(self.table),
            conditions.sql(),
            order.join(", "),
            u32::from(size) + 1
        );
        (sql, conditions)
    }

    fn with_limits(&self, hidden: bool) -> Conditions {
        let mut conditions = self.conditions.clone();
        for (name, sign, value) in &self.limits {
            let name = match hidden {
                true => format!("COALESCE({name}, {name})"),
                false => (*name).to_owned(),
            };
            conditions.and(&format!("{name} {sign} ?"), [value.clone()]);
        }
        conditions
    }
}

impl Column {
    const fn name(self) -> &'static str {
        match self {
            Self::Bytes(name) | Self::Number(name) | Self::Text(name) => name,
        }
    }

    fn value(self, row: &AnyRow) -> Result<Vec<u8>, StorageError> {
        Ok(match self {
            Self::Bytes(name) => row.try_get(name)?,
            Self::Number(name) => row.try_get::<i64, _>(name)?.to_be_bytes().to_vec(),
            Self::Text(name) => row.try_get::<String, _>(name)?.into_bytes(),
        })
    }

    /// The value as it was written; `None` if it is not one of this column. An id is
    /// plain ASCII, so other text from an address never reaches the database.
    fn bound(self, value: &[u8]) -> Option<Bound> {
        Some(match self {
            Self::Bytes(_) => Bound::Bytes(value.to_vec()),
            Self::Number(_) => Bound::Number(i64::from_be_bytes(value.try_into().ok()?)),
            Self::Text(_) => {
                let text = std::str::from_utf8(value).ok()?;
                let is_id = text.bytes().all(|byte| byte.is_ascii_graphic());
                Bound::Text(is_id.then_some(text)?.to_owned())
            }
        })
    }
}

/// The place of a row as one value: each column with its length in front.
fn place_of(row: &AnyRow, columns: &[Column]) -> Result<Vec<u8>, StorageError> {
    let mut place = Vec::new();
    for column in columns {
        let value = column.value(row)?;
        let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
        place.extend_from_slice(&length.to_be_bytes());
        place.extend_from_slice(&value);
    }
    Ok(place)
}

/// The values of a place; `None` if it is none of this order.
fn read_place(place: &[u8], columns: &[Column]) -> Option<Vec<Bound>> {
    let (mut rest, mut values) = (place, Vec::new());
    for column in columns {
        let (length, behind) = rest.split_first_chunk::<2>()?;
        let (value, behind) = behind.split_at_checked(u16::from_be_bytes(*length).into())?;
        values.push(column.bound(value)?);
        rest = behind;
    }
    rest.is_empty().then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_of_the_order_are_read() {
        let columns = [Column::Number("not_after"), Column::Text("id")];
        let place = [&[0, 8][..], &[0; 8], &[0, 2], b"a1"].concat();
        let values = read_place(&place, &columns).unwrap();
        assert!(matches!(&values[..], [Bound::Number(0), Bound::Text(id)] if id == "a1"));
        for wrong in [
            &[][..],
            &[0],
            &[0, 9, 1],
            &[255, 255],
            &place[..12],
            &[&place[..], &[0]].concat(),
            &[&place[..12], b"a\0"].concat(),
            &[&place[..12], b"a\xFF"].concat(),
        ] {
            assert!(read_place(wrong, &columns).is_none(), "{wrong:?}");
        }
        let bytes = read_place(&[0, 1, 7], &[Column::Bytes("cursor")]);
        assert!(matches!(&bytes.unwrap()[..], [Bound::Bytes(one)] if one == &[7]));
    }
}
