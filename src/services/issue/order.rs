//! Builds the order from a draft: one function for the check page, which shows
//! it, and for the submit, which sends it.

use uuid::Uuid;

use super::draft::Draft;
use super::origin::origin;
use crate::domain::answers::{Answers, Checked, Field, Step};
use crate::domain::certificate::{Certificate, Obstacle};
use crate::domain::connection::{Connection, EMAIL, RequestOptions};
use crate::domain::dialect::ClientRequestCode;
use crate::domain::distinguished_name::{Attribute, DistinguishedName};
use crate::domain::holder::Kind;
use crate::domain::issuance::{Issuance, State};
use crate::domain::order::Order;
use crate::domain::thumbprint::Thumbprint;
use crate::services::Portal;
use crate::storage::{StorageError, certificates, issuances};

/// Why a draft cannot be submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotReady {
    /// Something is missing or wrong on this step.
    Incomplete(Step),
    /// The certificate cannot be renewed (any more).
    NotRenewable(Obstacle),
}

/// The order that submitting this draft would send.
pub(super) async fn prepare(
    portal: &Portal,
    draft: &Draft,
) -> Result<Result<Order, NotReady>, StorageError> {
    Ok(match &draft.issuance.renews {
        None => from_answers(&draft.checked(), &draft.options).map_err(NotReady::Incomplete),
        Some(thumbprint) => renewal(portal, draft, thumbprint).await?,
    })
}

fn from_answers(checked: &Checked<'_>, options: &RequestOptions) -> Result<Order, Step> {
    let (holder, key) = checked.complete()?;
    let answers = checked.answers();
    Ok(Order {
        dn: with_email(holder.distinguished_name(), answers, options),
        key,
        provider: answers.text(Field::Provider).to_owned(),
        request_code: None,
        group_ids: answers.groups(options).unwrap_or_default(),
        info: answers.info_to_send(options),
        renews: None,
    })
}

/// The e-mail address is contact data: it becomes part of the name only if the
/// connection has an attribute for it.
fn with_email(
    name: DistinguishedName,
    answers: &Answers,
    options: &RequestOptions,
) -> DistinguishedName {
    let Some(email) = answers.email().filter(|_| options.sends_email()) else {
        return name;
    };
    let mut attributes = name.attributes().to_vec();
    attributes.push(Attribute::new(EMAIL, email));
    DistinguishedName::new(attributes)
}

/// The order of a renewal: that of its certificate, since only unchanged data is renewed;
/// made of the answers where the certificate does not say enough.
async fn renewal(
    portal: &Portal,
    draft: &Draft,
    thumbprint: &Thumbprint,
) -> Result<Result<Order, NotReady>, StorageError> {
    let certificate = match renewable(portal, &draft.issuance, thumbprint).await? {
        Ok(certificate) => certificate,
        Err(obstacle) => return Ok(Err(NotReady::NotRenewable(obstacle))),
    };
    // Of a certificate of which only the thumbprint is known, its owner says the kind.
    if draft.answers().kind() == Some(Kind::Seal) {
        return Ok(Err(NotReady::Incomplete(Step::Kind)));
    }
    let order = match origin(portal, &certificate, &draft.options).await? {
        Some(origin) if origin.is_repeated() => origin
            .order
            .ok_or(NotReady::NotRenewable(Obstacle::Unknown)),
        Some(_) | None => from_answers(&draft.checked(), &draft.options)
            .map(|order| Order {
                dn: draft.options.spelled(&order.dn),
                ..order
            })
            .map_err(NotReady::Incomplete),
    };
    Ok(order.map(|order| Order {
        renews: Some(thumbprint.clone()),
        request_code: None,
        ..order
    }))
}

/// The certificate of `renewal`. Checks all obstacles again, because time has passed.
async fn renewable(
    portal: &Portal,
    renewal: &Issuance,
    thumbprint: &Thumbprint,
) -> Result<Result<Certificate, Obstacle>, StorageError> {
    let storage = &portal.storage;
    let (at, owner) = (&renewal.connection_id, &renewal.owner_id);
    let Some(certificate) = certificates::owned(storage, at, owner, [thumbprint; 2]).await? else {
        return Ok(Err(Obstacle::Unknown));
    };
    if let Some(obstacle) = certificate.renewal_obstacle(portal.clock.now()) {
        return Ok(Err(obstacle));
    }
    let open = issuances::open_renewal(storage, &renewal.owner_id, thumbprint).await?;
    let submitted = |other: &&Issuance| other.id != renewal.id && other.state != State::Draft;
    Ok(match open.iter().find(submitted) {
        Some(other) => Err(Obstacle::UnderWay(other.id.clone())),
        None => Ok(certificate),
    })
}

/// An order in the form this connection's server expects: with a request code
/// of our own if the dialect sends one (unguessable and never reused), and with
/// the server's names for the attributes.
pub(super) fn for_server(order: Order, connection: &Connection) -> Order {
    let request_code = match connection.settings.dialect.client_request_code {
        ClientRequestCode::Off => None,
        ClientRequestCode::Send => Some(Uuid::new_v4().to_string()),
    };
    let dn = match &order.renews {
        // A renewal has the server's names for the attributes already.
        Some(_) => order.dn,
        None => connection.settings.request_options.spelled(&order.dn),
    };
    Order {
        dn,
        request_code,
        ..order
    }
}
