//! A provider that has the types of hashicorp/aws which examples use, and does nothing in AWS: Terraform checks and applies a configuration with it, nothing is downloaded,
//! and what AWS would give is made up.
//! Names, types and who gives each value are as in the documentation of hashicorp/aws 5 and 6.

use std::thread;

use async_trait::async_trait;
use quilt_provider::cx::Cx;
use quilt_provider::kinds::resource::identity::IdentitySchema;
use quilt_provider::kinds::resource::{Answer, AnyResource, Change, Planned, Source, Wanted};
use quilt_provider::provider::Provider;
use quilt_provider::tf::draft::{draft, guard};
use quilt_provider::tf::schema::{Attribute, Schema};
use quilt_provider::tf::{Diagnostics, Object, Tree};
use quilt_provider::wire::{Caller, Life, Server};
use serde_json::json;

mod types;

/// Serves it until the test ends; the value of TF_REATTACH_PROVIDERS under which Terraform finds it.
pub fn aws() -> String {
    let mut provider = Provider::default();
    provider.served.resources =
        types::all().into_iter().map(|kind| Box::new(kind) as Box<dyn AnyResource>).collect();
    provider.served.data_sources.clear();
    provider.served.functions.clear();
    let (address, told) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("threads are to be had");
        runtime.block_on(async {
            let server = Server::open(provider, &Caller::default(), Life::default())
                .expect("sockets are to be had");
            let (network, place) = server.address();
            address.send((network.to_owned(), place.to_owned())).expect("the test waits");
            server.run().await.expect("it serves");
        });
    });
    let (network, place) = told.recv().expect("it serves");
    let how = json!({"Protocol": "grpc", "ProtocolVersion": 6, "Pid": std::process::id(), "Test": true, "Addr": {"Network": network, "String": place}});
    let names = ["registry.terraform.io/hashicorp/aws", "registry.opentofu.org/hashicorp/aws"];
    json!({names[0]: how, names[1]: how}).to_string()
}

/// One type: a name and a schema.
struct Type {
    name: &'static str,
    schema: &'static Schema,
}

impl Type {
    fn new(name: &'static str, attributes: Vec<Attribute>) -> Self {
        let schema = Schema {
            version: 0,
            doc: String::new(),
            attributes: attributes.into_iter().map(Attribute::stable).collect(),
        };
        Self { name, schema: Box::leak(Box::new(schema)) }
    }

    /// What AWS would give for an attribute of this object: an id or an ARN of its kind.
    fn gives(&self, attribute: &str, object: &Object) -> Tree {
        let text = |name: &str| match object.get(name) {
            Some(Tree::String(text)) => Some(text.clone()),
            _ => None,
        };
        let name = text("name").or(text("bucket")).unwrap_or_else(|| "made".into());
        let text = match (self.name, attribute) {
            (_, "id" | "fqdn") => name,
            ("aws_kms_key", "arn") => format!("arn:aws:kms:us-east-1:000000000000:key/{KEY}"),
            ("aws_kms_key", _) => KEY.to_owned(),
            ("aws_s3_bucket", "arn") => format!("arn:aws:s3:::{name}"),
            ("aws_iam_role", "arn") => format!("arn:aws:iam::000000000000:role/{name}"),
            ("aws_iam_policy", "arn") => format!("arn:aws:iam::000000000000:policy/{name}"),
            (_, "arn") => format!("arn:aws:service::000000000000:{name}"),
            _ => return Tree::Null,
        };
        Tree::String(text)
    }
}

/// The id of every key.
const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

#[async_trait]
impl AnyResource for Type {
    fn name(&self) -> &'static str {
        self.name
    }

    fn schema(&self) -> &'static Schema {
        self.schema
    }

    fn validate(&self, config: &Object, write_only_allowed: bool, d: &mut Diagnostics) {
        guard(&self.schema.attributes, config, write_only_allowed, d);
    }

    async fn upgrade(&self, _: &Cx, _: i64, old: Object, _: &mut Diagnostics) -> Option<Object> {
        Some(old)
    }

    async fn read(&self, _: &Cx, state: Object, _: &[u8], _: &mut Diagnostics) -> Answer {
        Answer { state: Some(state), private: Vec::new() }
    }

    async fn plan(&self, _: &Cx, change: Change, _: &mut Diagnostics) -> Option<Planned> {
        let state = change.planned.map(|planned| {
            draft(&self.schema.attributes, change.prior.as_ref(), &change.config, planned).planned
        });
        Some(Planned { state, replace: Vec::new(), private: Vec::new() })
    }

    async fn apply(&self, _: &Cx, change: Change, _: &mut Diagnostics) -> Answer {
        let state = change.planned.map(|planned| {
            let settled = planned.iter().map(|(name, value)| match value {
                Tree::Unknown => (name.clone(), self.gives(name, &planned)),
                value => (name.clone(), value.clone()),
            });
            settled.collect()
        });
        Answer { state, private: Vec::new() }
    }

    async fn import(&self, _: &Cx, _: &Wanted, _: &mut Diagnostics) -> Option<Answer> {
        None
    }

    async fn written(&self, _: &Cx, _: &Object, _: &mut Diagnostics) -> Option<Object> {
        None
    }

    fn identity_schema(&self) -> Option<IdentitySchema> {
        None
    }

    fn identity_of(&self, _: &Object) -> Option<Object> {
        None
    }

    fn upgrade_identity(&self, _: i64, old: Object) -> Object {
        old
    }

    fn move_from(&self, _: &Source, _: &Object, _: &mut Diagnostics) -> Option<Object> {
        None
    }
}
