//! The last day at a glance: what was done, and which connections fail.

use super::health;
use crate::domain::connection::Connection;
use crate::i18n::{Key, key};
use crate::services::figures;
use crate::web::page::{Frame, Link, Tone};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug)]
pub(super) struct Day {
    /// What was counted, how often, the element's id, and where to look at it.
    pub(super) counts: [(Key, i64, &'static str, Option<&'static str>); 4],
    /// The pages of the connections that fail.
    pub(super) failing: Vec<Link>,
}

impl Day {
    pub(super) async fn of(
        state: &AppState,
        frame: &Frame,
        connections: &[Connection],
    ) -> Result<Self, AppError> {
        let day = figures::last_day(&state.portal).await?;
        let health = health::of_all(state, frame.lang, connections).await?;
        let fails = |(connection, shown): (&Connection, &health::Shown)| {
            (connection.enabled && shown.tone == Tone::Bad.class()).then(|| Link {
                href: routes::admin_connection(&connection.slug).into(),
                text: connection.settings.name.clone().into(),
                current: false,
                lang: frame.lang,
            })
        };
        let at_unknown = (day.unknown > 0).then_some(routes::ATTENTION);
        Ok(Self {
            counts: [
                (key("day-sign-ins"), day.sign_ins, "day-sign-ins", None),
                (key("day-issued"), day.issued, "day-issued", None),
                (key("day-refused"), day.refused, "day-refused", None),
                (key("day-unknown"), day.unknown, "day-unknown", at_unknown),
            ],
            failing: connections.iter().zip(&health).filter_map(fails).collect(),
        })
    }
}
