//! The two languages, and the choice between them by a browser's preference.

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Spanish, the default.
    #[default]
    Es,
    /// English.
    En,
}

impl Lang {
    /// Both languages, in the order of the language switch in the header.
    pub const ALL: [Self; 2] = [Self::Es, Self::En];

    /// The code used in `lang="es"`, the cookie and the query.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Es => "es",
            Self::En => "en",
        }
    }

    /// The language's name in that language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Es => "Español",
            Self::En => "English",
        }
    }

    /// The language with exactly this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }
}

/// The language that an `Accept-Language` header prefers; Spanish if it names neither
/// language.
pub fn negotiate(accept_language: &str) -> Lang {
    let mut best = (0.0_f32, Lang::default());
    for part in accept_language.split(',') {
        let mut pieces = part.split(';').map(str::trim);
        let tag = pieces.next().unwrap_or_default();
        let primary = tag.split('-').next().unwrap_or_default();
        let Some(lang) = Lang::from_code(&primary.to_ascii_lowercase()) else {
            continue;
        };
        let weight = pieces
            .find_map(|piece| piece.strip_prefix("q="))
            .map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
        if weight > best.0 {
            best = (weight, lang);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_of_our_languages_wins() {
        assert_eq!(negotiate("en-GB,en;q=0.9,es;q=0.8"), Lang::En);
        assert_eq!(negotiate("de, en;q=0.3, es;q=0.7"), Lang::Es);
        assert_eq!(negotiate("es;q=0.1, EN;q=0.2"), Lang::En);
    }

    #[test]
    fn spanish_is_the_default_for_other_languages() {
        for header in ["", "fr", "*", "en;q=0", "english", ";;,,q=1", "en;q=x"] {
            assert_eq!(negotiate(header), Lang::Es, "{header}");
        }
    }
}
