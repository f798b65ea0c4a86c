//! An issuance before it is submitted: a draft is created, filled in step by
//! step, checked, and passed to the engine.

mod draft;
mod duplicates;
mod order;
mod origin;
mod review;
mod submit;

pub use draft::{Draft, NewDraft, Saved, begin, has_room, load, save_answers};
pub use duplicates::{
    Duplicate, Found, Likeness, Planned, existing, likest, marks, planned, wanted,
};
pub use order::NotReady;
pub use origin::{Origin, origin};
pub use review::{Review, review};
pub use submit::{Submitted, submit, submit_line};
