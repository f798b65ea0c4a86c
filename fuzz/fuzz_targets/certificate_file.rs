#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rubrica::fuzzing::certificate_file(bytes));
