//! Passwords that wait to be hashed until a test lets them.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::sync::oneshot;

use super::app::App;

/// Both threads that hash passwords have something else to do until this is dropped.
pub struct Held<'a> {
    app: &'a App,
    _until: [mpsc::Sender<()>; 2],
}

impl<'a> Held<'a> {
    pub async fn of(app: &'a App) -> Self {
        let (one, other) = (occupy(app).await, occupy(app).await);
        Self {
            app,
            _until: [one, other],
        }
    }

    /// Waits until a password waits.
    pub async fn has_one_waiting(&self) {
        for _ in 0..500 {
            let line = format!("{:?}", self.app.portal.hashers);
            if line.contains("State(1 waiting)") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("no password waits");
    }
}

/// Gives a thread work, and returns once it does it.
async fn occupy(app: &App) -> mpsc::Sender<()> {
    let (until, over) = mpsc::channel::<()>();
    let (begin, begun) = oneshot::channel();
    let portal = Arc::clone(&app.portal);
    tokio::spawn(async move {
        let held = portal.hashers.run("held", move |_| {
            let _ = begin.send(());
            // An error: the sender was dropped.
            let _ = over.recv();
        });
        held.await
    });
    begun.await.unwrap();
    until
}
