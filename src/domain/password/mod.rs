//! Passwords of local accounts: how long they are, and that nobody guesses them soon.

mod common;
mod guesses;

use guesses::Part;

/// Fewest characters of a password.
pub const SHORTEST: usize = 12;

/// Most characters: longer texts are never hashed.
pub const LONGEST: usize = 128;

/// Guesses that a password has to be worth, in tenths of a bit: three words of the list,
/// or eleven random digits.
const ENOUGH: u32 = 360;

/// Words that everybody connects with the portal and its administrators, in Spanish and
/// English (ASVS 5.0, 6.1.2). The names of the account, the partner, the portal's host
/// and the connections come in addition.
const CONTEXT: [&str; 19] = [
    "rubrica",
    "redtrust",
    "camerfirma",
    "admin",
    "administrador",
    "administradora",
    "administrator",
    "administracion",
    "certificado",
    "certificados",
    "certificate",
    "certificates",
    "firma",
    "portal",
    "partner",
    "demo",
    "sandbox",
    "contrasena",
    "password",
];

/// Shorter parts of names are in too many words.
const SHORTEST_NAME: usize = 3;

/// Why a text cannot be a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// Fewer than [`SHORTEST`] characters.
    #[error("the password has fewer than {SHORTEST} characters")]
    TooShort,
    /// More than [`LONGEST`] characters.
    #[error("the password has more than {LONGEST} characters")]
    TooLong,
    /// Made of the user name, or of names of the portal.
    #[error("the password is made of the user name or of names of this portal")]
    Personal,
    /// A common password, or made of one or two common words.
    #[error("the password is a common one, or made of one or two common words")]
    Common,
    /// Made of sequences and repetitions.
    #[error("the password is made of sequences or repetitions")]
    Pattern,
}

impl PasswordProblem {
    /// Whether only the length is wrong.
    pub const fn is_length(self) -> bool {
        matches!(self, Self::TooShort | Self::TooLong)
    }
}

/// Whether a text can be a password of an account that is known by `names`: user name,
/// partner, host, as they are written.
pub fn check<'a>(
    password: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<(), PasswordProblem> {
    check_length(password)?;
    let names = names.into_iter().chain(CONTEXT).flat_map(parts);
    let names: Vec<String> = names.collect();
    let guesses = guesses::guesses(password, &names);
    if guesses.bits >= ENOUGH {
        return Ok(());
    }
    Err(match guesses.part {
        Part::Personal => PasswordProblem::Personal,
        Part::Common => PasswordProblem::Common,
        Part::Pattern | Part::Single => PasswordProblem::Pattern,
    })
}

/// Checks only the length, in characters.
pub fn check_length(password: &str) -> Result<(), PasswordProblem> {
    match password.chars().take(LONGEST + 1).count() {
        count if count < SHORTEST => Err(PasswordProblem::TooShort),
        count if count > LONGEST => Err(PasswordProblem::TooLong),
        _ => Ok(()),
    }
}

/// A name, and the words in it.
fn parts(name: &str) -> Vec<String> {
    let whole = guesses::folded(name);
    let words = whole.split(|c: char| !c.is_alphanumeric());
    let mut parts: Vec<String> = words.map(ToOwned::to_owned).collect();
    parts.push(whole);
    parts.retain(|part| part.chars().count() >= SHORTEST_NAME);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(password: &str) -> Option<PasswordProblem> {
        check(password, ["ana.nuñez@acme.example", "Grupo Pérez"]).err()
    }

    #[test]
    fn length_counts_in_characters() {
        let problem = |text: String| check_length(&text).err();
        assert_eq!(problem("ñ".repeat(11)), Some(PasswordProblem::TooShort));
        assert_eq!(problem("ñ".repeat(12)), None);
        assert_eq!(problem("ñ".repeat(128)), None);
        assert_eq!(problem("ñ".repeat(129)), Some(PasswordProblem::TooLong));
    }

    #[test]
    fn i11_common_passwords_and_their_like_are_refused() {
        for common in [
            "PASSWORD1234",
            "superman2024",
            "1234superman",
            "SupermanSuperman",
            "5up3rm@n!!!!",
            "namrepus1234",
            "contraseña de acceso",
            "barcelona2026!",
            "1qaz2wsx3edc",
            "motherfucker",
            "finalfantasy",
            "1234567890qwerty",
            "javier garcia",
            "sunshine sunshine",
        ] {
            assert!(problem(common).is_some(), "{common}");
            assert!(!problem(common).unwrap().is_length(), "{common}");
        }
        assert_eq!(problem("superman2024"), Some(PasswordProblem::Common));
    }

    #[test]
    fn i11_names_of_the_account_and_of_the_portal_are_refused() {
        for personal in [
            "password1234",
            "administrador",
            "Administrador1",
            "rubrica12345",
            "12345RUBRICA",
            "rubricarubrica",
            "Redtrust2026!",
            "ana.nuñez@acme.example",
            "ananunezananunez",
            "ANA.NUNEZ.2026",
            "grupoperez123",
            "acme-acme-acme",
        ] {
            assert_eq!(
                problem(personal),
                Some(PasswordProblem::Personal),
                "{personal}"
            );
        }
    }

    #[test]
    fn i11_sequences_and_repetitions_are_refused() {
        for pattern in [
            "aaaaaaaaaaaa",
            "123456789012",
            "210987654321",
            "ababababababab",
            "qwertyuiop[]",
            "zxcvbnm,./zxcvbnm",
            "!@#$%^&*()_+",
            "abcdefghijkl",
            "xkxkxkxkxkxkxk",
            "200020002000",
            &"x7".repeat(64),
        ] {
            assert!(problem(pattern).is_some(), "{pattern}");
        }
        assert_eq!(problem("aaaaaaaaaaaa"), Some(PasswordProblem::Pattern));
    }

    #[test]
    fn i11_words_that_one_remembers_and_random_signs_are_accepted() {
        for good in [
            "correct horse battery staple",
            "caballo correcto pila grapa",
            "k3!vTq9#Lm2x",
            "mwqzkfhtxbrp",
            "838571624905",
            "Llueve poco en mi jardín",
            "ñandú-ñoño-búho-cigüeña",
            "日本語のパスワードです漢字",
        ] {
            assert_eq!(problem(good), None, "{good}");
        }
    }
}
