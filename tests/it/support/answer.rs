//! What the sandbox answers, as a client that knows only the documents reads it.

use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, StatusCode};
use scraper::{Html, Selector};
use serde_json::Value;

/// A complete answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    /// `data` of a SUCCESS envelope.
    #[track_caller]
    pub fn data(&self) -> Value {
        let mut body = self.json();
        assert_eq!(body["messageType"], "SUCCESS", "{self:#?}");
        assert_eq!(body["errorCode"], "OK", "{self:#?}");
        assert_eq!(self.status, 200, "{self:#?}");
        body["data"].take()
    }

    /// The code of an ERROR envelope.
    #[track_caller]
    pub fn error(&self) -> String {
        let body = self.json();
        assert_eq!(body["messageType"], "ERROR", "{self:#?}");
        assert!(!body["message"].as_str().unwrap().is_empty(), "{self:#?}");
        assert!(self.status.as_u16() >= 400, "{self:#?}");
        body["errorCode"].as_str().unwrap().to_owned()
    }

    /// The target of the redirect.
    #[track_caller]
    pub fn location(&self) -> &str {
        assert_eq!(self.status, 303, "{self:#?}");
        self.headers["location"].to_str().unwrap()
    }

    /// The text of an element of the page.
    #[track_caller]
    pub fn element(&self, selector: &str) -> String {
        let html = Html::parse_document(&self.text);
        let selector = Selector::parse(selector).unwrap();
        let found = html.select(&selector).next();
        found
            .unwrap_or_else(|| panic!("{selector:?} is not on {self:#?}"))
            .text()
            .collect()
    }

    /// The hidden field that ties the sign-in form to its login request.
    #[track_caller]
    pub fn ticket(&self) -> String {
        let html = Html::parse_document(&self.text);
        let selector = Selector::parse("form#sign-in input[name=request]").unwrap();
        let field = html.select(&selector).next();
        let field = field.unwrap_or_else(|| panic!("no sign-in form on {self:#?}"));
        field.value().attr("value").unwrap().to_owned()
    }
}

pub async fn read(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    Answer {
        status: response.status(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}
