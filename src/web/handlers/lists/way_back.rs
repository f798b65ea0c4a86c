//! The way back to a list from what it led to: with the list's filters and page, and to
//! the row that somebody came from. The browser says which page it came from; from then on
//! the way back is in the addresses. Only addresses of lists are read from either.

use actix_web::http::header::REFERER;
use actix_web::{HttpRequest, web};

use super::query::ListQuery;
use crate::domain::string_enum::string_enum;
use crate::web::routes;

/// The parameter of the address.
const LIST: &str = "list";

string_enum! {
    /// A list.
    pub enum List as "list" {
        /// The dashboard.
        Home = "home",
        Certificates = "certificates",
        Requests = "requests",
        Drafts = "drafts",
        /// The officers' requests of a connection.
        Attention = "attention",
        /// The officers' certificates of a connection.
        AttentionCertificates = "attention_certificates",
    }
}

impl List {
    const fn path(self) -> &'static str {
        match self {
            Self::Home => routes::HOME,
            Self::Certificates => routes::CERTIFICATES,
            Self::Requests => routes::ISSUANCES,
            Self::Drafts => routes::DRAFTS,
            Self::Attention => routes::ATTENTION,
            Self::AttentionCertificates => routes::ATTENTION_CERTIFICATES,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WayBack(Option<(List, ListQuery)>);

impl WayBack {
    /// To this page of a list.
    pub fn to(list: List, query: &ListQuery) -> Self {
        Self(Some((list, query.clone())))
    }

    /// The one in the address of a request, or to the list that led to it.
    pub fn of(req: &HttpRequest) -> Self {
        Self(in_address(req).unwrap_or_else(|| came_from(req)))
    }

    /// The one in the address of a request: on pages that no list leads to.
    pub fn kept(req: &HttpRequest) -> Self {
        Self(in_address(req).flatten())
    }

    /// The same, for what is of this connection: without one in its address an officers' list
    /// is that of whichever has work by then.
    #[must_use]
    pub fn at_connection(mut self, slug: &str) -> Self {
        if let Some((List::Attention | List::AttentionCertificates, query)) = &mut self.0
            && query.connection.is_empty()
        {
            slug.clone_into(&mut query.connection);
        }
        self
    }

    /// The list, at the row with this id; without a list the `usual` page.
    pub fn link(&self, usual: &str, row: &str) -> String {
        match &self.0 {
            Some(_) => format!("{}#{}", self.list(usual), anchor(row)),
            None => usual.to_owned(),
        }
    }

    /// The list from its beginning; without a list the `usual` page.
    pub fn list(&self, usual: &str) -> String {
        match &self.0 {
            Some((list, query)) => query.address(list.path()),
            None => usual.to_owned(),
        }
    }

    /// The address of another page, which then knows the way back too.
    pub fn keep(&self, path: String) -> String {
        let Some((list, query)) = &self.0 else {
            return path;
        };
        let value = query.address(list.as_str());
        let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let sign = if path.contains('?') { '&' } else { '?' };
        format!("{path}{sign}{LIST}={value}")
    }
}

/// The id of the element that shows a row.
pub fn anchor(row: &str) -> String {
    format!("at-{row}")
}

/// `None` if the address names none; the inner one if it names something else.
fn in_address(req: &HttpRequest) -> Option<Option<(List, ListQuery)>> {
    let mut pairs = url::form_urlencoded::parse(req.query_string().as_bytes());
    let (_, value) = pairs.find(|(name, _)| name == LIST)?;
    Some(read(&value))
}

fn read(value: &str) -> Option<(List, ListQuery)> {
    let (list, query) = value.split_once('?').unwrap_or((value, ""));
    let query = web::Query::<ListQuery>::from_query(query).ok()?;
    Some((list.parse().ok()?, query.into_inner()))
}

/// The list that the browser shows this page after. Our pages ask it to say so to us alone.
fn came_from(req: &HttpRequest) -> Option<(List, ListQuery)> {
    let text = req.headers().get(REFERER)?.to_str().ok()?;
    let page = url::Url::parse(text).ok()?;
    let list = List::ALL.iter().find(|list| list.path() == page.path())?;
    let query = web::Query::<ListQuery>::from_query(page.query().unwrap_or_default());
    Some((*list, query.ok()?.into_inner()))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn asked(uri: &str) -> WayBack {
        WayBack::of(&TestRequest::with_uri(uri).to_http_request())
    }

    #[test]
    fn a_page_leads_back_to_the_list_as_it_was() {
        let query = ListQuery {
            due: "within_30".into(),
            find: "x&y".into(),
            page: "AAAA".into(),
            ..ListQuery::default()
        };
        let way = WayBack::to(List::Certificates, &query);
        let there = way.keep("/certificates/AB".into());
        assert_eq!(asked(&there), way);
        let back = "/certificates?due=within_30&find=x%26y&page=AAAA#at-AB";
        assert_eq!(way.link("/", "AB"), back);
        assert_eq!(asked(&way.keep("/runs/1?page=2".into())), way);
        let led = |from: &str| {
            let request = TestRequest::with_uri("/certificates/AB");
            let request = request.insert_header((REFERER, format!("https://portal.example{from}")));
            WayBack::of(&request.to_http_request())
        };
        assert_eq!(led(&query.address("/certificates")), way);
        assert_eq!(led("/certificates/CD?due=x"), WayBack::default());
        for (list, back) in [
            ("/attention", "/attention?connection=acme"),
            (
                "/attention/certificates?sort=last",
                "/attention/certificates?connection=acme&sort=last",
            ),
            ("/attention?connection=beta", "/attention?connection=beta"),
            ("/issuances", "/issuances"),
        ] {
            assert_eq!(led(list).at_connection("acme").list("/usual"), back);
        }
    }

    #[test]
    fn nothing_leads_out_of_the_portal() {
        for hostile in [
            "https://evil",
            "//evil",
            "evil?page=1",
            "",
            "certificates/../x",
        ] {
            let there = format!("/certificates/AB?list={hostile}");
            assert_eq!(asked(&there).link("/usual", "AB"), "/usual", "{hostile}");
        }
        assert_eq!(WayBack::default().keep("/x".into()), "/x");
    }
}
