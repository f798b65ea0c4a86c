//! The sandbox as tests steer it and look into it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(25);

/// The sandbox's controls under `/sandbox/v1/`.
#[derive(Clone)]
pub struct Controls {
    pub url: String,
    http: reqwest::Client,
}

impl Controls {
    pub fn new(url: &str) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            // The server may close an idle connection just as it is used again.
            .pool_max_idle_per_host(0)
            .build()
            .unwrap();
        Self {
            url: url.to_owned(),
            http,
        }
    }

    /// A GET of JSON.
    pub async fn get(&self, path: &str) -> Value {
        let url = format!("{}/sandbox/v1/{path}", self.url);
        self.http
            .get(url)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    /// A GET of text.
    pub async fn text(&self, path: &str) -> String {
        let url = format!("{}/sandbox/v1/{path}", self.url);
        let answer = self.http.get(url).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
        answer.text().await.unwrap()
    }

    /// A PUT that must succeed.
    pub async fn put(&self, path: &str, body: Value) {
        let url = format!("{}/sandbox/v1/{path}", self.url);
        let answer = self.http.put(url).json(&body).send().await.unwrap();
        let status = answer.status();
        assert!(
            status.is_success(),
            "{status}: {}",
            answer.text().await.unwrap()
        );
    }

    pub async fn post(&self, path: &str, body: Value) {
        self.post_for(path, body).await;
    }

    /// A POST that must succeed, and its answer.
    pub async fn post_for(&self, path: &str, body: Value) -> Value {
        let url = format!("{}/sandbox/v1/{path}", self.url);
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{status}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// A DELETE with a body that must succeed.
    pub async fn delete(&self, path: &str, body: Value) {
        let url = format!("{}/sandbox/v1/{path}", self.url);
        let answer = self.http.delete(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// Sets one fault and replaces the earlier ones.
    pub async fn fault(
        &self,
        operation: &str,
        effect: &str,
        action: &str,
        value: Value,
        times: u32,
    ) {
        let fault = json!({"operation": operation, "effect": effect, "action": action,
            "value": value, "times": times});
        self.put("faults", json!({"faults": [fault]})).await;
    }

    /// Waits until calls have met all faults: one that only delays its call has begun to.
    pub async fn struck(&self) {
        let until = Instant::now() + PATIENCE;
        while self.get("faults").await["faults"] != json!([]) {
            assert!(Instant::now() < until, "a fault is still there");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Refuses every call of `operation` from now on, before it has any effect.
    pub async fn refuse(&self, operation: &str, code: &str, message: &str) {
        let envelope = json!({"message": message, "messageType": "ERROR",
            "errorCode": code, "data": {}});
        let body = json!(envelope.to_string());
        self.fault(operation, "before", "body", body, 0).await;
    }

    /// Takes all faults away.
    pub async fn mend(&self) {
        self.put("faults", json!({"faults": []})).await;
    }

    /// All entries of the sandbox's ledger.
    pub async fn ledger(&self) -> Vec<Value> {
        self.get("ledger").await["entries"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// The number of ledger entries of this kind and operation.
    pub async fn count(&self, kind: &str, operation: &str) -> usize {
        let entries = self.ledger().await;
        entries
            .iter()
            .filter(|entry| entry["kind"] == kind && entry["operation"] == operation)
            .count()
    }

    /// Waits until there are so many ledger entries of this kind and operation.
    pub async fn reaches(&self, kind: &str, operation: &str, times: usize) {
        let until = Instant::now() + PATIENCE;
        let mut counted = self.count(kind, operation).await;
        while counted < times && Instant::now() < until {
            tokio::time::sleep(PAUSE).await;
            counted = self.count(kind, operation).await;
        }
        assert_eq!(counted, times, "{kind} of {operation}");
    }
}
