//! Lists of states in SQL, generated from the enum.

use crate::domain::issuance::State;

/// Submitted, and its outcome is unknown, is not what was asked for, or is still to come.
pub(super) fn is_unfinished(state: State) -> bool {
    (state.is_open() && state != State::Draft) || state == State::Mismatch
}

/// The states for which `is` is true, as SQL literals: `'creating',
/// 'finalizing'`. A query uses a partial index only if it contains the same
/// list as the index.
pub(super) fn listed(is: impl Fn(State) -> bool) -> String {
    let states = State::ALL.iter().filter(|state| is(**state));
    let literals: Vec<_> = states.map(|state| format!("'{state}'")).collect();
    literals.join(", ")
}

/// Whether `issuance`, a row of issuances, was abandoned although nobody knew what became of
/// its certificate: a call for it, or what its owner showed, came before. An event's `attempt`
/// is one more than that of the event before.
pub(in crate::storage) fn in_doubt(issuance: &str) -> String {
    format!(
        "({issuance}.state = 'abandoned' AND EXISTS (SELECT 1 FROM issuance_events lost \
         JOIN issuance_events asked ON asked.issuance_id = lost.issuance_id \
         AND asked.attempt = lost.attempt - 1 WHERE lost.issuance_id = {issuance}.id \
         AND lost.state = 'unknown' \
         AND (lost.event = 'shown' OR asked.event = 'finalize_intended')))"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_those_of_the_partial_indexes() {
        let indexes = [
            include_str!("../migrations/0001_first.sql"),
            include_str!("../migrations/0035_filters_in_order.sql"),
        ]
        .concat();
        for states in [
            listed(State::is_open),
            listed(State::is_in_flight),
            listed(|state| state.is_open() && state != State::Draft),
            listed(is_unfinished),
        ] {
            let condition = format!("WHERE state IN ({states})");
            assert!(indexes.contains(&condition), "{condition}");
        }
    }
}
