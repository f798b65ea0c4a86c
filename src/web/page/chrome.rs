//! What `base.html` shows around the content: names, links, files.

use std::borrow::Cow;

use super::{Frame, Section, Stay};
use crate::config::Branding;
use crate::i18n::{Key, Lang, key};
use crate::services::accounts::Role;
use crate::web::language;
use crate::web::{assets, routes};

/// A link of the navigation, the languages or the footer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub href: Cow<'static, str>,
    pub text: Cow<'static, str>,
    /// The link leads to the current page.
    pub current: bool,
    /// The language of the text.
    pub lang: Lang,
}

impl Frame {
    pub fn partner(&self) -> &str {
        &self.settings.branding.partner_name
    }

    /// Whether the partner says whom to ask.
    pub fn has_support(&self) -> bool {
        let branding = self.branding();
        branding.support_contact.is_some() || branding.support_url.is_some()
    }

    /// Partner's facts and links, for the pages that show more than the name.
    pub fn branding(&self) -> &Branding {
        &self.settings.branding
    }

    /// The address of the partner's logo, if there is one.
    pub fn logo(&self) -> Option<&'static str> {
        self.settings.branding.logo.as_ref().map(|_| routes::LOGO)
    }

    pub fn asset(&self, name: &str) -> &'static str {
        assets::url(name)
    }

    /// The target of the name in the header.
    pub const fn home(&self) -> &'static str {
        match self.role {
            Some(role) => routes::home_of(role),
            None => routes::HOME,
        }
    }

    /// Whether to show what changes something: an auditor and an officer may not.
    pub const fn may_change(&self) -> bool {
        matches!(self.role, Some(Role::Admin))
    }

    pub const fn sign_out(&self) -> &'static str {
        if self.role.is_some() {
            routes::ADMIN_SIGN_OUT
        } else {
            routes::SIGN_OUT
        }
    }

    /// When the session ends, if somebody is signed in.
    pub const fn stay(&self) -> Option<&Stay> {
        self.stay.as_ref()
    }

    /// The target of the form that extends the session.
    pub const fn stay_action(&self) -> &'static str {
        if self.role.is_some() {
            routes::ADMIN_STAY
        } else {
            routes::STAY
        }
    }

    /// The target of the script that keeps a half-filled form.
    pub const fn keep_action(&self) -> &'static str {
        if self.role.is_some() {
            routes::ADMIN_KEEP
        } else {
            routes::KEEP
        }
    }

    pub const fn sign_in(&self) -> &'static str {
        if self.role.is_some() {
            routes::ADMIN_SIGN_IN
        } else {
            routes::SIGN_IN
        }
    }

    /// Minutes without a request until a session ends.
    pub const fn pause_minutes(&self) -> i64 {
        Stay::PAUSE_MINUTES
    }

    /// The page of the own account.
    pub const fn account(&self) -> &'static str {
        if self.role.is_some() {
            routes::ADMIN_ACCOUNT
        } else {
            routes::ACCOUNT
        }
    }

    /// Links to this page in each language.
    pub fn languages(&self) -> Vec<Link> {
        let link = |lang: Lang| Link {
            href: language::link(&self.page, lang).into(),
            text: lang.name().into(),
            current: lang == self.lang,
            lang,
        };
        Lang::ALL.into_iter().map(link).collect()
    }

    /// The same for buttons of a form, which keep what is typed in it; none if the page does
    /// not show it again.
    pub fn languages_kept(&self) -> Vec<Link> {
        let path = self.page.split('?').next().unwrap_or_default();
        let shows_it = match self.role {
            Some(_) => routes::admin_form_page(path),
            None => routes::user_form_page(path),
        };
        if shows_it.is_none() {
            return Vec::new();
        }
        let keep = |link: Link| Link {
            href: routes::keep_for(self.keep_action(), &self.page, link.lang.code()).into(),
            ..link
        };
        self.other_languages().map(keep).collect()
    }

    /// The same for buttons of a search, which is sent to `action`.
    pub fn languages_by(&self, action: &str) -> Vec<Link> {
        let search = |link: Link| Link {
            href: language::link(action, link.lang).into(),
            ..link
        };
        self.other_languages().map(search).collect()
    }

    fn other_languages(&self) -> impl Iterator<Item = Link> {
        let all = self.languages().into_iter();
        all.filter(|link| !link.current)
    }

    /// The navigation for the signed-in user or admin.
    pub fn nav(&self) -> Vec<Link> {
        let sections: &[Section] = match (&self.signed_in_as, self.role) {
            (None, _) => &[],
            (Some(_), None) => &Section::USER,
            (Some(_), Some(Role::Officer)) => &Section::OFFICER,
            (Some(_), Some(Role::Auditor)) => &Section::AUDITOR,
            (Some(_), Some(Role::Admin)) => &Section::ADMIN,
        };
        let link = |section: &Section| Link {
            href: section.path().into(),
            text: self.of_key(&section.label()).into(),
            current: *section == self.section,
            lang: self.lang,
        };
        sections.iter().map(link).collect()
    }

    pub fn footer(&self) -> Vec<Link> {
        let branding = &self.settings.branding;
        let all = [
            (&branding.legal_url, key("footer-legal")),
            (&branding.privacy_url, key("footer-privacy")),
            (&branding.accessibility_url, key("footer-accessibility")),
            (&branding.support_url, key("footer-support")),
        ];
        let link = |href: Cow<'static, str>, text: Key| Link {
            href,
            text: self.of_key(&text).into(),
            current: false,
            lang: self.lang,
        };
        let given = all
            .into_iter()
            .filter_map(|(href, text)| Some(link(href.clone()?.into(), text)));
        let help = link(routes::HELP.into(), key("footer-help"));
        std::iter::once(help).chain(given).collect()
    }
}
