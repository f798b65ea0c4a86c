//! What each setting means, for `rubrica settings` and for the README, which a test holds
//! to it. A test holds it to what is read.

use std::fmt;

/// Settings that are explained together: as variables of the environment; in the file the
/// same in lower case without `RUBRICA_`.
#[derive(Debug, Clone, Copy)]
pub struct Explained {
    pub variables: &'static [&'static str],
    /// In Markdown.
    pub meaning: &'static str,
    /// What holds without it, in Markdown.
    pub default: &'static str,
}

const fn row(
    variables: &'static [&'static str],
    meaning: &'static str,
    default: &'static str,
) -> Explained {
    Explained {
        variables,
        meaning,
        default,
    }
}

/// A row of a table in Markdown.
impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("|")?;
        for name in self.variables {
            write!(f, " `{name}`")?;
        }
        write!(f, " | {} | {} |", self.meaning, self.default)
    }
}

/// All settings, in the order in which one meets them. Each secret also as a file, with
/// `_FILE` behind its name.
pub const REFERENCE: &[Explained] = &[
    row(
        &["RUBRICA_PUBLIC_URL"],
        "the origin that browsers use; https, or http for localhost",
        "demo: `http://localhost:PORT`; `serve` needs it",
    ),
    row(
        &["RUBRICA_LISTEN"],
        "address and port (port 0 picks a free one), or `unix:/PATH`: a socket for a proxy on this machine, which then counts as 127.0.0.1",
        "`127.0.0.1:8080`",
    ),
    row(
        &["RUBRICA_DATABASE_URL"],
        "`sqlite://FILE` (made if missing; `%3F` for `?`, `%23` for `#`, `%25` for `%`) or `postgres://...`",
        "demo: `./var/rubrica.db`; `serve` needs it",
    ),
    row(
        &["RUBRICA_TLS_CERT_FILE", "RUBRICA_TLS_KEY_FILE"],
        "certificate (with those that lead to its CA) and key in PEM: the portal does TLS itself",
        "a proxy does it",
    ),
    row(
        &["RUBRICA_POOL_SIZE"],
        "connections to the database that this node may open (2 to 1000)",
        "16; on SQLite as many as there are processors, 4 to 16",
    ),
    row(
        &["RUBRICA_DRAIN_SECONDS"],
        "how long a node that was told to stop goes on serving, no longer ready, so that the balancer sees it in time (0 to 60)",
        "5 with PostgreSQL, 0 with SQLite",
    ),
    row(
        &["RUBRICA_METRICS_LISTEN"],
        "address and port for `/metrics`",
        "no metrics",
    ),
    row(
        &["RUBRICA_MASTER_KEY"],
        "32 bytes as 64 hex digits; seals what is secret in the database",
        "demo: made in `./var/master.key`; `serve` needs it",
    ),
    row(
        &["RUBRICA_OLD_MASTER_KEY"],
        "the key before, while it is changed",
        "none",
    ),
    row(
        &["RUBRICA_LOG"],
        "`error` `warn` `info` `debug` `trace`: JSON lines on stderr",
        "`info`; demo `warn`",
    ),
    row(
        &["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SERVICE_NAME"],
        "a collector for OpenTelemetry, https or on this machine, such as `http://127.0.0.1:4318`, and the name under which traces go there; in the file the same in lower case",
        "no traces; `rubrica`",
    ),
    row(
        &["RUBRICA_TRUSTED_PROXIES"],
        "addresses and networks whose `X-Forwarded-For` is trusted, separated by commas",
        "none",
    ),
    row(
        &["RUBRICA_ALLOWED_NETWORKS"],
        "addresses and networks that a base URL may lead to besides public addresses, separated by commas; link-local and metadata addresses never",
        "private networks; this machine in the demo and for connections of the file",
    ),
    row(
        &["RUBRICA_SECOND_FACTOR"],
        "`required`: administrators, officers and auditors see nothing but their own account until they have switched a second factor on",
        "`optional`",
    ),
    row(
        &["RUBRICA_HSTS"],
        "HSTS on https: `subdomains` (this host and the names below it), `host` (if one of them has to answer without https), `off` (the proxy sends it)",
        "`subdomains`",
    ),
    row(
        &["RUBRICA_CONNECTION_LIST"],
        "`hidden`: the sign-in page asks for a connection's short name instead of listing all; links like `/sign-in?connection=acme` lead to one",
        "`shown`",
    ),
    row(
        &["RUBRICA_RETENTION_DAYS"],
        "days from the end of a request, or from the expiry of its certificate, until what is personal in it is erased (1 to 36500)",
        "kept for ever",
    ),
    row(
        &["RUBRICA_SMTP_URL", "RUBRICA_MAIL_FROM"],
        "mail goes out through `smtps://USER:PASSWORD@HOST` (or `smtp://...?tls=required`; a password without TLS goes to this machine only), from this address; both or none",
        "no mail",
    ),
    row(
        &["RUBRICA_MAIL_ALERTS_TO"],
        "addresses that hear of outcomes that are not known, separated by commas",
        "nobody",
    ),
    row(
        &["RUBRICA_REMINDER_DAYS"],
        "days before expiry at which people are reminded",
        "`60,30,14,7,1`",
    ),
    row(
        &["RUBRICA_WEBHOOK_URL", "RUBRICA_WEBHOOK_KEY"],
        "a program that is told of each outcome, and the key (16 characters or more) of the signatures; both or none",
        "nobody",
    ),
    row(
        &["RUBRICA_TIME_ZONE"],
        "zone in which times are shown",
        "`Europe/Madrid`",
    ),
    row(
        &["RUBRICA_PARTNER_NAME"],
        "name in the header of every page, and on receipts",
        "`rubrica`",
    ),
    row(
        &["RUBRICA_PARTNER_NIF", "RUBRICA_PARTNER_ADDRESS"],
        "on receipts",
        "not shown",
    ),
    row(
        &["RUBRICA_PARTNER_LOGO_FILE"],
        "PNG, JPEG or SVG file of at most 100 KiB, in the header of every page",
        "no logo",
    ),
    row(
        &[
            "RUBRICA_LEGAL_URL",
            "RUBRICA_PRIVACY_URL",
            "RUBRICA_ACCESSIBILITY_URL",
            "RUBRICA_SUPPORT_URL",
        ],
        "links at the foot of every page",
        "not shown",
    ),
    row(
        &["RUBRICA_SUPPORT_CONTACT"],
        "whom to ask, as the help page says: a telephone number, opening hours",
        "not shown",
    ),
    row(
        &["RUBRICA_ADMIN_USERNAME", "RUBRICA_ADMIN_PASSWORD_FILE"],
        "demo only: an administrator made at the start",
        "none",
    ),
];
