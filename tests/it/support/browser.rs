//! A client that behaves like a browser without JavaScript: it keeps cookies, fills in
//! forms from their HTML and follows redirects one at a time.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use actix_web::cookie::Cookie;
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Method, Url};

use super::page::{Form, Page};

/// A browser with its own cookies.
pub struct Browser {
    http: reqwest::Client,
    jar: Mutex<HashMap<String, BTreeMap<String, String>>>,
    language: &'static str,
}

impl Browser {
    /// A browser that asks for English pages.
    pub fn new() -> Self {
        Self::speaking("en")
    }

    /// A browser that asks for pages in `language`.
    pub fn speaking(language: &'static str) -> Self {
        Self::made(language, "")
    }

    /// A browser that asks for English pages and says this of itself.
    pub fn calling_itself(agent: &str) -> Self {
        Self::made("en", agent)
    }

    fn made(language: &'static str, agent: &str) -> Self {
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .tls_certs_only([]);
        let http = match agent {
            "" => http,
            agent => http.user_agent(agent),
        };
        Self {
            http: http.build().unwrap(),
            jar: Mutex::default(),
            language,
        }
    }

    /// Sends a GET without following a redirect.
    pub async fn get(&self, url: &str) -> Page {
        sent(self.try_get(url).await)
    }

    /// Like [`Browser::get`], for a server that may be down.
    pub async fn try_get(&self, url: &str) -> Result<Page, String> {
        self.send(Method::GET, parse(url), None, HeaderMap::new())
            .await
    }

