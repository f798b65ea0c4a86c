//! Against servers that differ from each other in whatever the documents leave open:
//! the contrary sandboxes of many seeds.

mod console;
mod finding;
mod first_day;
mod living;
mod person;
