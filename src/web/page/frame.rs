//! What every page shares: language, signed-in user, CSRF token, navigation,
//! banners, footer.

use std::borrow::Cow;
use std::sync::Arc;

use actix_session::SessionExt;
use actix_web::{HttpMessage, HttpRequest};

use super::{Banner, Section, Stay, Text, Tone, dates};
use crate::domain::certificate::Validity;
use crate::domain::holder_name::HolderName;
use crate::domain::millis::Millis;
use crate::domain::origin::Origin;
use crate::domain::today::Today;
use crate::i18n::{Arg, Key, Lang, Message, grouped};
use crate::services::Total;
use crate::services::accounts::Role;
use crate::web::csrf::{BeforeAdminSignIn, BeforeSignIn, Binding, InSession, PreSession};
use crate::web::keeper;
use crate::web::request_context::{FormTargets, RequestContext};
use crate::web::session::{self, Identity};
use crate::web::state::{AppState, Settings};

/// A page struct holds it as `frame`.
#[derive(Debug, Clone)]
pub struct Frame {
    pub lang: Lang,
    /// Shown so that users can quote it when they ask for help.
    pub request_id: String,
    /// The CSRF token for the hidden field of each form; empty if the page can have
    /// no form.
    pub csrf: String,
    /// Says whose a form is, should it come when the session is gone.
    pub keeper: String,
    pub signed_in_as: Option<String>,
    /// What is shown is of a sandbox: its certificates are good for nothing.
    pub play: bool,
    pub banners: Vec<Banner>,
    /// The role of the local account that is signed in.
    pub(super) role: Option<Role>,
    /// When the page was made.
    pub(super) now: Millis,
    pub(super) section: Section,
    pub(super) page: String,
    pub(super) stay: Option<Stay>,
    pub(super) settings: Arc<Settings>,
}

impl Frame {
    /// The frame of a page within a session, or of a page without forms.
    pub fn of(req: &HttpRequest, state: &AppState) -> Self {
        let mut frame = match req.extensions().get::<RequestContext>() {
            Some(context) => Self::bare(state, context),
            None => Self::bare(state, &RequestContext::default()),
        };
        let session = req.get_session();
        if let Some(who) = session::identity(&session) {
            if let Identity::User(user) = &who {
                frame.play = state.portal.connections.is_sandbox(&user.connection);
            }
            frame.role = match &who {
                Identity::Admin(account) => Some(account.role),
                Identity::User(_) => None,
            };
            frame.signed_in_as = Some(who.name().to_owned());
            let nonce = session::csrf_nonce(&session).unwrap_or_default();
            frame.csrf = state.keys.csrf_token(InSession::PURPOSE, &nonce);
            frame.keeper = keeper::seal(state, &who, &nonce);
            let ends = session::ends(&session);
            frame.stay = ends.map(|ends| Stay::of(ends, state.portal.clock.now()));
        }
        frame
    }

    /// The frame of the users' sign-in pages, whose forms are `CheckedForm<T,
    /// BeforeSignIn>`. The answer sets the cookie that they need.
    pub fn before_sign_in(req: &HttpRequest, state: &AppState) -> Self {
        Self::before::<BeforeSignIn>(req, state)
    }

    /// The same for the admins' sign-in and setup pages.
    pub fn before_admin_sign_in(req: &HttpRequest, state: &AppState) -> Self {
        Self::before::<BeforeAdminSignIn>(req, state)
    }

    fn before<B: Binding>(req: &HttpRequest, state: &AppState) -> Self {
        let nonce = PreSession::sent_or_new(req, state);
        Self {
            csrf: state.keys.csrf_token(B::PURPOSE, &nonce),
            signed_in_as: None,
            stay: None,
            ..Self::of(req, state)
        }
    }

    /// The frame of a page outside any session.
    pub fn bare(state: &AppState, context: &RequestContext) -> Self {
        Self {
            lang: context.lang,
            request_id: context.id.clone(),
            csrf: String::new(),
            keeper: String::new(),
            signed_in_as: None,
            play: state.portal.connections.are_sandboxes(),
            banners: Vec::new(),
            role: None,
            now: state.portal.clock.now(),
            section: Section::None,
            page: context.page.clone(),
            stay: None,
            settings: Arc::clone(&state.settings),
        }
    }

    /// Marks the part of the portal that the page belongs to.
    #[must_use]
    pub fn at(mut self, section: Section) -> Self {
        self.section = section;
        self
    }

    /// Makes the language links lead to `path`, which must answer GET.
    #[must_use]
    pub fn languages_at(mut self, path: impl Into<String>) -> Self {
        self.page = path.into();
        self
    }

    /// Marks the page by the connection that it shows something of.
    #[must_use]
    pub fn of_connection(mut self, state: &AppState, connection_id: &str) -> Self {
        self.play = state.portal.connections.is_sandbox(connection_id);
        self
    }

