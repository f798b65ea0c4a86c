//! Secrets given as text or as a file.

use std::path::PathBuf;

use super::ConfigError;
use super::named_file::read_text;
use crate::domain::secret::Secret;

/// Reads a secret given as text or as a file, without one trailing newline. Giving both is
/// an error, since it would be unclear which one counts.
pub(super) fn read_secret(
    setting: &str,
    text: Option<Secret>,
    file: Option<PathBuf>,
) -> Result<Option<Secret>, ConfigError> {
    match (text, file) {
        (Some(_), Some(_)) => Err(ConfigError::invalid(
            setting,
            "is given both as text and as a file; give one",
        )),
        (text, None) => Ok(text),
        (None, Some(path)) => {
            let read = read_text(&path)
                .map_err(|error| ConfigError::unreadable(setting, &path, &error))?;
            let text = read.strip_suffix('\n').unwrap_or(&read);
            Ok(Some(Secret::new(text.strip_suffix('\r').unwrap_or(text))))
        }
    }
}
