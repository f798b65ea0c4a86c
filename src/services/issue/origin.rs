//! What led to a certificate: the request of this portal, or where it was taken over, the
//! name in its own file.

use crate::domain::answers::{Answers, Field, same_name};
use crate::domain::certificate::Certificate;
use crate::domain::certificate_file::{CertificateFacts, read_certificates};
use crate::domain::connection::RequestOptions;
use crate::domain::key_spec::KeySpec;
use crate::domain::order::Order;
use crate::services::Portal;
use crate::storage::{StorageError, certificates, issuances};

/// Where the data of a certificate comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The answers that led to it, as far as they are known.
    pub answers: Answers,
    /// The order that led to it, which a renewal repeats.
    pub order: Option<Order>,
    /// Whether a request of this portal led to it.
    is_ours: bool,
}

impl Origin {
    /// Whether a renewal repeats the order as it is. Otherwise the holder's details are
    /// asked for.
    pub const fn is_repeated(&self) -> bool {
        self.is_ours || self.order.is_some()
    }
}

/// What is known of a certificate; `None` for one of which only the thumbprint is, or
/// whose data was erased.
pub async fn origin(
    portal: &Portal,
    certificate: &Certificate,
    options: &RequestOptions,
) -> Result<Option<Origin>, StorageError> {
    if let Some(id) = &certificate.issuance_id {
        let issuance = issuances::by_id(&portal.storage, id).await?;
        return Ok(issuance.map(|issuance| Origin {
            answers: issuance.answers,
            order: issuance.order,
            is_ours: true,
        }));
    }
    let files = certificates::file(&portal.storage, certificate).await?;
    let facts = files.first().and_then(|der| read_certificates(der).ok());
    Ok(facts
        .and_then(|facts| facts.into_iter().next())
        .map(|facts| of_file(&facts, options)))
}

fn of_file(facts: &CertificateFacts, options: &RequestOptions) -> Origin {
    let answers = Answers::of_subject(&facts.subject, facts.kind());
    let order = same_name(&facts.subject).map(|name| Order {
        // A stored order has the server's names for the attributes already.
        dn: options.spelled(&name),
        key: KeySpec::default(),
        provider: answers.text(Field::Provider).to_owned(),
        request_code: None,
        info: answers.info_to_send(options),
        group_ids: Vec::new(),
        renews: None,
    });
    Origin {
        answers,
        order,
        is_ours: false,
    }
}
