//! Enums with one text form per value, used in the database, the configuration
//! file, JSON and forms.

/// A text that is not a value of the enum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {given:?} is not one of: {allowed}")]
pub struct UnknownValue {
    /// The name where its values are written, such as a setting's name.
    pub name: &'static str,
    /// The invalid text.
    pub given: String,
    /// The allowed values, separated by blanks.
    pub allowed: &'static str,
}

/// Declares an enum with one text form per value:
///
/// ```text
/// string_enum! {
///     /// Unit of the `timestamp` parameter.
///     #[derive(Default)]
///     pub enum TimestampUnit as "timestamp_unit" {
///         /// Seconds since 1970-01-01T00:00:00Z.
///         #[default]
///         Seconds = "seconds",
///         /// Milliseconds since 1970-01-01T00:00:00Z.
///         Milliseconds = "milliseconds",
///     }
/// }
/// ```
///
/// gives it `ALL` in that order, `as_str`, `Display`, `FromStr` (the error says
/// `timestamp_unit: "days" is not one of: seconds milliseconds`) and serde both
/// ways, besides `Debug, Clone, Copy, PartialEq, Eq, Hash`. The name after `as`
/// is the one that error messages use.
#[macro_export]
macro_rules! string_enum {
    ($(#[$meta:meta])* $vis:vis enum $enum:ident as $name:literal {
        $($(#[$variant_meta:meta])* $variant:ident = $text:literal),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        $vis enum $enum { $($(#[$variant_meta])* $variant),+ }

        impl $enum {
            /// Every value, in the order a form offers them.
            $vis const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The text form.
            $vis const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl ::std::fmt::Display for $enum {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $enum {
            type Err = $crate::string_enum::UnknownValue;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let known = Self::ALL.iter().copied().find(|value| value.as_str() == text);
                known.ok_or_else(|| Self::Err {
                    name: $name,
                    given: text.to_owned(),
                    allowed: concat!($($text, " "),+).trim_ascii_end(),
                })
            }
        }

        impl ::serde::Serialize for $enum {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $enum {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as ::serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(::serde::de::Error::custom)
            }
        }
    };
}

pub use string_enum;

#[cfg(test)]
mod tests {
    string_enum! {
        /// Sizes.
        #[derive(Default)]
        enum Size as "size" {
            /// Small.
            Small = "s",
            /// Large.
            #[default]
            Large = "L",
        }
    }

    #[test]
    fn every_value_reads_back_what_it_writes() {
        assert_eq!(Size::ALL, &[Size::Small, Size::Large]);
        assert_eq!(Size::default(), Size::Large);
        for size in Size::ALL {
            assert_eq!(size.to_string().parse(), Ok(*size));
            let json = serde_json::to_string(size).unwrap();
            assert_eq!(json, format!("{:?}", size.as_str()));
            assert_eq!(serde_json::from_str::<Size>(&json).unwrap(), *size);
        }
    }

    #[test]
    fn an_unknown_text_is_told_with_what_is_allowed() {
        let words = "size: \"l\" is not one of: s L";
        assert_eq!("l".parse::<Size>().unwrap_err().to_string(), words);
        assert_eq!(
            serde_json::from_str::<Size>("\"l\"")
                .unwrap_err()
                .to_string(),
            words
        );
    }
}
