//! What reads bytes from outside: each a function that takes any bytes and asserts what
//! must hold for them. `fuzz/` feeds them millions of inputs made by libFuzzer
//! (README, Fuzzing); the tests below mutate the same examples in `fuzz/corpus`. Not
//! part of a normal build.

mod values;

pub use crate::redtrust::fuzzing::envelope;
pub use crate::web::fuzzing::{
    callback_query, csv_line, forwarded_headers, multipart_form, session_cookie,
};
pub use values::{certificate_file, distinguished_name, login_url, thumbprint};

#[cfg(test)]
mod tests;
