//! Which files of the crate name which others: `use` trees and paths in the
//! code, resolved to the file of the deepest module in them. Unit tests at the
//! end of a file do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The modules of the crate and their files.
pub struct Modules(BTreeMap<Vec<String>, PathBuf>);

impl Modules {
    pub fn of<'a>(files: impl Iterator<Item = &'a PathBuf>) -> Self {
        Self(files.map(|file| (module_of(file), file.clone())).collect())
    }

    /// The files that `text`, the source of `file`, names.
    pub fn named(&self, file: &Path, text: &str) -> BTreeSet<PathBuf> {
        let here = module_of(file);
        let mut found = BTreeSet::new();
        for path in paths(code_of(text)) {
            let Some(path) = self.absolute(&here, &path) else {
                continue;
            };
            let deepest = (1..=path.len())
                .rev()
                .find_map(|end| self.0.get(&path[..end]));
            found.extend(deepest.filter(|named| *named != file).cloned());
        }
        found
    }

    /// A path from the crate's root; a first word that is no module of ours
    /// belongs to another crate.
    fn absolute(&self, here: &[String], path: &[String]) -> Option<Vec<String>> {
        let mut base = here.to_vec();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => (base, rest) = (Vec::new(), &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|word| word == "super") {
                    base.pop()?;
                    rest = &rest[1..];
                }
            }
            child => {
                base.push(child.to_owned());
                self.0.get(&base)?;
                rest = &path[1..];
            }
        }
        base.extend_from_slice(rest);
        Some(base)
    }
}

/// Whether one of two files is the module that the other is directly in.
pub fn is_parent_and_child(a: &Path, b: &Path) -> bool {
    let (a, b) = (module_of(a), module_of(b));
    let parent = |a: &[String], b: &[String]| b.len() == a.len() + 1 && b.starts_with(a);
    parent(&a, &b) || parent(&b, &a)
}

fn module_of(file: &Path) -> Vec<String> {
    let words = file.with_extension("");
    let mut words: Vec<String> = words
        .iter()
        .map(|word| word.to_str().unwrap().to_owned())
        .collect();
    if matches!(
        words.last().map(String::as_str),
        Some("mod" | "lib" | "main")
    ) {
        words.pop();
    }
    words
}

fn code_of(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
    text[..end]
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Every path of the code, its braces expanded.
fn paths(code: String) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let bytes = code.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let begins =
            is_word(bytes[at]) && (at == 0 || !is_word(bytes[at - 1]) && bytes[at - 1] != b':');
        if begins {
            at = tree(&code, at, &[], &mut found);
        } else {
            at += 1;
        }
    }
    found
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Reads `a::b::{c, d::e}` from `at`, each path with what `before` it, and
/// answers where it ends.
fn tree(code: &str, mut at: usize, before: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let bytes = code.as_bytes();
    let mut path = before.to_vec();
    loop {
        let begin = at;
        while at < bytes.len() && is_word(bytes[at]) {
            at += 1;
        }
        if at > begin {
            path.push(code[begin..at].to_owned());
        }
        let more = code[at..].starts_with("::");
        if more && code[at + 2..].starts_with('{') {
            return braces(code, at + 3, &path, found);
        }
        if !more || !bytes.get(at + 2).is_some_and(|byte| is_word(*byte)) {
            break;
        }
        at += 2;
    }
    if path.len() > 1 {
        found.push(path);
    }
    at.max(1)
}

fn braces(code: &str, mut at: usize, path: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let bytes = code.as_bytes();
    while at < bytes.len() && bytes[at] != b'}' {
        if is_word(bytes[at]) {
            at = tree(code, at, path, found);
        } else {
            at += 1;
        }
    }
    at + 1
}
