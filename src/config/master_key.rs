//! The key that encrypts all secrets in the database.

use std::fmt;
use std::fs::Permissions;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::Path;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use rustix::process::geteuid;
use zeroize::Zeroizing;

use super::ConfigError;
use super::named_file::read_text;

/// 32 bytes, written as 64 hexadecimal digits.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    pub fn bytes(&self) -> [u8; 32] {
        *self.0
    }

    /// In the place of one that cannot be read, while the other settings are checked.
    pub(super) fn none() -> Self {
        Self(Zeroizing::new([0; 32]))
    }

    /// Whether all digits are the same: nobody draws such a key.
    pub(super) fn is_one_digit(&self) -> bool {
        let [first, ..] = *self.0;
        first >> 4 == first & 0xF && self.0.iter().all(|byte| *byte == first)
    }

    /// Reads the key from `path`. If the file does not exist, makes a new key and
    /// writes it there, readable by its owner only. That of root gets the owner of its folder:
    /// a demo that somebody runs as root must not lock that owner out.
    pub fn from_file_or_new(path: &Path) -> Result<Self, ConfigError> {
        match read_text(path) {
            Ok(text) => parse(&path.display().to_string(), &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::make(path),
            Err(error) => Err(ConfigError::unreadable(
                "RUBRICA_MASTER_KEY_FILE",
                path,
                &error,
            )),
        }
    }

    fn make(path: &Path) -> Result<Self, ConfigError> {
        let key = Self(Zeroizing::new(rand::random()));
        let text = Zeroizing::new(HEXLOWER.encode(&*key.0));
        let failed = |error: std::io::Error| {
            ConfigError::unreadable("RUBRICA_MASTER_KEY_FILE", path, &error)
        };
        // Written under another name first: a crash must not leave an incomplete
        // key.
        let fresh = path.with_extension("new");
        // One that a crash left behind may be anybody's.
        let _gone = std::fs::remove_file(&fresh);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        let mut file = options.mode(0o600).open(&fresh).map_err(failed)?;
        // Whatever the umask.
        file.set_permissions(Permissions::from_mode(0o600))
            .map_err(failed)?;
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        let folder = folder.unwrap_or(Path::new(".")).metadata();
        if geteuid().is_root()
            && let Ok(folder) = folder
        {
            // On a file system without owners nobody is locked out.
            let _kept = fchown(&file, Some(folder.uid()), Some(folder.gid()));
        }
        writeln!(file, "{}", *text).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        std::fs::rename(&fresh, path).map_err(failed)?;
        Ok(key)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey")
    }
}

impl FromStr for MasterKey {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        parse("RUBRICA_MASTER_KEY", text)
    }
}

pub(super) fn parse(source: &str, text: &str) -> Result<MasterKey, ConfigError> {
    let digits = Zeroizing::new(text.trim().to_ascii_lowercase());
    let wrong = || {
        ConfigError::invalid(
            source,
            "must be 32 bytes as 64 hexadecimal digits; `openssl rand -hex 32` makes one",
        )
    };
    let bytes = Zeroizing::new(HEXLOWER.decode(digits.as_bytes()).map_err(|_| wrong())?);
    let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| wrong())?;
    Ok(MasterKey(Zeroizing::new(key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_64_hexadecimal_digits_and_is_never_printed() {
        let key: MasterKey = "AB".repeat(32).parse().unwrap();
        assert_eq!(key.bytes(), [0xAB; 32]);
        assert_eq!(format!("{key:?}"), "MasterKey");
        for wrong in ["", "ab", &"g".repeat(64), &"ab".repeat(33)] {
            let error = wrong.parse::<MasterKey>().unwrap_err().to_string();
            assert!(error.starts_with("RUBRICA_MASTER_KEY: "), "{error}");
        }
    }

    #[test]
    fn a_key_file_is_made_once_and_only_its_owner_reads_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("master.key");
        let made = MasterKey::from_file_or_new(&path).unwrap();
        let read = MasterKey::from_file_or_new(&path).unwrap();
        assert_eq!(made.bytes(), read.bytes());
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
