//! An issuance until it is submitted: a draft is begun, filled in step by
//! step, checked, and handed to the engine.

mod answers;
mod carried;
mod draft;
mod email;
mod field;
mod order;
mod read;
mod review;
mod submit;
mod warning;

pub use answers::Answers;
pub use carried::{INFO_NAMES, info_fields};
pub use draft::{Begun, Draft, NewDraft, Saved, begin, load, save_answers};
pub use field::{Field, FieldProblem, Step};
pub use order::{Ready, prepare};
pub use read::Problems;
pub use review::{Review, Reviewed, review};
pub use submit::{Submitted, place, submit};
pub use warning::{Warning, warnings};
