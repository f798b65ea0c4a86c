//! Where mail goes out, and who gets it. Without a server and a sender no mail is sent.

use super::mistakes::Mistakes;
use super::{Complaint, ConfigError};
use crate::domain::mail::{NoDays, Policy};
use crate::domain::secret::Secret;

/// Days before expiry at which people are reminded, unless the operator says otherwise.
const REMINDER_DAYS: &str = "60,30,14,7,1";

/// Checked except for the form of addresses, which the mail client knows.
#[derive(Debug, Clone)]
pub struct MailConfig {
    /// `smtps://USER:PASSWORD@HOST`.
    pub smtp_url: Secret,
    /// The sender, an address or a name and `<address>`.
    pub from: String,
    pub policy: Policy,
}

impl MailConfig {
    /// `None` without a server and a sender, and if one of them is missing, which is kept.
    pub(super) fn of(
        smtp_url: Option<Secret>,
        from: Option<&str>,
        alerts_to: Option<&str>,
        reminder_days: Option<&str>,
        wrong: &mut Mistakes,
    ) -> Option<Self> {
        let reminder_days = reminder_days.unwrap_or(REMINDER_DAYS);
        let no_days =
            |error: NoDays| ConfigError::invalid("RUBRICA_REMINDER_DAYS", error.to_string());
        let reminder_days = wrong.or_default(reminder_days.parse().map_err(no_days));
        let alone = match (&smtp_url, from) {
            (None, Some(_)) => Some(("RUBRICA_MAIL_FROM", "RUBRICA_SMTP_URL")),
            (Some(_), None) => Some(("RUBRICA_SMTP_URL", "RUBRICA_MAIL_FROM")),
            _ => None,
        };
        if let Some((setting, other)) = alone {
            wrong.push(Complaint::of(setting, "needs ").setting(other).into());
        }
        let alerts_to = alerts_to.unwrap_or_default().split(',').map(str::trim);
        let alerts_to = alerts_to.filter(|one| !one.is_empty());
        let alerts_to = alerts_to.map(ToOwned::to_owned).collect();
        Some(Self {
            smtp_url: smtp_url?,
            from: from?.to_owned(),
            policy: Policy {
                reminder_days,
                alerts_to,
            },
        })
    }
}
