//! The vendor's tutorial by curl and openssl: no code of this project takes part.

use std::process::{Command, Stdio};

use tokio::task::spawn_blocking;

use crate::support::sandbox::TestSandbox;

#[tokio::test]
async fn curl_and_openssl_get_through_the_tutorial() {
    let sandbox = TestSandbox::start().await;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tutorial.sh");
    let mut command = Command::new("bash");
    command.args([script, &sandbox.url]).stdin(Stdio::null());
    let output = spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    assert!(output.status.success(), "{output:#?}");
}
