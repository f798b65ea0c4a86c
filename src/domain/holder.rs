//! Whom a certificate is for: five kinds, and the name each leads to. The
//! parts arrive here checked; this file knows how they are put together.

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
        /// Just a name, the request of the vendor's tutorial.
        Name = "name",
    }
}

impl Kind {
    /// Whether a person's names and document are asked for.
    pub const fn has_person(self) -> bool {
        matches!(self, Self::Person | Self::Linked | Self::Representative)
    }

    /// Whether an organisation is asked for.
    pub const fn has_organisation(self) -> bool {
        matches!(self, Self::Linked | Self::Representative | Self::Seal)
    }
}

/// A natural person; the names are checked ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Given names.
    pub given_names: String,
    /// First surname.
    pub first_surname: String,
    /// Second surname, which not everybody has.
    pub second_surname: Option<String>,
    /// How the person was identified.
    pub document: Document,
}

impl Person {
    /// Both surnames, joined by one blank.
    pub fn surnames(&self) -> String {
        match &self.second_surname {
            Some(second) => format!("{} {second}", self.first_surname),
            None => self.first_surname.clone(),
        }
    }

    /// Given names and surnames.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given_names, self.surnames())
    }
}

/// An organisation; its name is a checked one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// Its NIF.
    pub nif: CompanyNif,
}

/// Whom a certificate is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// A natural person.
    Person {
        /// Who.
        person: Person,
        /// The name in the certificate, where it was edited.
        common_name: Option<String>,
    },
    /// A person linked to an organisation.
    Linked {
        /// Who.
        person: Person,
        /// Of which organisation.
        organisation: Organisation,
        /// In which department.
        department: Option<String>,
        /// In which position.
        position: Option<String>,
    },
    /// A legal representative.
    Representative {
        /// Who.
        person: Person,
        /// Of which organisation.
        organisation: Organisation,
        /// In which position.
        position: Option<String>,
    },
    /// An organisation's seal.
    Seal {
        /// The name in the certificate.
        common_name: String,
        /// Of which organisation.
        organisation: Organisation,
        /// Of which department.
        department: Option<String>,
    },
    /// Just a name.
    Name {
        /// The name in the certificate.
        common_name: String,
    },
}

/// The common name that is built for a person of this kind: given names and
/// surnames, for a representative with ` (R: NIF)` after them.
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

    /// The name in the certificate, built where it is not typed.
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

    /// The whole name, as it is asked of Redtrust.
    pub fn distinguished_name(&self) -> DistinguishedName {
        let mut attributes = vec![Attribute::new("cn", self.common_name())];
        if let Some(person) = self.person() {
            attributes.push(Attribute::new("givenName", &*person.given_names));
            attributes.push(Attribute::new("surname", person.surnames()));
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

    /// The person, where there is one.
    pub const fn person(&self) -> Option<&Person> {
        match self {
            Self::Person { person, .. }
            | Self::Linked { person, .. }
            | Self::Representative { person, .. } => Some(person),
            Self::Seal { .. } | Self::Name { .. } => None,
        }
    }

    /// The organisation, where there is one.
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
