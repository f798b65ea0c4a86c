//! The lines of a backup, and the file as a sequence of them.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::seal::KeyRing;
use super::BackupError;
use super::frames::FrameReader;
use crate::domain::millis::Millis;

/// One line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Record {
    /// The first one.
    Head(Head),
    /// Rows of this table follow.
    Table { name: String, columns: Vec<String> },
    /// In the order of the columns.
    Row(Vec<Value>),
    /// The last one.
    End(End),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Head {
    /// Of the program that made it.
    pub(super) version: String,
    /// The number of the newest migration of the database.
    pub(super) schema: i64,
    pub(super) made_at: Millis,
}

/// How many rows of each table there are.
pub(super) type Rows = BTreeMap<String, u64>;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct End {
    pub(super) rows: Rows,
    /// What was already wrong in the database; `None` if it was one of an older version,
    /// in which nobody looked.
    pub(super) wrong: Option<Vec<String>>,
}

/// Reads a backup line by line.
pub(super) struct Records<'k> {
    frames: FrameReader<'k>,
    text: Vec<u8>,
    at: usize,
}

impl<'k> Records<'k> {
    pub(super) fn open(path: &Path, keys: &'k KeyRing) -> Result<Self, BackupError> {
        let file = File::open(path).map_err(BackupError::io(path))?;
        Ok(Self {
            frames: FrameReader::begin(file, keys)?,
            text: Vec::new(),
            at: 0,
        })
    }

    /// The next line; `None` at the end of a whole file.
    pub(super) fn next(&mut self) -> Result<Option<Record>, BackupError> {
        while self.at >= self.text.len() {
            match self.frames.next()? {
                Some(text) => (self.text, self.at) = (text, 0),
                None => return Ok(None),
            }
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        self.at += line.len() + 1;
        serde_json::from_slice(line)
            .map(Some)
            .map_err(|_| BackupError::Damaged("a line of it cannot be read"))
    }

    pub(super) fn head(&mut self) -> Result<Head, BackupError> {
        match self.next()? {
            Some(Record::Head(head)) => Ok(head),
            _ => Err(BackupError::Damaged("it has no beginning")),
        }
    }

    /// Reads everything that follows the head, and counts it.
    pub(super) fn count(&mut self) -> Result<End, BackupError> {
        let (mut rows, mut table) = (Rows::new(), String::new());
        loop {
            match self.next()? {
                Some(Record::Table { name, .. }) => {
                    rows.insert(name.clone(), 0);
                    table = name;
                }
                Some(Record::Row(_)) => *rows.entry(table.clone()).or_default() += 1,
                Some(Record::End(end)) => return self.ended(&rows, end),
                _ => return Err(BackupError::Damaged("it has no end")),
            }
        }
    }

    /// The end of a file in which this many rows were found.
    pub(super) fn ended(&mut self, rows: &Rows, end: End) -> Result<End, BackupError> {
        if *rows != end.rows {
            return Err(BackupError::Damaged("it has not as many rows as it says"));
        }
        match self.next()? {
            None => Ok(end),
            Some(_) => Err(BackupError::Damaged("something follows its end")),
        }
    }
}
