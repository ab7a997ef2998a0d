//! What two blocks may be about: every object, each as small as it gets.

use std::fs;

use super::super::templates::fixture;
use super::super::terraform::Project;
use super::super::{QUEUES, sso};
use crate::cloud::Cloud;

/// A kind of object.
pub struct Kind {
    /// Its resource type.
    pub block: &'static str,
    /// The arguments, but for the name.
    pub arguments: String,
    /// The argument that names it, and what stands there for `a` and for `b`.
    pub name: (&'static str, [String; 2]),
    /// What else is in the configuration.
    pub beside: String,
    /// Files that the project needs.
    pub files: fn(&Project),
    /// What is in AWS.
    pub portrait: fn(&Cloud) -> Vec<String>,
    /// The call that makes it.
    pub write: &'static str,
    /// What an `import` block takes for `a`.
    pub import: String,
    /// What stands in each provider block.
    pub provider: String,
}

impl Kind {
    /// A block of this label for the object `a` or `b`.
    pub fn block(&self, label: &str, name: &str, more: &str) -> String {
        let (argument, names) = &self.name;
        let name = &names[usize::from(name == "b")];
        format!(
            "resource \"{}\" \"{label}\" {{\n  {argument} = {name}\n{}{more}\n}}\n",
            self.block, self.arguments
        )
    }

    /// A provider block, with what else stands in it.
    pub fn provider_block(&self, more: &str) -> String {
        format!("provider \"quilt\" {{\n{}{more}}}\n", self.provider)
    }

    /// Whether what is made anew is told from what was there before.
    pub fn is_made_anew(&self) -> bool {
        !["quilt_sso", "quilt_tabulator_table", "quilt_user"].contains(&self.block)
    }

    /// Whether it is part of a stack, and has no ARN of its own.
    pub fn is_sign_in(&self) -> bool {
        self.block == "quilt_sso"
    }
}

pub fn nothing(_: &Project) {}

/// Every stack with its ARN, and what it has.
fn stacks(cloud: &Cloud) -> Vec<String> {
    let mut all: Vec<_> = cloud
        .stacks()
        .iter()
        .map(|s| format!("{} {} {} {:?}", s.name, s.id, s.status, s.parameters))
        .collect();
    all.sort();
    all
}

fn snapshots(cloud: &Cloud) -> Vec<String> {
    let answer = cloud.query("rds", "DescribeDBSnapshots", &[]).expect("listing is allowed");
    let row =
        |name: &str, row: &crate::cloud::xml::Node| row.get(name).unwrap_or_default().to_owned();
    let all = answer.members("DBSnapshots").iter().map(|s| {
        format!(
            "{} {} {}",
            row("DBSnapshotIdentifier", s),
            row("SnapshotCreateTime", s),
            row("Status", s)
        )
    });
    let mut all: Vec<_> = all.collect();
    all.sort();
    all
}

/// A VPC and two subnets, as a block's `network`.
fn network_in(cloud: &Cloud) -> String {
    let place = cloud.place();
    let subnets: Vec<_> = place
        .get("IntraSubnets")
        .unwrap_or_default()
        .split(',')
        .map(|id| format!("{id:?}"))
        .collect();
    let vpc = place.get("VPC").unwrap_or_default();
    format!("  network = {{ vpc_id = {vpc:?}, intra_subnet_ids = [{}] }}\n", subnets.join(", "))
}

pub fn stack(_: &Cloud) -> Kind {
    Kind {
        block: "quilt_stack",
        arguments: "  template_file = \"template.yaml\"\n  enable_termination_protection = false\n"
            .into(),
        name: ("name", ["\"queues\"".into(), "\"others\"".into()]),
        beside: String::new(),
        files: |project| project.write("template.yaml", QUEUES),
        portrait: stacks,
        write: "CreateStack",
        import: "queues".into(),
        provider: String::new(),
    }
}

pub fn network(_: &Cloud) -> Kind {
    Kind {
        block: "quilt_network",
        arguments: "  enable_termination_protection = false\n  nat_gateways = \"none\"\n".into(),
        name: ("name", ["\"one\"".into(), "\"two\"".into()]),
        beside: String::new(),
        files: nothing,
        portrait: stacks,
        write: "CreateStack",
        import: "one".into(),
        provider: String::new(),
    }
}

pub fn database(cloud: &Cloud) -> Kind {
    Kind {
        block: "quilt_database",
        arguments: format!(
            "  enable_deletion_protection = false\n  enable_termination_protection = false\n{}",
            network_in(cloud)
        ),
        name: ("name", ["\"one\"".into(), "\"two\"".into()]),
        beside: String::new(),
        files: nothing,
        portrait: stacks,
        write: "CreateStack",
        import: "one".into(),
        provider: String::new(),
    }
}

pub fn search(cloud: &Cloud) -> Kind {
    Kind {
        block: "quilt_search",
        arguments: format!(
            "  enable_termination_protection = false\n  size = \"small\"\n{}",
            network_in(cloud)
        ),
        name: ("name", ["\"one\"".into(), "\"two\"".into()]),
        beside: String::new(),
        files: nothing,
        portrait: stacks,
        write: "CreateStack",
        import: "one".into(),
        provider: String::new(),
    }
}

pub fn snapshot(cloud: &Cloud) -> Kind {
    let body = "Resources:\n  DB:\n    Type: AWS::RDS::DBInstance\n    Properties: {Engine: postgres, EngineVersion: \"15.12\", DBInstanceClass: db.t3.small, \
                AllocatedStorage: \"100\", MasterUsername: keeper, MasterUserPassword: not-a-secret}\n";
    cloud.create_stack("old", body, &[]).expect("the template is right");
    cloud.settled("old");
    Kind {
        block: "quilt_snapshot",
        arguments: "  stack_name = \"old\"\n  delete_on_destroy = true\n".into(),
        name: ("snapshot_identifier", ["\"one\"".into(), "\"two\"".into()]),
        beside: String::new(),
        files: nothing,
        portrait: snapshots,
        write: "CreateDBSnapshot",
        import: "one".into(),
        provider: String::new(),
    }
}

pub fn sign_in(cloud: &Cloud) -> Kind {
    let text = fs::read_to_string(fixture(sso::MULTI)).expect("the template is text");
    sso::install(cloud, &text, &[]);
    Kind {
        block: "quilt_sso",
        arguments: "  stack_name = \"quilt\"\n  client_id = \"id\"\n  client_secret_wo = \"s3cr3t\"\n  client_secret_wo_version = 1\n"
            .into(),
        name: ("identity_provider", ["\"google\"".into(), "\"okta\"\n  base_url = \"https://example.okta.com/oauth2/default\"".into()]),
        beside: String::new(),
        files: nothing,
        portrait: stacks,
        write: "ExecuteChangeSet",
        import: "quilt/google".into(),
        provider: String::new(),
    }
}
