//! Tokens are for the server that made them. Where a test lets a connection lead elsewhere,
//! as if that were the same server, they go with it.

use std::sync::Arc;

use rubrica::domain::tokens::TokenPair;
use rubrica::storage::sign_ins;

use super::app::App;

/// Makes the tokens of `from` tokens of `to`.
pub async fn move_tokens(app: &App, from: &str, to: &str) {
    let (storage, keys) = (&app.portal.storage, &app.portal.keys);
    let ids: Vec<String> =
        sqlx::query_scalar("SELECT id FROM sign_ins WHERE access_token IS NOT NULL")
            .fetch_all(storage.pool())
            .await
            .unwrap();
    for id in ids {
        let Ok(Some(before)) = sign_ins::load(storage, keys, &id, from).await else {
            continue;
        };
        let Some(access) = before.access.clone() else {
            continue;
        };
        let pair = TokenPair {
            access,
            refresh: before.refresh.clone(),
            expires_at: before.expires_at,
        };
        let (keys, to, at) = (Arc::clone(keys), to.to_owned(), before.updated_at);
        let stored = storage.write(move |conn| {
            Box::pin(
                async move { sign_ins::store_tokens(conn, &keys, &before, (&to, &pair), at).await },
            )
        });
        assert!(stored.await.unwrap());
    }
}
