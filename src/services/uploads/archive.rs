//! The files inside a zip, within bounds: how many, how large once unpacked, how well
//! packed. A zip inside a zip is not opened.

use std::borrow::Cow;
use std::io::{Cursor, Read as _};

use zip::ZipArchive;
use zip::read::ZipFile;

/// Most files in a zip.
const MOST_FILES: usize = 2_000;
/// Most bytes of one file, as for one that is not packed.
const LARGEST: u64 = 1024 * 1024;
/// Most bytes of all files together.
const MOST_BYTES: u64 = 8 * 1024 * 1024;
/// Certificates can hardly be packed: what shrinks more than so many times is none.
const BEST_RATIO: u64 = 50;
/// A smaller file may be packed as well as it can.
const SMALL: u64 = 16 * 1024;

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

/// The files in a zip, without folders and what systems add by themselves.
pub fn entries(bytes: &[u8]) -> Result<Vec<Entry>, ZipProblem> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ZipProblem::Damaged)?;
    if zip.len() > MOST_FILES {
        return Err(ZipProblem::TooMany);
    }
    let (mut all, mut left) = (Vec::new(), MOST_BYTES);
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
            None => unpack(&mut zip, at),
        };
        let size = content.as_ref().map_or(0, |content| content.len() as u64);
        left = left.checked_sub(size).ok_or(ZipProblem::TooLarge)?;
        all.push(Entry { name, content });
    }
    Ok(all)
}

fn is_too_large<R: std::io::Read>(file: &ZipFile<'_, R>) -> bool {
    let (size, packed) = (file.size(), file.compressed_size().max(1));
    size > LARGEST || (size > SMALL && size / packed > BEST_RATIO)
}

fn unpack(zip: &mut ZipArchive<Cursor<&[u8]>>, at: usize) -> Result<Vec<u8>, EntryProblem> {
    let file = zip.by_index(at).map_err(|_| EntryProblem::Damaged)?;
    let mut content = Vec::new();
    // Its head may lie about its size.
    let mut bounded = file.take(LARGEST + 1);
    bounded
        .read_to_end(&mut content)
        .map_err(|_| EntryProblem::Damaged)?;
    match content.len() as u64 > LARGEST {
        true => Err(EntryProblem::TooLarge),
        false if is_zip(&content) => Err(EntryProblem::Zip),
        false => Ok(content),
    }
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
}
