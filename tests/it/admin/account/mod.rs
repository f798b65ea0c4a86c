//! The own account of administrators: password and second factor.

mod passwords;
mod recovery_codes;
mod second_factor;

use std::time::Duration;

use crate::support::app::App;

/// Until the app shows the next code.
const STEP: Duration = Duration::from_secs(30);

fn next_code(app: &App) {
    app.clock.advance(STEP);
}
