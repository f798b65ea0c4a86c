//! How much a form may hold, in bytes, and the error that it holds more.

use crate::web::problem::{AppError, Room};

/// The largest form.
pub const FORM_LIMIT: usize = 16 * 1024;
/// The files of one form together.
pub const FILE_LIMIT: usize = 1024 * 1024;
/// The same where people take over certificates: a thousand of them packed, or more. What
/// one person may have under way at once is no more than this with its form.
pub const MANY_FILES_LIMIT: usize = 4_000_000;

/// The error that a form holds more than these bytes.
pub(super) const fn too_large(limit: usize) -> AppError {
    AppError::TooLarge(match limit {
        0..=FORM_LIMIT => Room::Text,
        limit if limit < MANY_FILES_LIMIT => Room::File,
        _ => Room::Files,
    })
}
