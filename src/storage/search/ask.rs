//! Turns what is sought into conditions.

use sqlx::Row as _;

use super::words::{is_number, of_code, of_group, of_number, of_organisation, tokens};
use super::{Index, Sought, Whose};
use crate::domain::thumbprint::Thumbprint;
use crate::storage::conditions::{Bound, Conditions};
use crate::storage::folded::folded;
use crate::storage::listed::RARE;
use crate::storage::seal::KeyRing;
use crate::storage::{Storage, StorageError};

/// More words of one search are left out of it.
const MOST_WORDS: usize = 12;

/// Frequent words that may never meet: so many rows of one of them are looked at for the
/// others.
const MOST_TRIED: usize = 5_000;

/// If so many of those have all words, every part of the list has some.
const MEET_OFTEN: usize = 100;

/// A range of words: from the first on, up to and without the second.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Range(Vec<u8>, Vec<u8>);

impl Range {
    /// All words that begin like this: UTF-8 never contains 0xFF.
    fn beginning(word: Vec<u8>) -> Self {
        let end = [word.as_slice(), &[0xFF]].concat();
        Self(word, end)
    }

    /// This word alone.
    fn exactly(word: Vec<u8>) -> Self {
        let end = [word.as_slice(), &[0]].concat();
        Self(word, end)
    }

    fn bounds(&self) -> [Bound; 2] {
        [Bound::Bytes(self.0.clone()), Bound::Bytes(self.1.clone())]
    }
}

/// What is asked of the words of a row: of each of these lists, one range must have one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::storage) struct Asked {
    all: Vec<Vec<Range>>,
    /// The one whose rows are read; without it, the list is read in its order.
    driver: Option<usize>,
    /// Whether the driver has more rows than are read.
    is_partial: bool,
}

impl Asked {
    /// Understands what is sought, and finds out which word the fewest rows have.
    pub(in crate::storage) async fn of(
        storage: &Storage,
        keys: &KeyRing,
        index: Index,
        whose: &Whose,
        sought: &Sought,
    ) -> Result<Self, StorageError> {
        let mut all = Vec::new();
        for word in tokens(&sought.organisation) {
            all.push(vec![Range::beginning(of_organisation(&word))]);
        }
        all.extend(sought.group.map(|id| vec![Range::exactly(of_group(id))]));
        let text = sought.text.trim();
        match whole(keys, text)? {
            Some(ranges) if is_certain(text) => all.push(ranges),
            // A reference read out in two parts may be two words as well.
            Some(ranges) if count(storage, index, whose, &ranges, RARE).await? > 0 => {
                all.push(ranges)
            }
            Some(_) | None => all.extend(words(keys, text)?),
        }
        all.truncate(MOST_WORDS);
        let mut rarest = (RARE + 1, None);
        for (at, ranges) in all.iter().enumerate() {
            let found = count(storage, index, whose, ranges, RARE).await?;
            if found < rarest.0 {
                rarest = (found, Some(at));
            }
        }
        let asked = Self {
            all,
            driver: rarest.1,
            is_partial: false,
        };
        match asked.driver {
            None if asked.all.len() > 1 => asked.of_frequent(storage, index, whose).await,
            _ => Ok(asked),
        }
    }

    /// Each word is frequent; all of them together may still be rare.
    async fn of_frequent(
        mut self,
        storage: &Storage,
        index: Index,
        whose: &Whose,
    ) -> Result<Self, StorageError> {
        let driven = Self {
            driver: Some(0),
            ..self.clone()
        };
        let mut conditions = Conditions::default();
        driven.add_to(&mut conditions, index, whose);
        let met = conditions.count(storage, index.of, MEET_OFTEN + 1).await?;
        if met > MEET_OFTEN {
            return Ok(self);
        }
        if let Some(ranges) = self.all.first() {
            let found = count(storage, index, whose, ranges, MOST_TRIED).await?;
            self.is_partial = found > MOST_TRIED;
        }
        self.driver = Some(0);
        Ok(self)
    }

    /// Whether there may be rows that are not found: the words are too frequent to look at
    /// all of them, and hardly ever meet.
    pub(in crate::storage) const fn is_partial(&self) -> bool {
        self.is_partial
    }

    /// Whether anything is asked.
    pub(in crate::storage) const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Adds the conditions. If few rows have the rarest word, those are read and looked
    /// at for the others; else rows are read in the order of the list, and since the
    /// words meet often, a page is soon full. The planners cannot choose: they do not
    /// know the words when they plan.
    pub(in crate::storage) fn add_to(
        &self,
        conditions: &mut Conditions,
        index: Index,
        whose: &Whose,
    ) {
        let Index { table, of } = index;
        for (at, ranges) in self.all.iter().enumerate() {
            if self.driver == Some(at) {
                let (source, values) = rows(index, whose, ranges);
                let on = format!("{of}.id = found.row_id");
                let source = format!("({source} LIMIT {MOST_TRIED}) found");
                conditions.join(&source, values, &on);
                continue;
            }
            let any = vec!["word >= ? AND word < ?"; ranges.len()].join(" OR ");
            let exists = format!(
                "EXISTS (SELECT 1 FROM {table} WHERE {table}.row_id = {of}.id AND ({any}))"
            );
            conditions.and(&exists, ranges.iter().flat_map(Range::bounds));
        }
    }
}

