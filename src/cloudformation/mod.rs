//! What CloudFormation is: templates, parameters, stacks, change sets, outputs, ARNs, partitions. Pure, and knows nothing of Quilt.

pub mod arn;
pub mod catalogued;
pub mod changes;
pub mod drift;
pub mod ended;
pub mod fixed;
pub mod meant;
pub mod outputs;
pub mod parameters;
pub mod partition;
pub mod progress;
pub mod prose;
pub mod stack;
pub mod stack_policy;
pub mod status;
pub mod stuck;
pub mod template;
