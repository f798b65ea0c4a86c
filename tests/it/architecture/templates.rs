//! What every template keeps to.

use std::fs;
use std::path::{Path, PathBuf};

/// All templates of pages.
fn templates() -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "html") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

/// A browser that translates pages turns "Rosa Iglesias" into another name, and codes into
/// nonsense. What Redtrust says in its own language may be translated.
#[test]
fn names_and_codes_are_marked_as_not_to_be_translated() {
    let (mut marked, mut bare) = (0, Vec::new());
    for (path, text) in templates() {
        for start in ["<bdi", "<code"] {
            for rest in text.split(start).skip(1) {
                let tag = rest.split('>').next().unwrap();
                match tag.contains("translate=\"no\"") || tag.contains("lang=") {
                    true => marked += 1,
                    false => bare.push(format!("{}: {start}{tag}>", path.display())),
                }
            }
        }
    }
    assert!(marked > 30, "the search finds only {marked}");
    assert!(bare.is_empty(), "{bare:#?}");
}

/// Screen readers list the tables of a page by their captions.
#[test]
fn every_table_has_a_caption() {
    let (mut called, mut bare) = (0, Vec::new());
    for (path, text) in templates() {
        for rest in text.split("<table").skip(1) {
            let next = rest.lines().nth(1).unwrap();
            match next.contains("<caption") || next.contains("table_head(") {
                true => called += 1,
                false => bare.push(path.display().to_string()),
            }
        }
    }
    assert!(called > 15, "the search finds only {called}");
    assert!(bare.is_empty(), "{bare:#?}");
}
