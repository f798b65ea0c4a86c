//! Warnings about answers that are accepted.

use super::Field;
use crate::holder::Holder;
use crate::person_name::{NameWarning, warning};

/// A warning about an answer that is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// An RA may refuse a name this long.
    Name(NameWarning),
    /// The NIF's control character is unusual for its kind.
    UnusualNif,
}

/// The warnings about a holder.
pub fn warnings(holder: &Holder) -> Vec<(Field, Warning)> {
    let mut warnings = Vec::new();
    let mut look = |field, name: &str| {
        if let Some(found) = warning(name) {
            warnings.push((field, Warning::Name(found)));
        }
    };
    look(Field::CommonName, &holder.common_name());
    if let Some(organisation) = holder.organisation() {
        look(Field::OrganisationName, &organisation.name);
        if organisation.nif.is_unusual() {
            warnings.push((Field::OrganisationNif, Warning::UnusualNif));
        }
    }
    warnings
}
