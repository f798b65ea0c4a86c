//! One issuance with everything that is known of it.

use super::{Cause, Event, State};
use crate::domain::answers::Answers;
use crate::domain::holder::Kind;
use crate::domain::millis::Millis;
use crate::domain::order::Order;
use crate::domain::thumbprint::Thumbprint;

/// One issuance.
#[derive(Debug, Clone)]
pub struct Issuance {
    /// UUIDv7.
    pub id: String,
    /// Ten Crockford base32 characters for people to quote.
    pub reference: String,
    /// Whose it is.
    pub owner_id: String,
    /// At which Redtrust.
    pub connection_id: String,
    /// Whose tokens its calls use.
    pub sign_in_id: String,
    /// Kind of holder.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Grows with every transition and every save of a draft.
    pub version: i64,
    /// What was typed.
    pub answers: Answers,
    /// What `csr/create` was asked for; none as long as it never was.
    pub order: Option<Order>,
    /// The common name.
    pub holder: String,
    /// The certificate it renews.
    pub renews: Option<Thumbprint>,
    /// Redtrust's, or our own, code for the key pair.
    pub request_code: Option<String>,
    /// The code was chosen here and sent, so it was known before the answer.
    pub code_from_client: bool,
    /// The CSR as Redtrust gave it: PEM or bare Base64.
    pub csr: Option<String>,
    /// SHA-256 of the CSR's public key, lower-case hex.
    pub csr_key: Option<String>,
    /// `idCertificate`; Redtrust never gave it where the owner showed the certificate.
    pub certificate_id: Option<String>,
    /// Of the new certificate; in a mismatch, of what came back instead.
    pub thumbprint: Option<Thumbprint>,
    /// What Redtrust said at the last event, where it was an error.
    pub error: Option<ServerMessage>,
    /// Why it stands where it stands.
    pub cause: Option<Cause>,
    /// When it was begun.
    pub created_at: Millis,
    /// When it first left `draft`.
    pub submitted_at: Option<Millis>,
    /// When it changed last.
    pub updated_at: Millis,
    /// Until when somebody is at work on it.
    pub lease_until: Millis,
}

/// Redtrust's own words in an ERROR envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerMessage {
    /// `errorCode`.
    pub code: String,
    /// The message, in Redtrust's language.
    pub text: String,
}

/// One line of an issuance's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEntry {
    /// When it happened.
    pub at: Millis,
    /// What happened.
    pub event: Event,
    /// Where the issuance stood afterwards.
    pub state: State,
    /// Redtrust's `errorCode`, where it gave one.
    pub error_code: Option<String>,
    /// Why it happened.
    pub cause: Option<Cause>,
}

impl Issuance {
    /// Whether the facts that its state rests on are there: what was submitted
    /// has an order, a key pair has a code, a certificate has a thumbprint.
    pub fn has_what_its_state_needs(&self) -> bool {
        let submitted = self.submitted_at.is_some();
        let needed = match self.state {
            State::Draft | State::Abandoned => true,
            State::Creating | State::Refused | State::Unknown | State::Mismatch => submitted,
            State::KeyCreated | State::Finalizing => submitted && self.request_code.is_some(),
            State::Issued => submitted && self.thumbprint.is_some(),
        };
        needed && submitted == self.order.is_some()
    }

    /// When it was submitted, or begun where it was not.
    pub fn listed_at(&self) -> Millis {
        self.submitted_at.unwrap_or(self.created_at)
    }
}
