//! The certificates in the files that somebody has chosen, so many of them and no more.

use std::collections::HashSet;

use super::archive::{self, Budget};
use super::line::{Became, Line};
use crate::domain::certificate_file::{CertificateFacts, read_up_to};
use crate::services::jobs::Stop;

/// Most certificates in one file that is no zip.
pub const MOST: usize = 1_000;
/// Most certificates of one upload: the page has a line for each.
const MOST_AT_ONCE: usize = 2_000;

/// A file that somebody chose, with the name it has on their side.
#[derive(Debug, Clone)]
pub struct ChosenFile {
    pub name: String,
    pub content: Vec<u8>,
}

/// A certificate that was read, and from which file.
pub(super) struct Read {
    pub(super) file: String,
    pub(super) facts: CertificateFacts,
}

/// What is in an upload.
#[derive(Default)]
pub(super) struct Found {
    /// Each once.
    pub(super) all: Vec<Read>,
    /// A line for each file that has none.
    pub(super) lines: Vec<Line>,
    /// How many files were not looked at, and how many certificates are too many.
    pub(super) left_out: usize,
    seen: HashSet<String>,
}

impl Found {
    /// Reads files until there is no room or no time for more.
    pub(super) fn read(files: Vec<ChosenFile>, stop: &Stop) -> Self {
        let (mut found, mut budget) = (Self::default(), Budget::default());
        for file in files {
            if stop.is_now() {
                found.left_out += 1;
            } else if archive::is_zip(&file.content) {
                found.take_zip(file, &mut budget, stop);
            } else if budget.take_files(1) {
                found.take(file.name, &file.content);
            } else {
                found.left_out += 1;
            }
        }
        found
    }

    fn take_zip(&mut self, file: ChosenFile, budget: &mut Budget, stop: &Stop) {
        let entries = match archive::entries(&file.content, budget, stop) {
            Ok(entries) => entries,
            Err(problem) => return self.tell(file.name, Became::NoZip(problem)),
        };
        for entry in entries {
            let name = format!("{}: {}", file.name, entry.name);
            match entry.content {
                Ok(_) if stop.is_now() => self.left_out += 1,
                Ok(content) => self.take(name, &content),
                Err(problem) => self.tell(name, Became::NotUnpacked(problem)),
            }
        }
    }

    fn take(&mut self, file: String, content: &[u8]) {
        let found = match read_up_to(content, MOST) {
            Ok(found) => found,
            Err(problem) => return self.tell(file, Became::NoCertificate(problem)),
        };
        for facts in found {
            if !self.seen.insert(facts.sha256.to_string()) {
                continue;
            }
            match self.all.len() < MOST_AT_ONCE {
                true => self.all.push(Read {
                    file: file.clone(),
                    facts,
                }),
                false => self.left_out += 1,
            }
        }
    }

    fn tell(&mut self, file: String, became: Became) {
        self.lines.push(Line { file, became });
    }
}
