//! File formats that pages offer for download.

pub mod audit;
pub mod calendar;
pub mod csv;
pub mod download;
pub mod list_csv;
pub mod reminders;
