//! The messages for passwords that are refused.

use super::{Key, key};
use crate::domain::password::PasswordProblem;

/// What is wrong, and what to do about it.
pub const fn message(problem: PasswordProblem) -> Key {
    match problem {
        PasswordProblem::TooShort => key("password-short"),
        PasswordProblem::TooLong => key("password-long"),
        PasswordProblem::Personal => key("password-personal"),
        PasswordProblem::Common => key("password-common"),
        PasswordProblem::Pattern => key("password-pattern"),
    }
}
