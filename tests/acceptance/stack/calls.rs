//! What a refresh costs: the calls of plans that find nothing to do.

use crate::acceptance::terraform::{APPLY, Project};
use crate::acceptance::{free, queues, writes};
use crate::cloud::Cloud;

/// So many small stacks.
fn many(count: usize) -> (Cloud, Project) {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.main(&format!(
        r#"resource "quilt_stack" "this" {{
  count                         = {count}
  name                          = "many-${{count.index}}"
  enable_termination_protection = false
  template_body                 = jsonencode({{ Resources = {{ Handle = {{ Type = "AWS::CloudFormation::WaitConditionHandle" }} }} }})
}}
"#
    ));
    project.run(&[&APPLY[..], &["-parallelism=50"]].concat()).ok();
    project.plan_is_empty();
    (cloud, project)
}

/// The calls of CloudFormation in a plan that finds nothing to do.
fn plan(cloud: &Cloud, project: &Project, parallelism: u32) -> Vec<String> {
    cloud.forget();
    let parallelism = format!("-parallelism={parallelism}");
    let plan =
        project.run(&["plan", "-no-color", "-input=false", "-detailed-exitcode", &parallelism]);
    assert_eq!(plan.code, 0, "{}", plan.text);
    cloud
        .calls()
        .into_iter()
        .filter(|call| call.service == "cloudformation")
        .map(|call| call.action)
        .collect()
}

#[test]
fn a_hundred_stacks_take_fewer_calls_however_many_are_read_at_once() {
    let (cloud, project) = many(100);
    for parallelism in [10, 100, 1] {
        let calls = plan(&cloud, &project, parallelism);
        assert!(calls.iter().all(|call| call == "DescribeStacks"), "{calls:?}");
        assert!(calls.len() <= 30, "-parallelism={parallelism}: {}", calls.len());
    }
}

#[test]
fn a_few_stacks_take_no_more_than_one_call_each() {
    for count in [1, 2, 3, 5] {
        let (cloud, project) = many(count);
        for parallelism in [1, 10] {
            let calls = plan(&cloud, &project, parallelism);
            assert!(calls.len() <= count, "{count} with -parallelism={parallelism}: {calls:?}");
        }
    }
}

/// The template is read again only when the stack was changed since.
#[test]
fn a_template_is_read_when_its_stack_was_changed() {
    let (cloud, project) = queues();
    project.main(&free("  parameters = { Size = 2048 }"));
    project.apply().ok();
    assert_eq!(plan(&cloud, &project, 10), ["DescribeStacks"]);
    let body = cloud.template("queues");
    cloud
        .update_stack("queues", &format!("{body}  Theirs: {{Value: x}}\n"), &[("Size", "2048")])
        .expect("there is a change");
    cloud.settled("queues");
    cloud.forget();
    assert_eq!(project.plan().code, 2);
    let read = cloud.calls_of("GetTemplate").len();
    assert_eq!(read, 2, "for what it means now, and for what the update leaves as it is");
    project.apply().ok();
    assert_eq!(plan(&cloud, &project, 10), ["DescribeStacks"]);
    project.apply().ok();
    cloud.forget();
    project.apply().ok().says("0 added, 0 changed, 0 destroyed");
    assert_eq!(writes(&cloud), [""; 0]);
}