/// The rows that have a word of these ranges, each once.
fn rows(index: Index, whose: &Whose, ranges: &[Range]) -> (String, Vec<Bound>) {
    let Index { table, .. } = index;
    let one = format!(
        "SELECT row_id FROM {table} WHERE {} = ? AND word >= ? AND word < ?",
        whose.column()
    );
    let mut sql = vec![one.as_str(); ranges.len()].join(" UNION ");
    if ranges.len() == 1 {
        sql = sql.replacen("SELECT", "SELECT DISTINCT", 1);
    }
    let id = || Bound::Text(whose.id().to_owned());
    let values = ranges
        .iter()
        .flat_map(|range| std::iter::once(id()).chain(range.bounds()));
    (sql, values.collect())
}

/// How many rows have a word of these ranges; counting stops behind `most`.
async fn count(
    storage: &Storage,
    index: Index,
    whose: &Whose,
    ranges: &[Range],
    most: usize,
) -> Result<usize, StorageError> {
    let (sql, values) = rows(index, whose, ranges);
    let mut counted = Conditions::default();
    let sql = counted.numbered(&sql, values);
    let sql = format!("SELECT COUNT(*) FROM ({sql} LIMIT {}) found", most + 1);
    let rows = counted.fetch(storage, sql).await?;
    let count: i64 = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// What the whole text means, if it is one code or number, blanks and all.
fn whole(keys: &KeyRing, text: &str) -> Result<Option<Vec<Range>>, StorageError> {
    if let Ok(thumbprint) = text.parse::<Thumbprint>() {
        let code = of_code(thumbprint.as_str());
        return Ok(Some(vec![Range::exactly(code)]));
    }
    if is_number(text) {
        let hashes = of_number(keys, text)?;
        return Ok(Some(hashes.into_iter().map(Range::exactly).collect()));
    }
    Ok(reference(text).map(|code| vec![Range::exactly(code)]))
}

/// Whether the whole text can mean nothing else.
fn is_certain(text: &str) -> bool {
    text.parse::<Thumbprint>().is_ok() || is_number(text)
}

/// The words of a search text. Text without any, such as a hyphen, finds nothing.
fn words(keys: &KeyRing, text: &str) -> Result<Vec<Vec<Range>>, StorageError> {
    let mut all = Vec::new();
    for word in tokens(text) {
        let hashes = of_number(keys, &word)?;
        let mut ranges = vec![Range::beginning(word.into_bytes())];
        ranges.extend(hashes.into_iter().map(Range::exactly));
        all.push(ranges);
    }
    if all.is_empty() && !text.is_empty() {
        all.push(vec![Range::exactly(folded(text).into_bytes())]);
    }
    Ok(all)
}

/// A reference as it is stored, from what people read out: letters outside its alphabet
/// become the digits they look like.
fn reference(text: &str) -> Option<Vec<u8>> {
    let letters = text.chars().filter(|c| !matches!(c, ' ' | '-'));
    let read: String = letters
        .map(|c| match c.to_ascii_uppercase() {
            'I' | 'L' => '1',
            'O' => '0',
            other => other,
        })
        .collect();
    let own = |c: char| c.is_ascii_digit() || (c.is_ascii_uppercase() && c != 'U');
    (read.chars().count() == 10 && read.chars().all(own)).then(|| of_code(&read))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_letters_may_be_a_reference_however_it_is_read_out() {
        assert_eq!(reference("0bcde-fghjk"), Some(of_code("0BCDEFGHJK")));
        assert_eq!(reference("ilo0000000"), Some(of_code("1100000000")));
        assert_eq!(reference("U000000000"), None);
        assert_eq!(reference("123"), None);
    }

    #[test]
    fn a_thumbprint_and_a_number_are_found_however_they_are_written() {
        let keys = KeyRing::new([7; 32]);
        let spaced = "ab:".repeat(19) + "ab";
        let one = whole(&keys, &spaced).unwrap().unwrap();
        assert_eq!(one, [Range::exactly(of_code(&"AB".repeat(20)))]);
        assert!(is_certain("12.345.678 Z") && !is_certain("0BCDEFGHJK"));
        let spaced = whole(&keys, "12 345 678-z").unwrap();
        assert_eq!(spaced, whole(&keys, "12345678Z").unwrap());
    }

    #[test]
    fn every_word_counts_and_text_without_words_finds_nothing() {
        let keys = KeyRing::new([7; 32]);
        assert_eq!(words(&keys, " Ana,  Núñez ").unwrap().len(), 2);
        assert_eq!(words(&keys, "").unwrap().len(), 0);
        assert_eq!(words(&keys, " - ").unwrap().len(), 1);
    }
}
