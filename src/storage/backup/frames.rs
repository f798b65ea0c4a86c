//! The outer layer of a backup: a first line, then frames of text. Each frame is either
//! sealed with the master key or carries a keyed hash, and is bound to its file, its
//! number and whether it is the last: what was changed, cut, moved or mixed shows.
//!
//! The master key and not a passphrase of its own: without that key nothing can be
//! restored anyway, so another secret would only be one more to lose.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};

use aws_lc_rs::hmac;
use uuid::Uuid;

use super::super::StorageError;
use super::super::seal::{KeyRing, SealError};
use super::BackupError;

/// The beginning of the first line, with the number of the format.
const MAGIC: &str = "rubrica backup 1";
const PURPOSE: &str = "backup";
const TAG: usize = 32;

/// How much text makes a frame.
const ENOUGH: usize = 256 * 1024;

/// No frame is longer: one row may be larger than a usual frame, but not by that much.
const MOST: u32 = 256 * 1024 * 1024;

/// How the text is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cover {
    /// Readable, with a keyed hash.
    Plain,
    Sealed,
}

/// What binds a frame to its place.
fn place(file: &str, number: u64, last: u8) -> String {
    format!("{file} {number} {last}")
}

fn tagged(key: &[u8; 32], place: &str, text: &[u8]) -> hmac::Tag {
    let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    mac.update(place.as_bytes());
    mac.update(b"\n");
    mac.update(text);
    mac.sign()
}

pub(super) struct FrameWriter<'k> {
    out: BufWriter<File>,
    keys: &'k KeyRing,
    cover: Cover,
    file: String,
    number: u64,
    text: Vec<u8>,
}

impl<'k> FrameWriter<'k> {
    pub(super) fn begin(out: File, keys: &'k KeyRing, sealed: bool) -> Result<Self, WriteError> {
        let mut out = BufWriter::new(out);
        let (cover, word) = match sealed {
            true => (Cover::Sealed, "sealed"),
            false => (Cover::Plain, "plain"),
        };
        let file = Uuid::new_v4().simple().to_string();
        writeln!(out, "{MAGIC} {word} {} {file}", keys.id()?)?;
        Ok(Self {
            out,
            keys,
            cover,
            file,
            number: 0,
            text: Vec::new(),
        })
    }

    /// Adds a line.
    pub(super) fn line(&mut self, line: &[u8]) -> Result<(), WriteError> {
        self.text.extend_from_slice(line);
        self.text.push(b'\n');
        match self.text.len() < ENOUGH {
            true => Ok(()),
            false => self.frame(0),
        }
    }

    fn frame(&mut self, last: u8) -> Result<(), WriteError> {
        let place = place(&self.file, self.number, last);
        let body = match self.cover {
            Cover::Sealed => self
                .keys
                .seal(PURPOSE, PURPOSE, &place, "frame", &self.text)?,
            Cover::Plain => {
                let tag = tagged(&*self.keys.mac_key(PURPOSE)?, &place, &self.text);
                [tag.as_ref(), &self.text].concat()
            }
        };
        let length = u32::try_from(body.len()).map_err(|_| SealError::Failed)?;
        self.out.write_all(&length.to_be_bytes())?;
        self.out.write_all(&[last])?;
        self.out.write_all(&body)?;
        self.text.clear();
        self.number += 1;
        Ok(())
    }

    /// Writes the last frame and makes the file durable.
    pub(super) fn end(mut self) -> Result<(), WriteError> {
        self.frame(1)?;
        self.out.flush()?;
        Ok(self.out.get_ref().sync_all()?)
    }
}

/// Why a frame could not be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Seal(#[from] SealError),
}

pub(super) struct FrameReader<'k> {
    file: BufReader<File>,
    keys: &'k KeyRing,
    cover: Cover,
    id: String,
    number: u64,
    ended: bool,
}

impl<'k> FrameReader<'k> {
    pub(super) fn begin(file: File, keys: &'k KeyRing) -> Result<Self, BackupError> {
        let mut file = BufReader::new(file);
        let mut line = String::new();
        // Another file may have no line end for gigabytes.
        let read = file.by_ref().take(200).read_line(&mut line);
        let words = line.trim_end().strip_prefix(MAGIC);
        let words = words.filter(|_| read.is_ok()).map(|rest| rest.split(' '));
        let words: Vec<&str> = words.into_iter().flatten().collect();
        let ["", word @ ("plain" | "sealed"), key, id] = words.as_slice() else {
            return Err(BackupError::NotABackup);
        };
        if !keys.knows(key).map_err(StorageError::from)? {
            return Err(BackupError::WrongKey((*key).to_owned()));
        }
        let cover = match *word {
            "sealed" => Cover::Sealed,
            _ => Cover::Plain,
        };
        let id = (*id).to_owned();
        Ok(Self {
            file,
            keys,
            cover,
            id,
            number: 0,
            ended: false,
        })
    }

