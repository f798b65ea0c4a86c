//! An issuance until it is submitted: a draft is begun, filled in step by
//! step, checked, and handed to the engine.

mod draft;
mod order;
mod review;
mod submit;

pub use draft::{Draft, NewDraft, Saved, begin, load, save_answers};
pub use order::NotReady;
pub use review::{Review, review};
pub use submit::{Submitted, submit};
