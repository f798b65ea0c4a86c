//! The compiled-in message files, parsed once, and the lookup of a message.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::numbers::grouped;
use super::{Arg, Key, Lang, Message, key};
use crate::domain::holder_name::HolderName;

macro_rules! files {
    ($lang:literal: $($name:literal),+ $(,)?) => {
        [$(include_str!(concat!("../../templates/locales/", $lang, "/", $name, ".ftl"))),+]
    };
}

pub(super) const SPANISH: [&str; 21] = files!(
    "es": "common", "errors", "sign_in", "issue", "renew", "issuances", "certificates", "admin",
    "finder", "diagnostics", "checks", "sessions", "audit", "keeping", "take_over",
    "account", "people", "help", "lists", "many", "mail",
);
pub(super) const ENGLISH: [&str; 21] = files!(
    "en": "common", "errors", "sign_in", "issue", "renew", "issuances", "certificates", "admin",
    "finder", "diagnostics", "checks", "sessions", "audit", "keeping", "take_over",
    "account", "people", "help", "lists", "many", "mail",
);

static ES: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Lang::Es, &SPANISH));
static EN: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Lang::En, &ENGLISH));

/// Skips messages that cannot be parsed or are duplicates; a test fails on them.
fn bundle(lang: Lang, files: &[&str]) -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = lang.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match lang {
        Lang::Es => |value, _| amount(value, Lang::Es),
        Lang::En => |value, _| amount(value, Lang::En),
    }));
    for file in files {
        let resource = match FluentResource::try_new((*file).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// A number of a message, with its thousands apart; what is no amount is given as text.
fn amount(value: &FluentValue<'_>, lang: Lang) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(grouped(number.value, lang)),
        _ => None,
    }
}

impl Lang {
    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        match self {
            Self::Es => &ES,
            Self::En => &EN,
        }
    }

    /// The message `id` in this language.
    pub fn text(self, id: &str) -> Cow<'static, str> {
        self.text_with(id, &[])
    }

    /// All messages without arguments, by their keys.
    pub fn fixed(self) -> impl Iterator<Item = (&'static str, Cow<'static, str>)> {
        let files = match self {
            Self::Es => &SPANISH,
            Self::En => &ENGLISH,
        };
        let lines = files.iter().flat_map(|file| file.lines());
        lines.filter_map(move |line| {
            let is_message = line.starts_with(|first: char| first.is_ascii_lowercase());
            let id = line.split_once('=').filter(|_| is_message)?.0.trim();
            let pattern = self.bundle().get_message(id)?.value()?;
            let mut gaps = Vec::new();
            let text = self.bundle().format_pattern(pattern, None, &mut gaps);
            gaps.is_empty().then_some((id, text))
        })
    }

    /// The message of a key.
    pub fn of(self, key: Key) -> Cow<'static, str> {
        self.text(key.id())
    }

    /// Whose a certificate is, in lists, mail, files and titles.
    pub fn holder(self, name: &HolderName) -> String {
        match name.is_empty() {
            true => self.of(key("taken-over-no-name")).into_owned(),
            false => name.masked(),
        }
    }

    /// A message with its arguments filled in.
    pub fn message(self, message: &Message) -> Cow<'static, str> {
        self.text_with(message.key.id(), &message.args)
    }

    /// The message `id` with its arguments. If it is missing, returns the key and logs
    /// it; a test checks that none is missing.
    pub fn text_with(self, id: &str, args: &[(&str, Arg<'_>)]) -> Cow<'static, str> {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            tracing::error!(event = "text_missing", id, lang = self.code());
            return Cow::Owned(id.to_owned());
        };
        let mut errors = Vec::new();
        let text = if args.is_empty() {
            bundle.format_pattern(pattern, None, &mut errors)
        } else {
            let args = fluent(args);
            let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
            Cow::Owned(text.into_owned())
        };
        if !errors.is_empty() {
            tracing::error!(event = "text_broken", id, lang = self.code());
        }
        text
    }
}

fn fluent<'a>(args: &'a [(&str, Arg<'_>)]) -> FluentArgs<'a> {
    args.iter()
        .map(|(name, arg)| {
            let value = match arg {
                Arg::Text(text) => FluentValue::from(text.as_ref()),
                Arg::Number(number) => FluentValue::from(*number),
            };
            ((*name).to_owned(), value)
        })
        .collect()
}
