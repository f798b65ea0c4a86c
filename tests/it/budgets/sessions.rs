//! How many sessions one person may have.

use rubrica::storage::sessions::MOST_EACH;

use crate::support::app::App;
use crate::support::browser::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn i15_of_more_sessions_than_one_may_have_the_oldest_ends() {
    let app = App::spawn().await;
    let (first, second, other) = (Browser::new(), Browser::new(), Browser::new());
    app.sign_in_directly(&first, "ra-app").await;
    app.clock.advance(std::time::Duration::from_millis(1));
    app.sign_in_directly(&second, "ra-app").await;
    app.sign_in(&other, "demo").await;
    app.clock.advance(std::time::Duration::from_millis(1));
    for _ in 2..MOST_EACH {
        app.sign_in_directly(&Browser::new(), "ra-app").await;
    }
    first.get(&app.at("/account")).await.expect_status(200);
    app.clock.advance(std::time::Duration::from_secs(1));
    app.sign_in_directly(&Browser::new(), "ra-app").await;
    first
        .get(&app.at("/account"))
        .await
        .expect_redirect_to("/sign-in");
    second.get(&app.at("/account")).await.expect_status(200);
    other.get(&app.at("/account")).await.expect_status(200);
}
