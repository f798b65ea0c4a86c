//! What will be asked of Redtrust, as the check page shows it and the submit
//! sends it: one function makes it for both.

use uuid::Uuid;

use super::answers::Answers;
use super::draft::Draft;
use super::field::Step;
use crate::domain::connection::{Connection, EMAIL, RequestOptions};
use crate::domain::dialect::ClientRequestCode;
use crate::domain::distinguished_name::{Attribute, DistinguishedName};
use crate::domain::order::Order;
use crate::services::Portal;
use crate::services::renew::{self, Obstacle};
use crate::storage::StorageError;

/// Whether a draft can be submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ready {
    /// It can: this is what will be ordered.
    Order(Order),
    /// Something is missing or wrong on this step.
    Incomplete(Step),
    /// The certificate cannot be renewed (any more).
    NotRenewable(Obstacle),
}

/// What submitting this draft would order. A renewal orders once more what the
/// certificate was ordered with: only unchanged data is renewed.
pub async fn prepare(portal: &Portal, draft: &Draft) -> Result<Ready, StorageError> {
    let Some(thumbprint) = &draft.issuance.renews else {
        return Ok(of_answers(&draft.answers, &draft.offer));
    };
    if draft.answers.changed_problem().is_some() {
        return Ok(Ready::Incomplete(Step::Changed));
    }
    Ok(
        match renew::order_again(portal, &draft.issuance, thumbprint).await? {
            Ok(order) => Ready::Order(order),
            Err(obstacle) => Ready::NotRenewable(obstacle),
        },
    )
}

fn of_answers(answers: &Answers, offer: &RequestOptions) -> Ready {
    let kind = answers.kind();
    if !answers.wrong_info(offer).is_empty() {
        return Ready::Incomplete(Step::Contact);
    }
    match answers.check(offer) {
        Ok((holder, key)) => Ready::Order(Order {
            dn: with_email(holder.distinguished_name(), answers, offer),
            key,
            provider: answers.provider.clone(),
            request_code: None,
            group_ids: answers.groups(offer).unwrap_or_default(),
            info: answers.info_to_send(offer),
            renews: None,
        }),
        Err(problems) => {
            let first = problems.first().map(|(field, _)| field.step(kind));
            Ready::Incomplete(first.unwrap_or(Step::Kind))
        }
    }
}

/// An e-mail address is contact data: it goes into the name only where the
/// connection has a word for it.
fn with_email(
    name: DistinguishedName,
    answers: &Answers,
    offer: &RequestOptions,
) -> DistinguishedName {
    let email = answers.email.trim();
    if email.is_empty() || !offer.sends_email() {
        return name;
    }
    let mut attributes = name.attributes().to_vec();
    attributes.push(Attribute::new(EMAIL, email));
    DistinguishedName::new(attributes)
}

/// An order as this connection's server gets it: with a code of our own where
/// the dialect sends one (it cannot be guessed, and never serves twice), and
/// with the server's names for the attributes.
pub(super) fn for_server(order: Order, connection: &Connection) -> Order {
    let request_code = match connection.settings.dialect.client_request_code {
        ClientRequestCode::Off => None,
        ClientRequestCode::Send => Some(Uuid::new_v4().to_string()),
    };
    let dn = match &order.renews {
        // A renewal copies a stored order, whose attribute names are already
        // the server's.
        Some(_) => order.dn,
        None => connection.settings.request_options.spelled(&order.dn),
    };
    Order {
        dn,
        request_code,
        ..order
    }
}
