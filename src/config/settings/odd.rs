//! What is set and is most likely a mistake, though the portal can start with it.

use ipnet::IpNet;

use super::Settings;
use crate::config::{Complaint, Config, PublicUrl};

impl Settings {
    pub(super) fn odd(&self, config: &Config) -> Vec<Complaint> {
        let mut odd = self.without_mail();
        odd.extend(self.without_demo());
        odd.extend(odd_about_keys(config));
        odd.extend(odd_about_proxies(config));
        let lists = [
            ("RUBRICA_TRUSTED_PROXIES", Some(&config.trusted_proxies)),
            (
                "RUBRICA_ALLOWED_NETWORKS",
                config.data.allowed_networks.as_ref(),
            ),
        ];
        for (name, networks) in lists {
            odd.extend(
                networks
                    .into_iter()
                    .flatten()
                    .filter_map(|one| wider(name, one)),
            );
        }
        let open = config.metrics_listen.filter(|at| at.ip().is_unspecified());
        odd.extend(open.map(|at| {
            let cause = format!(
                "at {at} everybody who reaches this machine reads the metrics: listen on an \
                 address of the inside, or keep others out"
            );
            Complaint::of("RUBRICA_METRICS_LISTEN", cause)
        }));
        let collector = self.otel_exporter_otlp_endpoint.as_deref();
        let twice = collector.filter(|url| url.trim_end_matches('/').ends_with("/v1/traces"));
        odd.extend(twice.map(|_| {
            let cause = "leave /v1/traces out, it is added to the address";
            Complaint::of("OTEL_EXPORTER_OTLP_ENDPOINT", cause)
        }));
        odd
    }

    fn without_mail(&self) -> Vec<Complaint> {
        let has_server = self.smtp_url.is_some() || self.smtp_url_file.is_some();
        let without_server = [
            ("RUBRICA_MAIL_ALERTS_TO", &self.mail_alerts_to),
            ("RUBRICA_REMINDER_DAYS", &self.reminder_days),
        ];
        let set = without_server.iter().filter(|(_, text)| text.is_some());
        set.filter(|_| !has_server)
            .map(|(name, _)| {
                Complaint::of(*name, "without ")
                    .setting("RUBRICA_SMTP_URL")
                    .words(" no mail is sent")
            })
            .collect()
    }

    fn without_demo(&self) -> Option<Complaint> {
        let name = match (&self.admin_username, &self.admin_password_file) {
            _ if self.allow_loopback => return None,
            (None, None) => return None,
            (Some(_), _) => "RUBRICA_ADMIN_USERNAME",
            (None, Some(_)) => "RUBRICA_ADMIN_PASSWORD_FILE",
        };
        let cause =
            "only the demo makes an administrator by it; elsewhere `rubrica admin create` does";
        Some(Complaint::of(name, cause))
    }
}

fn odd_about_keys(config: &Config) -> Vec<Complaint> {
    let (key, old) = (&config.data.master_key, &config.data.old_master_key);
    let mut odd = Vec::new();
    if key.is_one_digit() {
        let cause = "is one digit over and over, which anybody can guess; `openssl rand -hex 32` \
            makes a key";
        odd.push(Complaint::of("RUBRICA_MASTER_KEY", cause));
    }
    if old.as_ref().is_some_and(|old| old.bytes() == key.bytes()) {
        let same = Complaint::of("RUBRICA_OLD_MASTER_KEY", "is the same as ");
        let same = same.setting("RUBRICA_MASTER_KEY");
        odd.push(same.words(", so nothing can be changed from one to the other"));
    }
    odd
}

/// What does not fit together about the proxy that TLS needs.
fn odd_about_proxies(config: &Config) -> impl Iterator<Item = Complaint> {
    let behind_proxy =
        config.public_url.as_ref().is_some_and(PublicUrl::is_https) && config.tls.is_none();
    let untrusted = behind_proxy && config.trusted_proxies.is_empty();
    let untrusted = untrusted.then(|| {
        let hint = "to the portal everybody has the address of the proxy, and shares its limits";
        Complaint::not_set("RUBRICA_TRUSTED_PROXIES", hint)
    });
    let trusts_all = |network: &&IpNet| network.prefix_len() == 0;
    let all = config.trusted_proxies.iter().find(trusts_all).map(|all| {
        let cause = format!("{all} is everybody, who can then claim any address");
        Complaint::of("RUBRICA_TRUSTED_PROXIES", cause)
    });
    untrusted.into_iter().chain(all)
}

/// An address with a length stands for the whole network, which may not be what was meant.
fn wider(name: &str, one: &IpNet) -> Option<Complaint> {
    let (address, whole) = (one.addr(), one.trunc());
    (*one != whole).then(|| {
        let cause =
            format!("{one} is the whole network {whole}; write {address} for that address alone");
        Complaint::of(name, cause)
    })
}
