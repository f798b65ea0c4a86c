//! What the page says of each file and certificate that somebody wants to take over.

use super::archive::{EntryProblem, ZipProblem};
use crate::domain::certificate::Certificate;
use crate::domain::certificate_file::{CertificateFacts, FileProblem};

/// What became of one certificate, or of a file that is none.
#[derive(Debug, Clone)]
pub struct Line {
    /// The file's name, for one in a zip after the zip's.
    pub file: String,
    pub became: Became,
}

impl Line {
    /// Of none of the files.
    pub const fn of_nothing(became: Became) -> Self {
        Self {
            file: String::new(),
            became,
        }
    }
}

/// What became of it.
#[derive(Debug, Clone)]
pub enum Became {
    /// It is this person's from now on.
    TakenOver(Box<Certificate>),
    /// It was this person's already.
    Here(Box<Certificate>),
    /// It is another person's, so nothing was changed.
    Others(Box<CertificateFacts>),
    /// It belongs to a CA; it is kept only as part of the chain of others.
    OfCa(Box<CertificateFacts>),
    NoCertificate(FileProblem),
    NotUnpacked(EntryProblem),
    NoZip(ZipProblem),
    /// So many more files or certificates were not looked at.
    LeftOut(usize),
    /// So many more certificates than one person may take over in a day.
    TooManyToday(usize),
}

impl Became {
    /// The certificate, if it is this person's.
    pub fn own(&self) -> Option<&Certificate> {
        match self {
            Self::TakenOver(own) | Self::Here(own) => Some(own),
            Self::Others(_)
            | Self::OfCa(_)
            | Self::NoCertificate(_)
            | Self::NotUnpacked(_)
            | Self::NoZip(_)
            | Self::LeftOut(_)
            | Self::TooManyToday(_) => None,
        }
    }
}
