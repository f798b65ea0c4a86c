//! The shared key: each way in which it may be wrong has words of its own.

use serde_json::json;

use super::{Words, the_comparison_names, the_test_names};
use crate::connection_test::Desk;
use crate::support::admin::send_key;
use crate::support::browser::Browser;

/// 64 hexadecimal digits, which the sandbox takes as text.
async fn right_key(desk: &Desk) -> String {
    desk.app.portal.connections.changed();
    let all = desk.app.portal.connections.all().await.unwrap();
    all[0].shared_key.expose().to_owned()
}

/// Replaces the stored key, and returns what the portal signed with the right one.
async fn with_key(change: impl Fn(&str) -> String) -> (Desk, String) {
    let desk = Desk::new().await;
    let url = desk.app.login_url(&Browser::new()).await;
    let wrong = change(&right_key(&desk).await);
    let page = send_key(&desk.app, &desk.ana, ("demo", "key"), &wrong).await;
    page.expect_status(200);
    (desk, url)
}

async fn both_name(key: impl Fn(&str) -> String, cause: Words, fix: Words, difference: &str) {
    let (desk, url) = with_key(key).await;
    the_test_names(&desk, "login_url", cause, fix).await;
    // The last words of the cause say what is wrong with the key.
    let words = match difference {
        "key" => ["The key is a different one", "La clave es otra"],
        "key_blank" => ["stored with blanks", "se guardó con espacios"],
        _ => cause,
    };
    the_comparison_names(&desk, &url, difference, words).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn key_wrong() {
    let cause = [
        "Redtrust refuses the signature.",
        "Redtrust rechaza la firma.",
    ];
    let fix = [
        "Enter the shared key again, whole and without blanks",
        "Escriba otra vez la clave compartida, entera y sin espacios",
    ];
    both_name(|_| "another-key".into(), cause, fix, "key").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn key_cut_short() {
    let fix = [
        "compare its length, its beginning and its end, and enter all of it",
        "compare su longitud, su principio y su final, e introdúzcala entera",
    ];
    for (length, cause) in [
        (
            63,
            [
                "has 63 digits, an odd number: part of it is missing",
                "tiene 63 cifras, un número impar: le falta una parte",
            ],
        ),
        (
            60,
            [
                "the key has 30 bytes. Keys usually have 16, 32 or 64: part of it may be missing",
                "la clave tiene 30 bytes. Lo habitual son 16, 32 o 64: puede faltarle una parte",
            ],
        ),
    ] {
        both_name(|key| key[..length].into(), cause, fix, "key_damaged").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn blank_in_the_key() {
    let cause = [
        "accepts it when the shared key is used without the blanks in it",
        "la acepta si se quitan los espacios que hay en la clave compartida",
    ];
    let fix = [
        "Enter the shared key again, without blanks",
        "Escriba otra vez la clave compartida, sin espacios",
    ];
    let blank = |key: &str| format!("{} {}", &key[..32], &key[32..]);
    both_name(blank, cause, fix, "key_blank").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn key_encoded_otherwise() {
    let desk = Desk::new().await;
    desk.app
        .sandbox
        .put("dialect", json!({"key_encoding": "hex"}))
        .await;
    let cause = [
        "accepts it with key_encoding = hex instead of utf8",
        "la acepta con key_encoding = hex en lugar de utf8",
    ];
    let fix = ["Set key_encoding to hex", "Ponga key_encoding en hex"];
    the_test_names(&desk, "login_url", cause, fix).await;

    let desk = Desk::new().await;
    let url = desk.app.login_url(&Browser::new()).await;
    desk.edit(&[("key_encoding", "base64")]).await;
    let words = [
        "with these settings: key_encoding = utf8. Set them",
        "con estos ajustes: key_encoding = utf8. Póngalos",
    ];
    the_comparison_names(&desk, &url, "settings", words).await;
}
