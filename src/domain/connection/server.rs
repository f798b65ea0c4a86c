//! What a connection's server is known by. Whatever was made for one server is good for
//! no other: tokens, the shared key, and who its users are.

use data_encoding::HEXLOWER;

use super::{Connection, ConnectionSettings, PrivateCa};
use crate::digest::sha256;

impl ConnectionSettings {
    /// SHA-256 of the server's address and of its private CA, in hex. Another address or
    /// another CA is another server.
    pub fn server(&self) -> String {
        let mut text = self.base_url.as_str().as_bytes().to_vec();
        let trusted = self.private_ca.iter().flat_map(PrivateCa::certificates);
        for certificate in trusted {
            text.extend_from_slice(&sha256(&certificate.der));
        }
        HEXLOWER.encode(&sha256(text))
    }
}

impl Connection {
    /// As [`ConnectionSettings::server`].
    pub fn server(&self) -> String {
        self.settings.server()
    }
}

#[cfg(test)]
mod tests {
    use crate::connection::sample;

    #[test]
    fn i05_another_address_is_another_server_and_another_name_is_not() {
        let (one, mut other) = (sample(), sample());
        other.settings.name = "Other".into();
        assert_eq!(one.server(), other.server());
        for url in [
            "https://redtrust.acme.example:8083",
            "https://redtrust.acme.example.evil:8082",
            "http://localhost:8082",
        ] {
            other.settings.base_url = url.parse().unwrap();
            assert_ne!(one.server(), other.server(), "{url}");
        }
    }
}
