//! Name, port and clock.

use std::net::TcpListener;
use std::time::Duration;

use rubrica::redtrust::{ClientSettings, NoAddress, Probe};

use super::Desk;
use crate::support::app::App;
use crate::support::redtrust::connection;

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_without_mistakes_passes() {
    let found = Desk::new().await.tested().await;
    found.passes("dns", "127.0.0.1");
    found.passes("tcp", "answers");
    found.passes("clock", "agree");
    found.passes("api", "knows the field");
    found.passes("login_url", "sign-in page");
    assert_eq!(found.of("tls").result, "skip");
    assert_eq!(found.of("direct_login").result, "skip");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_nobody_knows_is_named() {
    let desk = Desk::new().await;
    desk.edit(&[("base_url", "https://redtrust.invalid:8082")])
        .await;
    let found = desk.tested().await;
    found.fails("dns", "redtrust.invalid", "name server");
    found.skips_all_after("dns", "the name");
}

#[tokio::test]
async fn an_address_that_is_never_called_is_not_called_by_a_test_either() {
    for url in [
        "https://169.254.169.254",
        "https://[::ffff:10.0.0.1]",
        "https://0.0.0.0",
    ] {
        let probe = Probe::new(&connection(url), &ClientSettings::default());
        let refused = probe.addresses().await;
        assert!(
            matches!(refused, Err(NoAddress::Forbidden(_))),
            "{url}: {refused:?}"
        );
    }
}

/// Each test has loopback addresses of its own, because the ports are the usual ones.
#[tokio::test(flavor = "multi_thread")]
async fn a_closed_port_is_named_with_both_usual_ones() {
    let desk = Desk::new().await;
    desk.edit(&[("base_url", "http://127.81.1.1:8082")]).await;
    let found = desk.tested().await;
    found.passes("dns", "127.81.1.1");
    found.fails("tcp", "port 8082", "8082 and 8083, and neither answers");
    found.skips_all_after("tcp", "the port");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_usual_port_is_tried_and_named_when_it_answers() {
    let desk = Desk::new().await;
    for (address, wrong, right) in [
        ("127.81.1.2", "8082", "8083"),
        ("127.81.1.3", "8083", "8082"),
        ("127.81.1.4", "9443", "8083"),
    ] {
        let _listener = TcpListener::bind(format!("{address}:{right}")).unwrap();
        desk.edit(&[("base_url", &format!("http://{address}:{wrong}"))])
            .await;
        let found = desk.tested().await;
        let fix = format!("8082 and 8083. Port {right} answers");
        found.fails("tcp", &format!("port {wrong}"), &fix);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_ten_minutes_off_is_named_with_both_times() {
    let desk = Desk::at(App::spawn_behind(Duration::from_secs(600)).await).await;
    let found = desk.tested().await;
    found.fails("clock", "s ahead of this machine’s", "time server");
    let cause = &found.of("clock").cause;
    assert_eq!(cause.matches("UTC").count(), 2, "{cause}");
    let seconds = cause.split(' ').find_map(|word| word.parse::<i64>().ok());
    assert!((598..=602).contains(&seconds.unwrap()), "{cause}");
    found.fails("login_url", "refuses the time", "clocks");
}
