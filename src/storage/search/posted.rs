//! The rows of a frequent word in the order of their times, one part after the other:
//! however many rows have it, a part costs the same.

use sqlx::Row as _;

use super::range::Range;
use super::{Index, Whose};
use crate::domain::millis::Millis;
use crate::storage::conditions::{Bound, fetch};
use crate::storage::{Storage, StorageError};

/// What begins more words is not read word by word.
const MOST_WORDS: usize = 64;

/// The words that begin as one word of a search does.
pub(in crate::storage) struct Posted {
    index: Index,
    whose: Whose,
    /// Which word of the search it is.
    of: usize,
    words: Words,
}

enum Words {
    Each(Vec<Vec<u8>>),
    /// Those of these ranges, however many there are.
    Between(Vec<Range>),
}

/// A part of their rows.
pub(in crate::storage) struct Slice {
    /// Behind the row with this time and id.
    pub(in crate::storage) from: Option<(Millis, String)>,
    /// `>=` or `<`, and a time.
    pub(in crate::storage) limits: Vec<(&'static str, Millis)>,
    pub(in crate::storage) descending: bool,
    /// At most so many.
    pub(in crate::storage) step: u32,
}

impl Posted {
    /// Finds the words of these ranges. `None` if there are too many.
    pub(super) async fn find(
        storage: &Storage,
        index: Index,
        whose: &Whose,
        of: usize,
        ranges: &[Range],
    ) -> Result<Option<Self>, StorageError> {
        let mut words = Vec::new();
        for range in ranges {
            words.extend(distinct(storage, index, whose, range).await?);
            if words.len() > MOST_WORDS {
                return Ok(None);
            }
        }
        Ok(Some(Self {
            index,
            whose: whose.clone(),
            of,
            words: Words::Each(words),
        }))
    }

    /// All words of these ranges: each part reads and sorts all their rows, so it is for such
    /// as few rows have.
    pub(super) fn between(index: Index, whose: &Whose, of: usize, ranges: &[Range]) -> Self {
        Self {
            index,
            whose: whose.clone(),
            of,
            words: Words::Between(ranges.to_vec()),
        }
    }

    /// Which word of the search it is.
    pub(in crate::storage) const fn of(&self) -> usize {
        self.of
    }

    /// The ids of a part of the rows, each once.
    pub(in crate::storage) fn rows(&self, slice: Slice) -> (String, Vec<Bound>) {
        let (sign, order) = match slice.descending {
            true => ('<', "at DESC, row_id DESC"),
            false => ('>', "at, row_id"),
        };
        let (select, condition, words): (_, _, Vec<Vec<Bound>>) = match &self.words {
            Words::Each(words) => {
                let one = |word: &Vec<u8>| vec![Bound::Bytes(word.clone())];
                ("SELECT", "word = ?", words.iter().map(one).collect())
            }
            // A row may have several of them.
            Words::Between(ranges) => {
                let one = |range: &Range| range.bounds().to_vec();
                let condition = "word >= ? AND word < ?";
                (
                    "SELECT DISTINCT",
                    condition,
                    ranges.iter().map(one).collect(),
                )
            }
        };
        let owned = format!(
            "{select} row_id, at FROM {} WHERE {} = ? AND {condition}",
            self.index.table,
            self.whose.column()
        );
        let (mut limits, mut shared) = (String::new(), Vec::new());
        for (sign, time) in slice.limits {
            limits.push_str(&format!(" AND at {sign} ?"));
            shared.push(Bound::Number(time.0));
        }
        if let Some((at, id)) = slice.from {
            limits.push_str(&format!(" AND (at, row_id) {sign} (?, ?)"));
            shared.extend([Bound::Number(at.0), Bound::Text(id)]);
        }
        let (mut parts, mut values) = (Vec::new(), Vec::new());
        for (number, bounds) in words.iter().enumerate() {
            parts.push(format!(
                "SELECT row_id, at FROM ({owned}{limits} ORDER BY {order} LIMIT {}) word{number}",
                slice.step
            ));
            values.push(Bound::Text(self.whose.id().to_owned()));
            values.extend(bounds.iter().chain(&shared).cloned());
        }
        let all = parts.join(" UNION ");
        (
            format!("{all} ORDER BY {order} LIMIT {}", slice.step),
            values,
        )
    }
}

/// The words of a range, found by jumping from one to the next; one more than
/// [`MOST_WORDS`] at most.
async fn distinct(
    storage: &Storage,
    Index { table, .. }: Index,
    whose: &Whose,
    range: &Range,
) -> Result<Vec<Vec<u8>>, StorageError> {
    let owned = format!("SELECT word FROM {table} WHERE {} = ?", whose.column());
    let sql = format!(
        "WITH RECURSIVE known (word) AS (\
         SELECT * FROM ({owned} AND word >= ? AND word < ? ORDER BY word LIMIT 1) first_one \
         UNION ALL SELECT ({owned} AND word > known.word AND word < ? ORDER BY word LIMIT 1) \
         FROM known WHERE known.word IS NOT NULL) \
         SELECT word FROM known WHERE word IS NOT NULL LIMIT {}",
        MOST_WORDS + 1
    );
    let id = || Bound::Text(whose.id().to_owned());
    let [start, end] = range.bounds();
    let values = [id(), start, end.clone(), id(), end];
    let rows = fetch(storage, &sql, &values).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
