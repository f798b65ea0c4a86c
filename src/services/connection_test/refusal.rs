//! What a refused login request was refused for, as far as its words tell. Redtrust does
//! not publish them, so this looks for words that such a message must contain.

use crate::domain::connection_check::Said;

/// Which part of the login request was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    Partner,
    Signature,
    Timestamp,
    RedirectUrl,
    /// The words do not tell.
    Something,
}

/// In this order: the message about a redirect URL may name the partner too.
const WORDS: [(Refused, &[&str]); 4] = [
    (Refused::RedirectUrl, &["redirect", "redirec"]),
    (Refused::Signature, &["hmac", "signature", "firma"]),
    (
        Refused::Timestamp,
        &[
            "timestamp",
            "time stamp",
            "marca de tiempo",
            "sello de tiempo",
            "expired",
            "caducad",
        ],
    ),
    (Refused::Partner, &["partner", "aplicación desconocida"]),
];

impl Refused {
    /// By the error code if it tells, otherwise by the words.
    pub(super) fn of(said: &Said) -> Self {
        by(&said.code)
            .or_else(|| by(&said.words))
            .unwrap_or(Self::Something)
    }
}

fn by(text: &str) -> Option<Refused> {
    let text = text.to_lowercase();
    let names = |words: &[&str]| words.iter().any(|word| text.contains(word));
    WORDS
        .iter()
        .find(|(_, words)| names(words))
        .map(|(refused, _)| *refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_counts_more_than_the_words() {
        for (code, words, refused) in [
            (
                "UNKNOWN_PARTNER",
                "the hmac was not checked",
                Refused::Partner,
            ),
            ("INVALID_PARAM", "La firma no es válida", Refused::Signature),
            (
                "",
                "Redirect URL not registered for this partner",
                Refused::RedirectUrl,
            ),
            ("ERR_1", "The timestamp is too old", Refused::Timestamp),
            ("ERR_1", "Contact your administrator", Refused::Something),
        ] {
            let said = Said {
                code: code.into(),
                words: words.into(),
            };
            assert_eq!(Refused::of(&said), refused, "{said:?}");
        }
    }
}
