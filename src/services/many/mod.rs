//! Many at once: renewals of unchanged certificates, or certificates for the holders of a
//! file, ordered with one confirmation and worked on by a run. Each line becomes an
//! issuance like any other; a run only orders one after another.

mod acts;
mod begin;
mod line;
mod plan;
mod shift;
mod stories;
mod supervisor;
mod tenure;

pub use acts::{Acted, confirm, go_on, pause, retry, stop};
pub use begin::{Begun, count_due, due, issue, renew};
pub use plan::{HolderLine, Plan, Planned, Subject, plan};
pub use stories::{
    Listed, RunStory, count, left, list, named, open, story, tally, to_repeat, unconfirmed,
    unfinished,
};
pub use supervisor::{purge, run};

pub use crate::storage::runs::{Named, Tally, Told};
