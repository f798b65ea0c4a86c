//! The form of an e-mail address.

const LONGEST: usize = 255;

/// Whether the text has the form of an address: a local part, one `@`, a host.
/// No check can tell whether the mailbox exists.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else {
        return false;
    };
    let visible = |c: char| !c.is_whitespace() && !c.is_control() && c != '@' && c != ',';
    !local.is_empty()
        && !host.is_empty()
        && !host.starts_with('.')
        && !host.ends_with('.')
        && text.chars().count() <= LONGEST
        && local.chars().chain(host.chars()).all(visible)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_at_and_no_blanks() {
        for good in ["a@b", "ana.nuñez@correo.example"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "a",
            "@b",
            "a@",
            "a@b@c",
            "a b@c",
            "a@b\r\nBcc:x",
            "a@.b",
            "a,b@c",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
        assert!(is_email(&format!("{}@b", "a".repeat(253))));
        assert!(!is_email(&format!("{}@b", "a".repeat(254))));
    }
}
