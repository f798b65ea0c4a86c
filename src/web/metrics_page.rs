//! `GET /metrics`, on a listener of its own: what Prometheus reads. No label has the name
//! of a person or a value that a visitor chooses.

use actix_web::{HttpResponse, web};

use super::metrics::Exposition;
use super::state::AppState;
use crate::services::Portal;
use crate::telemetry;

pub async fn show(state: web::Data<AppState>) -> HttpResponse {
    let mut out = Exposition::default();
    out.begin("rubrica_build_info", "gauge", "The version that runs.");
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    out.sample("rubrica_build_info", &version, 1);
    requests(&mut out, &state);
    redtrust(&mut out, &state.portal);
    database(&mut out, &state).await;
    budgets(&mut out, &state);
    out.single(
        "rubrica_log_lines_dropped_total",
        "counter",
        "Lines of the log that nobody read in time.",
        telemetry::dropped_lines(),
    );
    out.single(
        "rubrica_spans_dropped_total",
        "counter",
        "Spans of traces that the collector did not take in time.",
        telemetry::dropped_spans(),
    );
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(out.text)
}

fn requests(out: &mut Exposition, state: &AppState) {
    let name = "rubrica_http_request_duration_seconds";
    out.begin(name, "histogram", "Time until an answer began.");
    for (kind, times) in state.requests.all() {
        let status = kind.status.to_string();
        let labels = [
            ("method", kind.method),
            ("route", kind.route.as_str()),
            ("status", status.as_str()),
        ];
        out.histogram(name, &labels, &times);
    }
}

fn redtrust(out: &mut Exposition, portal: &Portal) {
    let name = "rubrica_redtrust_call_duration_seconds";
    out.begin(name, "histogram", "Calls to Redtrust.");
    for ((operation, outcome), times) in portal.connections.tally() {
        let labels = [("operation", operation), ("outcome", outcome)];
        out.histogram(name, &labels, &times);
    }
    let clients = portal.connections.clients();
    let name = "rubrica_redtrust_breaker_open";
    let help = "Whether calls fail at once because the last ones failed.";
    out.begin(name, "gauge", help);
    for one in &clients {
        let connection = one.connection.slug.as_str();
        let load = one.client.load();
        for (calls, open) in [("sign_in", load.sign_ins_refused), ("other", load.refused)] {
            let labels = [("connection", connection), ("calls", calls)];
            out.sample(name, &labels, u8::from(open));
        }
    }
    let name = "rubrica_redtrust_calls_in_flight";
    out.begin(name, "gauge", "Calls under way.");
    for one in &clients {
        let labels = [("connection", one.connection.slug.as_str())];
        out.sample(name, &labels, one.client.load().in_flight);
    }
}

async fn database(out: &mut Exposition, state: &AppState) {
    let portal = &state.portal;
    let pool = portal.storage.pool_use();
    let name = "rubrica_database_connections";
    out.begin(name, "gauge", "Open connections to the database.");
    out.sample(name, &[("state", "busy")], pool.open - pool.idle);
    out.sample(name, &[("state", "idle")], pool.idle);
    let name = "rubrica_database_connections_limit";
    let help = "How many connections there may be.";
    out.single(name, "gauge", help, pool.most);
    let counted = state.counted.now(portal).await;
    let name = "rubrica_database_up";
    let help = "Whether the database could be asked.";
    out.single(name, "gauge", help, u8::from(counted.is_some()));
    let Some(counted) = counted else {
        return;
    };
    let name = "rubrica_issuances";
    let help = "Requests for certificates by state, each counted up to 10000.";
    out.begin(name, "gauge", help);
    for (state, number) in counted.issuances {
        out.sample(name, &[("state", state.as_str())], number);
    }
    let name = "rubrica_certificates_expiring";
    let help = "Certificates without a successor by the days within which they expire \
        (0: expired), each counted up to 10000 and in one group only.";
    out.begin(name, "gauge", help);
    for (days, number) in counted.certificates {
        out.sample(name, &[("within_days", days)], number);
    }
    let name = "rubrica_sessions";
    out.begin(
        name,
        "gauge",
        "Sessions that are open, counted up to 10000.",
    );
    for (kind, number) in counted.sessions {
        out.sample(name, &[("kind", kind.as_str())], number);
    }
    let name = "rubrica_mail";
    let help = "Mail of the last 30 days by state, each counted up to 10000.";
    out.begin(name, "gauge", help);
    for (state, number) in counted.mail {
        out.sample(name, &[("state", state.as_str())], number);
    }
    if let Some(deliveries) = &portal.webhook {
        let name = "rubrica_webhook_waiting";
        let help = "Outcomes that the webhook's receiver has not taken yet, among the next \
            10000 entries of the audit.";
        out.single(name, "gauge", help, counted.untold);
        let name = "rubrica_webhook_delivery_duration_seconds";
        let help = "Deliveries to the webhook's receiver by this node.";
        out.begin(name, "histogram", help);
        for (outcome, times) in deliveries.all() {
            out.histogram(name, &[("outcome", outcome)], &times);
        }
    }
}

fn budgets(out: &mut Exposition, state: &AppState) {
    let budgets = [
        ("streams", &state.streams),
        ("exports", &state.exports),
        ("upload_bytes", &state.uploads),
    ];
    let name = "rubrica_budget_used";
    out.begin(
        name,
        "gauge",
        "What is taken of what all may take together.",
    );
    for (budget, shares) in budgets {
        out.sample(name, &[("budget", budget)], shares.in_use());
    }
    let name = "rubrica_budget_limit";
    out.begin(name, "gauge", "What all may take together.");
    for (budget, shares) in budgets {
        out.sample(name, &[("budget", budget)], shares.in_all());
    }
}
