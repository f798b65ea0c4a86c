//! What is worth saying about answers that are accepted all the same.

use super::Field;
use crate::domain::holder::Holder;
use crate::domain::person_name::{NameWarning, warning};

/// What is worth saying about answers that are accepted all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// An RA may refuse so long a name.
    Name(NameWarning),
    /// The NIF has the control character that its kind usually has not.
    UnusualNif,
}

/// What is worth saying about a holder.
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
