//! What is found in the audit, as a file: all of it, oldest first.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use futures_util::{Stream, stream};

use super::query::AuditQuery;
use super::words::words;
use crate::i18n::Lang;
use crate::services::Portal;
use crate::services::audit::{self, Place, Search};
use crate::services::limiter;
use crate::web::csrf::CheckedForm;
use crate::web::extractors::{AuditorSignedIn, Locale};
use crate::web::formats::audit::Format;
use crate::web::formats::download::download;
use crate::web::problem::AppError;
use crate::web::state::AppState;

pub async fn export(
    state: web::Data<AppState>,
    admin: AuditorSignedIn,
    locale: Locale,
    form: CheckedForm<AuditQuery>,
) -> Result<HttpResponse, AppError> {
    let query = form.value;
    let typed = query.typed(&state, &admin.id);
    if typed.gone {
        return Err(AppError::NotFound);
    }
    if let Some(wait) = limiter::press(&state.portal, &admin.id).await? {
        return Err(AppError::too_many(wait));
    }
    let share = state.exports.take(&admin.id, 1)?;
    let mut search = query.search(&typed, locale.0, &state.settings.branding.time_zone);
    let (portal, format) = (&state.portal, query.format());
    audit::begin_export(portal, &admin.actor, &mut search, format.as_str()).await?;
    let name = format!("{}.{format}", locale.0.text("audit-file-name"));
    let file = AuditFile {
        portal: Arc::clone(portal),
        search,
        format,
        lang: locale.0,
    };
    Ok(download(format.content_type(), &name, share, file.chunks()))
}

struct AuditFile {
    portal: Arc<Portal>,
    search: Search,
    format: Format,
    lang: Lang,
}

/// How much of a file is written.
enum Written {
    Nothing,
    Until(Option<Place>),
}

impl AuditFile {
    fn chunks(self) -> impl Stream<Item = Result<String, AppError>> {
        stream::try_unfold((self, Written::Nothing), |(file, written)| async move {
            let Written::Until(place) = written else {
                let head = file.format.head(file.lang);
                return Ok(Some((head, (file, Written::Until(None)))));
            };
            let batch = audit::exported(&file.portal, &file.search, place).await?;
            let Some(last) = batch.entries.last() else {
                return Ok(None);
            };
            let written = Written::Until(Some(last.place()));
            let line = |entry: &audit::Entry| {
                let shown = words(file.lang, entry, batch.object(entry));
                file.format.line(file.lang, entry, shown)
            };
            let lines = batch.entries.iter().map(line).collect();
            Ok(Some((lines, (file, written))))
        })
    }
}
