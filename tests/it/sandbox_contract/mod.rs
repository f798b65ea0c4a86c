//! The sandbox against redtrust-ra-api.md, line by line, in raw HTTP.

mod contrary;
mod controls;
mod direct;
mod faults;
mod issue;
mod outside;
mod renew;
mod sign_in;
mod temp_token;
mod tutorial;
