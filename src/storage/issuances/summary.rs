//! The row of an issuance in a list: without the CSR and most of what else is stored.

use serde::Deserialize;
use sqlx::any::AnyRow;

use crate::domain::answers::{Answers, Field};
use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::issuance::{State, Summary, holder_as_ordered};
use crate::domain::spanish_id::masked;
use crate::storage::StorageError;
use crate::storage::row::{Fields, FromRow};

/// The columns of a [`Summary`].
pub(super) const SHOWN: &str = "id, reference, owner_id, kind, state, reason, holder, renews, \
    request, CASE state WHEN 'draft' THEN answers END AS answers, \
    COALESCE(submitted_at, created_at) AS listed_at, updated_at";

/// As the owner sees it: of a draft what is answered by now, of others what was ordered.
impl FromRow for Summary {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "issuances", "id");
        let mut one = Self {
            reference: fields.text("reference")?,
            owner_id: fields.text("owner_id")?,
            kind: fields.parsed("kind")?,
            state: fields.parsed("state")?,
            cause: fields.parsed_or_null("reason")?,
            holder: fields.text("holder")?.into(),
            document: String::new(),
            organisation: String::new(),
            is_renewal: fields.text_or_null("renews")?.is_some(),
            listed_at: fields.millis("listed_at")?,
            updated_at: fields.millis("updated_at")?,
            id: fields.id().to_owned(),
        };
        match one.state {
            State::Draft => add_answered(&mut one, &fields),
            _ => add_ordered(&mut one, name_of(&fields).as_ref()),
        }
        Ok(one)
    }
}

/// As others see it. A request that was sent and turned back is a draft again: what is typed
/// into it from then on is for its owner's eyes alone.
pub(super) struct AsOrdered(pub(super) Summary);

impl FromRow for AsOrdered {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let mut one = Summary::from_row(row)?;
        if one.state == State::Draft {
            let name = name_of(&Fields::with_id(row, "issuances", &one.id));
            one.holder = holder_as_ordered(name.as_ref(), &one.reference).into();
            add_ordered(&mut one, name.as_ref());
        }
        Ok(Self(one))
    }
}

/// What a list needs of an order.
#[derive(Deserialize)]
struct Named {
    dn: DistinguishedName,
}

/// The name that is ordered. What cannot be read is told on the page of the issuance.
fn name_of(fields: &Fields<'_>) -> Option<DistinguishedName> {
    let order: Option<Named> = fields.json_or_null("request").ok().flatten();
    order.map(|order| order.dn)
}

fn add_ordered(one: &mut Summary, name: Option<&DistinguishedName>) {
    let document = name.and_then(DistinguishedName::document);
    one.document = document.map(masked).unwrap_or_default();
    let organisation = name.and_then(DistinguishedName::organisation);
    one.organisation = organisation.unwrap_or_default().to_owned();
}

fn add_answered(one: &mut Summary, fields: &Fields<'_>) {
    let answers: Option<Answers> = fields.json_or_null("answers").ok().flatten();
    let answers = answers.unwrap_or_default();
    one.document = masked(answers.text(Field::DocumentNumber));
    answers
        .text(Field::OrganisationName)
        .clone_into(&mut one.organisation);
}
