//! What one client may cost: every request is answered in time, and memory, connections
//! and processor time have limits that one person cannot use up for the others. The tests
//! are named after the hostile cases.

mod anonymous;
mod cut_bodies;
mod large_bodies;
mod late_answers;
mod not_reading;
mod passwords;
mod sessions;
mod shares;
mod stalled_uploads;
