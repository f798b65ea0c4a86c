//! Keyset paging: each page starts where the previous one ended.

use crate::domain::millis::Millis;

#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The rows, in order.
    pub rows: Vec<T>,
    /// How many further rows of this page could not be read.
    pub broken: usize,
    /// Where the next page starts, if there is one.
    pub next: Option<Vec<u8>>,
}

impl<T> Page<T> {
    /// An empty page, with none after it.
    pub const fn empty() -> Self {
        Self {
            rows: Vec::new(),
            broken: 0,
            next: None,
        }
    }
}

/// Time and id as one sortable value: eight bytes of milliseconds, then the id.
pub(super) fn cursor(at: Millis, id: &str) -> Vec<u8> {
    let mut bytes = at.0.to_be_bytes().to_vec();
    bytes.extend_from_slice(id.as_bytes());
    bytes
}

/// Decodes a cursor; `None` if it is not valid. An id is plain ASCII, so other
/// text from the address never reaches the database.
pub(super) fn read_cursor(bytes: &[u8]) -> Option<(Millis, &str)> {
    let (at, id) = bytes.split_first_chunk::<8>()?;
    let id = std::str::from_utf8(id).ok()?;
    let at = Millis(i64::from_be_bytes(*at));
    id.bytes()
        .all(|byte| byte.is_ascii_graphic())
        .then_some((at, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_what_is_none_does_not() {
        for at in [Millis(0), Millis(-1), Millis(1_750_000_000_000)] {
            let bytes = cursor(at, "0190c9a0-7b1e");
            assert_eq!(read_cursor(&bytes), Some((at, "0190c9a0-7b1e")));
        }
        let at = [0; 8];
        for id in [&b"a\0"[..], b"\xFF", "ñ".as_bytes(), b"a b"] {
            assert_eq!(read_cursor(&[&at, id].concat()), None, "{id:?}");
        }
        assert_eq!(read_cursor(&[1, 2, 3]), None);
    }
}
