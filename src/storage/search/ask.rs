//! Turns what is sought into conditions.

use std::cmp::Reverse;

use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::posted::Posted;
use super::range::Range;
use super::words::{is_number, of_code, of_group, of_number, of_organisation, of_phrase, tokens};
use super::{Index, Sought, Whose};
use crate::domain::thumbprint::Thumbprint;
use crate::storage::conditions::{Bound, Conditions, fetch};
use crate::storage::folded::folded;
use crate::storage::seal::KeyRing;
use crate::storage::{Storage, StorageError};

/// Up to this many rows are collected and then sorted. What more rows share is so
/// frequent that walking through them in the order of the list finds a page sooner.
pub(in crate::storage) const RARE: usize = 100;

/// Of so many words it is found out which has the fewest rows nearby.
const MOST_POSTED: usize = 4;

/// The beginning of more than a few words is looked for by the rows of all of them, if these
/// are not more than so many.
const GATHERED: usize = 5_000;

/// More words of one search are left out of it.
const MOST_WORDS: usize = 12;

/// What is asked of the words of a row: of each of these lists, one range must have one.
#[derive(Debug, Clone)]
pub(in crate::storage) struct Asked {
    index: Index,
    whose: Whose,
    all: Vec<Vec<Range>>,
    /// The one that few rows have; without it, each is frequent.
    rare: Option<usize>,
    /// Whether only rows are found that have exactly these words in one text.
    exactly: bool,
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
        let mut asked = Self {
            index,
            whose: whose.clone(),
            all: Vec::new(),
            rare: None,
            exactly: false,
        };
        for word in tokens(&sought.organisation) {
            asked
                .all
                .push(vec![Range::beginning(of_organisation(&word))]);
        }
        let group = sought.group.map(|id| vec![Range::exactly(of_group(id))]);
        asked.all.extend(group);
        let (text, beside) = (sought.text.trim(), asked.all.len());
        match whole(keys, text)? {
            Some(ranges) if is_certain(text) => asked.all.push(ranges),
            // A reference read out in two parts may be two words as well, and so may the
            // beginning of a thumbprint.
            Some(ranges) if asked.is_there(storage, &ranges).await? => asked.all.push(ranges),
            Some(_) | None => asked.all.extend(words(keys, text)?),
        }
        asked.all.truncate(MOST_WORDS);
        let phrase = of_phrase(text).map(|phrase| vec![Range::exactly(phrase)]);
        let words = asked.all.iter().chain(&phrase);
        let mut counts = asked.counts(storage, words, RARE).await?;
        let together = phrase.is_some().then(|| counts.pop()).flatten();
        asked.rare = rarest(&counts, RARE);
        // Whole names, organisations and notes are found even if each word is frequent.
        if let (true, Some(phrase), Some(1..=RARE)) = (asked.is_frequent(), phrase, together) {
            // It has each of the words, but no identity number.
            let mut at = 0;
            asked.all.retain(|ranges| {
                at += 1;
                at <= beside || ranges.len() > 1
            });
            asked.rare = Some(asked.all.len());
            asked.all.push(phrase);
            asked.exactly = true;
        }
        Ok(asked)
    }

    /// Collects the rows of a word that up to so many have: in an order other than that of
    /// time, frequent words can only be found by walking through the whole list.
    pub(in crate::storage) async fn collect(
        &mut self,
        storage: &Storage,
        most: usize,
    ) -> Result<(), StorageError> {
        if self.is_frequent() {
            let counts = self.counts(storage, &self.all, most).await?;
            self.rare = rarest(&counts, most);
        }
        Ok(())
    }

    /// Whether only rows are found that have exactly these words in one text, because many
    /// have each of the words somewhere.
    pub(in crate::storage) const fn is_exactly(&self) -> bool {
        self.exactly
    }

    /// The table whose rows are found.
    pub(in crate::storage) const fn list(&self) -> &'static str {
        self.index.of
    }

    /// Whether nothing is asked.
    pub(in crate::storage) const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether something is asked, and many rows have each part of it.
    pub(in crate::storage) const fn is_frequent(&self) -> bool {
        !self.is_rare() && !self.is_empty()
    }

    /// Whether few rows have a part of what is asked.
    pub(in crate::storage) const fn is_rare(&self) -> bool {
        self.rare.is_some()
    }

    /// Adds the conditions. If few rows have the rarest word, those are read and looked
    /// at for the others. The planners cannot choose: they do not know the words when
    /// they plan.
    pub(in crate::storage) fn add_to(&self, conditions: &mut Conditions) {
        if let Some(ranges) = self.rare.and_then(|at| self.all.get(at)) {
            let (source, values) = self.rows(ranges, true);
            let on = format!("{}.id = found.row_id", self.index.of);
            conditions.join(&format!("({source}) found"), values, &on);
        }
        self.add_but(conditions, self.rare);
    }

    /// Adds the conditions but for this word.
    pub(in crate::storage) fn add_but(&self, conditions: &mut Conditions, known: Option<usize>) {
        let Index { table, of } = self.index;
        for (at, ranges) in self.all.iter().enumerate() {
            if known == Some(at) {
                continue;
            }
            let any = vec!["word >= ? AND word < ?"; ranges.len()].join(" OR ");
            let exists = format!(
                "EXISTS (SELECT 1 FROM {table} WHERE {table}.row_id = {of}.id AND ({any}))"
            );
            conditions.and(&exists, ranges.iter().flat_map(Range::bounds));
        }
    }

    /// Some of the frequent words whose rows can be read in the order of their times: the
    /// longest, which few have as a rule, but not the beginnings of too many words.
    pub(in crate::storage) async fn posted(
        &self,
        storage: &Storage,
    ) -> Result<Vec<Posted>, StorageError> {
        let length = |ranges: &[Range]| ranges.iter().map(Range::length).max();
        let mut words: Vec<_> = self.all.iter().enumerate().collect();
        words.sort_by_key(|(_, ranges)| Reverse(length(ranges)));
        let mut posted = Vec::new();
        for (at, ranges) in words.into_iter().take(MOST_POSTED) {
            match Posted::find(storage, self.index, &self.whose, at, ranges).await? {
                Some(found) => posted.push(found),
                None if self.is_within(storage, ranges, GATHERED).await? => {
                    posted.push(Posted::between(self.index, &self.whose, at, ranges));
                }
                None => {}
            }
        }
        Ok(posted)
    }

    /// The rows that have a word of these ranges; unless `each_once`, one with several is
    /// there several times.
    fn rows(&self, ranges: &[Range], each_once: bool) -> (String, Vec<Bound>) {
        let one = format!(
            "SELECT row_id FROM {} WHERE {} = ? AND word >= ? AND word < ?",
            self.index.table,
            self.whose.column()
        );
        let union = if each_once { " UNION " } else { " UNION ALL " };
        let mut sql = vec![one.as_str(); ranges.len()].join(union);
        if each_once && ranges.len() == 1 {
            sql = sql.replacen("SELECT", "SELECT DISTINCT", 1);
        }
        let id = || Bound::Text(self.whose.id().to_owned());
        let values = ranges
            .iter()
            .flat_map(|range| std::iter::once(id()).chain(range.bounds()));
        (sql, values.collect())
    }

    /// Whether not more than so many rows have a word of these ranges.
    async fn is_within(
        &self,
        storage: &Storage,
        ranges: &Vec<Range>,
        most: usize,
    ) -> Result<bool, StorageError> {
        let counts = self.counts(storage, [ranges], most).await?;
        Ok(counts.iter().all(|count| *count <= most))
    }

    async fn is_there(&self, storage: &Storage, word: &Vec<Range>) -> Result<bool, StorageError> {
        let counts = self.counts(storage, [word], 1).await?;
        Ok(counts.iter().any(|count| *count > 0))
    }

    /// How often each of these words is there; counting stops behind `most`. Rows are not
    /// told apart: for that, PostgreSQL would read them all.
    async fn counts<'w>(
        &self,
        storage: &Storage,
        words: impl IntoIterator<Item = &'w Vec<Range>>,
        most: usize,
    ) -> Result<Vec<usize>, StorageError> {
        let (mut counts, mut values) = (Vec::new(), Vec::new());
        for (at, ranges) in words.into_iter().enumerate() {
            let (sql, bound) = self.rows(ranges, false);
            counts.push(format!(
                "(SELECT COUNT(*) FROM ({sql} LIMIT {}) word{at})",
                most + 1
            ));
            values.extend(bound);
        }
        if counts.is_empty() {
            return Ok(Vec::new());
        }
        let rows = fetch(storage, &format!("SELECT {}", counts.join(", ")), &values).await?;
        let number =
            |row: &AnyRow, at| Ok(usize::try_from(row.try_get::<i64, _>(at)?).unwrap_or(0));
        let row = rows.first().into_iter();
        row.flat_map(|row| (0..counts.len()).map(|at| number(row, at)))
            .collect()
    }
}

