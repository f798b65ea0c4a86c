//! Lines of the table.

use std::fmt::Display;
use std::io::Write as _;

pub fn say(line: impl Display) {
    writeln!(std::io::stdout(), "{line}").unwrap();
}

/// What stands behind a figure that is not good enough.
pub const fn verdict(is_reached: bool) -> &'static str {
    match is_reached {
        true => "",
        false => "  NOT REACHED",
    }
}
