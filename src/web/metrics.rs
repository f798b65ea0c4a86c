//! What is counted for [`super::metrics_page`], and the format it is written in.

mod counted;
mod exposition;
mod requests;

pub use counted::Counted;
pub(super) use exposition::Exposition;
pub use requests::Requests;
pub(super) use requests::method_name;
