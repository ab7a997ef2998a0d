//! Scenes: configurations whose creation, change and destruction are disturbed.

use crate::acceptance::migration;
use crate::acceptance::terraform::Project;
use crate::cloud::Cloud;

/// What a configuration is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scene {
    /// Two stacks, the second made of the first one's outputs.
    Stacks,
    /// A network.
    Network,
    /// A database in a network.
    Database,
    /// A search domain in a network.
    Search,
    /// Sign-in on a stack of the same configuration.
    SignIn,
    /// Sign-in on somebody else's stack.
    Guest,
    /// A snapshot of the database of somebody else's stack.
    Snapshot,
    /// Network, database, snapshot of it, search domain, a stack and its sign-in.
    Everything,
    /// From network 1.0 to 2.0, as `examples/migration` does it.
    Migration,
}

/// All of them.
pub const SCENES: [Scene; 9] = [
    Scene::Stacks,
    Scene::Network,
    Scene::Database,
    Scene::Search,
    Scene::SignIn,
    Scene::Guest,
    Scene::Snapshot,
    Scene::Everything,
    Scene::Migration,
];

/// A stack with sign-in of the newest kind.
const SIGN_IN: &str = r#"Parameters:
  QuiltWebHost: {Type: String, Default: quilt.example.com}
  Size: {Type: String, Default: "1024"}
  OktaAuth: {Type: String, Default: Disabled, AllowedValues: [Enabled, Disabled]}
  OktaClientId: {Type: String, Default: ""}
  OktaClientSecret: {Type: String, Default: "", NoEcho: true}
  OktaBaseUrl: {Type: String, Default: ""}
  PasswordAuth: {Type: String, Default: Enabled, AllowedValues: [Enabled, Disabled]}
Resources:
  First: {Type: AWS::SQS::Queue, Properties: {MaximumMessageSize: !Ref Size, Tags: [{Key: client, Value: !Sub "x${OktaClientId}"}]}}
Outputs:
  Size: {Value: !Ref Size}
"#;

/// A stack with a database of its own.
const OLD: &str = r#"Resources:
  DB:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, EngineVersion: "15.12", DBInstanceClass: db.t3.small, AllocatedStorage: "100", DBName: quilt,
                 MasterUsername: keeper, MasterUserPassword: not-a-secret, StorageEncrypted: true}
"#;

impl Scene {
    /// What is there before anybody applies.
    pub fn lay(self, cloud: &Cloud, project: &mut Project) {
        project.write("queues.yaml", crate::acceptance::QUEUES);
        project.write("quilt.yaml", SIGN_IN);
        let made = |name: &str, body: &str| {
            cloud.create_stack(name, body, &[]).expect("the template is right");
            cloud.settled(name);
        };
        match self {
            Self::Guest => made("quilt", SIGN_IN),
            Self::Snapshot => made("old", OLD),
            Self::Migration => {
                migration::old(cloud);
                migration::place(project);
            }
            _ => {}
        }
        cloud.forget();
    }

    /// How long resources take, beside those of other scenes: where there are many, each is quick.
    pub fn pace(self) -> f64 {
        if self == Self::Migration { 0.1 } else { 1.0 }
    }

    /// All there is to know of somebody else's stack, which nothing may touch.
    pub fn untouched(self, cloud: &Cloud) -> String {
        match self {
            Self::Snapshot => migration::look_at(cloud, "old"),
            Self::Migration => migration::look_at(cloud, migration::OLD),
            _ => String::new(),
        }
    }

    /// Writes the configuration before a change, or after it.
    pub fn configure(self, project: &Project, changed: bool) {
        match self {
            Self::Migration => migration::values(project, |all| {
                let (client, size) =
                    if changed { ("other", "medium") } else { ("client", "small") };
                (all["client_id"], all["search_size"]) = (client.into(), size.into());
            }),
            _ => project.main(&self.configuration(changed)),
        }
    }

    fn configuration(self, changed: bool) -> String {
        match self {
            Self::Stacks => stacks(changed),
            Self::Network => network(changed),
            Self::Database => network(false) + &database(changed),
            Self::Search => network(false) + &search(changed),
            Self::SignIn => quilt(changed) + &okta("quilt_stack.quilt.name", changed),
            Self::Guest => okta("\"quilt\"", changed),
            Self::Snapshot => snapshot("stack_name = \"old\"", changed),
            Self::Everything => {
                let of = "db_instance_identifier = quilt_database.this.db_instance_identifier";
                let all = [
                    network(false),
                    database(changed),
                    snapshot(of, changed),
                    quilt(changed),
                    okta("quilt_stack.quilt.name", changed),
                ];
                all.concat()
            }
            Self::Migration => unreachable!("it is an example with values"),
        }
    }
}

fn stacks(changed: bool) -> String {
    let size = if changed { 4096 } else { 2048 };
    let one = |name: &str, size: &str| {
        format!(
            "resource \"quilt_stack\" \"{name}\" {{\n  name = \"{name}\"\n  template_file = \"queues.yaml\"\n  \
             enable_termination_protection = false\n  parameters = {{ Size = {size}, Password = \"s3cr3t\" }}\n}}\n"
        )
    };
    one("first", &size.to_string()) + &one("second", "quilt_stack.first.outputs[\"Size\"]")
}

fn network(changed: bool) -> String {
    format!(
        "resource \"quilt_network\" \"this\" {{\n  name = \"net\"\n  nat_gateways = \"single\"\n  s3_gateway_endpoint = {}\n  \
         enable_termination_protection = false\n}}\n",
        !changed
    )
}

fn database(changed: bool) -> String {
    let class = if changed { "db.t3.medium" } else { "db.t3.small" };
    format!(
        "resource \"quilt_database\" \"this\" {{\n  name = \"data\"\n  network = quilt_network.this\n  instance_class = \"{class}\"\n  \
         enable_deletion_protection = false\n  enable_termination_protection = false\n}}\n"
    )
}

fn search(changed: bool) -> String {
    let size = if changed { "medium" } else { "small" };
    format!(
        "resource \"quilt_search\" \"this\" {{\n  name = \"find\"\n  network = quilt_network.this\n  size = \"{size}\"\n  \
         enable_termination_protection = false\n}}\n"
    )
}

fn snapshot(of: &str, changed: bool) -> String {
    let tags = if changed { "  tags = { Purpose = \"move\" }\n" } else { "" };
    format!(
        "resource \"quilt_snapshot\" \"this\" {{\n  {of}\n  snapshot_identifier = \"mine\"\n  delete_on_destroy = true\n{tags}}}\n"
    )
}

fn quilt(changed: bool) -> String {
    let size = if changed { 4096 } else { 2048 };
    format!(
        "resource \"quilt_stack\" \"quilt\" {{\n  name = \"quilt\"\n  template_file = \"quilt.yaml\"\n  \
         enable_termination_protection = false\n  parameters = {{ Size = {size} }}\n}}\n"
    )
}

fn okta(stack: &str, changed: bool) -> String {
    let client = if changed { "other" } else { "client" };
    format!(
        "resource \"quilt_sso\" \"okta\" {{\n  stack_name = {stack}\n  identity_provider = \"okta\"\n  client_id = \"{client}\"\n  \
         base_url = \"https://example.okta.com/oauth2/default\"\n  client_secret_wo = \"s3cr3t\"\n  client_secret_wo_version = 1\n}}\n"
    )
}
