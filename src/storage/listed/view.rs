//! Reads one page of a list.

use sqlx::any::AnyRow;

use super::place::{Column, place_of, read_place};
use super::{Listed, Start, Total};
use crate::domain::millis::Millis;
use crate::storage::conditions::{Bound, Conditions};
use crate::storage::row::{FromRow, readable};
use crate::storage::search::{Asked, RARE};
use crate::storage::{Storage, StorageError};

/// Counting stops here: it costs more than the page itself.
const MOST: usize = 1_000;

/// Up to this many rows that stand apart are collected and then sorted.
const FEW: usize = 300;

/// How a list is sorted.
#[derive(Debug, Clone, Copy)]
pub(in crate::storage) struct Sort {
    /// The last one makes each place unique.
    pub(in crate::storage) columns: &'static [Column],
    pub(in crate::storage) descending: bool,
}

/// What a list shows.
pub(in crate::storage) struct View {
    /// Columns to read, the sorted ones among them.
    pub(in crate::storage) columns: String,
    /// What holds for each row, but for words and times.
    pub(in crate::storage) conditions: Conditions,
    /// Limits of a time that is sorted by in some lists: its column, and `>=` or `<`.
    pub(in crate::storage) limits: Vec<(Column, &'static str, Millis)>,
    /// Words that each row has, and whose rows they are.
    pub(in crate::storage) asked: Asked,
    /// Whether no index has the rows that match one after another.
    pub(in crate::storage) scattered: Scattered,
    /// How many rows there are, if that need not be counted.
    pub(in crate::storage) known: Option<usize>,
}

/// In which orders the rows that match stand apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::storage) enum Scattered {
    Nowhere,
    /// By anything but their time.
    UnlessByTime,
    Everywhere,
}

impl View {
    /// The limits of a time: at or after, and before.
    pub(in crate::storage) fn limits_of(
        column: Column,
        from: Option<Millis>,
        to: Option<Millis>,
    ) -> Vec<(Column, &'static str, Millis)> {
        let limit = |sign, at: Option<Millis>| at.map(|at| (column, sign, at));
        limit(">=", from)
            .into_iter()
            .chain(limit("<", to))
            .collect()
    }

    /// One page of at most `size` rows.
    pub(in crate::storage) async fn page<T: FromRow>(
        mut self,
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
        if self.is_frequent(storage).await? {
            let posted = match sort.is_by_time() {
                true => self.asked.posted(storage).await?,
                false => Vec::new(),
            };
            if posted.is_empty() {
                self.asked.collect(storage, MOST).await?;
            }
            if self.asked.is_frequent() {
                return self.frequent(storage, posted, sort, start, size).await;
            }
        }
        // Of rare words one page is read first: if it shows all there are, that is the number.
        let counted = match self.asked.is_rare() {
            true => None,
            false => Some(self.count(storage).await?),
        };
        let few = counted.is_none_or(|total| match self.has_other_limits(sort) {
            // Those between the limits stand together, and all of them were counted.
            true => !total.or_more,
            false => total.number <= FEW,
        });
        let (sql, conditions) = self.statement(sort, start, size, few);
        let found = conditions.fetch(storage, sql).await?;
        let is_all = *start == Start::First && found.len() <= usize::from(size);
        let mut page = page_of(found, sort, start, size)?;
        page.total = match counted {
            Some(total) => total,
            None if is_all => Total {
                number: page.rows.len() + page.broken,
                or_more: false,
            },
            None => self.count(storage).await?,
        };
        page.exactly = self.asked.is_exactly();
        Ok(page)
    }

    /// How the database would read a page, in its own words.
    pub(in crate::storage) async fn plan(
        &self,
        storage: &Storage,
        sort: Sort,
        start: &Start,
        few: bool,
    ) -> Result<String, StorageError> {
        let (sql, conditions) = self.statement(sort, start, 20, few);
        conditions.plan(storage, &sql).await
    }

    /// Whether each word is frequent, and what else is asked as well: too many to count.
    async fn is_frequent(&self, storage: &Storage) -> Result<bool, StorageError> {
        if !self.asked.is_frequent() {
            return Ok(false);
        }
        let all = self.with_limits(false);
        let count = all.count(storage, self.asked.list(), RARE + 1).await?;
        Ok(count > RARE)
    }

