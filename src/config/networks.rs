//! Lists of addresses and networks.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

use super::ConfigError;

/// Reads addresses and networks that are separated by commas.
pub(super) fn networks(setting: &str, text: &str) -> Result<Vec<IpNet>, ConfigError> {
    let (mut all, mut wrong) = (Vec::new(), Vec::new());
    let parts = text.split(',').map(str::trim);
    for part in parts.filter(|part| !part.is_empty()) {
        let network = part.parse::<IpNet>();
        match network.or_else(|_| part.parse::<IpAddr>().map(IpNet::from)) {
            Ok(network) => all.push(canonical(network)),
            Err(_) => wrong.push(format!("{part:?}")),
        }
    }
    if wrong.is_empty() {
        return Ok(all);
    }
    let cause = format!("{} is neither an address nor a network", wrong.join(", "));
    Err(ConfigError::invalid(setting, cause))
}

/// As the addresses that are compared with it: one of IPv4 may be written as IPv6
/// (`::ffff:10.0.0.1`), as some servers log it.
fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(written) = network else {
        return network;
    };
    let (address, length) = (written.addr(), written.prefix_len());
    let parts = address.to_ipv4_mapped().zip(length.checked_sub(96));
    let mapped = parts.and_then(|(address, length)| Ipv4Net::new(address, length).ok());
    mapped.map_or(network, IpNet::V4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_ipv4_is_one_however_it_is_written() {
        let written = "::ffff:10.0.0.1, ::ffff:10.1.0.0/112, 10.2.0.0/16,fd00::/8, ::/0";
        let read = networks("RUBRICA_TRUSTED_PROXIES", written).unwrap();
        let read: Vec<String> = read.iter().map(ToString::to_string).collect();
        let meant = [
            "10.0.0.1/32",
            "10.1.0.0/16",
            "10.2.0.0/16",
            "fd00::/8",
            "::/0",
        ];
        assert_eq!(read, meant);
    }
}
