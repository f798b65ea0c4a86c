//! The portal's own texts without gaps: looked up in the languages' files and escaped once,
//! not again for every page.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::LazyLock;

use askama::filters::{Escaper as _, Html, HtmlSafe};
use askama::{FastWritable, Values};

use crate::i18n::{Arg, Lang};

type Texts = HashMap<&'static str, Written>;

static SPANISH: LazyLock<Texts> = LazyLock::new(|| written(Lang::Es));
static ENGLISH: LazyLock<Texts> = LazyLock::new(|| written(Lang::En));
static MISSING: Written = Written {
    plain: Cow::Borrowed("?"),
    html: Cow::Borrowed("?"),
};

#[derive(Debug)]
struct Written {
    plain: Cow<'static, str>,
    html: Cow<'static, str>,
}

fn written(lang: Lang) -> Texts {
    let written = |(id, plain): (_, Cow<'static, str>)| {
        let mut html = String::with_capacity(plain.len());
        Html.write_escaped_str(&mut html, &plain).ok()?;
        let html = Cow::Owned(html);
        Some((id, Written { plain, html }))
    };
    lang.fixed().filter_map(written).collect()
}

/// A text without gaps. In Rust it is the text as it reads; templates write it escaped.
#[derive(Debug, Clone, Copy)]
pub struct Text(&'static Written);

impl Text {
    /// A missing text is logged; a test checks that none is missing.
    pub fn of(lang: Lang, id: &str) -> Self {
        let texts = match lang {
            Lang::Es => &SPANISH,
            Lang::En => &ENGLISH,
        };
        let found = texts.get(id);
        if found.is_none() {
            tracing::error!(event = "text_missing", id, lang = lang.code());
        }
        Self(found.unwrap_or(&MISSING))
    }

    pub fn into_owned(self) -> String {
        self.0.plain.clone().into_owned()
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.plain
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl HtmlSafe for Text {}

impl FastWritable for Text {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn Values) -> askama::Result<()> {
        Ok(dest.write_str(&self.0.html)?)
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.into_owned()
    }
}

impl From<Text> for Cow<'static, str> {
    fn from(text: Text) -> Self {
        Self::Borrowed(&text.0.plain)
    }
}

impl From<Text> for Arg<'_> {
    fn from(text: Text) -> Self {
        Self::Text(text.into())
    }
}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::*;

    #[derive(Template)]
    #[template(
        source = "{% macro m(given) %}{{ given }}{% endmacro %}{{ text }}|{{ m(text) }}|{{ self.text() }}",
        ext = "html"
    )]
    struct Page {
        text: Text,
    }

    impl Page {
        fn text(&self) -> &Text {
            &self.text
        }
    }

    #[test]
    fn a_text_is_escaped_wherever_a_template_writes_it() {
        static BOTH: Written = Written {
            plain: Cow::Borrowed("a & b"),
            html: Cow::Borrowed("a &#38; b"),
        };
        let page = Page { text: Text(&BOTH) };
        let html = page.render().unwrap();
        assert_eq!(html, "a &#38; b|a &#38; b|a &#38; b");
        assert_eq!(format!("{}", page.text), "a & b");
    }

    #[test]
    fn all_texts_without_gaps_are_there_escaped() {
        for lang in Lang::ALL {
            for (id, plain) in lang.fixed() {
                let text = Text::of(lang, id);
                assert_eq!(*text, *plain);
                let html = text.0.html.replace("&#38;", "&");
                let html = html.replace("&#39;", "'").replace("&#34;", "\"");
                assert_eq!(html.replace("&#60;", "<").replace("&#62;", ">"), *plain);
            }
            assert!(lang.fixed().count() > 500);
        }
    }
}
