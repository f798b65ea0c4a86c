//! The words of a page, without its markup: enough to tell an error page from a sign-in
//! page, and to show what it says. No parser, since only plain words are wanted.

/// Elements whose content is not text.
const SILENT: [&str; 4] = ["script", "style", "noscript", "template"];

/// The visible text of a page, with single blanks. Only the main part if it is marked.
pub(super) fn text(html: &str) -> String {
    let main = between(html, "<main", "</main");
    let body = main.or_else(|| between(html, "<body", "</body"));
    let mut text = String::new();
    let mut rest = body.unwrap_or(html);
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        rest = after_tag(tag);
    }
    text.push_str(rest);
    let words: Vec<&str> = text.split_whitespace().collect();
    unescaped(&words.join(" "))
}

/// The content of `<title>`.
pub(super) fn title(html: &str) -> String {
    unescaped(
        between(html, "<title", "</title")
            .unwrap_or_default()
            .trim(),
    )
}

/// What comes after a tag; for an element without text, after its end.
fn after_tag(tag: &str) -> &str {
    if let Some(comment) = tag.strip_prefix("!--") {
        return comment.split_once("-->").map_or("", |(_, rest)| rest);
    }
    for name in SILENT {
        let is_it = tag
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name));
        if is_it && let Some(end) = position(tag, &format!("</{name}")) {
            let end = tag.get(end..).unwrap_or_default();
            return end.split_once('>').map_or("", |(_, rest)| rest);
        }
    }
    tag.split_once('>').map_or("", |(_, rest)| rest)
}

/// The text from the end of the tag that begins with `open` to `close`.
fn between<'a>(html: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let (_, inside) = html.get(position(html, open)?..)?.split_once('>')?;
    inside.get(..position(inside, close)?)
}

/// Where `what` begins, in any case. Only ASCII changes case, so that positions stay.
fn position(html: &str, what: &str) -> Option<usize> {
    html.to_ascii_lowercase().find(what)
}

fn unescaped(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (escape, plain)| {
        text.replace(escape, plain)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_remain() {
        let html = "<html><head><title> A &amp; B </title><style>x{}</style></head><body><p>Out\
                    <!-- a > b --><MAIN class='x'><h1>No\n entry</h1><script>let a = '<p>';</script>\
                    <p>it&#39;s &lt;so&gt;</p></main></body></html>";
        assert_eq!(text(html), "No entry it's <so>");
        assert_eq!(title(html), "A & B");
        assert_eq!(text("plain <b>words"), "plain words");
        assert_eq!(text("<p a <!-- <script> open"), "open");
        assert_eq!(text("ü<script>ü</script>é <"), "ü é");
        assert_eq!(title(""), "");
    }
}