    const fn is_sealed(&self) -> bool {
        matches!(self.cover, Cover::Sealed)
    }

    /// The text of the next frame; `None` after the last one, behind which nothing may
    /// follow.
    pub(super) fn next(&mut self) -> Result<Option<Vec<u8>>, BackupError> {
        let mut head = [0; 5];
        if self.ended {
            let more = self.file.read(&mut head);
            let more = more.map_err(|_| BackupError::Damaged("it cannot be read"))?;
            return match more {
                0 => Ok(None),
                _ => Err(BackupError::Damaged("something follows its end")),
            };
        }
        let cut = |_| BackupError::Damaged("it ends too early");
        self.file.read_exact(&mut head).map_err(cut)?;
        let [a, b, c, d, last] = head;
        let length = u32::from_be_bytes([a, b, c, d]);
        if length > MOST || last > 1 {
            return Err(BackupError::Damaged("a frame is wrong"));
        }
        let mut body = Vec::new();
        let read = self
            .file
            .by_ref()
            .take(length.into())
            .read_to_end(&mut body);
        if read.map_err(cut)? as u64 != u64::from(length) {
            return Err(BackupError::Damaged("it ends too early"));
        }
        let text = self.open(&body, last)?;
        self.number += 1;
        self.ended = last == 1;
        Ok(Some(text))
    }

    fn open(&self, body: &[u8], last: u8) -> Result<Vec<u8>, BackupError> {
        let changed = BackupError::Damaged("a part of it was changed");
        let place = place(&self.id, self.number, last);
        if self.is_sealed() {
            let opened = self.keys.open(PURPOSE, PURPOSE, &place, "frame", body);
            return opened.map(|text| text.to_vec()).map_err(|_| changed);
        }
        let (tag, text) = body.split_at_checked(TAG).ok_or(changed)?;
        let keys = self.keys.mac_keys(PURPOSE).map_err(StorageError::from)?;
        let fits = |key: &[u8; 32]| {
            let expected = tagged(key, &place, text);
            aws_lc_rs::constant_time::verify_slices_are_equal(expected.as_ref(), tag).is_ok()
        };
        match keys.iter().any(|key| fits(key)) {
            true => Ok(text.to_vec()),
            false => Err(BackupError::Damaged("a part of it was changed")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(dir: &std::path::Path, sealed: bool) -> Vec<u8> {
        let path = dir.join("frames");
        let keys = KeyRing::new([7; 32]);
        let mut writer = FrameWriter::begin(File::create(&path).unwrap(), &keys, sealed).unwrap();
        for number in 0..4 {
            writer.line(&vec![b'a' + number; 200 * 1024]).unwrap();
        }
        writer.end().unwrap();
        std::fs::read(path).unwrap()
    }

    fn read(dir: &std::path::Path, bytes: &[u8], keys: &KeyRing) -> Result<usize, BackupError> {
        let path = dir.join("changed");
        std::fs::write(&path, bytes).unwrap();
        let mut reader = FrameReader::begin(File::open(&path).unwrap(), keys)?;
        let mut length = 0;
        while let Some(text) = reader.next()? {
            length += text.len();
        }
        Ok(length)
    }

    #[test]
    fn what_is_changed_cut_lengthened_or_swapped_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let keys = KeyRing::new([7; 32]);
        for sealed in [false, true] {
            let whole = written(dir.path(), sealed);
            assert_eq!(
                read(dir.path(), &whole, &keys).unwrap(),
                4 * (200 * 1024 + 1)
            );
            let refused = |bytes: &[u8]| {
                let error = read(dir.path(), bytes, &keys).unwrap_err();
                assert!(matches!(error, BackupError::Damaged(_)), "{error}");
            };
            for at in (100..whole.len()).step_by(40_009) {
                let mut flipped = whole.clone();
                flipped[at] ^= 1;
                refused(&flipped);
            }
            for cut in [90, 100, whole.len() / 2, whole.len() - 1] {
                refused(&whole[..cut]);
            }
            refused(&[whole.as_slice(), b"x"].concat());
            // The frames of another backup under the same first line.
            let other = written(dir.path(), sealed);
            let line = 1 + whole.iter().position(|byte| *byte == b'\n').unwrap();
            refused(&[&whole[..line], &other[line..]].concat());
        }
    }

    #[test]
    fn another_key_and_another_file_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let whole = written(dir.path(), true);
        let other = KeyRing::new([8; 32]);
        let error = read(dir.path(), &whole, &other).unwrap_err();
        assert!(matches!(error, BackupError::WrongKey(_)), "{error}");
        let both = other.with_older([7; 32]);
        assert!(read(dir.path(), &whole, &both).is_ok());
        for other in [
            b"SQLite format 3\0".as_slice(),
            b"",
            b"rubrica backup 2 plain a b\n",
        ] {
            let error = read(dir.path(), other, &both).unwrap_err();
            assert!(matches!(error, BackupError::NotABackup), "{error}");
        }
    }
}
