//! Small shares of trouble that a contrary sandbox makes by itself: late answers,
//! dropped ones, access tokens that are expired from the start. The seed and the
//! number of the call decide, so the same calls in the same order meet the same trouble.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::faults::{Blow, When};
use super::ledger::Operation;
use super::manners::Manners;
use super::seed::Seed;

/// What may happen to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Trouble {
    Delay,
    DropBefore,
    DropAfter,
    ExpiredToken,
    Warning,
}

impl Trouble {
    const fn percent(self, manners: &Manners) -> u8 {
        match self {
            Self::Delay => manners.delay_percent,
            Self::DropBefore => manners.drop_before_percent,
            Self::DropAfter => manners.drop_after_percent,
            Self::ExpiredToken => manners.expired_token_percent,
            Self::Warning => manners.warning_percent,
        }
    }
}

/// How often each kind of call could have met each kind of trouble.
#[derive(Debug, Default)]
pub(super) struct Troubles(Mutex<HashMap<(Trouble, Operation), u64>>);

impl Troubles {
    /// Whether this call meets this trouble.
    pub(super) fn strikes(
        &self,
        trouble: Trouble,
        operation: Operation,
        manners: &Manners,
    ) -> bool {
        let draw = self.draw(trouble, operation);
        let seed = Seed(manners.seed.unwrap_or(0));
        seed.in_percent(&draw, trouble.percent(manners))
    }

    /// What happens to this call at this moment. Browsers are spared: people reload,
    /// and nothing is learnt about a client.
    pub(super) fn blows(&self, operation: Operation, when: When, manners: &Manners) -> Vec<Blow> {
        if operation.is_for_browsers() {
            return Vec::new();
        }
        let mut blows = Vec::new();
        let drop = match when {
            When::Before => Trouble::DropBefore,
            When::After => Trouble::DropAfter,
        };
        if when == When::After && self.strikes(Trouble::Delay, operation, manners) {
            let draw = self.draw(Trouble::Delay, operation);
            let millis = 50 + Seed(manners.seed.unwrap_or(0)).below(&draw, 350);
            blows.push(Blow::Delay(Duration::from_millis(millis)));
        }
        if self.strikes(drop, operation, manners) {
            blows.push(Blow::Drop);
        }
        blows
    }

    /// The name of the next draw.
    fn draw(&self, trouble: Trouble, operation: Operation) -> String {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry((trouble, operation)).or_default();
        *count += 1;
        format!("{trouble:?}/{operation}/{count}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(seed: u64, percent: u8) -> Vec<bool> {
        let manners = Manners {
            seed: Some(seed),
            drop_after_percent: percent,
            ..Manners::default()
        };
        let troubles = Troubles::default();
        let drops = |_| troubles.blows(Operation::CsrCreate, When::After, &manners);
        (0..200)
            .map(drops)
            .map(|blows| blows == [Blow::Drop])
            .collect()
    }

    #[test]
    fn the_same_seed_makes_the_same_trouble_at_the_same_calls() {
        assert_eq!(struck(1, 50), struck(1, 50));
        assert_ne!(struck(1, 50), struck(2, 50));
    }

    #[test]
    fn trouble_comes_in_its_share() {
        let count = |percent| struck(3, percent).into_iter().filter(|hit| *hit).count();
        assert_eq!(count(0), 0);
        assert_eq!(count(100), 200);
        assert!((3..30).contains(&count(5)), "{}", count(5));
    }
}
