//! Pages of what is frequent in each part, words as well as filters: rows are looked at in
//! the order of the list until the page is full. If the parts hardly ever meet, looking
//! stops after a while, and the next page goes on from there.

use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::place::{moment_of, place_of, read_place};
use super::view::{Sort, View, page_of};
use super::{Listed, Start, Total};
use crate::storage::conditions::{Bound, Conditions, fetch};
use crate::storage::row::FromRow;
use crate::storage::search::{Posted, Slice};
use crate::storage::{Storage, StorageError};

/// How many rows are looked at in each step: a page is often full after the first.
const STEPS: [u32; 3] = [64, 448, 1536];

/// So many rows of each word say how many there are nearby.
const NEARBY: u32 = 64;

/// A walk through a list.
struct Walk<'v> {
    view: &'v View,
    sort: Sort,
    descending: bool,
    /// The words whose rows are walked through; without them, those of the whole list.
    posted: Option<Posted>,
}

impl View {
    /// One page, read by walking through the rows of one of these words in their order, or
    /// without any through the list.
    pub(super) async fn frequent<T: FromRow>(
        &self,
        storage: &Storage,
        posted: Vec<Posted>,
        sort: Sort,
        start: &Start,
        size: u16,
    ) -> Result<Listed<T>, StorageError> {
        let mut walk = Walk {
            view: self,
            sort,
            descending: sort.descends(start),
            posted: None,
        };
        walk.posted = walk.sparsest(storage, posted, start).await?;
        let (found, stopped) = walk.to_full(storage, start, size).await?;
        let mut page = page_of(found, sort, start, size)?;
        let number = page.rows.len() + page.broken;
        let is_all = *start == Start::First && page.next.is_none() && stopped.is_none();
        page.total = Total {
            number: if is_all {
                number
            } else {
                number.max(size.into())
            },
            or_more: !is_all,
        };
        if let Some(place) = stopped {
            page.goes_on = true;
            page.total.number = number;
            match start {
                Start::Before(_) => page.previous = Some(place),
                Start::First | Start::After(_) => page.next = Some(place),
            }
        }
        Ok(page)
    }
}

impl Walk<'_> {
    /// The word whose next rows reach farthest: fewest of them are looked at in vain.
    async fn sparsest(
        &self,
        storage: &Storage,
        mut posted: Vec<Posted>,
        start: &Start,
    ) -> Result<Option<Posted>, StorageError> {
        if posted.len() < 2 {
            return Ok(posted.pop());
        }
        let order = if self.descending { " DESC" } else { "" };
        let (mut ends, mut values) = (Vec::new(), Vec::new());
        for (number, word) in posted.iter().enumerate() {
            let (sql, bound) = word.rows(self.slice(start.place(), NEARBY));
            ends.push(format!(
                "(SELECT at FROM ({sql}) nearby{number} ORDER BY at{order} LIMIT 1 OFFSET {})",
                NEARBY - 1
            ));
            values.extend(bound);
        }
        let rows = fetch(storage, &format!("SELECT {}", ends.join(", ")), &values).await?;
        let Some(row) = rows.first() else {
            return Ok(posted.pop());
        };
        let mut farthest = (0, i64::MIN);
        for number in 0..posted.len() {
            let reach = match row.try_get(number)? {
                // There are fewer.
                None => i64::MAX,
                Some(at) if self.descending => i64::saturating_neg(at),
                Some(at) => at,
            };
            if reach > farthest.1 {
                farthest = (number, reach);
            }
        }
        Ok(Some(posted.swap_remove(farthest.0)))
    }

    fn slice(&self, from: Option<&[u8]>, step: u32) -> Slice {
        let from = from.and_then(|place| read_place(place, self.sort.columns));
        Slice {
            from: from.as_deref().and_then(moment_of),
            limits: (self.view.limits.iter())
                .map(|(_, sign, time)| (*sign, *time))
                .collect(),
            descending: self.descending,
            step,
        }
    }

    /// The rows of a page and one more, and the place where looking stopped before that.
    async fn to_full(
        &self,
        storage: &Storage,
        start: &Start,
        size: u16,
    ) -> Result<(Vec<AnyRow>, Option<Vec<u8>>), StorageError> {
        let wanted = usize::from(size) + 1;
        let mut from = start.place().map(<[u8]>::to_vec);
        let mut found = Vec::new();
        for step in STEPS {
            let source = self.source(from.as_deref(), step);
            found.extend(
                self.matching(storage, &source, wanted - found.len())
                    .await?,
            );
            if found.len() >= wanted {
                return Ok((found, None));
            }
            from = match self.last(storage, &source, step).await? {
                Some(place) => Some(place),
                None => return Ok((found, None)),
            };
        }
        Ok((found, from))
    }

    /// The ids of the next rows to look at, behind a place.
    fn source(&self, from: Option<&[u8]>, step: u32) -> (String, Vec<Bound>) {
        if let Some(posted) = &self.posted {
            return posted.rows(self.slice(from, step));
        }
        let from = from.and_then(|place| read_place(place, self.sort.columns));
        let mut conditions = self.view.with_limits(!self.sort.is_by_time());
        if let Some(values) = from {
            self.sort.behind(&mut conditions, values, self.descending);
        }
        let sql = format!(
            "SELECT id AS row_id FROM {} {} ORDER BY {} LIMIT {step}",
            self.view.asked.list(),
            conditions.sql(),
            self.sort.order(self.descending, false)
        );
        (sql, conditions.into_values())
    }

    /// Those of them that have all that is asked.
    async fn matching(
        &self,
        storage: &Storage,
        source: &(String, Vec<Bound>),
        most: usize,
    ) -> Result<Vec<AnyRow>, StorageError> {
        let mut conditions = match self.posted {
            Some(_) => self.view.with_limits(true),
            None => Conditions::default(),
        };
        let walked = self.posted.as_ref().map(Posted::of);
        self.view.asked.add_but(&mut conditions, walked);
        self.read(
            storage,
            conditions,
            source,
            &self.view.columns,
            &format!("LIMIT {most}"),
        )
        .await
    }

    /// The place of the last of them, if there may be more behind it.
    async fn last(
        &self,
        storage: &Storage,
        source: &(String, Vec<Bound>),
        step: u32,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        let columns: Vec<&str> = self.sort.columns.iter().map(|one| one.name()).collect();
        let last = format!("LIMIT 1 OFFSET {}", step - 1);
        let rows = self
            .read(
                storage,
                Conditions::default(),
                source,
                &columns.join(", "),
                &last,
            )
            .await?;
        let place = |row| place_of(row, self.sort.columns);
        rows.first().map(place).transpose()
    }

    async fn read(
        &self,
        storage: &Storage,
        mut conditions: Conditions,
        (source, values): &(String, Vec<Bound>),
        columns: &str,
        limit: &str,
    ) -> Result<Vec<AnyRow>, StorageError> {
        let table = self.view.asked.list();
        let on = format!("{table}.id = looked.row_id");
        conditions.join(&format!("({source}) looked"), values.iter().cloned(), &on);
        let sql = format!(
            "SELECT {columns} FROM {} {} ORDER BY {} {limit}",
            conditions.from(table),
            conditions.sql(),
            self.sort.order(self.descending, true)
        );
        conditions.fetch(storage, sql).await
    }
}
