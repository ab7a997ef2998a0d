//! What the provider relies on of AWS, one small test each against the cloud, with the page it rests on.
//!
//! `API` is the CloudFormation API Reference, `Guide` its User Guide, `S3` the S3 API Reference. "Seen" marks texts that AWS's own pages do not give and that
//! public reports of the error quote. Knowingly different from AWS: nothing holds data; what a plan does not hold is instant; resources are made one after
//! another; the values of most resource properties are not checked; a service role need not exist and limits nothing; stack policies are kept and not enforced;
//! a canary never runs; custom resources answer without running the template's code; another value of a parameter that nothing uses is an update, while AWS
//! says that there is nothing to update (seen: aws-cloudformation/cloudformation-coverage-roadmap 2027, bazaarvoice/cloudformation-ruby-dsl 28).

mod account;
mod changes;
mod crowd;
mod database;
mod health;
mod lifecycle;
mod network;
mod reading;
mod refusals;
mod registry;
mod requests;
mod search;
mod snapshots;
mod statuses;
mod storage;
mod templates;
mod time;
mod past;
mod weather;

/// Two queues, the second made after the first; `size` is what an update changes.
pub const QUEUES: &str = r#"
Parameters:
  Size: {Type: Number, Default: 1024, MinValue: 1024, MaxValue: 262144}
  Password: {Type: String, NoEcho: true, MinLength: 3, Default: hunter2}
Resources:
  First: {Type: AWS::SQS::Queue, Properties: {MaximumMessageSize: !Ref Size}}
  Second: {Type: AWS::SQS::Queue, DependsOn: First, Properties: {MaximumMessageSize: !Ref Size}}
Outputs:
  Url: {Value: !Ref First}
"#;
