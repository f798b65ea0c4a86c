//! What browsers are told about https (RFC 6797).

use crate::domain::string_enum::string_enum;

string_enum! {
    /// The range of `Strict-Transport-Security`, sent where the public URL is https.
    #[derive(Default)]
    pub enum Hsts as "RUBRICA_HSTS" {
        /// The portal's host and all names below it. The default: without it somebody in
        /// the network can answer for `x.PORTAL` over http and plant cookies from there.
        /// It concerns no name beside or above the portal's own.
        #[default]
        Subdomains = "subdomains",
        /// The portal's host only, where a name below it has to answer without https.
        Host = "host",
        /// Not sent: a proxy in front sends its own.
        Off = "off",
    }
}

impl Hsts {
    /// The header's value.
    pub const fn header(self) -> Option<&'static str> {
        match self {
            Self::Subdomains => Some("max-age=31536000; includeSubDomains"),
            Self::Host => Some("max-age=31536000"),
            Self::Off => None,
        }
    }
}
