//! Issuances: rows, compare-and-set transitions, lists.
//!
//! A transition is one `UPDATE ... WHERE id AND state AND attempt` and must
//! touch one row; `attempt` grows with each and so fences off late writers.

mod by_holder;
mod conditions;
mod list;
mod row;
mod timeline;
mod transition;
mod words;

pub use by_holder::fill_holder_keys;
pub use list::{Filter, Order, Search, list, newest_open, open_renewal, open_without_lease};
pub use row::{Draft, Issuance, by_id, by_reference, insert_draft, owned, save_answers};
pub use timeline::{TimelineEntry, timeline};
pub use transition::{Change, Lease, extend_lease, transition};
