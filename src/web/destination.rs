//! Where to go after sign-in, as text in links and forms and as a path. It is always
//! a page of this portal: unknown text leads to the home page.

use uuid::Uuid;

use super::routes;
use crate::domain::login_attempt::{Destination, ISSUANCE, RUN, STEP};

/// Reads the value of `go=`; unknown values mean the home page.
pub fn from_text(text: &str) -> Destination {
    match text {
        "issue" => Destination::Issue,
        "renew" => Destination::Renew,
        "issuances" => Destination::Issuances,
        "certificates" => Destination::Certificates,
        other => match other.strip_prefix(STEP) {
            Some(parts) => step(parts.split('.')).unwrap_or_default(),
            None => by_id(other).unwrap_or_default(),
        },
    }
}

/// The page of one issuance or run.
fn by_id(text: &str) -> Option<Destination> {
    let id = |prefix| {
        let id = text.strip_prefix(prefix)?;
        Some(Uuid::try_parse(id).ok()?.to_string())
    };
    let issuance = id(ISSUANCE).map(Destination::Issuance);
    issuance.or_else(|| id(RUN).map(Destination::Run))
}

/// A step, or a certificate, by the parts of its address. Only letters, digits and hyphens
/// are accepted, so that the path cannot lead anywhere else.
fn step<'a>(parts: impl Iterator<Item = &'a str>) -> Option<Destination> {
    let parts: Vec<String> = parts.map(ToOwned::to_owned).collect();
    let is_plain = |part: &String| {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        (1..=64).contains(&part.len()) && part.chars().all(plain)
    };
    let path = step_path(&parts);
    let has_form = match routes::is_step(&path) {
        true => parts.iter().any(|part| STEPS.contains(&part.as_str())),
        false => routes::user_form_page(&path).is_some(),
    };
    let is_step = parts.len() <= 3 && parts.iter().all(is_plain) && has_form;
    is_step.then_some(Destination::Step(parts))
}

/// The last part of the address of each step that answers GET.
const STEPS: [&str; 9] = [
    "kind",
    "holder",
    "organisation",
    "options",
    "check",
    "choose",
    "changed",
    "many",
    "take-over",
];

fn step_path(parts: &[String]) -> String {
    format!("/{}", parts.join("/"))
}

/// The destination for a page that was requested without being signed in.
pub fn of_path(path: &str) -> Destination {
    let mut parts = path.trim_start_matches('/').split('/');
    if let Some(step) = step(parts.clone()) {
        return step;
    }
    match (parts.next(), parts.next()) {
        (Some("issue"), _) => Destination::Issue,
        (Some("renew"), _) => Destination::Renew,
        (Some("certificates"), _) => Destination::Certificates,
        (Some("issuances"), Some(id)) => match from_text(&format!("{ISSUANCE}{id}")) {
            Destination::Home => Destination::Issuances,
            issuance => issuance,
        },
        (Some("runs"), Some(id)) => from_text(&format!("{RUN}{id}")),
        (Some("issuances"), None) => Destination::Issuances,
        _ => Destination::Home,
    }
}

pub fn path(destination: &Destination) -> String {
    match destination {
        Destination::Home => routes::HOME.to_owned(),
        Destination::Issue => routes::ISSUE.to_owned(),
        Destination::Renew => routes::RENEW.to_owned(),
        Destination::Issuances => routes::ISSUANCES.to_owned(),
        Destination::Certificates => routes::CERTIFICATES.to_owned(),
        Destination::Issuance(id) => routes::issuance(id),
        Destination::Run(id) => routes::run(id),
        Destination::Step(parts) => {
            let path = step_path(parts);
            routes::with_kept(routes::user_form_page(&path).unwrap_or(&path))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "018f4d2e-0000-7000-8000-000000000001";

    #[test]
    fn each_destination_survives_a_form() {
        for destination in [
            Destination::Home,
            Destination::Issue,
            Destination::Renew,
            Destination::Issuances,
            Destination::Certificates,
            Destination::Issuance(ID.to_owned()),
            Destination::Run(ID.to_owned()),
        ] {
            assert_eq!(from_text(&destination.to_string()), destination);
            assert_eq!(of_path(&path(&destination)), destination);
        }
    }

    #[test]
    fn a_step_is_found_again_with_what_was_kept_there() {
        for at in [
            "/issue/kind",
            "/renew/choose",
            "/renew/many",
            "/certificates/take-over",
            &format!("/issue/{ID}/holder"),
            &format!("/renew/{}/changed", "AB".repeat(20)),
            &format!("/certificates/{}", "AB".repeat(20)),
        ] {
            let step = of_path(at);
            assert_eq!(path(&step), format!("{at}?kept=yes"));
            assert_eq!(from_text(&step.to_string()), step);
        }
        for (search, list) in [
            ("/certificates/search", "/certificates"),
            ("/issuances/search", "/issuances"),
            ("/issuances/drafts", "/issuances/drafts"),
        ] {
            assert_eq!(path(&of_path(search)), format!("{list}?kept=yes"));
        }
        assert_eq!(of_path("/issue"), Destination::Issue);
        assert_eq!(of_path("/renew/ABAB"), Destination::Renew);
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
            "step-",
            "step-evil.kind",
            "step-issue..kind",
            "step-issue.%2f.kind",
            "step-issue.a.b.kind",
            "step-issue",
        ] {
            assert_eq!(from_text(hostile), Destination::Home, "{hostile}");
            assert!(path(&of_path(hostile)).starts_with('/'));
        }
        assert_eq!(of_path("/issuances/../x"), Destination::Issuances);
    }
}
