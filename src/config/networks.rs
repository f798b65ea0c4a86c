//! Lists of addresses and networks.

use std::net::IpAddr;

use ipnet::IpNet;

use super::ConfigError;

/// Reads addresses and networks that are separated by commas.
pub(super) fn networks(setting: &str, text: &str) -> Result<Vec<IpNet>, ConfigError> {
    let (mut all, mut wrong) = (Vec::new(), Vec::new());
    let parts = text.split(',').map(str::trim);
    for part in parts.filter(|part| !part.is_empty()) {
        let network = part.parse::<IpNet>();
        match network.or_else(|_| part.parse::<IpAddr>().map(IpNet::from)) {
            Ok(network) => all.push(network),
            Err(_) => wrong.push(format!("{part:?}")),
        }
    }
    if wrong.is_empty() {
        return Ok(all);
    }
    let cause = format!("{} is neither an address nor a network", wrong.join(", "));
    Err(ConfigError::invalid(setting, cause))
}
