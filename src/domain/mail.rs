//! What mail tells of: the same facts for every language and form.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::holder_name::HolderName;
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
        /// To an officer: the same, in one of their connections.
        Officer = "officer",
        /// To the requester: certificates that expire soon.
        Reminder = "reminder",
        /// To the requester: certificates that have expired.
        Expired = "expired",
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

string_enum! {
    /// Why a mail was not sent, where that is not for the server to say; the text form is
    /// stored.
    pub enum Reason as "reason" {
        /// Nobody is configured whom it could go to.
        NobodyNamed = "nobody_named",
        /// What somebody has given is no address.
        NoAddress = "no_address",
        /// The server takes ASCII addresses only.
        AsciiOnly = "ascii_only",
        /// The server did not answer in time.
        NoAnswer = "no_answer",
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
    pub holder: HolderName,
    /// Certificates that expire soon or have expired, the first to expire first.
    pub expiring: Vec<Expiring>,
    /// How many more there are than are listed.
    pub more: usize,
    /// Whether it is about a sandbox: its certificates are good for nothing.
    pub play: bool,
    /// Whether reminders go to this address, too.
    pub reminders: bool,
}

impl Facts {
    /// The most certificates that one mail lists.
    const LISTED: usize = 500;

    /// Lists a certificate, or counts it where there is no room.
    pub fn list(&mut self, certificate: Expiring) {
        match self.expiring.len() < Self::LISTED {
            true => self.expiring.push(certificate),
            false => self.more += 1,
        }
    }

    /// How many certificates it is about.
    pub const fn count(&self) -> usize {
        self.expiring.len() + self.more
    }
}

/// A certificate that expires soon, or has expired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiring {
    /// The common name.
    pub holder: HolderName,
    /// The end of its validity.
    pub not_after: Millis,
    /// Whether that is estimated.
    #[serde(default)]
    pub is_estimated: bool,
}

/// What the operator has decided about mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How many days before its expiry somebody is reminded of a certificate.
    pub reminder_days: ReminderDays,
    /// Who hears of outcomes that are not known.
    pub alerts_to: Vec<String>,
}

/// How many days before its expiry somebody is reminded of a certificate; the shortest
/// time first, each once. Empty where nobody has decided.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReminderDays(Vec<i64>);

/// What stands between the commas is no number of days from 1 to 400.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no number of days from 1 to 400")]
pub struct NoDays(String);

impl ReminderDays {
    /// The days, the shortest time first.
    pub fn days(&self) -> &[i64] {
        &self.0
    }
}

impl FromStr for ReminderDays {
    type Err = NoDays;

    fn from_str(text: &str) -> Result<Self, NoDays> {
        let parts = text.split(',').map(str::trim);
        let days = parts
            .filter(|part| !part.is_empty())
            .map(|part| match part.parse() {
                Ok(days @ 1..=400) => Ok(days),
                _ => Err(NoDays(part.to_owned())),
            });
        let mut days = days.collect::<Result<Vec<i64>, _>>()?;
        days.sort_unstable();
        days.dedup();
        let text = text.trim();
        match days.is_empty() && !text.is_empty() {
            true => Err(NoDays(text.to_owned())),
            false => Ok(Self(days)),
        }
    }
}

/// As it is usually written: the longest time first.
impl fmt::Display for ReminderDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days: Vec<_> = self.0.iter().rev().map(i64::to_string).collect();
        f.write_str(&days.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reminder_days_are_numbers_between_commas_each_once() {
        let read = |text: &str| text.parse::<ReminderDays>().map(|days| days.to_string());
        assert_eq!(read(" 7, 60,30,,7 "), Ok("60,30,7".to_owned()));
        assert_eq!(read(""), Ok(String::new()));
        assert_eq!(read(" , "), Err(NoDays(",".to_owned())));
        for (text, part) in [("30;7", "30;7"), ("0", "0"), ("401", "401"), ("7,x", "x")] {
            assert_eq!(read(text), Err(NoDays(part.to_owned())));
        }
    }
}
