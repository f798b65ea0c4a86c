//! Stylesheet, script and images: compiled in, served under a content hash.
//!
//! `/static/app.{hash}.css` may be kept for ever. A page from before an update
//! asks for a hash that is gone: it gets the current file, uncached.

use std::borrow::Cow;
use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use rust_embed::RustEmbed;

use super::problem::AppError;
use super::routes;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

struct Asset {
    stem: String,
    end: String,
    hash: String,
    url: String,
    content_type: &'static str,
    content: web::Bytes,
}

static ASSETS: LazyLock<Vec<Asset>> =
    LazyLock::new(|| Files::iter().filter_map(|name| asset(&name)).collect());

fn asset(name: &str) -> Option<Asset> {
    let (stem, end) = name.rsplit_once('.')?;
    let file = Files::get(name)?;
    let hash = data_encoding::HEXLOWER.encode(file.metadata.sha256_hash().get(..8)?);
    Some(Asset {
        url: format!("{}{stem}.{hash}.{end}", routes::STATIC_PREFIX),
        stem: stem.to_owned(),
        end: end.to_owned(),
        hash,
        content_type: content_type(end)?,
        content: match file.data {
            Cow::Borrowed(bytes) => web::Bytes::from_static(bytes),
            Cow::Owned(bytes) => web::Bytes::from(bytes),
        },
    })
}

/// The kinds of file that may be served; any other is not.
fn content_type(end: &str) -> Option<&'static str> {
    Some(match end {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

/// The URL of a file by its plain name, `app.css`.
pub fn url(name: &str) -> &'static str {
    name.rsplit_once('.')
        .and_then(|(stem, end)| find(stem, end))
        .map_or("", |asset| asset.url.as_str())
}

fn find(stem: &str, end: &str) -> Option<&'static Asset> {
    ASSETS
        .iter()
        .find(|asset| asset.stem == stem && asset.end == end)
}

/// Serves `/static/{stem}.{hash}.{end}`.
///
/// # Errors
/// [`AppError::NotFound`] for everything that is not exactly the name of a file.
pub async fn serve(file: web::Path<String>) -> Result<HttpResponse, AppError> {
    let (rest, end) = file.rsplit_once('.').ok_or(AppError::NotFound)?;
    let (stem, hash) = rest.rsplit_once('.').ok_or(AppError::NotFound)?;
    let asset = find(stem, end).ok_or(AppError::NotFound)?;
    let caching = if hash == asset.hash {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, asset.content_type))
        .insert_header((CACHE_CONTROL, caching))
        .body(asset.content.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_type_and_a_url() {
        assert_eq!(ASSETS.len(), Files::iter().count());
        assert!(url("app.css").starts_with("/static/app."));
        assert!(url("app.js").ends_with(".js"));
        assert_eq!(url("nothing.css"), "");
    }

    #[test]
    fn the_stylesheet_stays_small() {
        assert!(Files::get("app.css").unwrap().data.len() < 60_000);
    }
}
