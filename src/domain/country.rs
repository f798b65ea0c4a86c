//! Countries by their two letters (ISO 3166-1 alpha-2).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Every code that ISO 3166-1 assigns to a country or territory.
const ASSIGNED: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ \
    BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM \
    DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS \
    GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN \
    KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ \
    MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM \
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV \
    SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI \
    VN VU WF WS YE YT ZA ZM ZW";

/// Codes that people write for a country that has another one, and that no country has.
const MISTAKEN: [(&str, &str); 4] = [("UK", "GB"), ("EL", "GR"), ("EN", "GB"), ("SP", "ES")];

/// A country or territory.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Country(String);

/// Why a text is no country code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum CountryError {
    /// It does not have two letters.
    #[error("a country is written with two letters, such as ES")]
    Form,
    /// ISO 3166-1 has no such country.
    #[error("no country has this code")]
    NoSuch,
    /// The country meant has this other code, which is not kept where mistakes are stored.
    #[error("the code of this country is {0}")]
    Write(#[serde(skip)] &'static str),
}

impl Country {
    /// The code, in upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Country {
    type Err = CountryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let code = text.trim().to_ascii_uppercase();
        if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(CountryError::Form);
        }
        if let Some((_, right)) = MISTAKEN.iter().find(|(wrong, _)| *wrong == code) {
            return Err(CountryError::Write(right));
        }
        match ASSIGNED.split(' ').any(|assigned| assigned == code) {
            true => Ok(Self(code)),
            false => Err(CountryError::NoSuch),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_countries_of_iso_3166_are_read() {
        assert_eq!(ASSIGNED.split(' ').count(), 249);
        for good in ["ES", " fr ", "Ma", "GB", "GR", "VA", "TW"] {
            let country: Country = good.parse().unwrap();
            assert_eq!(country.as_str(), good.trim().to_ascii_uppercase());
        }
        for no_country in ["XX", "AA", "ZZ", "QM", "XK", "YU", "SU", "DD", "EU", "UN"] {
            assert_eq!(no_country.parse::<Country>(), Err(CountryError::NoSuch));
        }
        for (typed, right) in [("UK", "GB"), ("el", "GR"), ("EN", "GB"), ("SP", "ES")] {
            assert_eq!(typed.parse::<Country>(), Err(CountryError::Write(right)));
        }
        for wrong in ["", "F", "FRA", "F1", "Ñ", "フ", "E S"] {
            assert_eq!(wrong.parse::<Country>(), Err(CountryError::Form), "{wrong}");
        }
    }
}