    /// Sends a GET with additional headers.
    pub async fn get_with(&self, url: &str, headers: &[(&'static str, &str)]) -> Page {
        let headers = header_map(headers);
        sent(self.send(Method::GET, parse(url), None, headers).await)
    }

    /// Sends a GET and follows all redirects.
    pub async fn visit(&self, url: &str) -> Page {
        let page = self.get(url).await;
        self.follow(page).await
    }

    /// Follows all redirects.
    pub async fn follow(&self, page: Page) -> Page {
        sent(self.try_follow(page).await)
    }

    /// Like [`Browser::follow`], for a server that may be down.
    pub async fn try_follow(&self, mut page: Page) -> Result<Page, String> {
        for _ in 0..12 {
            let Some(next) = page.location() else {
                return Ok(page);
            };
            page = self.try_get(next.as_str()).await?;
        }
        Err(format!("too many redirects, the last to {}", page.url))
    }

    /// Submits a form without following a redirect.
    pub async fn submit(&self, form: &Form) -> Page {
        self.submit_with(form, &[]).await
    }

    /// Like [`Browser::submit`], for a server that may be down.
    pub async fn try_submit(&self, form: &Form) -> Result<Page, String> {
        self.try_submit_with(form, &[]).await
    }

    /// Submits a form with headers that replace the browser's own.
    pub async fn submit_with(&self, form: &Form, headers: &[(&'static str, &str)]) -> Page {
        sent(self.try_submit_with(form, headers).await)
    }

    async fn try_submit_with(
        &self,
        form: &Form,
        headers: &[(&'static str, &str)],
    ) -> Result<Page, String> {
        if form.method == Method::GET {
            let mut url = form.action.clone();
            url.query_pairs_mut().clear().extend_pairs(&form.fields);
            return self.send(Method::GET, url, None, header_map(headers)).await;
        }
        let mut all = HeaderMap::new();
        all.insert("origin", origin_of(&form.page).parse().unwrap());
        all.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
        for (name, value) in &header_map(headers) {
            all.insert(name, value.clone());
        }
        self.send(form.method.clone(), form.action.clone(), Some(form), all)
            .await
    }

    /// Submits a form and follows all redirects.
    pub async fn submit_and_follow(&self, form: &Form) -> Page {
        let page = self.submit(form).await;
        self.follow(page).await
    }

    /// The value of a cookie for the host of `url`.
    pub fn cookie(&self, url: &str, name: &str) -> Option<String> {
        let jar = self.jar.lock().unwrap();
        let name = cookie_name(url, name);
        jar.get(parse(url).host_str()?)?.get(&name).cloned()
    }

    /// The names of all cookies for the host of `url`.
    pub fn cookie_names(&self, url: &str) -> Vec<String> {
        let jar = self.jar.lock().unwrap();
        jar.get(parse(url).host_str().unwrap())
            .map(|cookies| cookies.keys().cloned().collect())
            .unwrap_or_default()
    }

    /// Sets a cookie, as an attacker would.
    pub fn set_cookie(&self, url: &str, name: &str, value: &str) {
        self.jar
            .lock()
            .unwrap()
            .entry(parse(url).host_str().unwrap().to_owned())
            .or_default()
            .insert(cookie_name(url, name), value.to_owned());
    }

    /// Deletes a cookie, as its age does.
    pub fn forget_cookie(&self, url: &str, name: &str) {
        let mut jar = self.jar.lock().unwrap();
        let cookies = jar.get_mut(parse(url).host_str().unwrap()).unwrap();
        assert!(cookies.remove(&cookie_name(url, name)).is_some(), "{name}");
    }

    /// A browser with the same cookies: what it is answered is lost to this one.
    pub fn twin(&self) -> Self {
        let twin = Self::speaking(self.language);
        *twin.jar.lock().unwrap() = self.jar.lock().unwrap().clone();
        twin
    }

    /// Gives the cookies of the portal at `from` to the one at `to` too: nodes of one
    /// portal have one public URL, but two nodes of a test have two.
    pub fn share_cookies(&self, from: &str, to: &str) {
        let port = |url: &str| parse(url).port().unwrap().to_string();
        let (from_port, to_port) = (port(from), port(to));
        for name in self.cookie_names(from) {
            if let Some(value) = self.cookie(from, &name) {
                self.set_cookie(to, &name.replace(&from_port, &to_port), &value);
            }
        }
    }

    async fn send(
        &self,
        method: Method,
        url: Url,
        form: Option<&Form>,
        headers: HeaderMap,
    ) -> Result<Page, String> {
        let host = url.host_str().unwrap().to_owned();
        let mut request = self
            .http
            .request(method, url.clone())
            .header("accept", "text/html")
            .header("accept-language", self.language);
        let cookies = self.cookie_header(&host);
        if !cookies.is_empty() {
            request = request.header("cookie", cookies);
        }
        request = request.headers(headers);
        if let Some(form) = form {
            let (kind, body) = match form.files.is_empty() {
                true => {
                    let kind = "application/x-www-form-urlencoded".to_owned();
                    (kind, encode(&form.fields).into_bytes())
                }
                false => multipart(form),
            };
            request = request.header("content-type", kind).body(body);
        }
        let response = request.send().await.map_err(|error| why(&error))?;
        self.keep_cookies(&host, response.headers());
        Ok(Page {
            status: response.status(),
            headers: response.headers().clone(),
            url,
            body: response.text().await.map_err(|error| why(&error))?,
        })
    }

    fn cookie_header(&self, host: &str) -> String {
        let jar = self.jar.lock().unwrap();
        jar.get(host)
            .map(|cookies| {
                cookies
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect::<Vec<_>>()
                    .join("; ")
            })
            .unwrap_or_default()
    }

    fn keep_cookies(&self, host: &str, headers: &HeaderMap) {
        let mut jar = self.jar.lock().unwrap();
        let cookies = jar.entry(host.to_owned()).or_default();
        for header in headers.get_all("set-cookie") {
            let cookie = Cookie::parse(header.to_str().unwrap().to_owned()).unwrap();
            let gone = cookie.max_age().is_some_and(|age| age.whole_seconds() <= 0);
            if gone {
                cookies.remove(cookie.name());
            } else {
                cookies.insert(cookie.name().to_owned(), cookie.value().to_owned());
            }
        }
    }
}

/// Panics if the page could not be loaded.
#[track_caller]
fn sent(page: Result<Page, String>) -> Page {
    page.unwrap_or_else(|why| panic!("{why}"))
}

/// An error with its causes.
fn why(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// The name that the portal at `url` gives to this cookie: its port comes after the
/// first word.
pub fn cookie_name(url: &str, name: &str) -> String {
    let port = parse(url).port().map(|port| format!("-{port}"));
    match port {
        Some(port) if !name.contains(&port) => {
            let (first, rest) = name.split_at(name.find('-').unwrap_or(name.len()));
            format!("{first}{port}{rest}")
        }
        _ => name.to_owned(),
    }
}

pub(super) fn parse(url: &str) -> Url {
    Url::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"))
}

fn origin_of(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn header_map(headers: &[(&'static str, &str)]) -> HeaderMap {
    headers
        .iter()
        .map(|(name, value)| ((*name).parse().unwrap(), value.parse().unwrap()))
        .collect()
}

fn encode(fields: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

pub(super) fn multipart(form: &Form) -> (String, Vec<u8>) {
    const BOUNDARY: &str = "----rubrica-test-boundary";
    let mut body = Vec::new();
    for (name, value) in &form.fields {
        let part = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend_from_slice(part.as_bytes());
    }
    for file in &form.files {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            file.field, file.name
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&file.content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}
