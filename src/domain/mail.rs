//! What mail tells of: the same facts for every language and form.

use serde::{Deserialize, Serialize};

use super::millis::Millis;
use super::string_enum::string_enum;

string_enum! {
    /// What a mail is about; the text form is stored.
    pub enum Kind as "mail kind" {
        /// To the requester: the certificate was issued.
        Issued = "issued",
        /// To the requester: Redtrust refused, or returned something else.
        Failed = "failed",
        /// To the requester: the outcome is not known.
        Unknown = "unknown",
        /// To those who look after the portal: an outcome that is not known, or an
        /// answer that does not match its request.
        Alert = "alert",
        /// To the requester: certificates that expire soon.
        Reminder = "reminder",
        /// To a person who has given an address: that mail goes there from now on.
        Welcome = "welcome",
        /// To those who look after the portal: mail works.
        Test = "test",
    }
}

string_enum! {
    /// What became of a mail; the text form is stored.
    pub enum State as "mail state" {
        /// It will be sent.
        Waiting = "waiting",
        /// A node has begun to hand its text to the server; it is never begun twice.
        Sending = "sending",
        /// The server has accepted it.
        Sent = "sent",
        /// The server has refused it, or it could not be sent in time.
        Failed = "failed",
        /// It was being sent and nobody knows whether the server has accepted it. It is
        /// not sent again by itself.
        Unknown = "unknown",
    }
}

/// The facts of a mail; which of them there are depends on its kind.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The request's reference for people to quote.
    pub reference: String,
    /// The id of the request, for its address.
    pub issuance: String,
    /// The common name asked for.
    pub holder: String,
    /// Certificates that expire soon, the first to expire first.
    pub expiring: Vec<Expiring>,
}

/// A certificate that expires soon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiring {
    /// The common name.
    pub holder: String,
    /// The end of its validity.
    pub not_after: Millis,
}

/// What the operator has decided about mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How many days before its expiry somebody is reminded of a certificate.
    pub reminder_days: Vec<i64>,
    /// Who hears of outcomes that are not known.
    pub alerts_to: Vec<String>,
}
