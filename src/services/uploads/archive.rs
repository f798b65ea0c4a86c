//! The files inside a zip, within bounds: how many, how large once unpacked, how well
//! packed. A zip inside a zip is not opened, and one whose files share bytes is none.

use std::borrow::Cow;
use std::io::{Cursor, Read as _};

use zip::ZipArchive;
use zip::read::ZipFile;

use crate::services::jobs::Stop;

/// Most files in one upload, those in its zips counted.
pub const MOST_FILES: usize = 2_000;
/// Most bytes of one file, as for one that is not packed.
const LARGEST: u64 = 1024 * 1024;
/// Most bytes of all files together that are unpacked for one upload.
const MOST_BYTES: u64 = 8 * 1024 * 1024;
/// Certificates can hardly be packed: what shrinks more than so many times is none.
const BEST_RATIO: u64 = 50;
/// A smaller file may be packed as well as it can.
const SMALL: u64 = 16 * 1024;
/// Bytes that are unpacked before it is asked again whether to stop.
const PIECE: usize = 64 * 1024;

/// What may still be read for one upload, however many zips it has.
#[derive(Debug)]
pub struct Budget {
    files: usize,
    bytes: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            files: MOST_FILES,
            bytes: MOST_BYTES,
        }
    }
}

impl Budget {
    /// Takes so many files; nothing if there are not so many left.
    pub const fn take_files(&mut self, number: usize) -> bool {
        match self.files.checked_sub(number) {
            Some(left) => {
                self.files = left;
                true
            }
            None => false,
        }
    }
}

/// One file of a zip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub content: Result<Vec<u8>, EntryProblem>,
}

/// Why a file of a zip was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryProblem {
    /// It needs a password.
    Password,
    /// It is too large, or packed suspiciously well.
    TooLarge,
    /// It cannot be unpacked.
    Damaged,
    /// It is a zip itself.
    Zip,
}

/// Why a zip as a whole was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZipProblem {
    /// It cannot be read as a zip.
    Damaged,
    /// It has too many files.
    TooMany,
    /// It unpacks to too much.
    TooLarge,
}

/// Whether bytes are a zip, by their content.
pub fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// The files in a zip, without folders and what systems add by themselves. What is
/// unpacked is charged to the budget, whatever comes of it.
pub fn entries(bytes: &[u8], budget: &mut Budget, stop: &Stop) -> Result<Vec<Entry>, ZipProblem> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ZipProblem::Damaged)?;
    if !budget.take_files(zip.len()) {
        return Err(ZipProblem::TooMany);
    }
    // Else a small zip could be worth any amount of work.
    if zip.has_overlapping_entries().unwrap_or(true) {
        return Err(ZipProblem::Damaged);
    }
    let mut all = Vec::new();
    for at in 0..zip.len() {
        let name = zip.name_for_index(at).and_then(Result::ok);
        let name = name.map(Cow::into_owned).unwrap_or_default();
        if is_of_a_system(&name) {
            continue;
        }
        let problem = match zip.by_index_raw(at) {
            Ok(file) if file.is_dir() => continue,
            Ok(file) if file.encrypted() => Some(EntryProblem::Password),
            Ok(file) => is_too_large(&file).then_some(EntryProblem::TooLarge),
            Err(_) => Some(EntryProblem::Damaged),
        };
        let content = match problem {
            Some(problem) => Err(problem),
            None => unpack(&mut zip, at, budget, stop)?,
        };
        all.push(Entry { name, content });
    }
    Ok(all)
}

fn is_too_large<R: std::io::Read>(file: &ZipFile<'_, R>) -> bool {
    let (size, packed) = (file.size(), file.compressed_size().max(1));
    size > LARGEST || (size > SMALL && size / packed > BEST_RATIO)
}

/// The content of one file; an error of the whole zip once there is nothing left for it.
fn unpack(
    zip: &mut ZipArchive<Cursor<&[u8]>>,
    at: usize,
    budget: &mut Budget,
    stop: &Stop,
) -> Result<Result<Vec<u8>, EntryProblem>, ZipProblem> {
    let Ok(mut file) = zip.by_index(at) else {
        return Ok(Err(EntryProblem::Damaged));
    };
    let mut content = Vec::new();
    loop {
        if stop.is_now() {
            return Err(ZipProblem::TooLarge);
        }
        let before = content.len();
        let read = file.by_ref().take(PIECE as u64).read_to_end(&mut content);
        // Also what a damaged file has unpacked to.
        let unpacked = content.len() - before;
        let left = budget.bytes.checked_sub(unpacked as u64);
        budget.bytes = left.unwrap_or_default();
        match read {
            _ if left.is_none() => return Err(ZipProblem::TooLarge),
            Err(_) => return Ok(Err(EntryProblem::Damaged)),
            // Its head may lie about its size.
            Ok(_) if content.len() as u64 > LARGEST => return Ok(Err(EntryProblem::TooLarge)),
            Ok(_) if unpacked < PIECE => break,
            Ok(_) => {}
        }
    }
    Ok(match is_zip(&content) {
        true => Err(EntryProblem::Zip),
        false => Ok(content),
    })
}

