//! What all long lists have alike: filters in the address, the form that sets them, the
//! number of rows, and pages in both directions.

pub mod choices;
pub mod form;
pub mod query;
pub mod view;
pub mod way_back;
