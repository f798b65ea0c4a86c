//! Every message that an example's signature may have been made of: which parameters,
//! in which order, joined how, with what in front and behind.

use super::parts::{Likely, Part, TIMESTAMP, Table, tables};
use crate::login_url::LoginUrl;
use crate::signing::LOGIN_PATH;

/// How much of the space is walked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Extent {
    /// Nothing in front, values bare or as sent.
    Plain,
    /// The same, also with path and host in front.
    Fronts,
    /// All of it.
    Whole,
}

/// What stands between two parameters.
const SEPARATORS: [&str; 14] = [
    "", "&", "|", ";", ":", ",", ".", " ", "-", "_", "/", "\n", "#", "$",
];

/// Less common ones, tried in simple messages only.
const MORE_SEPARATORS: [&str; 8] = ["+", "~", "*", "@", "=", "||", "::", ", "];

/// The messages of one example.
#[derive(Debug)]
pub(super) struct Space {
    tables: Vec<Table>,
    layouts: Vec<Layout>,
    /// Messages with the query as sent.
    queries: Vec<Part>,
    fronts: usize,
}

/// What is around the parameters of a message.
#[derive(Debug, Clone)]
struct Layout {
    front: Part,
    separator: &'static str,
    end: Part,
    /// Whether a message of one parameter differs from that of other layouts.
    takes_one: bool,
    /// Tables that are less likely are not tried with it.
    least: Likely,
    /// The smallest extent that it belongs to.
    extent: Extent,
}

/// The size of a space, to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// Orders of every choice of parameters that has the timestamp.
    pub orders: usize,
    /// Ways to write the parameters: escaped, and with names.
    pub forms: usize,
    /// Separators.
    pub separators: usize,
    /// Things in front, such as the path; nothing is one of them.
    pub fronts: usize,
}

impl Space {
    pub(super) fn of(url: &LoginUrl) -> Self {
        let fronts = fronts(url);
        let mut layouts = Vec::new();
        for separator in SEPARATORS {
            layouts.extend(around(separator, &fronts));
        }
        layouts.extend(MORE_SEPARATORS.map(|separator| Layout {
            least: Likely::Fairly,
            extent: Extent::Whole,
            ..Layout::plain(separator)
        }));
        Self {
            tables: tables(url),
            layouts,
            queries: queries(url, &fronts),
            fronts: fronts.len() + 1,
        }
    }

    pub(super) fn size(&self) -> Size {
        let mut orders = 0;
        let mut count = |_: &str, _: &dyn Fn() -> String| orders += 1;
        let layout = Layout {
            takes_one: true,
            ..Layout::plain("&")
        };
        if let Some(table) = self.tables.first() {
            Walk::new(&layout, table, &mut count).go(0);
        }
        Size {
            orders,
            forms: self.tables.len(),
            separators: SEPARATORS.len() + MORE_SEPARATORS.len(),
            fronts: self.fronts,
        }
    }

    /// Passes every message to `visit`, with a function that makes its template.
    pub(super) fn each(&self, extent: Extent, visit: &mut impl FnMut(&str, &dyn Fn() -> String)) {
        for query in &self.queries {
            visit(&query.text, &|| query.template.clone());
        }
        for layout in self.layouts.iter().filter(|one| one.extent <= extent) {
            let least = match extent {
                Extent::Whole => layout.least,
                Extent::Fronts | Extent::Plain => Likely::Very,
            };
            for table in self.tables.iter().filter(|one| one.likely <= least) {
                Walk::new(layout, table, visit).go(0);
            }
        }
    }
}

impl Layout {
    fn plain(separator: &'static str) -> Self {
        Self {
            front: Part::default(),
            separator,
            end: Part::default(),
            takes_one: separator.is_empty(),
            least: Likely::Hardly,
            extent: Extent::Plain,
        }
    }
}

