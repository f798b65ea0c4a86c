//! Random values, secret files and the shared key.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};

use super::files::make_file;

/// The file in the data directory that holds the shared key.
const SHARED_KEY_FILE: &str = "shared.key";

/// The key shared by the sandbox and its partner. `Debug` does not reveal it.
#[derive(Clone)]
pub struct SharedKey(String);

impl SharedKey {
    /// The key as text.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(super) fn from_text(text: String) -> Self {
        Self(text)
    }

    /// A new key: 64 hexadecimal digits.
    pub(super) fn made() -> io::Result<Self> {
        Ok(Self(HEXLOWER.encode(&random::<32>()?)))
    }

    /// Reads the key of this data directory, or creates one.
    ///
    /// It has 64 hexadecimal digits, so it is valid under every `key_encoding`: as
    /// text in UTF-8 and UTF-16, as hexadecimal and as Base64.
    pub(super) fn load_or_make(data_dir: &Path) -> io::Result<Self> {
        load_or_make(&data_dir.join(SHARED_KEY_FILE), || {
            Self::made().map(|key| key.0)
        })
        .map(Self)
    }

    /// Puts this key in the place of the directory's own.
    pub(super) fn store(&self, data_dir: &Path) -> io::Result<()> {
        write_durably(&data_dir.join(SHARED_KEY_FILE), &self.0)
    }

    pub(super) fn load(data_dir: &Path) -> io::Result<Self> {
        fs::read_to_string(data_dir.join(SHARED_KEY_FILE)).map(|text| Self(text.trim().to_owned()))
    }
}

impl fmt::Debug for SharedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedKey")
    }
}

pub(super) fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_| io::Error::other("the random number generator failed"))?;
    Ok(bytes)
}

/// 256 random bits as text that is safe in URLs and headers.
pub(super) fn random_text() -> io::Result<String> {
    Ok(BASE64URL_NOPAD.encode(&random::<32>()?))
}

/// Reads a secret file, or creates it.
pub(super) fn load_or_make(
    path: &Path,
    make: impl FnOnce() -> io::Result<String>,
) -> io::Result<String> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text.trim().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let text = make()?;
            write_durably(path, text.trim())?;
            Ok(text.trim().to_owned())
        }
        Err(error) => Err(error),
    }
}

/// Writes a file that only its owner can read, atomically: a kill leaves at most the
/// temporary file, which the next start removes.
pub(super) fn write_durably(path: &Path, text: &str) -> io::Result<()> {
    let unfinished = path.with_extension("unfinished");
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = make_file(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    match path.parent() {
        Some(directory) => File::open(directory)?.sync_all(),
        None => Ok(()),
    }
}
