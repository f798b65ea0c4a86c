//! The holder of a certificate: five kinds, and the name of each. The parts are
//! already checked; this file assembles them.

use super::distinguished_name::{Attribute, DistinguishedName};
pub use super::document::{Document, DocumentType};
use super::spanish_id::CompanyNif;
use super::string_enum::string_enum;

string_enum! {
    /// The kind of a holder. The text form is the form field `kind`.
    pub enum Kind as "kind" {
        /// A natural person.
        Person = "person",
        /// A person linked to an organisation.
        Linked = "linked",
        /// A legal representative of an organisation.
        Representative = "representative",
        /// An organisation's seal.
        Seal = "seal",
        /// Only a name, as in the vendor's tutorial.
        Name = "name",
    }
}

impl Kind {
    /// Whether it has a person's names and document.
    pub const fn has_person(self) -> bool {
        matches!(self, Self::Person | Self::Linked | Self::Representative)
    }

    /// Whether it has an organisation.
    pub const fn has_organisation(self) -> bool {
        matches!(self, Self::Linked | Self::Representative | Self::Seal)
    }
}

/// A natural person with checked names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Given names; `None` only for a person with one name, which is then the surname.
    pub given_names: Option<String>,
    /// First surname; `None` only for a person with one name, which is then the given
    /// name.
    pub first_surname: Option<String>,
    /// Second surname, if there is one.
    pub second_surname: Option<String>,
    /// How the person was identified.
    pub document: Document,
}

impl Person {
    /// The surnames, separated by a blank; empty for a person without any.
    pub fn surnames(&self) -> String {
        joined([&self.first_surname, &self.second_surname])
    }

    /// Given names and surnames.
    pub fn full_name(&self) -> String {
        joined([&self.given_names, &self.first_surname, &self.second_surname])
    }
}

/// The names that there are, separated by a blank.
fn joined<const N: usize>(names: [&Option<String>; N]) -> String {
    let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
    names.join(" ")
}

/// An organisation with a checked name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// Its NIF.
    pub nif: CompanyNif,
}

/// The holder of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// A natural person.
    Person {
        /// The person.
        person: Person,
        /// The name in the certificate, if it was edited.
        common_name: Option<String>,
    },
    /// A person linked to an organisation.
    Linked {
        /// The person.
        person: Person,
        /// Their organisation.
        organisation: Organisation,
        /// Their department.
        department: Option<String>,
        /// Their position.
        position: Option<String>,
    },
    /// A legal representative.
    Representative {
        /// The person.
        person: Person,
        /// The organisation they represent.
        organisation: Organisation,
        /// Their position.
        position: Option<String>,
    },
    /// An organisation's seal.
    Seal {
        /// The name in the certificate.
        common_name: String,
        /// The organisation.
        organisation: Organisation,
        /// Its department.
        department: Option<String>,
    },
    /// Only a name.
    Name {
        /// The name in the certificate.
        common_name: String,
    },
}

/// The generated common name of a person: given names and surnames, for a
/// representative followed by ` (R: NIF)`.
pub fn built_common_name(person: &Person, represents: Option<&Organisation>) -> String {
    let name = person.full_name();
    match represents {
        Some(organisation) => format!("{name} (R: {})", organisation.nif),
        None => name,
    }
}

impl Holder {
    /// The kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Person { .. } => Kind::Person,
            Self::Linked { .. } => Kind::Linked,
            Self::Representative { .. } => Kind::Representative,
            Self::Seal { .. } => Kind::Seal,
            Self::Name { .. } => Kind::Name,
        }
    }

    /// The name in the certificate, as typed or generated.
    pub fn common_name(&self) -> String {
        match self {
            Self::Person {
                common_name: Some(edited),
                ..
            } => edited.clone(),
            Self::Person { person, .. } | Self::Linked { person, .. } => {
                built_common_name(person, None)
            }
            Self::Representative {
                person,
                organisation,
                ..
            } => built_common_name(person, Some(organisation)),
            Self::Seal { common_name, .. } | Self::Name { common_name } => common_name.clone(),
        }
    }

    /// The whole name, as ordered from Redtrust.
    pub fn distinguished_name(&self) -> DistinguishedName {
        let mut attributes = vec![Attribute::new("cn", self.common_name())];
        if let Some(person) = self.person() {
            if let Some(given_names) = &person.given_names {
                attributes.push(Attribute::new("givenName", &**given_names));
            }
            let surnames = person.surnames();
            if !surnames.is_empty() {
                attributes.push(Attribute::new("surname", surnames));
            }
            attributes.push(Attribute::new("serialNumber", person.document.etsi()));
        }
        if let Some(organisation) = self.organisation() {
            attributes.push(Attribute::new("o", &*organisation.name));
            let nif = organisation.nif.etsi();
            attributes.push(Attribute::new("organizationIdentifier", nif));
        }
        if let Some(department) = self.department() {
            attributes.push(Attribute::new("ou", department));
        }
        if let Some(position) = self.position() {
            attributes.push(Attribute::new("title", position));
        }
        if self.kind() != Kind::Name {
            attributes.push(Attribute::new("c", "ES"));
        }
        DistinguishedName::new(attributes)
    }

    /// The person, if there is one.
    pub const fn person(&self) -> Option<&Person> {
        match self {
            Self::Person { person, .. }
            | Self::Linked { person, .. }
            | Self::Representative { person, .. } => Some(person),
            Self::Seal { .. } | Self::Name { .. } => None,
        }
    }

    /// The organisation, if there is one.
    pub const fn organisation(&self) -> Option<&Organisation> {
        match self {
            Self::Linked { organisation, .. }
            | Self::Representative { organisation, .. }
            | Self::Seal { organisation, .. } => Some(organisation),
            Self::Person { .. } | Self::Name { .. } => None,
        }
    }

    fn department(&self) -> Option<&str> {
        match self {
            Self::Linked { department, .. } | Self::Seal { department, .. } => {
                department.as_deref()
            }
            _ => None,
        }
    }

    fn position(&self) -> Option<&str> {
        match self {
            Self::Linked { position, .. } | Self::Representative { position, .. } => {
                position.as_deref()
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
