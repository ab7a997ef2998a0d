//! The provider block: which account, which region, which tags, and values that are not known yet.

use serde_json::json;

use super::{free, queues, writes};
use crate::acceptance::terraform::Project;
use crate::cloud::Cloud;

const THIS: &str = "quilt_stack.this";

fn block(arguments: &str) -> String {
    format!("provider \"quilt\" {{\n{arguments}\n}}\n")
}

fn with(arguments: impl FnOnce(&Cloud) -> String) -> (Cloud, Project) {
    let (cloud, project) = queues();
    project.provider(&block(&arguments(&cloud)));
    project.main(&free(""));
    (cloud, project)
}

#[test]
fn another_account_is_refused_before_any_write() {
    let (cloud, project) = with(|_| "  allowed_account_ids = [\"210987654321\"]".into());
    project.apply().failed().says(cloud.account()).says("allowed_account_ids");
    assert_eq!(
        writes(&cloud).into_iter().filter(|action| action != "AssumeRole").collect::<Vec<_>>(),
        [""; 0]
    );
    let (cloud, project) =
        with(|cloud| format!("  forbidden_account_ids = [\"{}\"]", cloud.account()));
    project.apply().failed().says(cloud.account());
    assert!(cloud.stacks().is_empty());
    let (cloud, project) =
        with(|cloud| format!("  allowed_account_ids = [\"{}\"]", cloud.account()));
    project.apply().ok();
    assert!(cloud.stack("queues").is_some());
}

#[test]
fn another_account_keeps_nothing_from_being_seen() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    project.provider(&block("  allowed_account_ids = [\"210987654321\"]"));
    project.main("");
    project.apply().failed();
    project.destroy().failed();
    assert!(cloud.stack("queues").is_some() && !project.instance(THIS).is_null());
}

#[test]
fn default_tags_go_everywhere() {
    let (cloud, project) =
        with(|_| "  default_tags {\n    tags = { team = \"data\", env = \"prod\" }\n  }".into());
    project.main(&free("  tags = { env = \"dev\" }"));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(
        json!(cloud.stack("queues").expect("it was made").tags),
        json!({"team": "data", "env": "dev"})
    );
    assert_eq!(
        (project.attribute(THIS, "tags"), project.attribute(THIS, "tags_all")),
        (json!({"env": "dev"}), json!({"team": "data", "env": "dev"}))
    );
    project.provider(&block("  default_tags {\n    tags = { team = \"web\" }\n  }"));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    assert_eq!(
        json!(cloud.stack("queues").expect("it is there").tags),
        json!({"team": "web", "env": "dev"})
    );
}

#[test]
fn default_tags_that_are_not_known_yet_come_at_apply() {
    let (cloud, project) =
        with(|_| "  default_tags {\n    tags = { team = terraform_data.team.output }\n  }".into());
    let team = |name: &str| {
        format!("resource \"terraform_data\" \"team\" {{ input = \"{name}\" }}\n{}", free(""))
    };
    for name in ["data", "web"] {
        project.main(&team(name));
        project.apply().ok();
        project.plan_is_empty();
        assert_eq!(
            json!(cloud.stack("queues").expect("it was made").tags),
            json!({ "team": name })
        );
    }
}

