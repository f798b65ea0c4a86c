//! What the signature is made over: the query as sent, or some of the parameters in
//! some order, with or without their names, perhaps with the address in front.

use super::super::seed::Seed;
use super::super::sign_in::example::Program;

/// What stands between two parameters.
const SEPARATORS: [&str; 12] = ["", "|", ";", ",", ":", "&", "-", "_", ".", " ", "#", "{lf}"];

/// The redirect URL as it is signed.
const REDIRECT_URLS: [&str; 5] = [
    "{redirect_url}",
    "{redirect_url_encoded}",
    "{redirect_url:rfc3986}",
    "{redirect_url:dotnet-lower}",
    "{redirect_url:dotnet-upper}",
];

/// The address in front of the parameters.
const ADDRESSES: [&str; 2] = ["{path}", "{base_url}{path}"];

/// `query` or a template.
pub(super) fn drawn(seed: Seed) -> String {
    match seed.below("signed_message", 10) {
        0..=3 => "query".to_owned(),
        4 => format!("{}?{{query}}", seed.one_of("address", &ADDRESSES)),
        _ => parameters(seed),
    }
}

fn parameters(seed: Seed) -> String {
    let names = seed.one_of(
        "names",
        &[Names::No, Names::No, Names::Documented, Names::Small],
    );
    let separator = if names != Names::No && seed.in_percent("as a query", 70) {
        "&"
    } else {
        seed.one_of("separator", &SEPARATORS)
    };
    let parameters: Vec<String> = chosen(seed)
        .into_iter()
        .map(|(name, value)| match names {
            Names::No => value.to_owned(),
            Names::Documented => format!("{name}={value}"),
            Names::Small => format!("{}={value}", name.to_lowercase()),
        })
        .collect();
    let message = parameters.join(separator);
    if !seed.in_percent("has address", 20) {
        return message;
    }
    let joint = if names == Names::No { separator } else { "?" };
    format!("{}{joint}{message}", seed.one_of("address", &ADDRESSES))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Names {
    /// Values alone.
    #[default]
    No,
    Documented,
    /// In small letters.
    Small,
}

/// Names and values of the parameters that are signed, in their order.
fn chosen(seed: Seed) -> Vec<(&'static str, &'static str)> {
    // A domain is signed only where there is one.
    let domain = Program::of(Some(seed)).domain.map_or(0, |_| 60);
    let redirect_url = seed.one_of("redirect_url", &REDIRECT_URLS);
    let mut chosen = Vec::new();
    for (name, value, percent) in [
        ("Consumer", "{consumer}", 50),
        ("Domain", "{domain}", domain),
        ("RedirectUrl", redirect_url, 85),
        ("timestamp", "{timestamp}", 100),
        ("partner", "{partner}", 90),
    ] {
        if seed.in_percent(&format!("signs {name}"), percent) {
            chosen.push((name, value));
        }
    }
    if seed.in_percent("another order", 50) {
        chosen = seed.shuffled("order", &chosen);
    }
    chosen
}
