//! Programs that a test needs. Without them the test is skipped with a message; with
//! `RUBRICA_TEST_REQUIRE=all` it fails.

use std::io::Write;

/// Reports that the running test is skipped because `what` is not installed.
pub fn missing(what: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    let required = std::env::var("RUBRICA_TEST_REQUIRE").is_ok_and(|value| value == "all");
    assert!(!required, "{what} is required and not there");
    // Write directly to stderr, because the test runner captures the print macros.
    let line = format!("SKIPPED {test}: {what} is not there\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}
