//! Settings from the environment, and the variables of it that belong to no setting.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::PathBuf;

use super::Settings;
use crate::config::read::Number;
use crate::config::unknown_variable::{OF_TESTS, PREFIX, UnknownVariable};
use crate::domain::secret::Secret;

impl Settings {
    /// The variables of all settings.
    pub fn variables() -> BTreeSet<String> {
        let asked = RefCell::new(BTreeSet::new());
        Self::default().overlay(|name| {
            asked.borrow_mut().insert(name.to_owned());
            None
        });
        asked.into_inner()
    }

    /// The variables of `set` that begin as ours do but belong to no setting, each with the
    /// setting that was probably meant.
    pub fn unknown_variables(set: impl IntoIterator<Item = String>) -> Vec<UnknownVariable> {
        let known = Self::variables();
        set.into_iter()
            .filter(|name| name.starts_with(PREFIX) && !known.contains(name))
            .filter(|name| !OF_TESTS.iter().any(|other| name.starts_with(other)))
            .map(|name| UnknownVariable::of(name, &known))
            .collect()
    }

    /// Applies the environment.
    pub(super) fn overlay(&mut self, variable: impl Fn(&str) -> Option<String>) {
        let set = |name: &str| variable(&format!("{PREFIX}{name}"));
        for (slot, name) in [
            (&mut self.public_url, "PUBLIC_URL"),
            (&mut self.listen, "LISTEN"),
            (&mut self.metrics_listen, "METRICS_LISTEN"),
            (&mut self.log, "LOG"),
            (&mut self.mail_from, "MAIL_FROM"),
            (&mut self.mail_alerts_to, "MAIL_ALERTS_TO"),
            (&mut self.reminder_days, "REMINDER_DAYS"),
            (&mut self.webhook_url, "WEBHOOK_URL"),
            (&mut self.trusted_proxies, "TRUSTED_PROXIES"),
            (&mut self.allowed_networks, "ALLOWED_NETWORKS"),
            (&mut self.hsts, "HSTS"),
            (&mut self.second_factor, "SECOND_FACTOR"),
            (&mut self.connection_list, "CONNECTION_LIST"),
            (&mut self.partner_name, "PARTNER_NAME"),
            (&mut self.partner_nif, "PARTNER_NIF"),
            (&mut self.partner_address, "PARTNER_ADDRESS"),
            (&mut self.support_contact, "SUPPORT_CONTACT"),
            (&mut self.legal_url, "LEGAL_URL"),
            (&mut self.privacy_url, "PRIVACY_URL"),
            (&mut self.accessibility_url, "ACCESSIBILITY_URL"),
            (&mut self.support_url, "SUPPORT_URL"),
            (&mut self.time_zone, "TIME_ZONE"),
            (&mut self.admin_username, "ADMIN_USERNAME"),
        ] {
            if let Some(text) = set(name) {
                *slot = Some(text);
            }
        }
        for (slot, name) in [
            (&mut self.retention_days, "RETENTION_DAYS"),
            (&mut self.pool_size, "POOL_SIZE"),
            (&mut self.drain_seconds, "DRAIN_SECONDS"),
        ] {
            if let Some(text) = set(name) {
                *slot = Some(Number::Text(text));
            }
        }
        for (slot, name) in [
            (&mut self.admin_password_file, "ADMIN_PASSWORD_FILE"),
            (&mut self.partner_logo_file, "PARTNER_LOGO_FILE"),
            (&mut self.tls_cert_file, "TLS_CERT_FILE"),
            (&mut self.tls_key_file, "TLS_KEY_FILE"),
        ] {
            if let Some(path) = set(name) {
                *slot = Some(PathBuf::from(path));
            }
        }
        self.overlay_collector(&variable);
        self.overlay_secrets(set);
    }

    /// Every program that sends traces is configured by these.
    fn overlay_collector(&mut self, variable: impl Fn(&str) -> Option<String>) {
        for (slot, name) in [
            (
                &mut self.otel_exporter_otlp_endpoint,
                "OTEL_EXPORTER_OTLP_ENDPOINT",
            ),
            (&mut self.otel_service_name, "OTEL_SERVICE_NAME"),
        ] {
            if let Some(text) = variable(name) {
                *slot = Some(text);
            }
        }
    }

    /// A secret given as text or as a file replaces both forms of the configuration file.
    fn overlay_secrets(&mut self, set: impl Fn(&str) -> Option<String>) {
        for (slot, file, name) in [
            (
                &mut self.database_url,
                &mut self.database_url_file,
                "DATABASE_URL",
            ),
            (
                &mut self.master_key,
                &mut self.master_key_file,
                "MASTER_KEY",
            ),
            (
                &mut self.old_master_key,
                &mut self.old_master_key_file,
                "OLD_MASTER_KEY",
            ),
            (&mut self.smtp_url, &mut self.smtp_url_file, "SMTP_URL"),
            (
                &mut self.webhook_key,
                &mut self.webhook_key_file,
                "WEBHOOK_KEY",
            ),
        ] {
            let (text, path) = (set(name), set(&format!("{name}_FILE")));
            if text.is_some() || path.is_some() {
                *slot = text.map(Secret::new);
                *file = path.map(PathBuf::from);
            }
        }
    }
}
