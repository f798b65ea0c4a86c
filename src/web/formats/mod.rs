//! File formats that pages offer for download.

pub mod calendar;
pub mod csv;
