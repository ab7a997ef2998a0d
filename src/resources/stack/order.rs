//! What is wanted of a stack, what is sent for it, and what is remembered of that.

pub mod difference;
pub mod place;
pub mod remembered;
pub mod secrets;
pub mod sent;
pub mod wanted;