/// Files that nobody put there.
fn is_of_a_system(name: &str) -> bool {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.starts_with("__MACOSX/")
        || last.starts_with("._")
        || [".DS_Store", "Thumbs.db", "desktop.ini"].contains(&last)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::*;

    fn entries(zip: &[u8]) -> Result<Vec<Entry>, ZipProblem> {
        super::entries(zip, &mut Budget::default(), &Stop::never())
    }

    fn packed(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(method);
        for (name, content) in files {
            zip.start_file(*name, options).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn files_are_read_packed_or_not_and_what_systems_add_is_skipped() {
        for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
            let zip = packed(
                &[
                    ("a/ñ.cer", b"one"),
                    ("__MACOSX/a", b"x"),
                    (".DS_Store", b"x"),
                    ("._a", b"x"),
                ],
                method,
            );
            assert!(is_zip(&zip));
            let one = Entry {
                name: "a/ñ.cer".to_owned(),
                content: Ok(b"one".to_vec()),
            };
            assert_eq!(entries(&zip), Ok(vec![one]));
        }
    }

    #[test]
    fn a_zip_of_too_much_is_refused_and_one_in_another_is_not_opened() {
        let deflated = CompressionMethod::Deflated;
        let bomb = packed(&[("bomb", &vec![0; 900_000])], deflated);
        assert_eq!(
            entries(&bomb).unwrap()[0].content,
            Err(EntryProblem::TooLarge)
        );
        let large = packed(&[("large", &vec![7; 2_000_000])], CompressionMethod::Stored);
        assert_eq!(
            entries(&large).unwrap()[0].content,
            Err(EntryProblem::TooLarge)
        );
        let nested = packed(
            &[("inner.zip", &packed(&[("a", b"x")], deflated))],
            deflated,
        );
        assert_eq!(entries(&nested).unwrap()[0].content, Err(EntryProblem::Zip));
        let names: Vec<String> = (0..=MOST_FILES).map(|at| at.to_string()).collect();
        let many: Vec<(&str, &[u8])> = names
            .iter()
            .map(|name| (name.as_str(), &b"x"[..]))
            .collect();
        assert_eq!(entries(&packed(&many, deflated)), Err(ZipProblem::TooMany));
        let full = vec![7; 1_000_000];
        let nine: Vec<(&str, &[u8])> = names
            .iter()
            .take(9)
            .map(|name| (name.as_str(), full.as_slice()))
            .collect();
        let nine = packed(&nine, CompressionMethod::Stored);
        assert_eq!(entries(&nine), Err(ZipProblem::TooLarge));
        for cut in [&nine[..50], b"PK\x03\x04", b"PK\x05\x06 and no more"] {
            assert_eq!(entries(cut), Err(ZipProblem::Damaged));
        }
    }

    /// A zip of one file that its directory names so many times, perhaps with a wrong
    /// checksum.
    fn named_often(content: &[u8], times: u16, is_damaged: bool) -> Vec<u8> {
        let one = packed(&[("a", content)], CompressionMethod::Deflated);
        let (rest, tail) = one.split_at(one.len() - 22);
        let at = u32::from_le_bytes(tail[16..20].try_into().unwrap());
        let (zip, entry) = rest.split_at(usize::try_from(at).unwrap());
        let (mut zip, mut entry) = (zip.to_vec(), entry.to_vec());
        if is_damaged {
            zip[14] ^= 1;
            entry[16] ^= 1;
        }
        for number in 0..times {
            // Each needs a name of its own.
            entry[28] = 5;
            zip.extend(&entry[..46]);
            zip.extend(format!("{number:05}").as_bytes());
            zip.extend(&entry[47..]);
        }
        let size = u32::try_from(zip.len()).unwrap() - at;
        let mut tail = tail.to_vec();
        for count in [8, 10] {
            tail[count..count + 2].copy_from_slice(&times.to_le_bytes());
        }
        tail[12..16].copy_from_slice(&size.to_le_bytes());
        zip.extend(tail);
        zip
    }

    #[test]
    fn files_of_a_zip_that_share_their_bytes_are_not_unpacked() {
        let once = entries(&named_often(b"content", 1, false)).unwrap();
        assert_eq!(once[0].content, Ok(b"content".to_vec()));
        for is_damaged in [false, true] {
            let zip = named_often(b"content", 1_000, is_damaged);
            assert_eq!(entries(&zip), Err(ZipProblem::Damaged));
        }
    }

    #[test]
    fn all_that_is_unpacked_for_an_upload_counts_whatever_comes_of_it() {
        let full = vec![7; 1_000_000];
        let mut zip = packed(&[("full", &full)], CompressionMethod::Stored);
        let (mut budget, stop) = (Budget::default(), Stop::never());
        let mut read = |zip: &[u8]| super::entries(zip, &mut budget, &stop);
        for _ in 0..4 {
            assert!(read(&zip).unwrap()[0].content.is_ok());
        }
        // One byte of the content: the checksum is wrong.
        zip[1_000] ^= 1;
        for _ in 0..4 {
            let damaged = read(&zip).unwrap();
            assert_eq!(damaged[0].content, Err(EntryProblem::Damaged));
        }
        assert_eq!(read(&zip), Err(ZipProblem::TooLarge));
        let names: Vec<String> = (0..MOST_FILES - 9).map(|at| at.to_string()).collect();
        let many: Vec<(&str, &[u8])> = (names.iter())
            .map(|name| (name.as_str(), &b""[..]))
            .collect();
        let many = packed(&many, CompressionMethod::Stored);
        assert!(read(&many).is_ok());
        assert_eq!(read(&zip), Err(ZipProblem::TooMany));
    }

    #[test]
    fn unpacking_stops_when_nobody_waits_for_it() {
        let zip = packed(&[("a", b"one")], CompressionMethod::Stored);
        let stopped = Stop::within(std::time::Duration::ZERO);
        let read = super::entries(&zip, &mut Budget::default(), &stopped);
        assert_eq!(read, Err(ZipProblem::TooLarge));
    }
}
