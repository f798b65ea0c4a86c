//! What people are told who want a certificate revoked: the RA API cannot do it.

use super::Problem;

/// The words and the page of whoever revokes the certificates of a connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RevocationHelp {
    /// What to do, in the partner's words.
    pub text: Option<String>,
    /// Where to do it: an `https` address.
    pub url: Option<String>,
}

/// Reads an `https` address of at most 255 characters; `None` if it is empty.
pub(super) fn read_url(text: &str) -> Result<Option<String>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let is_short = text.chars().count() <= 255;
    let url = url::Url::parse(text).ok().filter(|url| {
        is_short && url.scheme() == "https" && url.username().is_empty() && url.password().is_none()
    });
    url.map(|_| Some(text.to_owned())).ok_or(Problem::HelpUrl)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_can_be_followed_safely_are_taken() {
        let good = "https://ra.example/revocar?a=1#b";
        assert_eq!(read_url(&format!(" {good} ")), Ok(Some(good.to_owned())));
        assert_eq!(read_url(" "), Ok(None));
        for bad in [
            "http://ra.example/",
            "javascript:alert(1)",
            "//ra.example",
            "ra.example",
            "https://a:b@ra.example/",
            &format!("https://ra.example/{}", "a".repeat(255)),
        ] {
            assert_eq!(read_url(bad), Err(Problem::HelpUrl), "{bad}");
        }
    }
}
