//! `POST /sandbox/v1/certificates`: certificates that were issued outside the portal, for
//! tests and trials. Answered as JSON, or as a zip to whom asks for one.

use std::io::{Cursor, Write as _};

use actix_web::http::StatusCode;
use actix_web::http::header::ACCEPT;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::csr::outside;
use super::super::pki::certificate::Issued;
use super::super::pki::keys::pem;
use super::super::pki::name::Name;
use super::super::state::State;
use super::super::users;
use super::{Problem, WRONG, failed, problem, read_json};

/// Most certificates of one call.
const MOST: usize = 1_000;

const GIVEN_NAMES: [&str; 8] = [
    "Ana",
    "Luis",
    "Carmen",
    "Íñigo",
    "Begoña",
    "Joan",
    "Nerea",
    "José María",
];
const SURNAMES: [&str; 9] = [
    "Núñez", "García", "Peña", "López", "Güell", "Ibáñez", "Otero", "Martí", "Vázquez",
];
const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

#[derive(Deserialize)]
#[serde(untagged)]
enum Days {
    Same(i64),
    /// Used in turn.
    Each(Vec<i64>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attribute {
    attribute: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    /// Whose they are.
    #[serde(default = "demo")]
    user: String,
    /// How many; persons are made up for those that `holders` does not name.
    count: Option<usize>,
    /// The names, as in `csr/create`.
    #[serde(default)]
    holders: Vec<Vec<Attribute>>,
    /// Those of the dialect if left out.
    validity_days: Option<Days>,
}

fn demo() -> String {
    "demo".to_owned()
}

pub(super) async fn certificates(
    state: Data<State>,
    request: HttpRequest,
    body: Payload,
) -> Result<HttpResponse, Problem> {
    let given: Body = read_json(body).await?;
    let count = given.count.unwrap_or_else(|| given.holders.len().max(1));
    if count == 0 || count > MOST || given.holders.len() > count {
        let text = format!("count: 1 to {MOST}, and no fewer than holders");
        return Err(problem(WRONG, text));
    }
    let all = users::all(state.db.pool()).await.map_err(failed)?;
    let user = all.into_iter().find(|user| user.username == given.user);
    let user = user.ok_or_else(|| problem(StatusCode::NOT_FOUND, "there is no such user"))?;
    let days = days(&given, count, state.dialect().own.validity_days)?;
    let mut wanted = Vec::with_capacity(count);
    for (at, days) in days.into_iter().enumerate() {
        let name = match given.holders.get(at) {
            Some(holder) => named(holder)?,
            None => made_up(at)?,
        };
        wanted.push((name, days));
    }
    let issued = outside::issue(&state, &user, &wanted).await;
    let issued = issued.map_err(|refusal| failed(refusal.message))?;
    let wants_zip = request.headers().get(ACCEPT).is_some_and(|accept| {
        accept
            .to_str()
            .is_ok_and(|accept| accept.contains("application/zip"))
    });
    match wants_zip {
        true => zipped(&issued),
        false => Ok(listed(&issued, &wanted)),
    }
}

/// How long each of them is valid.
fn days(given: &Body, count: usize, usual: i64) -> Result<Vec<i64>, Problem> {
    let each = match &given.validity_days {
        None => vec![usual],
        Some(Days::Same(days)) => vec![*days],
        Some(Days::Each(each)) => each.clone(),
    };
    let are_fine = !each.is_empty() && each.iter().all(|days| days.unsigned_abs() <= 36_500);
    if !are_fine {
        return Err(problem(
            WRONG,
            "validity_days: a number, or a list of some; up to 36500",
        ));
    }
    Ok(each.into_iter().cycle().take(count).collect())
}

fn named(holder: &[Attribute]) -> Result<Name, Problem> {
    let mut name = Name::default();
    for one in holder {
        name.push(&one.attribute, &one.value)
            .map_err(|error| problem(WRONG, format!("holders: {error}")))?;
    }
    Ok(name)
}

/// The person with this number, always the same.
fn made_up(at: usize) -> Result<Name, Problem> {
    let pick = |list: &[&str], at: usize| {
        let found = list.get(at.checked_rem(list.len()).unwrap_or_default());
        found.copied().unwrap_or_default().to_owned()
    };
    let given = pick(&GIVEN_NAMES, at);
    let surnames = format!(
        "{} {}",
        pick(&SURNAMES, at / 8),
        pick(&SURNAMES, at / 72 + at)
    );
    let number = 10_000_000 + at * 7_919;
    let letter = LETTERS.get(number % 23).copied().map_or(' ', char::from);
    let own = |attribute: &str, value: String| Attribute {
        attribute: attribute.to_owned(),
        value,
    };
    named(&[
        own("c", "ES".to_owned()),
        own("serialNumber", format!("IDCES-{number}{letter}")),
        own("surname", surnames.clone()),
        own("givenName", given.clone()),
        own("cn", format!("{given} {surnames}")),
    ])
}

fn listed(issued: &[Issued], wanted: &[(Name, i64)]) -> HttpResponse {
    let one = |(issued, (name, _)): (&Issued, &(Name, i64))| {
        json!({
            "thumbprint": issued.thumbprint,
            "subject": name.text(),
            "pem": pem("CERTIFICATE", &issued.der),
        })
    };
    let all: Vec<_> = issued.iter().zip(wanted).map(one).collect();
    HttpResponse::Created().json(json!({"certificates": all}))
}

/// One file in DER form for each.
fn zipped(issued: &[Issued]) -> Result<HttpResponse, Problem> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    for one in issued {
        let name = format!("{}.cer", one.thumbprint);
        zip.start_file(name, options).map_err(failed)?;
        zip.write_all(&one.der).map_err(failed)?;
    }
    let bytes = zip.finish().map_err(failed)?.into_inner();
    Ok(HttpResponse::Created()
        .content_type("application/zip")
        .body(bytes))
}
