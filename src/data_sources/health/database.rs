//! The database: the stack's own, or the one beside it that its security group leads to.

use super::rows::DatabaseRow;
use super::scene::Scene;
use super::seen::{Found, once};
use crate::outcome::Result;
use crate::preflight::Verdict;
use crate::tf::known;

/// Statuses in which an instance answers.
const ANSWERS: [&str; 5] =
    ["available", "backing-up", "modifying", "storage-optimization", "storage-config-upgrade"];

/// Looks at the instance.
pub async fn look(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let found = once(&scene.database, gather(scene)).await?;
    Ok(found.as_ref().map(judge).or_else(|| unfound(scene)))
}

async fn gather(scene: &Scene<'_>) -> Result<Option<Found>> {
    let Some(id) = identifier(scene).await? else { return Ok(None) };
    let instance = scene.deploy.aws.databases.instance(&id).await?;
    Ok(Some(Found { id, instance }))
}

/// Which instance it is: the one that is named, the stack's own, or the one that its group leads to.
async fn identifier(scene: &Scene<'_>) -> Result<Option<String>> {
    if let Some(id) = scene.config.db_instance_identifier.as_ref_option() {
        return Ok(Some(id.clone()));
    }
    if let Some(group) = scene.parameter("DBAccessorSecurityGroup") {
        let stacks = scene.deploy.aws.stacks.list().await?;
        let leads = |name: &str| name == group;
        let mut made = stacks.iter().map(|stack| &stack.outputs);
        let beside = made.find(|made| {
            made.get("AccessorSecurityGroupId").is_some_and(|id| leads(id))
                && made.contains_key("InstanceIdentifier")
        });
        return Ok(beside.and_then(|made| made.get("InstanceIdentifier")).cloned());
    }
    let own = scene.parts(&["AWS::RDS::DBInstance"]).await?;
    Ok(own.first().map(|part| part.physical_id.clone()))
}

/// It stands beside the stack, and nothing leads to it.
fn unfound(scene: &Scene<'_>) -> Option<Verdict> {
    let group = scene.parameter("DBAccessorSecurityGroup")?;
    let found = format!(
        "The stack reaches its database through the security group {group}, and no stack here has made that together with a database."
    );
    Some(Verdict::not_known(found, "Give `db_instance_identifier`."))
}

impl Found {
    /// As state.
    pub fn row(&self) -> DatabaseRow {
        let instance = self.instance.as_ref();
        DatabaseRow {
            instance_identifier: known(self.id.as_str()),
            status: instance.map(|instance| instance.status.clone()).into(),
            engine_version: instance.map(|instance| instance.facts.engine_version.clone()).into(),
        }
    }
}

fn judge(Found { id, instance }: &Found) -> Verdict {
    let Some(instance) = instance else {
        let found = format!("RDS has no instance {id}.");
        let fix = "If it was deleted, restore a snapshot of it (`snapshot_identifier` of `quilt_database`); if it is another one, give `db_instance_identifier`.";
        return Verdict::fail("name", "The database is gone", found, fix);
    };
    let status = instance.status.as_str();
    let found = format!("The database {id} is {status}.");
    if ANSWERS.contains(&status) || status.starts_with("configuring-") {
        return Verdict::pass(found);
    }
    let fix = match status {
        "stopped" => {
            format!("Start it: `aws rds start-db-instance --db-instance-identifier {id}`.")
        }
        "storage-full" => "Give it more `allocated_storage`.".into(),
        _ if instance.stuck() => {
            "See its page in the RDS console, under \"Logs & events\", for what to do.".into()
        }
        _ => "That passes: look again in some minutes.".into(),
    };
    Verdict::fail("name", "The database does not answer", found, fix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preflight::Status;
    use crate::quilt::database::Instance;

    #[test]
    fn a_status_has_its_cure() {
        let of = |status: &str| {
            let instance = Instance { status: status.into(), ..Instance::default() };
            judge(&Found { id: "data".into(), instance: Some(instance) })
        };
        for status in ["available", "backing-up", "configuring-enhanced-monitoring"] {
            assert_eq!(of(status).status, Status::Pass, "{status}");
        }
        assert!(of("stopped").fix.contains("start-db-instance"));
        assert!(of("storage-full").fix.contains("allocated_storage"));
        assert!(of("incompatible-network").fix.contains("RDS console"));
        assert!(of("rebooting").fix.starts_with("That passes"));
    }
}
