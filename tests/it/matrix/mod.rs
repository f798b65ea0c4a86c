//! The matrix of all routes, from the table that they are registered from: what
//! `routes.txt` states of each (method, path, guard, body, time limits, caching) is tried.
//! A route without a line fails, and so does a line that does not hold. Guards and CSRF
//! are tried in `guards.rs`, each kind of time limit in `budgets`.

mod bodies;
mod languages;
mod methods;
mod rows;
mod time_limits;

use rubrica::web::ALL_ROUTES;

use rows::rows;

#[test]
fn every_route_states_its_guard_its_body_its_time_limits_and_its_caching() {
    let all = ALL_ROUTES.iter().copied().flatten();
    let mut routes: Vec<_> = all
        .map(|route| {
            let (guard, class) = (format!("{:?}", route.guard), format!("{:?}", route.class));
            (route.path, route.method.to_string(), guard, class)
        })
        .collect();
    routes.sort();
    let rows = rows();
    let stated: Vec<_> = rows
        .iter()
        .map(|row| {
            let (guard, class) = (row.guard.to_owned(), row.class.to_owned());
            (row.path, row.method.to_owned(), guard, class)
        })
        .collect();
    assert_eq!(routes, stated, "tests/it/matrix/routes.txt is not right");
    for row in rows {
        let is_right = match (row.method, row.class) {
            ("POST", "Upload") => row.body == "file",
            ("POST", _) => matches!(row.body, "form" | "pem"),
            _ => row.body == "-",
        };
        assert!(is_right, "{row:?}");
    }
}
