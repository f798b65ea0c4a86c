//! Settings that have no effect as they are: now, or before the next start.

use super::Settings;

impl Settings {
    /// What is set and does nothing.
    pub(super) fn odd(&self) -> Vec<String> {
        let has_server = self.smtp_url.is_some() || self.smtp_url_file.is_some();
        let without_server = [
            ("RUBRICA_MAIL_ALERTS_TO", &self.mail_alerts_to),
            ("RUBRICA_REMINDER_DAYS", &self.reminder_days),
        ];
        let set = without_server.iter().filter(|(_, text)| text.is_some());
        set.filter(|_| !has_server)
            .map(|(name, _)| format!("{name}: without RUBRICA_SMTP_URL no mail is sent"))
            .collect()
    }

    /// The settings that are others than `before` and that a running portal does not read
    /// anew.
    pub fn waiting(&self, before: &Self) -> Vec<&'static str> {
        let all = self.unread_texts().into_iter().zip(before.unread_texts());
        let all = all.filter(|((_, now), (_, before))| now != before);
        all.map(|((name, _), _)| name).collect()
    }

    fn unread_texts(&self) -> Vec<(&'static str, String)> {
        let secret = |text: &Option<crate::domain::secret::Secret>| {
            text.as_ref().map(|text| text.expose().to_owned())
        };
        let number = |number: &Option<super::Number>| format!("{number:?}");
        let file = |file: &Option<std::path::PathBuf>| format!("{file:?}");
        vec![
            ("public_url", format!("{:?}", self.public_url)),
            ("listen", format!("{:?}", self.listen)),
            ("metrics_listen", format!("{:?}", self.metrics_listen)),
            ("tls_cert_file", file(&self.tls_cert_file)),
            ("tls_key_file", file(&self.tls_key_file)),
            ("database_url", format!("{:?}", secret(&self.database_url))),
            ("database_url_file", file(&self.database_url_file)),
            ("master_key", format!("{:?}", secret(&self.master_key))),
            ("master_key_file", file(&self.master_key_file)),
            (
                "old_master_key",
                format!("{:?}", secret(&self.old_master_key)),
            ),
            ("old_master_key_file", file(&self.old_master_key_file)),
            ("smtp_url", format!("{:?}", secret(&self.smtp_url))),
            ("smtp_url_file", file(&self.smtp_url_file)),
            ("mail_from", format!("{:?}", self.mail_from)),
            ("mail_alerts_to", format!("{:?}", self.mail_alerts_to)),
            ("reminder_days", format!("{:?}", self.reminder_days)),
            ("webhook_url", format!("{:?}", self.webhook_url)),
            ("webhook_key", format!("{:?}", secret(&self.webhook_key))),
            ("webhook_key_file", file(&self.webhook_key_file)),
            ("log", format!("{:?}", self.log)),
            (
                "otel_exporter_otlp_endpoint",
                format!("{:?}", self.otel_exporter_otlp_endpoint),
            ),
            ("otel_service_name", format!("{:?}", self.otel_service_name)),
            ("trusted_proxies", format!("{:?}", self.trusted_proxies)),
            ("allowed_networks", format!("{:?}", self.allowed_networks)),
            ("hsts", format!("{:?}", self.hsts)),
            ("second_factor", format!("{:?}", self.second_factor)),
            ("connection_list", format!("{:?}", self.connection_list)),
            ("retention_days", number(&self.retention_days)),
            ("pool_size", number(&self.pool_size)),
            ("drain_seconds", number(&self.drain_seconds)),
        ]
    }
}
