//! Open sessions as the pages of users and of admins show them.

use std::borrow::Cow;

use crate::domain::device::{Browser, Device, System};
use crate::i18n::{Key, key};
use crate::services::open_sessions::OpenSession;
use crate::web::page::{Frame, Tone};

/// Sessions on one page of them.
pub(super) const PAGE_SIZE: usize = 10;

/// `?done=ended|others`, and `?page=`
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct DoneQuery {
    done: String,
    pub(super) page: String,
}

impl DoneQuery {
    /// Adds a message about what was done.
    pub(super) fn told(&self, frame: Frame) -> Frame {
        let text: Key = match self.done.as_str() {
            "ended" => key("sessions-ended"),
            "others" => key("sessions-others-ended"),
            _ => return frame,
        };
        frame.banner(Tone::Good, text)
    }
}

/// A row of the list.
#[derive(Debug)]
pub(super) struct OpenRow {
    pub(super) open: OpenSession,
    /// The target of the form that ends it.
    pub(super) action: String,
}

impl OpenRow {
    /// The rows of `open`; `end` makes the target of a form from a mark.
    pub(super) fn all(open: Vec<OpenSession>, end: fn(&str) -> String) -> Vec<Self> {
        let row = |open: OpenSession| Self {
            action: end(&open.mark),
            open,
        };
        open.into_iter().map(row).collect()
    }

    pub(super) fn device(&self, frame: &Frame) -> Cow<'static, str> {
        let Device { browser, system } = self.open.device;
        let (browser, system) = (browser.map(Browser::name), system.map(System::name));
        match (browser, system) {
            (Some(browser), Some(system)) => {
                frame.t2("sessions-on", "browser", browser, "system", system)
            }
            (Some(browser), None) => Cow::Borrowed(browser),
            (None, Some(system)) => frame.t1("sessions-unknown-on", "system", system),
            (None, None) => frame.t("sessions-unknown").into(),
        }
    }
}