    /// How many rows match, counted up to [`MOST`].
    async fn count(&self, storage: &Storage) -> Result<Total, StorageError> {
        let number = match self.known {
            Some(number) => {
                return Ok(Total {
                    number,
                    or_more: false,
                });
            }
            None => {
                let mut all = self.with_limits(false);
                self.asked.add_to(&mut all);
                all.count(storage, self.asked.list(), MOST + 1).await?
            }
        };
        Ok(Total {
            number: number.min(MOST),
            or_more: number > MOST,
        })
    }

    /// `few`: whether all rows that match may be collected and sorted. If not, only the
    /// index of the order is useful, so the limits of another column are hidden.
    fn statement(&self, sort: Sort, start: &Start, size: u16, few: bool) -> (String, Conditions) {
        let other = self.has_other_limits(sort);
        let mut conditions = self.with_limits(other && !few);
        self.asked.add_to(&mut conditions);
        let descending = sort.descends(start);
        if let Start::After(place) | Start::Before(place) = start
            && let Some(values) = read_place(place, sort.columns)
        {
            sort.behind(&mut conditions, values, descending);
        }
        let apart = match self.scattered {
            Scattered::Nowhere => false,
            Scattered::UnlessByTime => !sort.is_by_time(),
            Scattered::Everywhere => true,
        };
        // An index of the order is no help if few rows are read another way.
        let hidden = (few && (other || apart)) || conditions.is_joined();
        let table = self.asked.list();
        let sql = format!(
            "SELECT {} FROM {} {} ORDER BY {} LIMIT {}",
            self.columns,
            conditions.from(table),
            conditions.sql(),
            sort.order(descending, hidden),
            u32::from(size) + 1
        );
        (sql, conditions)
    }

    /// Whether there are limits of something else than what is sorted by.
    fn has_other_limits(&self, sort: Sort) -> bool {
        let is_of_order = |column: &Column| sort.columns.first() == Some(column);
        self.limits.iter().any(|(column, ..)| !is_of_order(column))
    }

    pub(super) fn with_limits(&self, hidden: bool) -> Conditions {
        let mut conditions = self.conditions.clone();
        for (column, sign, time) in &self.limits {
            let name = column.name();
            let name = match hidden {
                true => format!("COALESCE({name}, {name})"),
                false => name.to_owned(),
            };
            conditions.and(&format!("{name} {sign} ?"), [column.at(*time)]);
        }
        conditions
    }
}

impl Sort {
    /// Whether a row's place is its time and its id.
    pub(super) fn is_by_time(self) -> bool {
        matches!(
            self.columns,
            [Column::Bytes(_)] | [Column::Number(_), Column::Text(_)]
        )
    }

    /// Whether the rows of a page are read from the last to the first value.
    pub(super) fn descends(self, start: &Start) -> bool {
        self.descending != matches!(start, Start::Before(_))
    }

    /// Adds that rows stand behind this place.
    pub(super) fn behind(
        self,
        conditions: &mut Conditions,
        place: impl IntoIterator<Item = Bound>,
        descending: bool,
    ) {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name()).collect();
        let sign = if descending { '<' } else { '>' };
        let gaps = vec!["?"; names.len()].join(", ");
        conditions.and(&format!("({}) {sign} ({gaps})", names.join(", ")), place);
    }

    /// For `ORDER BY`. `hidden`: so that no index of this order is read.
    pub(super) fn order(self, descending: bool, hidden: bool) -> String {
        let order: Vec<String> = (self.columns.iter().enumerate())
            .map(|(at, column)| {
                let name = column.name();
                let name = match hidden && at == 0 {
                    true => format!("COALESCE({name}, {name})"),
                    false => name.to_owned(),
                };
                format!("{name}{}", if descending { " DESC" } else { "" })
            })
            .collect();
        order.join(", ")
    }
}

/// A page of the rows that were read, of which one more than `size` shows that there are
/// more.
pub(super) fn page_of<T: FromRow>(
    mut found: Vec<AnyRow>,
    sort: Sort,
    start: &Start,
    size: u16,
) -> Result<Listed<T>, StorageError> {
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
        ..Listed::empty()
    })
}
