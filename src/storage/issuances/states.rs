//! Lists of states in SQL, made from the enum.

use crate::domain::issuance::State;

/// The states that `is` holds for, as SQL literals: `'creating', 'finalizing'`.
/// Partial indexes are used only where a query says the very same.
pub(super) fn listed(is: impl Fn(State) -> bool) -> String {
    let states = State::ALL.iter().filter(|state| is(**state));
    let literals: Vec<_> = states.map(|state| format!("'{state}'")).collect();
    literals.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_those_of_the_partial_indexes() {
        let indexes = include_str!("../migrations/0001_first.sql");
        for states in [
            listed(State::is_open),
            listed(State::is_in_flight),
            listed(|state| state.is_open() && state != State::Draft),
        ] {
            let condition = format!("WHERE state IN ({states})");
            assert!(indexes.contains(&condition), "{condition}");
        }
    }
}
