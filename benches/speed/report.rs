//! Lines of the table.

use std::fmt::Display;
use std::io::Write as _;

pub fn say(line: impl Display) {
    writeln!(std::io::stdout(), "{line}").unwrap();
}
