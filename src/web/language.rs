//! Language links: `?lang=es` on any page sets the cookie and redirects to the same
//! page without the parameter.

use actix_web::HttpResponse;
use actix_web::cookie::time::Duration;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::LOCATION;

use crate::config::PublicUrl;
use crate::i18n::Lang;
use crate::web::cookies;
use crate::web::routes;

const COOKIE: &str = "lang";
pub const PARAMETER: &str = "lang";

/// The answer to a language link; `None` for any other request.
pub fn choose(req: &ServiceRequest, origin: &PublicUrl) -> Option<HttpResponse> {
    let query = req.query_string();
    let is_page = *req.method() == Method::GET && !req.path().starts_with(routes::CALLBACK_PREFIX);
    if !is_page || !query.contains(PARAMETER) {
        return None;
    }
    let (rest, lang) = split(query);
    let lang = lang?;
    let mut to = format!("{}{}", origin.as_str(), req.path());
    if !rest.is_empty() {
        to.push('?');
        to.push_str(&rest);
    }
    let cookie = cookies::build(origin, origin.cookie_name(COOKIE), lang.code().to_owned())
        .max_age(Duration::days(365))
        .finish();
    Some(
        HttpResponse::SeeOther()
            .insert_header((LOCATION, to))
            .cookie(cookie)
            .finish(),
    )
}

/// The language that was chosen in this browser.
pub fn chosen(req: &ServiceRequest, origin: &PublicUrl) -> Option<Lang> {
    Lang::from_code(req.cookie(&origin.cookie_name(COOKIE))?.value())
}

/// Splits the query into the rest and the language.
fn split(query: &str) -> (String, Option<Lang>) {
    let mut lang = None;
    let mut rest = Vec::new();
    for part in query.split('&') {
        match part.split_once('=') {
            Some((PARAMETER, code)) => lang = Lang::from_code(code).or(lang),
            _ => rest.push(part),
        }
    }
    (rest.join("&"), lang)
}

pub fn link(page: &str, lang: Lang) -> String {
    let (page, place) = page.split_at(page.find('#').unwrap_or(page.len()));
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let (rest, _) = split(query);
    let code = lang.code();
    if rest.is_empty() {
        return format!("{path}?{PARAMETER}={code}{place}");
    }
    format!("{path}?{rest}&{PARAMETER}={code}{place}")
}

/// The page to which a form leads, in the language that the form's own address asks for: so
/// the buttons of languages keep what is in it.
pub fn as_asked(query: &str, page: String) -> String {
    match split(query).1 {
        Some(lang) => link(&page, lang),
        None => page,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_the_rest_of_the_query() {
        assert_eq!(link("/sign-in", Lang::En), "/sign-in?lang=en");
        assert_eq!(
            link("/issuances?page=2&lang=es&q=a%20b", Lang::En),
            "/issuances?page=2&q=a%20b&lang=en"
        );
        assert_eq!(link("/a?b=c#d", Lang::Es), "/a?b=c&lang=es#d");
    }

    #[test]
    fn only_supported_languages_are_accepted() {
        assert_eq!(split("lang=fr&x=1"), ("x=1".to_owned(), None));
        assert_eq!(split("lang=en"), (String::new(), Some(Lang::En)));
        assert_eq!(split("slang=en"), ("slang=en".to_owned(), None));
    }
}
