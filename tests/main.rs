//! Every test that needs more than one module, in one binary that links once.
#![allow(clippy::unwrap_used)] // what helps a test may fail as a test does

mod acceptance;
mod cloud;
mod docs;
mod fuzz;
mod house;
mod permissions;
mod release;
mod storm;
mod wire;
