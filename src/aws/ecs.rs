//! ECS: services, the tasks that stopped, and where their containers log.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_types::SdkConfig;
use serde::Deserialize;
use serde_json::json;

use super::Tasks;
use super::signed::Service;
use super::signed::json::Json;
use crate::outcome::{AwsErrorKind, Result};

const ECS: Service =
    Service { id: "ECS", signs_as: "ecs", host: "ecs", fips_in_gov_cloud: false, global: false };
/// Tasks that one call describes at most.
const MOST: usize = 100;

/// ECS in one region.
pub struct Ecs {
    json: Json,
}

/// A service as it is.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct Running {
    /// Its name.
    pub service_name: String,
    /// `ACTIVE`, `DRAINING` or `INACTIVE`.
    pub status: String,
    /// How many tasks it is to have.
    pub desired_count: i64,
    /// How many run.
    pub running_count: i64,
    /// What it says of itself, newest first.
    pub events: Vec<Said>,
}

/// What a service says of itself.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct Said {
    /// When, in seconds since 1970.
    pub created_at: f64,
    /// What.
    pub message: String,
}

/// A task that stopped.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct Task {
    /// ARN.
    pub task_arn: String,
    /// ARN of the task definition.
    pub task_definition_arn: String,
    /// When it began to stop, in seconds since 1970.
    pub stopping_at: Option<f64>,
    /// When it stopped.
    pub stopped_at: Option<f64>,
    /// Why, in AWS's words.
    pub stopped_reason: Option<String>,
    /// Why, as `EssentialContainerExited`.
    pub stop_code: Option<String>,
    /// Its containers.
    pub containers: Vec<Container>,
}

/// A container of a task.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// What its program ended with.
    pub exit_code: Option<i64>,
    /// What ECS says.
    pub reason: Option<String>,
}

/// Where a container's output goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// Log group.
    pub group: String,
    /// The region of the group, where it is said.
    pub region: Option<String>,
    /// What the stream's name begins with.
    pub prefix: String,
}

impl Task {
    /// The last part of its ARN.
    pub fn id(&self) -> &str {
        self.task_arn.rsplit('/').next().unwrap_or_default()
    }

    /// When it stopped or began to.
    pub fn ended(&self) -> f64 {
        self.stopped_at.or(self.stopping_at).unwrap_or_default()
    }
}

impl Ecs {
    /// A client of its own from shared settings.
    pub fn new(sdk: &SdkConfig) -> Self {
        Self { json: Json::new(sdk, &ECS, "AmazonEC2ContainerServiceV20141113") }
    }
}

#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Services {
    services: Vec<Running>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Arns {
    task_arns: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Described {
    tasks: Vec<Task>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Definition {
    task_definition: Containers,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Containers {
    container_definitions: Vec<Defined>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Defined {
    name: String,
    log_configuration: Driver,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Driver {
    log_driver: String,
    options: BTreeMap<String, String>,
}

#[async_trait]
impl Tasks for Ecs {
    async fn service(&self, cluster: &str, service: &str) -> Result<Option<Running>> {
        let asked = json!({ "cluster": cluster, "services": [service] });
        let answer = self.json.call("describe the service", "DescribeServices", asked).await;
        let found: Services = match answer {
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => return Ok(None),
            answer => answer?,
        };
        Ok(found.services.into_iter().find(|s| s.status != "INACTIVE"))
    }

    async fn stopped(&self, cluster: &str, service: &str) -> Result<Vec<Task>> {
        let asked =
            json!({ "cluster": cluster, "serviceName": service, "desiredStatus": "STOPPED" });
        let answer = self.json.call("list the stopped tasks", "ListTasks", asked).await;
        let Arns { mut task_arns } = match answer {
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => return Ok(vec![]),
            answer => answer?,
        };
        task_arns.truncate(MOST);
        if task_arns.is_empty() {
            return Ok(vec![]);
        }
        let asked = json!({ "cluster": cluster, "tasks": task_arns });
        let Described { mut tasks } =
            self.json.call("describe the stopped tasks", "DescribeTasks", asked).await?;
        tasks.sort_by(|a, b| b.ended().total_cmp(&a.ended()));
        Ok(tasks)
    }

    async fn outputs(&self, definition: &str) -> Result<BTreeMap<String, Output>> {
        let asked = json!({ "taskDefinition": definition });
        let found: Definition =
            self.json.call("describe the task definition", "DescribeTaskDefinition", asked).await?;
        let defined = found.task_definition.container_definitions.into_iter();
        Ok(defined.filter_map(|d| Some((d.name, output(d.log_configuration)?))).collect())
    }
}

/// Where a driver writes to, as far as CloudWatch Logs hold it.
fn output(mut driver: Driver) -> Option<Output> {
    if driver.log_driver != "awslogs" {
        return None;
    }
    Some(Output {
        group: driver.options.remove("awslogs-group")?,
        region: driver.options.remove("awslogs-region"),
        prefix: driver.options.remove("awslogs-stream-prefix")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_task_is_read_as_ecs_tells_it() {
        let answer = r#"{"tasks":[{"taskArn":"arn:aws:ecs:eu-west-1:1:task/c/4f","taskDefinitionArn":"d","stoppedAt":1.5,"stopCode":"EssentialContainerExited",
            "stoppedReason":"Essential container in task exited","containers":[{"name":"registry","exitCode":1,"lastStatus":"STOPPED"}]}],"failures":[]}"#;
        let Described { tasks } = serde_json::from_str(answer).unwrap();
        assert_eq!((tasks[0].id(), tasks[0].ended()), ("4f", 1.5));
        assert_eq!(tasks[0].containers[0].exit_code, Some(1));
    }

    #[test]
    fn only_what_cloudwatch_holds_is_an_output() {
        let of = |text: &str| output(serde_json::from_str(text).unwrap());
        let found = of(
            r#"{"logDriver":"awslogs","options":{"awslogs-group":"prod","awslogs-region":"eu-west-1","awslogs-stream-prefix":"quilt"}}"#,
        );
        assert_eq!(found.map(|o| (o.group, o.prefix)), Some(("prod".into(), "quilt".into())));
        assert_eq!(of(r#"{"logDriver":"splunk","options":{}}"#), None);
        assert_eq!(of(r#"{"logDriver":"awslogs","options":{"awslogs-group":"prod"}}"#), None);
    }
}