/// The layouts with one separator.
fn around(separator: &'static str, fronts: &[Part]) -> Vec<Layout> {
    let joint = Part::literal(separator);
    let special = |least, extent| Layout {
        least,
        extent,
        ..Layout::plain(separator)
    };
    let mut layouts = vec![Layout::plain(separator)];
    // A blank at the end of a template would not survive a form.
    if !separator.trim_matches(' ').is_empty() {
        layouts.push(Layout {
            end: joint.clone(),
            takes_one: true,
            ..special(Likely::Very, Extent::Whole)
        });
    }
    for front in fronts {
        layouts.push(Layout {
            front: front.then(&joint),
            takes_one: true,
            ..special(Likely::Fairly, Extent::Fronts)
        });
        layouts.push(Layout {
            front: front.then(&Part::literal("?")),
            ..special(Likely::Fairly, Extent::Fronts)
        });
    }
    for front in fronts.iter().filter(|_| !separator.is_empty()) {
        let method = Part::literal("GET").then(&joint);
        layouts.push(Layout {
            front: method.then(front).then(&joint),
            takes_one: true,
            ..special(Likely::Very, Extent::Whole)
        });
    }
    layouts
}

/// What may stand in front: path, host, both.
fn fronts(url: &LoginUrl) -> Vec<Part> {
    let path = match url.path.as_str() {
        LOGIN_PATH => Part::placeholder(LOGIN_PATH, "path"),
        other => Part::literal(other),
    };
    let base = Part::placeholder(url.base_url.as_str(), "base_url");
    let mut fronts = vec![path.clone(), base.then(&path), base];
    fronts.retain(|front| !front.text.is_empty());
    fronts.dedup();
    fronts
}

/// The query as sent, with what may be around it.
fn queries(url: &LoginUrl, fronts: &[Part]) -> Vec<Part> {
    let mut queries = vec![Part::placeholder(url.query_before_signature(), "query")];
    let whole = Part::placeholder(url.query_without_signature(), "query");
    if !queries.contains(&whole) {
        queries.push(whole);
    }
    let mut before = vec![Part::default(), Part::literal("?")];
    for joint in SEPARATORS.into_iter().chain(["?"]).map(Part::literal) {
        before.extend(fronts.iter().map(|front| front.then(&joint)));
        let method = Part::literal("GET").then(&joint);
        before.push(method.clone());
        before.extend(fronts.iter().map(|front| method.then(front).then(&joint)));
    }
    let mut found = Vec::new();
    for query in &queries {
        for front in &before {
            for end in ["", "&", "&hmac="] {
                found.push(front.then(query).then(&Part::literal(end)));
            }
        }
    }
    found
}

/// Walks through every order of every choice of parameters.
struct Walk<'a, F> {
    layout: &'a Layout,
    table: &'a Table,
    message: String,
    order: Vec<&'a Part>,
    visit: &'a mut F,
}

impl<'a, F: FnMut(&str, &dyn Fn() -> String)> Walk<'a, F> {
    fn new(layout: &'a Layout, table: &'a Table, visit: &'a mut F) -> Self {
        Self {
            layout,
            table,
            message: layout.front.text.clone(),
            order: Vec::new(),
            visit,
        }
    }

    /// Adds one more parameter to those in `used`, in every way.
    fn go(&mut self, used: u8) {
        let (layout, table) = (self.layout, self.table);
        for (at, part) in table.parts.iter().enumerate() {
            let now = used | 1 << at;
            // Without a separator nobody sees an empty value.
            let is_unseen = part.text.is_empty() && layout.separator.is_empty();
            if now == used || is_unseen {
                continue;
            }
            let before = self.message.len();
            if used != 0 {
                self.message.push_str(layout.separator);
            }
            self.message.push_str(&part.text);
            self.order.push(part);
            let is_alone = used == 0;
            let counts = now & TIMESTAMP != 0 && table.is_fresh(now);
            if counts && (layout.takes_one || !is_alone) {
                self.show();
            }
            self.go(now);
            self.order.pop();
            self.message.truncate(before);
        }
    }

    fn show(&mut self) {
        let Self {
            layout,
            message,
            order,
            visit,
            ..
        } = self;
        let length = message.len();
        message.push_str(&layout.end.text);
        visit(message, &|| template(layout, order));
        message.truncate(length);
    }
}

fn template(layout: &Layout, order: &[&Part]) -> String {
    let templates: Vec<_> = order.iter().map(|part| part.template.as_str()).collect();
    let separator = Part::literal(layout.separator).template;
    let values = templates.join(&separator);
    [&layout.front.template, &values, &layout.end.template]
        .map(String::as_str)
        .concat()
}
