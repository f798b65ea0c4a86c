//! Stylesheet, script and images: compiled in and served under a content hash.
//!
//! `/static/app.{hash}.css` can be cached forever. A page from before an update asks
//! for an old hash: it gets the current file, uncached.

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};

use super::problem::AppError;
use super::routes;
use super::state::AppState;
use crate::domain::digest::sha256;

/// Where no hash in the name says when it changes.
const AN_HOUR: &str = "public, max-age=3600";

const FILES: [(&str, &str, &[u8]); 4] = [
    (
        "app.css",
        "text/css; charset=utf-8",
        include_bytes!("../../static/app.css"),
    ),
    (
        "app.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../static/app.js"),
    ),
    (
        "icon.svg",
        "image/svg+xml",
        include_bytes!("../../static/icon.svg"),
    ),
    (
        "favicon.ico",
        "image/vnd.microsoft.icon",
        include_bytes!("../../static/favicon.ico"),
    ),
];

struct Asset {
    stem: &'static str,
    end: &'static str,
    hash: String,
    url: String,
    content_type: &'static str,
    content: &'static [u8],
}

static ASSETS: LazyLock<Vec<Asset>> =
    LazyLock::new(|| FILES.into_iter().filter_map(asset).collect());

fn asset(
    (name, content_type, content): (&'static str, &'static str, &'static [u8]),
) -> Option<Asset> {
    let (stem, end) = name.rsplit_once('.')?;
    let hash = data_encoding::HEXLOWER.encode(sha256(content).get(..8)?);
    Some(Asset {
        url: format!("{}{stem}.{hash}.{end}", routes::STATIC_PREFIX),
        stem,
        end,
        hash,
        content_type,
        content,
    })
}

/// The URL of a file, by its plain name such as `app.css`.
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

/// Serves `/static/{stem}.{hash}.{end}`, and [`AppError::NotFound`] for any other
/// name.
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
        .body(web::Bytes::from_static(asset.content)))
}

/// The icon, for browsers that ask for it by its usual name.
pub async fn favicon() -> Result<HttpResponse, AppError> {
    let icon = find("favicon", "ico").ok_or(AppError::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, icon.content_type))
        .insert_header((CACHE_CONTROL, AN_HOUR))
        .body(web::Bytes::from_static(icon.content)))
}

/// The partner's logo, or our icon.
pub async fn logo(state: web::Data<AppState>) -> Result<HttpResponse, AppError> {
    let (content_type, content) = match &state.settings.branding.logo {
        Some(logo) => (logo.content_type, logo.content.clone().into()),
        None => {
            let icon = find("icon", "svg").ok_or(AppError::NotFound)?;
            (icon.content_type, web::Bytes::from_static(icon.content))
        }
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, content_type))
        .insert_header((CACHE_CONTROL, AN_HOUR))
        .body(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_url() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/static");
        for file in std::fs::read_dir(folder).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            assert!(url(&name).starts_with("/static/"), "{name}");
        }
        assert_eq!(url("nothing.css"), "");
    }

    #[test]
    fn the_stylesheet_stays_small() {
        let stylesheet = find("app", "css").unwrap();
        assert!(stylesheet.content.len() < 60_000);
    }
}
