//! TLS to a PostgreSQL server on another machine: the certificate is verified unless
//! the operator's address says otherwise.

use std::net::IpAddr;

use url::Url;

/// The address to connect to: with `sslmode=verify-full` if it leads to another machine
/// and does not say how. An explicit lower mode is the operator's word, and is logged.
pub(super) fn demanded(url: &str) -> String {
    if let Some(mode) = lower_mode(url) {
        // Never the address itself: it may contain a password.
        tracing::warn!(event = "database_without_verified_tls", sslmode = %mode);
    }
    let address = Url::parse(url).ok().filter(leaves_this_machine);
    match address.filter(|address| mode_of(address).is_none()) {
        None => url.to_owned(),
        Some(address) => {
            let mark = if address.query().is_some() { '&' } else { '?' };
            format!("{url}{mark}sslmode=verify-full")
        }
    }
}

/// What a start logs of such a mode, as one sentence.
pub fn unverified(url: &str) -> Option<String> {
    let mode = lower_mode(url)?;
    Some(format!(
        "with sslmode={mode} anybody in the network between can answer in the place of the \
         database: use verify-full, or leave it out"
    ))
}

/// The mode of an address that leads to another machine, if it is lower than `verify-full`.
fn lower_mode(url: &str) -> Option<String> {
    let address = Url::parse(url).ok().filter(leaves_this_machine)?;
    mode_of(&address).filter(|mode| mode != "verify-full")
}

fn mode_of(address: &Url) -> Option<String> {
    let mut pairs = address.query_pairs();
    let mode = pairs.find(|(name, _)| matches!(name.as_ref(), "sslmode" | "ssl-mode"));
    let mode = mode.map(|(_, mode)| mode.into_owned());
    // What the driver reads if the address does not say.
    mode.or_else(|| std::env::var("PGSSLMODE").ok())
}

/// Whether the host is neither a socket nor this machine. Without a host it is one of
/// them.
fn leaves_this_machine(address: &Url) -> bool {
    let mut pairs = address.query_pairs();
    let named = pairs.find(|(name, _)| matches!(name.as_ref(), "host" | "hostaddr"));
    let named = named.map(|(_, host)| host.into_owned());
    let host = named.or_else(|| address.host_str().map(ToOwned::to_owned));
    let host = host.filter(|host| !host.is_empty());
    let Some(host) = host.or_else(|| std::env::var("PGHOST").ok()) else {
        return false;
    };
    let host = percent_encoding::percent_decode_str(&host).decode_utf8_lossy();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = |address: IpAddr| address.to_canonical().is_loopback();
    let is_here = host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || bare.parse().is_ok_and(is_loopback);
    !is_here
}

#[cfg(test)]
mod tests {
    use super::demanded;

    #[test]
    fn i22_a_server_on_another_machine_has_to_show_its_certificate() {
        for url in [
            "postgres://rubrica:secret@db.example/rubrica",
            "postgres://10.0.0.5:5432/rubrica",
            "postgresql://rubrica@localhost.example/rubrica",
            "postgres://rubrica@[2001:db8::1]/rubrica",
            "postgres:///rubrica?host=db.example",
        ] {
            let mark = if url.contains('?') { '&' } else { '?' };
            let expected = format!("{url}{mark}sslmode=verify-full");
            assert_eq!(demanded(url), expected);
        }
    }

    #[test]
    fn i22_sockets_this_machine_and_what_the_operator_says_stay() {
        for url in [
            "postgres://rubrica@/rubrica?host=/run/postgresql",
            "postgres://rubrica@%2Frun%2Fpostgresql/rubrica",
            "postgres://127.0.0.1:5432/rubrica",
            "postgres://[::1]/rubrica",
            "postgres://localhost/rubrica",
            "postgres://db.example/rubrica?sslmode=require",
            "postgres://db.example/rubrica?sslmode=verify-full",
            "postgres://db.example/rubrica?a=b&sslmode=disable",
        ] {
            assert_eq!(demanded(url), url);
        }
    }
}
