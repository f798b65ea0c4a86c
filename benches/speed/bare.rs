//! A page of as many bytes from actix-web and askama alone: what a page costs at least. This
//! program serves it as a process of its own, so that it can be pinned beside the portal.

use actix_web::{App, HttpResponse, HttpServer, web};
use askama::Template;

use crate::server::{Server, pinned};
use crate::support::process::port_to_come_back_to;

/// The argument with which this program serves the page.
pub const SERVE: &str = "--serve-bare-page";

const LINE: &str = "A line of text that the template escapes, as long as those of a page are.";

#[derive(Template)]
#[template(
    source = "<!doctype html><html lang=\"en\"><body>{% for line in lines %}<p>{{ line }}</p>\
              {% endfor %}</body></html>",
    ext = "html"
)]
struct Page<'a> {
    lines: &'a [&'a str],
}

/// Serves it until it is killed.
pub fn serve(port: &str, bytes: &str) {
    let (port, bytes): (u16, usize) = (port.parse().unwrap(), bytes.parse().unwrap());
    let lines = web::Data::new(bytes / (LINE.len() + "<p></p>".len()));
    let app = move || {
        App::new()
            .app_data(lines.clone())
            .route("/", web::get().to(page))
    };
    let server = HttpServer::new(app);
    let server = server.bind(("127.0.0.1", port)).unwrap();
    actix_web::rt::System::new().block_on(server.run()).unwrap();
}

async fn page(lines: web::Data<usize>) -> HttpResponse {
    let lines = vec![LINE; **lines];
    let page = Page { lines: &lines }.render().unwrap();
    HttpResponse::Ok().content_type("text/html").body(page)
}

/// Starts this program for a page of so many bytes.
pub async fn start(bytes: usize) -> Server {
    let port = port_to_come_back_to();
    let mut command = pinned(std::env::current_exe().unwrap());
    command.args([SERVE, &port.to_string(), &bytes.to_string()]);
    Server::start(command, port).await
}
