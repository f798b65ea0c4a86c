//! The name in the certificate while it is typed. The script shows it; without scripts it
//! is on the last page.

use actix_web::{HttpResponse, web};

use super::{fields, open_at};
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::SignedIn;
use crate::web::problem::AppError;
use crate::web::state::AppState;

/// Answers with the name alone, made by the rule that makes it in the end. Nothing is
/// saved.
pub async fn preview(
    state: web::Data<AppState>,
    user: SignedIn,
    at: web::Path<(String, String)>,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let (id, step) = at.into_inner();
    let step = step.parse().map_err(|_| AppError::NotFound)?;
    let draft = open_at(&state, &user, &id, step).await?;
    let answers = fields::applied(step, &form.fields, draft.answers(), &draft.options);
    let name = answers.checked(&draft.options).listed_name();
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body(name))
}
