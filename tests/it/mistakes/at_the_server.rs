//! Name, port, certificate, clock.

use std::net::TcpListener;
use std::time::Duration;

use super::{Words, the_test_names};
use crate::connection_test::Desk;
use crate::support::app::App;
use crate::support::raw_server::{Identity, TestCa, TlsServer, self_signed};

const WHICH_PORT: Words = [
    "8082 and 8083, and neither answers",
    "8082 y 8083, y ninguno responde",
];

async fn desk_at(url: &str, ca: &str) -> Desk {
    let desk = Desk::new().await;
    desk.edit(&[("base_url", url), ("ca", ca)]).await;
    desk
}

/// The test of a connection that trusts `ca`, at a server that shows `identity`.
async fn tls_names(identity: Identity, ca: &str, cause: Words, fix: Words) {
    let server = TlsServer::start(identity, "{}");
    let desk = desk_at(&server.url, ca).await;
    the_test_names(&desk, "tls", cause, fix).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn host_unknown() {
    let desk = desk_at("https://redtrust.invalid:8082", "").await;
    let cause = [
        "The name redtrust.invalid is not known",
        "No se conoce el nombre redtrust.invalid",
    ];
    let fix = ["Check the spelling", "Compruebe cómo está escrita"];
    the_test_names(&desk, "dns", cause, fix).await;
}

/// Each test has loopback addresses of its own, because the ports are the usual ones.
#[tokio::test(flavor = "multi_thread")]
async fn port_closed() {
    let desk = desk_at("http://127.82.1.1:8082", "").await;
    let cause = [
        "Nothing listens on port 8082",
        "En el puerto 8082 no escucha nadie",
    ];
    the_test_names(&desk, "tcp", cause, WHICH_PORT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_port_of_the_two() {
    for (address, wrong, right, fix) in [
        (
            "127.82.1.2",
            "8082",
            "8083",
            [
                "change the port in the address to 8083",
                "cambie el puerto de la dirección a 8083",
            ],
        ),
        (
            "127.82.1.3",
            "8083",
            "8082",
            [
                "change the port in the address to 8082",
                "cambie el puerto de la dirección a 8082",
            ],
        ),
    ] {
        let _listener = TcpListener::bind(format!("{address}:{right}")).unwrap();
        let desk = desk_at(&format!("http://{address}:{wrong}"), "").await;
        the_test_names(&desk, "tcp", ["Nothing listens", "no escucha nadie"], fix).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_name_wrong() {
    let ca = TestCa::new();
    let identity = ca.certify("elsewhere.example", 2999);
    let cause = [
        "not for localhost. It is for elsewhere.example",
        "no es para localhost. Es para elsewhere.example",
    ];
    let fix = [
        "have a certificate made for localhost",
        "pida un certificado para localhost",
    ];
    tls_names(identity, &ca.pem, cause, fix).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ca_unknown() {
    let identity = TestCa::new().certify("localhost", 2999);
    let cause = ["It was issued by CN=Test CA", "Lo emitió CN=Test CA"];
    let fix = ["enter it as private CA", "péguelo como CA privada"];
    tls_names(identity, &TestCa::new().pem, cause, fix).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn certificate_expired() {
    let ca = TestCa::new();
    let identity = ca.certify("localhost", 2001);
    let cause = ["expired on 2001-01-01", "caducó el 2001-01-01"];
    let fix = ["renewed", "renueven"];
    tls_names(identity, &ca.pem, cause, fix).await;
}

/// The server's own certificate is trusted; another one with the same name is not.
#[tokio::test(flavor = "multi_thread")]
async fn self_signed_given_as_ca() {
    let (identity, own) = self_signed("localhost", 2999, false);
    let server = TlsServer::start(identity, "{}");
    let desk = desk_at(&server.url, &own).await;
    desk.tested().await.passes("tls", "by the private CA");

    let other = self_signed("localhost", 2999, false).1;
    desk.edit(&[("ca", &other)]).await;
    let cause = [
        "signed its certificate itself",
        "firmó él mismo su certificado",
    ];
    let fix = ["compare the fingerprint", "compare la huella"];
    the_test_names(&desk, "tls", cause, fix).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clock_10_minutes_off() {
    let desk = Desk::at(App::spawn_behind(Duration::from_secs(600)).await).await;
    let cause = [
        "s ahead of this machine’s",
        "s por delante del de esta máquina",
    ];
    let fix = ["time server (NTP)", "servidor de hora (NTP)"];
    the_test_names(&desk, "clock", cause, fix).await;
    let cause = ["refuses the time", "rechaza la hora"];
    let fix = ["Compare the clocks", "Compare los relojes"];
    the_test_names(&desk, "login_url", cause, fix).await;
}
