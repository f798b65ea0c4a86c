//! Issuances: rows, compare-and-set transitions, lists.
//!
//! A transition is one `UPDATE ... WHERE id AND state AND attempt` that must
//! change exactly one row. The version, in the column `attempt`, grows with
//! each transition and so rejects late writers.

mod alike;
mod erasure;
mod list;
mod references;
mod row;
mod search;
mod states;
mod summary;
mod timeline;
mod transition;

pub use alike::{alike, alike_plan};
pub use erasure::{Erased, erase_some};
pub use list::{
    Filter, SortOrder, drafts, drafts_plan, export, list, list_plan, newest_open, open_renewal,
    open_without_lease, renewals_under_way,
};
pub use references::{id_of, references};
pub use row::{NewDraft, by_id, drafts_of, insert_draft, owned, save_answers};
pub(super) use search::add_order;
pub use search::index;
pub(super) use states::in_doubt;
pub use timeline::timeline;
pub use transition::{Change, Lease, extend_leases, transition};
