//! `quilt_stack` as people use it.

mod changes;
mod failure;
mod judged;
mod life;
mod options;
mod preview;
mod outputs;
mod secrets;
mod source;
mod stuck;
mod upgrade;

/// The address of the stack in every test.
const THIS: &str = "quilt_stack.this";
