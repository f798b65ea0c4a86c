//! What the checks that call Redtrust find: the RA API, the login URL, direct login.

use crate::dialect_finder::Oddity;

/// What Redtrust said about a refusal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Its error code; empty if there is none.
    pub code: String,
    /// Its words, shortened to one line.
    pub words: String,
}

impl Said {
    /// Code and words on one line; empty if there is neither.
    pub fn line(&self) -> String {
        match (self.code.as_str(), self.words.as_str()) {
            ("", words) => words.to_owned(),
            (code, "") => code.to_owned(),
            (code, words) => format!("{code}: {words}"),
        }
    }
}

/// How the RA API answers a call with an invented temporary token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiFinding {
    /// With its envelope, and it knows the field for the token.
    Answers {
        /// Its error code.
        code: String,
    },
    /// With its envelope, but its answer is the same whatever the field is called.
    FieldUntold {
        /// Its error code.
        code: String,
    },
    /// It misses the token: the field has another name.
    WrongField {
        /// The name in the settings.
        set: String,
        /// The name that the server knows.
        right: &'static str,
    },
    /// Something answers that is not the RA API.
    NotRedtrust {
        /// The HTTP status.
        status: u16,
        /// The title of the page, if it is one.
        title: String,
    },
    /// It redirects instead.
    Redirects {
        /// Where to, without the query.
        to: String,
    },
    /// It is down or overloaded.
    Unavailable {
        /// The HTTP status.
        status: u16,
    },
    /// No answer in time.
    TimedOut,
    /// The connection broke.
    Cut {
        /// The network's own words, in the language of the system.
        detail: String,
    },
}

impl ApiFinding {
    pub(super) const fn passed(&self) -> bool {
        matches!(self, Self::Answers { .. } | Self::FieldUntold { .. })
    }
}

/// How Redtrust answers a signed login URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginFinding {
    /// With a sign-in page.
    Page,
    /// With a page that only scripts fill, so that its words cannot be read.
    PageOfScripts,
    /// By leading on, as to a page of an identity provider.
    LeadsTo {
        /// Where to, without the query.
        to: String,
    },
    /// It would work, but the portal has no redirect URL in use for this connection.
    NotInUse {
        /// The redirect URL that Redtrust accepted.
        url: String,
    },
    /// The shared key cannot be read as the settings say.
    NotSigned {
        /// In the words of the signer.
        detail: String,
    },
    /// It does not know the partner.
    Partner {
        /// The name that was sent.
        partner: String,
        /// Its words.
        said: Said,
    },
    /// It refuses the signature.
    Signature {
        /// What looks damaged in the shared key.
        damage: Option<Oddity>,
        /// Its words.
        said: Said,
    },
    /// It refuses the signature, and accepts one made with the shared key without the
    /// blanks in it.
    KeyBlanks {
        /// Its words.
        said: Said,
    },
    /// It refuses the timestamp.
    Timestamp {
        /// Its words.
        said: Said,
    },
    /// It refuses this login URL, and accepts one made with another value of a setting.
    OtherSetting {
        /// The key of the setting.
        key: &'static str,
        /// Its value now.
        set: String,
        /// The value that is accepted.
        right: String,
        /// Its words about the refusal.
        said: Said,
    },
    /// The redirect URL is not registered.
    NotRegistered {
        /// The exact URL to register.
        url: String,
        /// Its words.
        said: Said,
    },
    /// Another spelling of the redirect URL is registered.
    RegisteredAs {
        /// The exact URL to register.
        url: String,
        /// The one that is registered.
        registered: String,
        /// Its words.
        said: Said,
    },
    /// It refuses for another reason.
    Refused {
        /// The HTTP status.
        status: u16,
        /// Its words.
        said: Said,
    },
    /// No answer in time.
    TimedOut,
    /// The connection broke.
    Cut {
        /// The network's own words, in the language of the system.
        detail: String,
    },
}

impl LoginFinding {
    pub(super) const fn passed(&self) -> bool {
        matches!(
            self,
            Self::Page | Self::PageOfScripts | Self::LeadsTo { .. }
        )
    }

    pub(super) const fn said(&self) -> Option<&Said> {
        match self {
            Self::Partner { said, .. }
            | Self::Signature { said, .. }
            | Self::KeyBlanks { said }
            | Self::Timestamp { said }
            | Self::OtherSetting { said, .. }
            | Self::NotRegistered { said, .. }
            | Self::RegisteredAs { said, .. }
            | Self::Refused { said, .. } => Some(said),
            _ => None,
        }
    }
}

/// How Redtrust answers a direct login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirectFinding {
    /// It signs the user in; the portal has signed the user out again.
    SignedIn {
        /// Whether this connection offers direct login to people.
        offered: bool,
        /// Whether signing out worked.
        signed_out: bool,
    },
    /// User name, password or domain is wrong.
    Credentials(Said),
    /// The user must change the password first.
    ChangePassword(Said),
    /// The user must wait.
    Wait(Said),
    /// Users of this domain sign in only on Redtrust's own page.
    PageOnly(Said),
    /// The user, or this installation of Redtrust, may not use the API.
    NotAllowed(Said),
    /// It refuses for another reason.
    Refused(Said),
    /// No usable answer.
    Failed {
        /// What went wrong.
        detail: String,
    },
}

impl DirectFinding {
    pub(super) const fn passed(&self) -> bool {
        matches!(self, Self::SignedIn { .. })
    }

    pub(super) const fn said(&self) -> Option<&Said> {
        match self {
            Self::Credentials(said)
            | Self::ChangePassword(said)
            | Self::Wait(said)
            | Self::PageOnly(said)
            | Self::NotAllowed(said)
            | Self::Refused(said) => Some(said),
            Self::SignedIn { .. } | Self::Failed { .. } => None,
        }
    }
}
