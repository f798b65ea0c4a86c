//! JSON in which no object has a key twice: two readers could see different values
//! (RFC 8259, 4), so one of them could be deceived.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Error, Map, Number, Value};

/// Reads `json` as a `T`.
///
/// # Errors
/// If it is not JSON, an object in it has a key twice, or it is no `T`.
pub fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Error> {
    let Once(value) = serde_json::from_slice(json)?;
    serde_json::from_value(value)
}

/// A value whose objects have each key once.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OnceVisitor).map(Self)
    }
}

struct OnceVisitor;

impl<'de> Visitor<'de> for OnceVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without repeated keys")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Once(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((key, Once(value))) = entries.next_entry::<String, Once>()? {
            if object.insert(key, value).is_some() {
                // Never name the key: what stands where may be secret.
                return Err(A::Error::custom("a key is repeated"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn i21_a_repeated_key_is_refused_at_any_depth() {
        let text = br#"{"a":[1,-2,1.5,"x\u00f1",null,true,{"b":{}}],"b":1}"#;
        let value: Value = read(text).unwrap();
        assert_eq!(
            value,
            json!({"a": [1, -2, 1.5, "x\u{f1}", null, true, {"b": {}}], "b": 1})
        );
        for twice in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"[{"b":{"a":1,"c":2,"a":3}}]"#,
        ] {
            assert!(read::<Value>(twice.as_bytes()).is_err(), "{twice}");
        }
        assert!(read::<Value>(b"{\"a\":1} x").is_err());
        assert!(read::<Value>(&[b"[".repeat(500), b"]".repeat(500)].concat()).is_err());
        assert!(read::<Map<String, Value>>(b"[]").is_err());
    }
}
