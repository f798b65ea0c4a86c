//! Issuances: rows, compare-and-set transitions, lists.
//!
//! A transition is one `UPDATE ... WHERE id AND state AND attempt` that must
//! change exactly one row. The version, in the column `attempt`, grows with
//! each transition and so rejects late writers.

mod by_holder;
mod erasure;
mod list;
mod of_connection;
mod references;
mod row;
mod states;
mod timeline;
mod transition;
mod words;

pub use by_holder::fill_holder_keys;
pub use erasure::{Erased, erase_some};
pub use list::{Filter, Search, SortOrder, list, newest_open, open_renewal, open_without_lease};
pub use of_connection::of_connection;
pub use references::{id_of, references};
pub use row::{NewDraft, by_id, insert_draft, owned, save_answers};
pub use timeline::timeline;
pub use transition::{Change, Lease, extend_lease, transition};
