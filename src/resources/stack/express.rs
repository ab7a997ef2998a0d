//! A deletion in CloudFormation's express mode: whether it may be, where it is asked for. It ends before all is gone, so nothing else may rest on its end.

use super::state::StackState;
use crate::cloudformation::arn::Arn;
use crate::cloudformation::stack::Part;
use crate::cx::claims::{Object, Said};
use crate::deploy::Deploy;
use crate::kinds::resource::Resource;
use crate::quilt::usage::{ids, uses};
use crate::resources::network::NetworkResource;
use crate::tf::{Diagnostics, Report, Value};

/// What holds a database: its last snapshot is part of its deletion.
const DATABASES: [&str; 4] = [
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBCluster",
    "AWS::DocDB::DBCluster",
    "AWS::Neptune::DBCluster",
];
/// What interfaces that linger hold fast.
const NETWORK: [&str; 2] = ["AWS::EC2::VPC", "AWS::EC2::Subnet"];

/// It is asked for.
pub fn asked(state: &StackState) -> bool {
    state.express_deletion == Value::Value(true)
}

/// Tells at plan that the destroy goes that way, or why it does not.
pub async fn plan(deploy: &Deploy<'_>, state: &StackState, d: &mut Diagnostics) {
    let Ok(arn) = state.arn() else { return };
    if !asked(state) || d.failed() {
        return;
    }
    if let Some(why) = held(deploy, arn).await {
        return usual(state, &why, d);
    }
    let detail = "It counts as gone as soon as its deletion is set up. Network interfaces of functions and the like, and what they hold fast, go \
                  within the next half an hour. Make nothing of its name until then.";
    d.warn(format!("{} is deleted in express mode", state.subject()), detail);
}

/// Whether the deletion goes that way. Why it does not is told where the plan could not know it.
pub async fn may(deploy: &Deploy<'_>, state: &StackState, d: &mut Diagnostics) -> bool {
    let Ok(arn) = state.arn() else { return false };
    if !asked(state) {
        return false;
    }
    if let Some(why) = elsewhere(deploy, arn).await {
        usual(state, &why, d);
        return false;
    }
    held(deploy, arn).await.is_none()
}

fn usual(state: &StackState, why: &str, d: &mut Diagnostics) {
    let summary = format!("{} is deleted the usual way", state.subject());
    d.warn(summary, format!("`express_deletion` does not apply: {why}."));
}

/// What in it stands against that.
async fn held(deploy: &Deploy<'_>, arn: &str) -> Option<String> {
    let parts = match deploy.parts(arn).await {
        Ok(parts) => parts,
        Err(e) => return Some(format!("what it holds could not be told ({e})")),
    };
    let one = |kinds: &[&str]| {
        let is = |part: &&Part| kinds.contains(&part.kind.as_str()) && part.status.exists();
        parts.iter().find(is).map(|part| format!("{} ({})", part.logical_id, part.kind))
    };
    one(&DATABASES)
        .map(|part| format!("it holds a database, {part}"))
        .or_else(|| one(&NETWORK).map(|part| format!("its network goes with it, {part}")))
}

/// What else this run does that stands against it.
async fn elsewhere(deploy: &Deploy<'_>, arn: &str) -> Option<String> {
    let run = &deploy.cx.run;
    if !run.tells_walks_apart() || !run.has_plan() {
        return Some("what else this run deletes is not known here, as with a saved plan".into());
    }
    let said = run.heard_and_planned();
    if said.iter().any(|said| matches!(&**said, Said::Replaced(object) if object.id == arn)) {
        return Some("it is made anew at once".into());
    }
    for network in said.iter().filter_map(|said| network(said)).filter(|n| beside(n, arn)) {
        if !spares(deploy, network, arn).await {
            let name = &network.title.name;
            return Some(format!("this run deletes the network {name} as well"));
        }
    }
    None
}

/// A network that goes.
fn network(said: &Said) -> Option<&Object> {
    match said {
        Said::Ends(object) | Said::Replaced(object) | Said::Deleted(object) => {
            Some(object).filter(|object| object.block == NetworkResource::NAME)
        }
        _ => None,
    }
}

/// In the stack's own account and region.
fn beside(network: &Object, arn: &str) -> bool {
    match (Arn::of(&network.id), Arn::of(arn)) {
        (Some(one), Some(other)) => (one.account, one.region) == (other.account, other.region),
        _ => true,
    }
}

/// The stack is seen to use nothing of the network.
async fn spares(deploy: &Deploy<'_>, network: &Object, arn: &str) -> bool {
    let stacks = &deploy.aws.stacks;
    match (stacks.find(&network.id).await, stacks.find(arn).await) {
        (Ok(Some(network)), Ok(Some(stack))) => !uses(&stack, &ids(&network)),
        _ => false,
    }
}
