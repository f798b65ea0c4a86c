//! A problem as a page of its own: what happened, what is safe, one way on,
//! and the reference to quote.

use askama::Template;

use super::Frame;
use crate::web::problem::Problem;

/// The page of a [`Problem`].
#[derive(Debug, Template)]
#[template(path = "problem.html")]
pub struct ProblemPage {
    /// What every page shares.
    pub frame: Frame,
    /// What is told.
    pub problem: Problem,
}
