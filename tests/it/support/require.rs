//! Programs that a test needs: without them it is skipped, and says so; with
//! `RUBRICA_TEST_REQUIRE=all` it fails.

use std::io::Write;

/// Says that the running test is skipped because `what` is not there.
pub fn missing(what: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    let required = std::env::var("RUBRICA_TEST_REQUIRE").is_ok_and(|value| value == "all");
    assert!(!required, "{what} is required and not there");
    // Straight to stderr: the harness keeps what the print macros print.
    let line = format!("SKIPPED {test}: {what} is not there\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}