/// Which word the fewest rows have, if they are not more than `most`.
fn rarest(counts: &[usize], most: usize) -> Option<usize> {
    let rarest = counts.iter().enumerate().min_by_key(|(_, count)| **count);
    rarest
        .filter(|(_, count)| **count <= most)
        .map(|(at, _)| at)
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
    let reference = reference(text).map(Range::exactly);
    let part = part_of_thumbprint(text).map(Range::beginning);
    let ranges: Vec<_> = reference.into_iter().chain(part).collect();
    Ok(Some(ranges).filter(|ranges| !ranges.is_empty()))
}

/// The beginning of a thumbprint in groups, as pages show it: several words that have
/// nothing but hexadecimal digits, and are long enough together to be hardly a name.
fn part_of_thumbprint(text: &str) -> Option<Vec<u8>> {
    let is_between = |c: char| matches!(c, ':' | '-') || c.is_whitespace();
    let groups: Vec<&str> = text
        .split(is_between)
        .filter(|one| !one.is_empty())
        .collect();
    let digits = groups.concat();
    let is_hex = digits.len() >= 8 && digits.bytes().all(|c| c.is_ascii_hexdigit());
    (groups.len() > 1 && is_hex).then(|| of_code(&digits))
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
        // Keyboards have the full stop that is typed for the point in `Pal·làs`.
        let catalan = Some(word.replace("l.l", "l·l")).filter(|catalan| *catalan != word);
        let mut ranges = vec![Range::beginning(word.into_bytes())];
        ranges.extend(catalan.map(|word| Range::beginning(word.into_bytes())));
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
    fn the_beginning_of_a_thumbprint_is_found_in_groups() {
        let keys = KeyRing::new([7; 32]);
        let asked = Some(vec![Range::beginning(of_code("221F37AB709E"))]);
        for typed in ["221F 37AB 709E", "22:1f:37:ab:70:9e", "221f-37ab 709e"] {
            assert_eq!(whole(&keys, typed).unwrap(), asked, "{typed}");
            assert!(!is_certain(typed));
        }
        for typed in ["221F", "22:1F", "Ana Fede", "221F37AB709E"] {
            assert_eq!(whole(&keys, typed).unwrap(), None, "{typed}");
        }
    }

    #[test]
    fn a_full_stop_between_two_l_finds_the_catalan_point() {
        let keys = KeyRing::new([7; 32]);
        let asked = words(&keys, "Pal.làs hotel").unwrap();
        let both = ["pal.las", "pal·las"].map(|word| Range::beginning(word.into()));
        assert_eq!(asked[0][..2], both);
        assert_eq!(asked[1].len(), 1);
    }

    #[test]
    fn every_word_counts_and_text_without_words_finds_nothing() {
        let keys = KeyRing::new([7; 32]);
        assert_eq!(words(&keys, " Ana,  Núñez ").unwrap().len(), 2);
        assert_eq!(words(&keys, "").unwrap().len(), 0);
        assert_eq!(words(&keys, " - ").unwrap().len(), 1);
    }
}
