//! An empty file with the headings, to fill in.

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, web};

use super::file_words::columns;
use crate::i18n::key;
use crate::web::extractors::{Locale, SignedIn};
use crate::web::formats::csv;
use crate::web::problem::AppError;
use crate::web::state::AppState;

/// With a column for each field of the forms and each further fact of the connection.
pub async fn file(
    state: web::Data<AppState>,
    user: SignedIn,
    locale: Locale,
) -> Result<HttpResponse, AppError> {
    let connections = &state.portal.connections;
    let options = connections.options(&user.caller.connection_id).await?;
    let lang = locale.0;
    let fields = columns().into_iter();
    let fields = fields.map(|(_, heading)| lang.of(heading).into_owned());
    let facts = options.info.iter().map(|fact| fact.label.clone());
    let headings: Vec<_> = fields.chain(facts).collect();
    let name = lang.of(key("many-template-name"));
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8; header=present"))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.csv\""),
        ))
        .body(format!("{}{}", csv::BOM, csv::line(lang, &headings))))
}
