//! What the pages say about the partner who runs the portal.

use jiff::tz::TimeZone;

/// Name and links of every page, and the zone of its times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branding {
    /// In the header of every page and in titles.
    pub partner_name: String,
    /// Links of the footer; those not set are not shown.
    pub legal_url: Option<String>,
    pub privacy_url: Option<String>,
    pub accessibility_url: Option<String>,
    /// A page or `mailto:`.
    pub support_url: Option<String>,
    pub time_zone: TimeZone,
}