    #[must_use]
    pub fn banner(mut self, tone: Tone, text: impl Into<Message>) -> Self {
        let text = text.into();
        self.banners.push(Banner { tone, text });
        self
    }

    /// Allows the forms of this page to redirect to these origins.
    pub fn allow_form_targets(req: &HttpRequest, origins: Vec<Origin>) {
        req.extensions_mut().insert(FormTargets(origins));
    }
}

impl Frame {
    pub fn t(&self, id: &str) -> Text {
        Text::of(self.lang, id)
    }

    /// A text with one variable.
    pub fn t1<'a>(&self, id: &str, gap: &str, value: impl Into<Arg<'a>>) -> Cow<'static, str> {
        self.lang.text_with(id, &[(gap, value.into())])
    }

    /// A text with two variables.
    pub fn t2<'a>(
        &self,
        id: &str,
        gap: &str,
        value: impl Into<Arg<'a>>,
        gap2: &str,
        value2: impl Into<Arg<'a>>,
    ) -> Cow<'static, str> {
        let args = [(gap, value.into()), (gap2, value2.into())];
        self.lang.text_with(id, &args)
    }

    /// Marks the label of an optional field.
    pub fn optional(&self, label: impl AsRef<str>) -> Cow<'static, str> {
        self.t1("optional-label", "label", label.as_ref())
    }

    pub fn of_key(&self, key: &Key) -> Text {
        Text::of(self.lang, key.id())
    }

    pub fn say(&self, message: &Message) -> Cow<'static, str> {
        self.lang.message(message)
    }

    /// Whose a certificate is: a number in the name is masked.
    pub fn holder(&self, name: &HolderName) -> String {
        self.lang.holder(name)
    }

    /// The same on the page of that certificate or request, where nothing is masked.
    pub fn holder_in_full(&self, name: &HolderName) -> String {
        match name.is_empty() {
            true => self.holder(name),
            false => name.in_full().to_owned(),
        }
    }

    /// The title of a certificate's page, which a browser keeps.
    pub fn certificate_of(&self, name: &HolderName) -> String {
        let holder = self.holder(name);
        match name.is_empty() {
            true => holder,
            false => self.t1("certificates-of", "holder", holder).into_owned(),
        }
    }

    /// When a certificate expires; in words if there is no date.
    pub fn expiry(&self, validity: &Validity) -> String {
        match validity.end() {
            Some(end) => self.end(&end),
            None if validity.is_endless() => self.t("certificates-endless").into_owned(),
            None => self.t("certificates-expiry-unknown").into_owned(),
        }
    }

    /// The same within a sentence.
    pub fn until(&self, validity: &Validity) -> String {
        let text = match validity.end() {
            Some(end) => self.t1("until-date", "date", self.end(&end)),
            None if validity.is_endless() => self.t("until-endless").into(),
            None => self.t("until-unknown").into(),
        };
        match validity.is_estimated() {
            true => format!("{text} {}", self.t("certificates-estimated")),
            false => text.into_owned(),
        }
    }

    /// When something ends: on its last day the hour counts.
    pub fn end(&self, at: &Millis) -> String {
        match self.today().is_close(*at) {
            true => self.date_time(at),
            false => self.date(at),
        }
    }

    /// Now, among the days that the page shows.
    pub fn today(&self) -> Today<'_> {
        Today {
            now: self.now,
            zone: &self.settings.branding.time_zone,
        }
    }

    pub fn date(&self, at: &Millis) -> String {
        dates::date(*at, &self.settings.branding.time_zone, self.lang)
    }

    pub fn date_time(&self, at: &Millis) -> String {
        dates::date_time(*at, &self.settings.branding.time_zone, self.lang)
    }

    pub fn date_time_seconds(&self, at: &Millis) -> String {
        dates::date_time_seconds(*at, &self.settings.branding.time_zone, self.lang)
    }

    pub fn time(&self, at: &Millis) -> String {
        dates::time(*at, &self.settings.branding.time_zone)
    }

    /// How many rows a list has.
    pub fn total(&self, total: &Total) -> Cow<'static, str> {
        match total.or_more {
            true => self.t1("lists-total-more", "count", total.number),
            false => self.t1("lists-total", "count", total.number),
        }
    }

    /// A number with its thousands apart.
    pub fn number(&self, number: i64) -> String {
        grouped(number, self.lang)
    }

    pub fn month_year(&self, at: &Millis) -> String {
        dates::month_year(*at, &self.settings.branding.time_zone, self.lang)
    }

    pub fn month_short(&self, at: &Millis) -> String {
        dates::month_short(*at, &self.settings.branding.time_zone, self.lang)
    }

    pub fn machine_time(&self, at: &Millis) -> String {
        dates::machine(*at)
    }
}
