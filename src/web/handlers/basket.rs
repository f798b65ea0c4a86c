//! The certificates that somebody ticked in their list, on whatever page of it. They are
//! kept as half-filled forms are: for an hour, and for their owner only.

use crate::domain::run::MOST_LINES;
use crate::domain::thumbprint::Thumbprint;
use crate::services::{Caller, kept_forms};
use crate::web::page::form::Fields;
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// The box of a certificate, with its thumbprint.
const TICKED: &str = "thumbprint";
/// Where it is kept; the list keeps its search at its own address.
const PLACE: &str = routes::CERTIFICATES_TICK;
/// All that have a box on the page that was sent: without it, nobody could untick one.
const SHOWN: &str = "shown";

#[derive(Debug, Clone, Default)]
pub struct Basket(Vec<Thumbprint>);

impl Basket {
    pub async fn of(state: &AppState, who: &Caller) -> Result<Self, AppError> {
        let kept = kept_forms::find(&state.portal, &who.owner_id, PLACE).await?;
        let fields = kept.map(|form| Fields::parse(&form)).unwrap_or_default();
        Ok(Self(read(&fields, TICKED)))
    }

    /// With what is ticked in this form, and without what is not.
    #[must_use]
    pub fn changed(mut self, form: &Fields) -> Self {
        let shown = read(form, SHOWN);
        self.0.retain(|one| !shown.contains(one));
        let ticked = read(form, TICKED);
        self.0.extend(ticked);
        // One more than a run may have: then it says so.
        self.0.truncate(MOST_LINES + 1);
        self
    }

    /// Keeps it in the place of the one before.
    pub async fn keep(&self, state: &AppState, who: &Caller) -> Result<(), AppError> {
        let mut fields = Fields::default();
        for one in &self.0 {
            fields.push(TICKED, one.as_str());
        }
        let (owner, form) = (&who.owner_id, fields.to_body());
        match kept_forms::keep(&state.portal, owner, PLACE, form.as_bytes()).await? {
            true => Ok(()),
            false => Err(AppError::Conflict),
        }
    }

    pub fn has(&self, thumbprint: &Thumbprint) -> bool {
        self.0.contains(thumbprint)
    }

    pub const fn count(&self) -> usize {
        self.0.len()
    }

    pub fn into_thumbprints(self) -> Vec<Thumbprint> {
        self.0
    }
}

fn read(fields: &Fields, name: &str) -> Vec<Thumbprint> {
    fields
        .all(name)
        .filter_map(|text| text.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ticked_on_other_pages_stays_and_what_is_unticked_here_goes() {
        let [one, two, three] = ["AA", "BB", "CC"].map(|pair| pair.repeat(20));
        let form = |body: &str| Fields::parse(body.as_bytes());
        let first = form(&format!(
            "shown={one}&shown={two}&thumbprint={one}&thumbprint={two}"
        ));
        let basket = Basket::default().changed(&first);
        assert_eq!(basket.count(), 2);
        let basket = basket.changed(&form(&format!("shown={three}&thumbprint={three}")));
        let basket = basket.changed(&form(&format!("shown={one}&shown={two}&thumbprint={two}")));
        let left: Vec<String> = basket.0.iter().map(Thumbprint::to_string).collect();
        assert_eq!(left, [three, two]);
    }
}
