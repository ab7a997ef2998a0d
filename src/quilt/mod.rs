//! What Quilt is, and what CloudFormation's stacks are to it. Pure: no AWS SDK, no clock, no Terraform.

pub mod names;
pub mod network;
pub mod stack;
