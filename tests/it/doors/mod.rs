//! What is refused at the door: addresses, texts and visits that no page expects.

mod addresses;
mod raw;
mod texts;
mod visits;
