//! Reads the files that settings name, and the file of the settings. Each may be a pipe, or
//! be on a file system that never answers, or have no end.

use std::fs::File;
use std::io::{Error, Read as _, Result};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Far more than any of them needs.
const LONGEST: usize = 1024 * 1024;

/// What stands before a text that some editors save.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

static BEING_READ: Mutex<Option<PathBuf>> = Mutex::new(None);

fn being_read() -> MutexGuard<'static, Option<PathBuf>> {
    BEING_READ.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The file that this process waits for.
pub fn file_being_read() -> Option<PathBuf> {
    being_read().clone()
}

/// What is in the file, without a byte order mark.
pub fn read_file(path: &Path) -> Result<Vec<u8>> {
    *being_read() = Some(path.to_path_buf());
    let read = read_whole(path);
    *being_read() = None;
    read
}

fn read_whole(path: &Path) -> Result<Vec<u8>> {
    let mut content = Vec::new();
    let mut most = File::open(path)?.take(LONGEST as u64 + 1);
    most.read_to_end(&mut content)?;
    if content.len() > LONGEST {
        return Err(Error::other("it has more than 1 MiB"));
    }
    if content.starts_with(BYTE_ORDER_MARK) {
        content.drain(..BYTE_ORDER_MARK.len());
    }
    Ok(content)
}

/// The same of a text.
pub fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read_file(path)?).map_err(|_| Error::other("it is no text in UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_without_a_mark_and_one_without_an_end_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        std::fs::write(&path, b"\xEF\xBB\xBFa\r\n").unwrap();
        assert_eq!(read_text(&path).unwrap(), "a\r\n");
        std::fs::write(&path, b"\xFF").unwrap();
        assert!(read_text(&path).is_err());
        std::fs::write(&path, vec![b'a'; LONGEST]).unwrap();
        assert_eq!(read_file(&path).unwrap().len(), LONGEST);
        let error = read_file("/dev/zero".as_ref()).unwrap_err().to_string();
        assert!(error.contains("1 MiB"), "{error}");
    }
}
