//! A page for integrators: paste a login URL that a program made, and read which part
//! of it this server would refuse.

use actix_web::http::header::{ACCEPT_LANGUAGE, ContentType};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::answer::render;
use super::super::incoming::{header, read_body};
use super::super::language::{Language, Words};
use super::super::pages::{CheckLine, CheckPage};
use super::super::sign_in::hmac::LOGIN_PATH;
use super::super::sign_in::inspect::{self, Mistake, Signature};
use super::super::sign_in::login_request::{self, CONSUMER};
use super::super::sign_in::query::LoginQuery;
use super::super::state::State;
use super::super::{partners, redirect_urls};
use super::{Problem, failed, problem};
use rubrica_domain::dialect::TimestampUnit;

/// `POST /sandbox/check`: the form of the start page, with the field `url`.
pub(super) async fn page(
    state: Data<State>,
    request: HttpRequest,
    body: Payload,
) -> Result<HttpResponse, Problem> {
    let language = header(&request, &ACCEPT_LANGUAGE).unwrap_or_default();
    let body = read_body(body)
        .await
        .map_err(|code| problem(code.status(), code.meaning()))?;
    let fields = url::form_urlencoded::parse(&body);
    let mut urls = fields.filter(|(name, _)| name == "url");
    let pasted = urls
        .next()
        .map_or(String::new(), |(_, url)| url.into_owned());
    let words = Language::preferred(language).words();
    let page = inspected(&state, pasted.trim(), words)
        .await
        .map_err(failed)?;
    let html = render(&page).map_err(|refusal| failed(refusal.message))?;
    Ok(HttpResponse::Ok()
        .content_type(ContentType::html())
        .body(html))
}

async fn inspected(
    state: &State,
    pasted: &str,
    words: &'static Words,
) -> Result<CheckPage, sqlx::Error> {
    let mut page = CheckPage {
        words,
        url: pasted.to_owned(),
        unreadable: None,
        lines: Vec::new(),
        signature: None,
        mistakes: Vec::new(),
    };
    let (before, query) = pasted.split_once('?').unwrap_or(("", pasted));
    let query = match LoginQuery::parse(query) {
        Ok(query) => query,
        Err(refusal) => {
            page.unreadable = Some(refusal.message);
            return Ok(page);
        }
    };
    let base_url = before.strip_suffix(LOGIN_PATH);
    let path = if base_url.is_some() {
        LOGIN_PATH
    } else {
        before
    };
    page.lines
        .push(compared(words.path, LOGIN_PATH, path, words));
    let consumer = &query.consumer.text;
    page.lines
        .push(compared("Consumer", CONSUMER, consumer, words));
    let partner = of_partner(state, &query, &mut page).await?;
    page.lines.push(of_time(state, &query, words));
    page.lines
        .push(of_redirect_url(state, &query, &partner, words).await?);
    let Some(key) = partners::key_of(state.db.pool(), state, &partner).await? else {
        return Ok(page);
    };
    let dialect = state.dialect().open;
    let base_url = base_url.unwrap_or(&state.url);
    let found = inspect::signature(&query, &dialect, base_url, key.expose());
    page.mistakes = found
        .as_ref()
        .map_or_else(Vec::new, |found| told(found, words));
    page.signature = found;
    Ok(page)
}

fn compared(part: &'static str, expected: &str, given: &str, words: &'static Words) -> CheckLine {
    CheckLine {
        part,
        expected: expected.to_owned(),
        given: given.to_owned(),
        wrong: (expected != given).then_some(words.check_differs),
    }
}

/// Adds the partner's line, and answers the partner whose key is to be tried.
async fn of_partner(
    state: &State,
    query: &LoginQuery,
    page: &mut CheckPage,
) -> Result<String, sqlx::Error> {
    let given = &query.partner.text;
    let upper = given.to_uppercase();
    let mut line = compared("partner", given, given, page.words);
    if partners::key_of(state.db.pool(), state, given)
        .await?
        .is_none()
    {
        let is_upper = partners::key_of(state.db.pool(), state, &upper)
            .await?
            .is_some();
        line.expected = if is_upper {
            upper.clone()
        } else {
            String::new()
        };
        line.wrong = Some(match is_upper {
            true => page.words.partner_case,
            false => page.words.partner_unknown,
        });
    }
    page.lines.push(line);
    Ok(upper)
}

fn of_time(state: &State, query: &LoginQuery, words: &'static Words) -> CheckLine {
    let unit = state.dialect().open.timestamp_unit;
    let now = state.clock.now();
    let due = match unit {
        TimestampUnit::Seconds => now.as_secs(),
        TimestampUnit::Milliseconds => now.0,
    };
    let given = &query.timestamp.text;
    let mut line = compared("timestamp", &due.to_string(), given, words);
    line.wrong = match login_request::check_time(query, unit, now) {
        Ok(()) => None,
        Err(_) if given.len() != line.expected.len() => Some(words.timestamp_unit),
        Err(_) => Some(words.timestamp_far),
    };
    line
}

async fn of_redirect_url(
    state: &State,
    query: &LoginQuery,
    partner: &str,
    words: &'static Words,
) -> Result<CheckLine, sqlx::Error> {
    let given = &query.redirect_url.text;
    let all = redirect_urls::all(state.db.pool()).await?;
    let own: Vec<String> = all
        .into_iter()
        .filter_map(|(owner, url)| (owner == partner).then_some(url))
        .collect();
    let mut line = compared("RedirectUrl", given, given, words);
    if !own.contains(given) {
        let slash = |url: &&String| url.trim_end_matches('/') == given.trim_end_matches('/');
        let similar = own.iter().find(slash);
        line.expected = similar.cloned().unwrap_or_else(|| own.join("\n"));
        line.wrong = Some(match similar {
            Some(_) => words.redirect_url_slash,
            None => words.redirect_url_unknown,
        });
    }
    Ok(line)
}

/// What is wrong with the signature, in words.
fn told(signature: &Signature, words: &'static Words) -> Vec<&'static str> {
    let Some((mistakes, _)) = &signature.explained else {
        return match signature.is_right {
            true => Vec::new(),
            false => vec![words.signature_unexplained],
        };
    };
    let one = |mistake: &Mistake| match mistake {
        Mistake::Message => words.mistake_message,
        Mistake::Escaping => words.mistake_escaping,
        Mistake::TimestampUnit => words.mistake_timestamp,
        Mistake::Partner => words.mistake_partner,
        Mistake::KeyEncoding => words.mistake_key_encoding,
        Mistake::KeyBlank => words.mistake_key_blank,
        Mistake::KeyCase => words.mistake_key_case,
        Mistake::KeyCut => words.mistake_key_cut,
        Mistake::SignatureForm => words.mistake_signature_form,
    };
    mistakes.iter().map(one).collect()
}