#[test]
fn tags_of_others_stay() {
    let (cloud, project) = with(|_| {
        "  ignore_tags {\n    keys = [\"cost\"]\n    key_prefixes = [\"org:\"]\n  }".into()
    });
    project.main(&free("  tags = { team = \"data\" }"));
    project.apply().ok();
    let body = cloud.template("queues");
    let theirs = [("team", "data"), ("cost", "7"), ("org:unit", "x")];
    let rows: Vec<_> =
        theirs.iter().enumerate().flat_map(|(i, (key, value))| tag(i + 1, key, value)).collect();
    let mut options = vec![("TemplateBody", body.as_str())];
    options.extend(rows.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    cloud.change_stack("UpdateStack", "queues", &options, &[]).expect("tags are a change");
    cloud.settled("queues");
    project.plan_is_empty();
    project.main(&free("  tags = { team = \"web\" }"));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(
        json!(cloud.stack("queues").expect("it is there").tags),
        json!({"team": "web", "cost": "7", "org:unit": "x"})
    );
}

fn tag(number: usize, key: &str, value: &str) -> [(String, String); 2] {
    [
        (format!("Tags.member.{number}.Key"), key.into()),
        (format!("Tags.member.{number}.Value"), value.into()),
    ]
}

#[test]
fn a_missing_region_is_told() {
    let (cloud, mut project) = queues();
    project.set("AWS_REGION", "");
    project.set("AWS_DEFAULT_REGION", "");
    project.main(&free(""));
    project.plan().failed().says("region").says("AWS_REGION");
    assert!(cloud.calls().is_empty());
    project.provider(&block("  region = \"us-east-1\""));
    project.apply().ok();
    assert!(
        cloud.asked().iter().any(|call| (call.service.as_str(), call.action.as_str())
            == ("cloudformation", "CreateStack"))
    );
}

#[test]
fn a_region_that_is_not_known_yet() {
    let (cloud, project) = queues();
    project.provider(&block("  region = terraform_data.region.output"));
    project.main(&format!(
        "resource \"terraform_data\" \"region\" {{\n  input = \"us-east-1\"\n}}\n\n{}",
        free("")
    ));
    let plan = project.plan();
    assert_eq!(plan.code, 2, "{}", plan.text);
    assert!(cloud.calls().is_empty());
    project.apply().ok();
    project.plan_is_empty();
    assert!(cloud.stack("queues").is_some());
    project.destroy().ok();
    assert!(cloud.stack("queues").is_none());
}

#[test]
fn arguments_that_are_not_known_yet() {
    let (cloud, project) = queues();
    let later = "resource \"terraform_data\" \"later\" {\n  input = { name = \"queues\", size = \"2048\", file = \"template.yaml\" }\n}\n\n";
    let main = "  template_file = terraform_data.later.output.file\n  enable_termination_protection = false\n  \
                parameters = { Size = terraform_data.later.output.size }\n  tags = { size = terraform_data.later.output.size }";
    project.main(&format!(
        "{later}{}",
        super::stack(main).replace("\"queues\"", "terraform_data.later.output.name")
    ));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(cloud.stack("queues").expect("it was made").parameters["Size"], "2048");
}

#[test]
fn a_resource_may_name_its_region() {
    let (_cloud, project) = queues();
    project.main(&free("  region = \"eu-west-1\""));
    project.apply().ok();
    project.plan_is_empty();
    let id = project.attribute(THIS, "id");
    assert!(
        id.as_str().is_some_and(|id| id.starts_with("arn:aws:cloudformation:eu-west-1:")),
        "{id}"
    );
    let other = project.again(&_cloud);
    other.import(THIS, id.as_str().unwrap_or_default()).ok();
    other.apply().ok();
    other.plan_is_empty();
    project.destroy().ok();
}

#[test]
fn addresses_may_stand_in_the_block() {
    let (cloud, mut project) = queues();
    let endpoint = cloud.endpoint();
    project.set("AWS_ENDPOINT_URL", "");
    project.provider(&block(&format!(
        "  endpoints {{\n    cloudformation = \"{endpoint}\"\n    s3 = \"{endpoint}\"\n    sts = \"{endpoint}\"\n  }}"
    )));
    project.main(&free(""));
    project.apply().ok();
    assert!(cloud.stack("queues").is_some());
}

#[test]
fn keys_may_stand_in_the_block() {
    let (cloud, mut project) = queues();
    project.set("AWS_ACCESS_KEY_ID", "");
    project.set("AWS_SECRET_ACCESS_KEY", "");
    project.main(&free(""));
    project.apply().failed().says("credentials");
    project.provider(&block(&format!(
        "  access_key = \"{}\"\n  secret_key = \"not-a-secret\"",
        cloud.account()
    )));
    project.apply().ok();
    assert!(cloud.stack("queues").is_some());
}
