//! The requests, counted by route and status.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};

use crate::domain::timings::{Times, Timings};

/// What is told apart. There are as many routes as the table has, and none with what
/// people typed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::web) struct Kind {
    pub(in crate::web) method: &'static str,
    pub(in crate::web) route: String,
    pub(in crate::web) status: u16,
}

/// Any method that no route has is called "other".
pub(in crate::web) fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}

#[derive(Debug, Default)]
pub struct Requests(Timings<Kind>);

impl Requests {
    pub fn add(&self, method: &Method, route: &str, status: StatusCode, took: Duration) {
        let kind = Kind {
            method: method_name(method),
            route: route.to_owned(),
            status: status.as_u16(),
        };
        self.0.add(kind, took);
    }

    pub(in crate::web) fn all(&self) -> Vec<(Kind, Times)> {
        self.0.all()
    }
}
