//! Every action of the provider.

pub mod continue_rollback;
pub mod detect_drift;
pub mod empty_buckets;
pub mod rotate_database_password;
pub mod take_snapshot;
mod timeout;
pub mod wait_healthy;

#[cfg(test)]
mod stage;
