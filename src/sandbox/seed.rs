//! Numbers from a seed. Each draw has a name, so that a new setting leaves what the
//! others draw as it was: the same seed is the same server in later versions too.

use aws_lc_rs::digest::{SHA256, digest};

/// What a contrary sandbox is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seed(pub(super) u64);

impl Seed {
    /// 32 bytes that only this seed and this name give.
    pub(super) fn bytes(self, name: &str) -> Vec<u8> {
        let text = format!("{}/{name}", self.0);
        digest(&SHA256, text.as_bytes()).as_ref().to_vec()
    }

    pub(super) fn number(self, name: &str) -> u64 {
        let bytes = self.bytes(name);
        let first = bytes.iter().take(8);
        first.fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// A number below `limit`; 0 if there is none.
    pub(super) fn below(self, name: &str, limit: u64) -> u64 {
        self.number(name).checked_rem(limit).unwrap_or(0)
    }

    /// True in so many of a hundred seeds.
    pub(super) fn in_percent(self, name: &str, percent: u8) -> bool {
        self.below(name, 100) < u64::from(percent)
    }

    /// One of the choices; the default if there are none.
    pub(super) fn one_of<T: Copy + Default>(self, name: &str, choices: &[T]) -> T {
        let limit = u64::try_from(choices.len()).unwrap_or(u64::MAX);
        usize::try_from(self.below(name, limit))
            .ok()
            .and_then(|at| choices.get(at))
            .copied()
            .unwrap_or_default()
    }

    /// The choices in an order of this seed.
    pub(super) fn shuffled<T: Copy>(self, name: &str, choices: &[T]) -> Vec<T> {
        let mut numbered: Vec<(u64, T)> = choices
            .iter()
            .enumerate()
            .map(|(at, choice)| (self.number(&format!("{name}/{at}")), *choice))
            .collect();
        numbered.sort_by_key(|(number, _)| *number);
        numbered.into_iter().map(|(_, choice)| choice).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Made with: printf %s 7/colour | sha256sum
    #[test]
    fn a_draw_stays_what_it_was_in_earlier_versions() {
        assert_eq!(Seed(7).number("colour"), 0x0d8c812a4ec2da44);
    }

    #[test]
    fn every_choice_is_drawn_by_some_seed() {
        let drawn: std::collections::HashSet<u8> = (0..100)
            .map(|seed| Seed(seed).one_of("x", &[1, 2, 3]))
            .collect();
        assert_eq!(drawn.len(), 3);
        let mut order = Seed(1).shuffled("x", &[1, 2, 3]);
        order.sort_unstable();
        assert_eq!(order, [1, 2, 3]);
    }
}
