//! An answer as a page: its content, and its forms to fill in.

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode, Url};
use scraper::{ElementRef, Html, Selector};

use super::browser::parse;

/// A file to upload with a form.
#[derive(Clone)]
pub struct UploadedFile {
    pub(super) field: String,
    pub(super) name: String,
    pub(super) content: Vec<u8>,
}

pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The URL of the request.
    pub url: Url,
    pub body: String,
}

impl Page {
    /// The target of a redirect, as an absolute URL.
    pub fn location(&self) -> Option<Url> {
        if !self.status.is_redirection() {
            return None;
        }
        let to = self.headers.get("location")?.to_str().unwrap();
        Some(self.url.join(to).unwrap())
    }

    /// A header's text; empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The document as a browser without JavaScript sees it, with the content of
    /// `noscript`.
    fn html(&self) -> Html {
        let seen = self.body.replace("<noscript>", "");
        Html::parse_document(&seen.replace("</noscript>", ""))
    }

    /// The text of the first element that matches `selector`, with spaces collapsed.
    pub fn find(&self, selector: &str) -> Option<String> {
        let html = self.html();
        html.select(&select(selector)).next().map(text_of)
    }

    /// Like [`Page::find`], but panics with the page if nothing matches.
    pub fn text(&self, selector: &str) -> String {
        self.find(selector)
            .unwrap_or_else(|| panic!("no {selector} on\n{self:?}"))
    }

    /// The texts of all elements that match `selector`.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let html = self.html();
        html.select(&select(selector)).map(text_of).collect()
    }

    /// An attribute of the first element that matches `selector`.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let html = self.html();
        let element = html.select(&select(selector)).next()?;
        element.value().attr(name).map(ToOwned::to_owned)
    }

    /// An attribute of every element that matches `selector`.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let html = self.html();
        html.select(&select(selector))
            .filter_map(|element| element.value().attr(name).map(ToOwned::to_owned))
            .collect()
    }

    /// Whether any element matches `selector`.
    pub fn has(&self, selector: &str) -> bool {
        self.find(selector).is_some()
    }

    /// The form that matches `selector`, with the values from the page.
    pub fn form(&self, selector: &str) -> Form {
        self.try_form(selector)
            .unwrap_or_else(|| panic!("no form {selector} on\n{self:?}"))
    }

    /// Like [`Page::form`], but it may be missing.
    pub fn try_form(&self, selector: &str) -> Option<Form> {
        let html = self.html();
        let form = html.select(&select(selector)).next()?;
        let action = form.value().attr("action").unwrap_or("");
        let method = match form.value().attr("method") {
            Some(method) if method.eq_ignore_ascii_case("post") => Method::POST,
            _ => Method::GET,
        };
        Some(Form {
            action: self.url.join(action).unwrap(),
            method,
            fields: fields_of(form),
            names: names_of(form),
            files: Vec::new(),
            page: self.url.clone(),
        })
    }

    /// The cause shown on a problem page.
    pub fn problem(&self) -> String {
        self.attribute("#problem", "data-code")
            .unwrap_or_else(|| panic!("no problem on\n{self:?}"))
    }

    /// Panics with the page if the status is different.
    #[track_caller]
    pub fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        self
    }

    /// Panics with the page if it does not redirect to this path.
    #[track_caller]
    pub fn expect_redirect_to(self, path: &str) -> Self {
        let to = self.location().map(|url| url.path().to_owned());
        assert_eq!(to.as_deref(), Some(path), "{self:?}");
        self
    }
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} {}", self.status, self.url)?;
        writeln!(f, "{:#?}", self.headers)?;
        f.write_str(&self.body)
    }
}

fn select(selector: &str) -> Selector {
    Selector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error}"))
}

fn text_of(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn names_of(form: ElementRef<'_>) -> Vec<String> {
    form.select(&select("input, select, textarea"))
        .filter_map(|element| element.value().attr("name"))
        .map(ToOwned::to_owned)
        .collect()
}

/// What a browser would send for an unchanged form.
fn fields_of(form: ElementRef<'_>) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for element in form.select(&select("input, select, textarea")) {
        let (tag, value) = (element.value().name(), element.value());
        let Some(name) = value.attr("name") else {
            continue;
        };
        let own = || value.attr("value").unwrap_or("").to_owned();
        match (tag, value.attr("type").unwrap_or("text")) {
            ("input", "submit" | "button" | "file") => {}
            ("input", "checkbox" | "radio") => {
                if value.attr("checked").is_some() {
                    let value = value.attr("value").unwrap_or("on").to_owned();
                    fields.push((name.to_owned(), value));
                }
            }
            ("input", _) => fields.push((name.to_owned(), own())),
            ("select", _) => fields.push((name.to_owned(), selected(element))),
            _ => fields.push((name.to_owned(), element.text().collect())),
        }
    }
    fields
}

fn selected(element: ElementRef<'_>) -> String {
    let first_of = |selector| {
        let option = element.select(&select(selector)).next()?;
        Some(option.value().attr("value").unwrap_or("").to_owned())
    };
    first_of("option[selected]")
        .or_else(|| first_of("option"))
        .unwrap_or_default()
}

#[derive(Clone)]
pub struct Form {
    pub(super) action: Url,
    pub(super) method: Method,
    pub(super) fields: Vec<(String, String)>,
    names: Vec<String>,
    pub(super) files: Vec<UploadedFile>,
    pub(super) page: Url,
}

impl Form {
    /// A form without fields, as an attacker would send it.
    pub fn empty(action: &str) -> Self {
        Self {
            action: parse(action),
            method: Method::POST,
            fields: Vec::new(),
            names: Vec::new(),
            files: Vec::new(),
            page: parse(action),
        }
    }

    /// Sets a field that the form has.
    #[track_caller]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        assert!(
            self.has(name),
            "the form has no field {name}, only {:?}",
            self.names
        );
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a field that the form does not have, as an attacker would.
    pub fn forge(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds another value to a field, like ticking a checkbox.
    #[track_caller]
    pub fn push(mut self, name: &str, value: &str) -> Self {
        assert!(self.has(name), "the form has no field {name}");
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Removes a field.
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self
    }

    /// Attaches another file; the form is then sent as multipart.
    pub fn attach(mut self, field: &str, name: &str, content: &[u8]) -> Self {
        self.files.push(UploadedFile {
            field: field.to_owned(),
            name: name.to_owned(),
            content: content.to_vec(),
        });
        self
    }

    /// Changes the target URL.
    pub fn to(mut self, url: &str) -> Self {
        self.action = parse(url);
        self
    }

    /// The target path.
    pub fn path(&self) -> &str {
        self.action.path()
    }

    /// The exact bytes that are sent.
    pub fn body(&self) -> Vec<u8> {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(&self.fields);
        body.finish().into_bytes()
    }

    /// Whether the form has a field with this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|field| field == name)
    }

    /// The current value of a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }
}
