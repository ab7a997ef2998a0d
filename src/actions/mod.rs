//! Every action of the provider.

pub mod continue_rollback;
pub mod detect_drift;
pub mod take_snapshot;
mod timeout;

#[cfg(test)]
mod stage;
