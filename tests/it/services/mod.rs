//! The services against a database of either engine and a Redtrust that plays
//! a script: what its answers make of an issuance.

mod administering;
mod carrying;
mod confirming;
mod given;
mod issuing;
mod moving;
mod renewing;
mod resuming;
mod second_factor;
mod settling;
mod signing_in;
mod submitting;
