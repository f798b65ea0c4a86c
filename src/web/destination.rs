//! Where to go after sign-in, as text in a link and a form, and as a path.
//! It is always one of our own pages: what cannot be read leads home.

use uuid::Uuid;

use super::routes;
use crate::domain::login_attempt::Destination;

const ISSUANCE: &str = "issuance-";

/// As it stands in `go=`.
pub fn to_text(destination: &Destination) -> String {
    match destination {
        Destination::Home => "home".to_owned(),
        Destination::Issue => "issue".to_owned(),
        Destination::Renew => "renew".to_owned(),
        Destination::Issuances => "issuances".to_owned(),
        Destination::Certificates => "certificates".to_owned(),
        Destination::Issuance(id) => format!("{ISSUANCE}{id}"),
    }
}

/// Reads `go=`; whatever it does not know leads home.
pub fn from_text(text: &str) -> Destination {
    match text {
        "issue" => Destination::Issue,
        "renew" => Destination::Renew,
        "issuances" => Destination::Issuances,
        "certificates" => Destination::Certificates,
        other => other
            .strip_prefix(ISSUANCE)
            .and_then(|id| Uuid::try_parse(id).ok())
            .map_or(Destination::Home, |id| {
                Destination::Issuance(id.to_string())
            }),
    }
}

/// The page that was asked for by somebody who has to sign in first.
pub fn of_path(path: &str) -> Destination {
    let mut parts = path.trim_start_matches('/').split('/');
    match (parts.next(), parts.next()) {
        (Some("issue"), _) => Destination::Issue,
        (Some("renew"), _) => Destination::Renew,
        (Some("certificates"), _) => Destination::Certificates,
        (Some("issuances"), Some(id)) => match from_text(&format!("{ISSUANCE}{id}")) {
            Destination::Home => Destination::Issuances,
            issuance => issuance,
        },
        (Some("issuances"), None) => Destination::Issuances,
        _ => Destination::Home,
    }
}

/// The path that a destination stands for.
pub fn path(destination: &Destination) -> String {
    match destination {
        Destination::Home => routes::HOME.to_owned(),
        Destination::Issue => routes::ISSUE.to_owned(),
        Destination::Renew => routes::RENEW.to_owned(),
        Destination::Issuances => routes::ISSUANCES.to_owned(),
        Destination::Certificates => routes::CERTIFICATES.to_owned(),
        Destination::Issuance(id) => routes::issuance(id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "018f4d2e-0000-7000-8000-000000000001";

    #[test]
    fn each_destination_survives_the_way_through_a_form() {
        for destination in [
            Destination::Home,
            Destination::Issue,
            Destination::Renew,
            Destination::Issuances,
            Destination::Certificates,
            Destination::Issuance(ID.to_owned()),
        ] {
            assert_eq!(from_text(&to_text(&destination)), destination);
            assert_eq!(of_path(&path(&destination)), destination);
        }
    }

    #[test]
    fn nothing_leads_out_of_the_portal() {
        for hostile in [
            "//evil",
            "https://evil",
            "issuance-//evil",
            "/\\evil",
            "",
            "issue/x",
        ] {
            assert_eq!(from_text(hostile), Destination::Home, "{hostile}");
            assert!(path(&of_path(hostile)).starts_with('/'));
        }
        assert_eq!(of_path("/issuances/../x"), Destination::Issuances);
    }
}
