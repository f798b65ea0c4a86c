//! What pages say of outcomes and mistakes, for the command line to say the same.

pub use super::handlers::advice::at_sign_in;
pub use super::handlers::issuances::texts_of_story;
pub use super::handlers::issue::words::{errors, warning};
pub use super::handlers::renew::obstacles::reason;
