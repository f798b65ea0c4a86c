//! Checks that both languages have the same messages and that every key in use exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_bundle::FluentResource;

use super::Lang;
use super::bundles::{ENGLISH, SPANISH};
use crate::domain::connection::{Kind, SETTINGS};

/// Keys, with the arguments that their texts use.
fn messages(files: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for file in files {
        FluentResource::try_new((*file).to_owned())
            .unwrap_or_else(|(_, errors)| panic!("{errors:?} in\n{file}"));
        for (id, text) in entries(file) {
            assert!(
                all.insert(id.clone(), gaps(&text)).is_none(),
                "{id} stands twice"
            );
        }
    }
    all
}

/// A message starts at the left margin; indented lines continue it.
fn entries(file: &str) -> Vec<(String, String)> {
    let mut entries: Vec<(String, String)> = Vec::new();
    for line in file.lines() {
        if line.starts_with(|first: char| first.is_ascii_lowercase()) {
            let (id, text) = line.split_once('=').expect(line);
            entries.push((id.trim().to_owned(), text.to_owned()));
        } else if line.starts_with([' ', '}']) {
            entries.last_mut().expect(line).1.push_str(line);
        } else {
            assert!(line.is_empty() || line.starts_with('#'), "{line}");
        }
    }
    entries
}

fn gaps(text: &str) -> BTreeSet<String> {
    text.split('$')
        .skip(1)
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect()
        })
        .collect()
}

/// A file without comments and without spaces after an opening bracket.
fn code_of(text: &str) -> String {
    let is_code = |line: &&str| !line.starts_with("//") && !line.starts_with("{#");
    let lines: Vec<_> = text.lines().map(str::trim).filter(is_code).collect();
    lines.join(" ").replace("( ", "(")
}

/// All sources and templates, by path.
fn code() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeMap::new();
    let mut folders = vec![root.join("src"), root.join("templates")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|end| end == "rs" || end == "html")
                && !path.ends_with("i18n/parity.rs")
            {
                let text = fs::read_to_string(&path).unwrap();
                found.insert(path.display().to_string(), code_of(&text));
            }
        }
    }
    assert!(found.len() > 100, "the search finds only {}", found.len());
    found
}

/// Every literal key used in sources and templates, with its place.
fn named() -> BTreeMap<String, String> {
    const MARKS: [&str; 6] = ["key(\"", ".t(\"", ".t1(\"", ".t2(\"", ".t3(\"", ".text(\""];
    let mut found = BTreeMap::new();
    for setting in SETTINGS {
        let Kind::Choice(texts) = setting.kind else {
            continue;
        };
        for text in texts() {
            let id = format!("admin-dialect-{}-{text}", setting.key);
            found.insert(id, setting.key.to_owned());
        }
    }
    for (path, text) in code() {
        let places = ["/src/web/", "/src/i18n/", "/templates/"];
        if !places.iter().any(|place| path.contains(place)) {
            continue;
        }
        for rest in text.split("texts!(\"").skip(1) {
            let name = rest.split('"').next().unwrap();
            for end in ["title", "what", "next"] {
                found.insert(format!("{name}-{end}"), path.clone());
            }
        }
        for mark in MARKS {
            for rest in text.split(mark).skip(1) {
                let id = rest.split('"').next().unwrap().to_owned();
                found.insert(id, path.clone());
            }
        }
    }
    found
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_gaps() {
    let (spanish, english) = (messages(&SPANISH), messages(&ENGLISH));
    let keys = |all: &BTreeMap<String, BTreeSet<String>>| all.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&spanish), keys(&english));
    for (id, gaps) in &spanish {
        assert_eq!(gaps, &english[id], "the gaps of {id}");
    }
}

#[test]
fn every_key_that_is_named_exists() {
    let found = named();
    assert!(found.len() > 20, "the search finds nothing any more");
    let known = messages(&ENGLISH);
    for (id, place) in found {
        assert!(known.contains_key(&id), "{place} names {id}");
    }
}

#[test]
fn every_key_that_exists_is_used() {
    let (found, code) = (named(), code());
    for id in messages(&ENGLISH).keys() {
        let (quoted, in_text) = (format!("\"{id}\""), format!("{{ {id} }}"));
        let used = found.contains_key(id)
            || code.values().any(|text| text.contains(&quoted))
            || ENGLISH.iter().any(|file| file.contains(&in_text));
        assert!(used, "nobody uses {id}");
    }
}

#[test]
fn every_class_of_the_stylesheet_is_used() {
    let script = include_str!("../../static/app.js");
    let of_script = ("app.js".to_owned(), script.to_owned());
    let code = code().into_iter().chain([of_script]);
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let words: BTreeSet<String> = code
        .flat_map(|(_, text)| {
            text.split(|c| !is_part(c))
                .map(String::from)
                .collect::<Vec<_>>()
        })
        .collect();
    for rest in include_str!("../../static/app.css").split('.').skip(1) {
        let class: String = rest.chars().take_while(|c| is_part(*c)).collect();
        let is_class = class.starts_with(|first: char| first.is_ascii_alphabetic());
        assert!(!is_class || words.contains(&class), "nobody uses .{class}");
    }
}

#[test]
fn a_setting_to_change_is_called_as_its_page_calls_it() {
    for lang in Lang::ALL {
        for id in [
            "why-token-form-fix",
            "why-token-signature-fix",
            "why-token-claims-fix",
        ] {
            let text = lang.text(id);
            for part in ["admin-dialect-token", "admin-dialect-temp_token-opaque"] {
                assert!(text.contains(&*lang.text(part)), "{id}: {text}");
            }
        }
    }
}

/// One verb for what people do in a field. What is said of other programs, and of typing
/// instead of pasting, has verbs of its own.
#[test]
fn fields_are_filled_in_with_one_verb_in_each_language() {
    let others = |id: &str| id.starts_with("finder-") || id == "many-document-type";
    let unwanted = [
        (&ENGLISH[..], &["Write ", "write at ", "Type "][..]),
        (&SPANISH[..], &["Introduzca", "introduzca", "Teclee"][..]),
    ];
    for (files, verbs) in unwanted {
        for (id, text) in files.iter().flat_map(|file| entries(file)) {
            let text = text.replace("Type it again instead of pasting", "");
            let found = verbs.iter().find(|verb| text.contains(**verb));
            assert!(others(&id) || found.is_none(), "{id}: {found:?} in {text}");
        }
    }
}
