use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;

/// What becomes of an example, at some place in it.
#[derive(Debug, Clone)]
enum Edit {
    Set(u8),
    Flip(u8),
    Insert(Vec<u8>),
    Remove(usize),
    Repeat(usize),
    Cut,
}

impl Edit {
    fn apply(&self, bytes: &mut Vec<u8>, at: Index) {
        let at = at.index(bytes.len() + 1);
        let until = |length: usize| (at + length).min(bytes.len());
        match self {
            Self::Set(byte) => bytes.splice(at..until(1), [*byte]).for_each(drop),
            Self::Flip(bit) => bytes[at..].iter_mut().take(1).for_each(|b| *b ^= 1 << bit),
            Self::Insert(more) => bytes.splice(at..at, more.clone()).for_each(drop),
            Self::Remove(length) => bytes.drain(at..until(*length)).for_each(drop),
            Self::Repeat(length) => {
                let again = bytes[at..until(*length)].to_vec();
                bytes.splice(at..at, again).for_each(drop);
            }
            Self::Cut => bytes.truncate(at),
        }
    }
}

fn edit() -> impl Strategy<Value = (Edit, Index)> {
    let signs = proptest::sample::select(&b"\0\t\r\n \"#%&'+,-.:;<=>?@[\\]\x30\x80\xFF"[..]);
    let some = proptest::collection::vec(any::<u8>(), 1..5);
    let edit = prop_oneof![
        signs.clone().prop_map(Edit::Set),
        any::<u8>().prop_map(Edit::Set),
        (0_u8..8).prop_map(Edit::Flip),
        some.prop_map(Edit::Insert),
        signs.prop_map(|sign| Edit::Insert(vec![sign])),
        (1_usize..40).prop_map(Edit::Remove),
        (1_usize..40).prop_map(Edit::Repeat),
        Just(Edit::Cut),
    ];
    (edit, any::<Index>())
}

/// One of the examples, edited up to six times.
fn mutated(examples: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let edits = proptest::collection::vec(edit(), 0..=6);
    (proptest::sample::select(examples), edits).prop_map(|(mut bytes, edits)| {
        for (edit, at) in edits {
            edit.apply(&mut bytes, at);
        }
        bytes
    })
}

fn folder(of: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(of)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Feeds the examples of a target to it, as they are and mutated: 400 times, or for
/// `RUBRICA_FUZZ_SECONDS`.
fn withstands(name: &str, target: fn(&[u8])) {
    let examples = files(&folder("corpus").join(name));
    let examples: Vec<_> = examples
        .iter()
        .map(|file| fs::read(file).unwrap())
        .collect();
    assert!(examples.len() > 2, "{name} has too few examples");
    examples.iter().for_each(|example| target(example));
    let seconds = env::var("RUBRICA_FUZZ_SECONDS").map_or(0, |text| text.parse().unwrap());
    let (begun, length) = (Instant::now(), Duration::from_secs(seconds));
    let inputs = mutated(examples);
    let mut rounds = 0;
    loop {
        let mut runner = TestRunner::new(ProptestConfig {
            cases: 400,
            failure_persistence: None,
            ..ProptestConfig::default()
        });
        let held = runner.run(&inputs, |bytes| {
            target(&bytes);
            Ok(())
        });
        assert!(held.is_ok(), "{name}: {held:?}");
        rounds += 1;
        if begun.elapsed() >= length {
            break;
        }
    }
    eprintln!("{name}: {} inputs", rounds * 400);
}

macro_rules! targets {
    ($($target:ident: $sentence:ident,)*) => {
        const TARGETS: &[&str] = &[$(stringify!($target)),*];

        $(
            #[test]
            fn $sentence() {
                withstands(stringify!($target), super::$target);
            }
        )*
    };
}

targets! {
    callback_query: any_query_at_the_callback_is_read_or_refused,
    certificate_file: any_file_of_certificates_is_read_or_refused,
    csv_line: no_value_gets_a_formula_into_a_csv_file,
    distinguished_name: no_value_forges_another_attribute_of_a_name,
    envelope: any_answer_of_redtrust_is_read_or_refused,
    forwarded_headers: no_forwarded_header_changes_what_a_trusted_proxy_saw,
    login_url: any_pasted_login_url_is_read_or_refused,
    multipart_form: any_form_with_a_file_is_read_or_refused,
    session_cookie: no_cookie_but_a_signed_one_names_a_session,
    thumbprint: any_text_is_a_whole_thumbprint_or_none,
}

#[test]
fn every_target_is_fuzzed_and_tried_here() {
    let names = files(&folder("fuzz_targets"));
    let names: Vec<_> = names.iter().map(|file| file.file_stem().unwrap()).collect();
    assert_eq!(names, TARGETS);
    let manifest = fs::read_to_string(folder("Cargo.toml")).unwrap();
    for name in TARGETS {
        let source = folder("fuzz_targets").join(name).with_extension("rs");
        let source = fs::read_to_string(source).unwrap();
        assert!(
            source.contains(&format!("rubrica::fuzzing::{name}(")),
            "{name}"
        );
        assert!(manifest.contains(&format!("name = \"{name}\"\n")), "{name}");
    }
}

#[test]
fn the_example_of_a_right_cookie_is_one() {
    let right = folder("corpus/session_cookie/right");
    let right = fs::read_to_string(right).unwrap();
    assert_eq!(right, crate::web::fuzzing::right_cookie());
}
