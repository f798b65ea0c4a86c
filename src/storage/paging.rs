//! The place of a row in a list sorted by time.

use crate::domain::millis::Millis;

/// Time and id as one sortable value: eight bytes of milliseconds, then the id. Times
/// before 1970 count as its beginning: their bytes would sort behind all others.
pub(super) fn cursor(at: Millis, id: &str) -> Vec<u8> {
    let mut bytes = at.0.max(0).to_be_bytes().to_vec();
    bytes.extend_from_slice(id.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earlier_sorts_before_later_even_before_1970() {
        let moments = [-1, 0, 1, 1_750_000_000_000].map(Millis);
        let mut sorted = moments.map(|at| cursor(at, ""));
        assert_eq!(sorted[0], sorted[1]);
        sorted.reverse();
        assert!(sorted.is_sorted_by(|later, earlier| later >= earlier));
        assert!(cursor(Millis(1), "a") < cursor(Millis(1), "b"));
    }
}
