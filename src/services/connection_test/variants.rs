//! Connections that differ from one in one setting, to find out which setting is wrong.

use super::refusal::Refused;
use crate::domain::connection::Connection;
use crate::domain::dialect::{
    Dialect, KeyEncoding, SignatureEncoding, SignedMessage, TimestampUnit, UrlEncoding,
};
use crate::domain::dialect_finder::without_blanks;

/// One setting with another value.
pub(super) struct Variant {
    /// The key of the setting.
    pub(super) key: &'static str,
    pub(super) set: String,
    pub(super) right: String,
    pub(super) connection: Connection,
}

/// The variants that may be accepted where `connection` was refused.
pub(super) fn of(connection: &Connection, refused: Refused) -> Vec<Variant> {
    let mut variants = Variants {
        connection,
        all: Vec::new(),
    };
    if matches!(refused, Refused::Signature | Refused::Something) {
        variants.of_signature();
    }
    if matches!(refused, Refused::Timestamp | Refused::Something) {
        variants.add("timestamp_unit", TimestampUnit::ALL, |dialect| {
            &mut dialect.timestamp_unit
        });
    }
    variants.all
}

/// The connection with the blanks in its shared key taken out, if that may be accepted.
pub(super) fn without_blanks_in_key(
    connection: &Connection,
    refused: Refused,
) -> Option<Connection> {
    let may_help = matches!(refused, Refused::Signature | Refused::Something);
    let shared_key = without_blanks(&connection.shared_key).filter(|_| may_help)?;
    Some(Connection {
        shared_key,
        ..connection.clone()
    })
}

struct Variants<'a> {
    connection: &'a Connection,
    all: Vec<Variant>,
}

impl Variants<'_> {
    fn of_signature(&mut self) {
        self.add("signature_encoding", SignatureEncoding::ALL, |dialect| {
            &mut dialect.signature_encoding
        });
        self.add("key_encoding", KeyEncoding::ALL, |dialect| {
            &mut dialect.key_encoding
        });
        self.add("url_encoding", UrlEncoding::ALL, |dialect| {
            &mut dialect.url_encoding
        });
        self.add("signed_message", &[SignedMessage::Query], |dialect| {
            &mut dialect.signed_message
        });
    }

    /// Adds a variant for each other value of the setting at `place`.
    fn add<T: Clone + PartialEq + ToString>(
        &mut self,
        key: &'static str,
        values: &[T],
        place: fn(&mut Dialect) -> &mut T,
    ) {
        for value in values {
            let mut connection = self.connection.clone();
            let set = std::mem::replace(place(&mut connection.settings.dialect), value.clone());
            if set != *value {
                self.all.push(Variant {
                    key,
                    set: set.to_string(),
                    right: value.to_string(),
                    connection,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::connection::ConnectionSettings;
    use crate::domain::secret::Secret;

    #[test]
    fn each_variant_differs_in_one_setting() {
        let (slug, settings) = ("acme".parse().unwrap(), ConnectionSettings::blank());
        let connection = Connection::new(String::new(), slug, settings, Secret::new("key"));
        let keys = |refused| {
            let all = of(&connection, refused);
            let changed = |one: &Variant| one.connection != connection && one.set != one.right;
            assert!(all.iter().all(changed));
            all.iter().map(|one| one.key).collect::<Vec<_>>()
        };
        assert_eq!(keys(Refused::Timestamp), ["timestamp_unit"]);
        assert_eq!(keys(Refused::Partner), [""; 0]);
        let signature = keys(Refused::Signature);
        assert!(signature.contains(&"key_encoding") && !signature.contains(&"timestamp_unit"));
        assert_eq!(keys(Refused::Something).len(), signature.len() + 1);
    }
}
