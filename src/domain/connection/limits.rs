//! Numeric settings of a connection with a limited range.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The assumed validity of a certificate if Redtrust does not state it: 1 to
/// 3,650 days, two years by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValidityDays(u32);

/// How long create and finalize may take, including a remote CA: 1 to 600
/// seconds, two minutes by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IssueTimeout(u32);

/// A text that is not a number in the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a whole number of the range")]
pub struct OutOfRange;

impl ValidityDays {
    /// The validity as a duration.
    pub fn duration(self) -> Duration {
        Duration::from_secs(u64::from(self.0) * 24 * 3600)
    }
}

impl IssueTimeout {
    /// The time-out as a duration.
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.0.into())
    }
}

macro_rules! limited {
    ($name:ident, most $most:literal, default $default:literal) => {
        impl Default for $name {
            fn default() -> Self {
                Self($default)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = OutOfRange;
            fn from_str(text: &str) -> Result<Self, OutOfRange> {
                match text.trim().parse() {
                    Ok(number) if (1..=$most).contains(&number) => Ok(Self(number)),
                    _ => Err(OutOfRange),
                }
            }
        }
    };
}

limited!(ValidityDays, most 3650, default 730);
limited!(IssueTimeout, most 600, default 120);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_in_their_range() {
        for good in ["1", " 730 ", "3650", "+7", "007"] {
            assert!(good.parse::<ValidityDays>().is_ok(), "{good}");
        }
        for bad in ["0", "-1", "3651", "many", "", "1.5", "4294967297"] {
            assert_eq!(bad.parse::<ValidityDays>(), Err(OutOfRange), "{bad}");
        }
        assert_eq!(
            "600".parse::<IssueTimeout>().unwrap().duration(),
            Duration::from_secs(600)
        );
        assert_eq!("601".parse::<IssueTimeout>(), Err(OutOfRange));
        assert_eq!(
            ValidityDays::default().duration().as_secs(),
            730 * 24 * 3600
        );
    }
}
