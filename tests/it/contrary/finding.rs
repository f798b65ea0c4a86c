//! The dialect finder is given the one login URL that a contrary sandbox hands over.
//! What it finds has to be good for other login URLs at the same sandbox. Neither of
//! the two knows the other; only this test joins them.

use std::ops::RangeInclusive;
use std::time::Duration;

use rubrica::domain::connection::Connection;
use rubrica::domain::dialect::Dialect;
use rubrica::domain::dialect_finder::{self, Found};
use rubrica::domain::login_url::LoginUrl;
use rubrica::domain::millis::Millis;
use rubrica::domain::secret::Secret;
use rubrica::domain::signing::login_url;
use rubrica::sandbox::ContrarySignIn;

use crate::support::redtrust::connection;

const REDTRUST: &str = "https://redtrust.example:8082";
const NOW: Millis = Millis(1_800_000_000_123);

/// What the finder offers first.
fn found(url: &str, key: &str) -> Result<Found, String> {
    let url = LoginUrl::read(url).map_err(|error| error.to_string())?;
    let findings = dialect_finder::find(&url, &Secret::new(key), NOW);
    let findings = findings.map_err(|error| error.to_string())?;
    let tried = findings.tried;
    let first = findings.found.into_iter().next();
    first.ok_or_else(|| format!("nothing found in {tried} tries"))
}

/// The dialect of the one who made this login URL.
pub fn dialect_of(url: &str, key: &str) -> Dialect {
    found(url, key)
        .unwrap_or_else(|why| panic!("{url}: {why}"))
        .dialect
}

/// A day after the example, a login URL of ours is accepted.
fn signs_in(seed: u64) -> Result<(), String> {
    let sandbox = ContrarySignIn::new(seed, REDTRUST);
    let example = sandbox.example(NOW)?;
    let found = found(&example.url, &example.shared_key)?;
    let mut ours = Connection {
        shared_key: found.key,
        ..connection(REDTRUST)
    };
    ours.settings.partner = example.partner.parse().unwrap();
    ours.settings.dialect = found.dialect;
    ours.settings.domain = example
        .url
        .contains("&Domain=demo&")
        .then(|| "demo".to_owned());
    let back = "https://portal.example/callback/acme".parse().unwrap();
    let later = NOW + Duration::from_secs(24 * 3600);
    let url = login_url(&ours, &back, later).map_err(|error| error.to_string())?;
    let message = &ours.settings.dialect.signed_message;
    let refused = |why| format!("{why}; found {message} from {}", example.url);
    sandbox.check(&url, later).map_err(refused)
}

/// The seeds at which it does not work, and why.
fn failures(seeds: RangeInclusive<u64>) -> Vec<String> {
    let told = |seed| {
        signs_in(seed)
            .err()
            .map(|why| format!("seed {seed}: {why}"))
    };
    seeds.filter_map(told).collect()
}

#[test]
fn at_the_seeds_1_to_40_the_dialect_is_found_from_the_example_alone() {
    let failed = failures(1..=40);
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
#[ignore = "takes minutes: the finder searches its whole space a thousand times"]
fn of_1000_seeds_the_dialect_is_found_from_the_example_alone_at_999_or_more() {
    let failed = failures(1..=1000);
    eprintln!(
        "{} of 1000 found; the others: {failed:#?}",
        1000 - failed.len()
    );
    assert!(failed.len() <= 1, "{failed:#?}");
}
