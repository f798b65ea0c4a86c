//! Lists of addresses and networks.

use std::net::IpAddr;

use ipnet::IpNet;

use super::ConfigError;

/// Reads addresses and networks that are separated by commas.
pub(super) fn networks(setting: &str, text: &str) -> Result<Vec<IpNet>, ConfigError> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            part.parse::<IpNet>()
                .or_else(|_| part.parse::<IpAddr>().map(IpNet::from))
                .map_err(|_| {
                    let cause = format!("{part:?} is neither an address nor a network");
                    ConfigError::invalid(setting, cause)
                })
        })
        .collect()
}
