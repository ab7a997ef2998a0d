//! A provider that has the types of hashicorp/aws which the modules use, and does nothing: Terraform checks a configuration against it with nothing downloaded.
//! Names, types and who gives each value are as in the documentation of hashicorp/aws 5 and 6.

use std::thread;

use async_trait::async_trait;
use quilt_provider::cx::Cx;
use quilt_provider::kinds::resource::identity::IdentitySchema;
use quilt_provider::kinds::resource::{Answer, AnyResource, Change, Planned, Source, Wanted};
use quilt_provider::provider::Provider;
use quilt_provider::tf::draft::guard;
use quilt_provider::tf::schema::{Attribute, AttributeConstraint, AttributeType, Schema, Shape};
use quilt_provider::tf::{Diagnostics, Object};
use quilt_provider::wire::{Caller, Life, Server};
use serde_json::json;

/// Serves it until the test ends; the value of TF_REATTACH_PROVIDERS under which Terraform finds it.
pub fn aws() -> String {
    let mut provider = Provider::default();
    provider.served.resources = vec![
        Box::new(Type::record()),
        Box::new(Type::certificate()),
        Box::new(Type::validation()),
        Box::new(Type::alarm()),
    ];
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
    fn new(
        name: &'static str,
        attributes: Vec<(&'static str, AttributeType, AttributeConstraint)>,
    ) -> Self {
        let attributes = attributes
            .into_iter()
            .map(|(name, kind, given)| Attribute::new(name, "", Shape::Type(kind), given));
        let schema = Schema { version: 0, doc: String::new(), attributes: attributes.collect() };
        Self { name, schema: Box::leak(Box::new(schema)) }
    }

    fn record() -> Self {
        use AttributeConstraint::{Computed, Optional, Required};
        use AttributeType::{Bool, Number, String};
        Self::new(
            "aws_route53_record",
            vec![
                ("zone_id", String, Required),
                ("name", String, Required),
                ("type", String, Required),
                ("ttl", Number, Optional),
                ("records", AttributeType::Set(Box::new(String)), Optional),
                ("allow_overwrite", Bool, Optional),
                ("fqdn", String, Computed),
                ("id", String, Computed),
            ],
        )
    }

    fn certificate() -> Self {
        use AttributeConstraint::{Computed, Optional, OptionalComputed};
        use AttributeType::String;
        let option = [
            "domain_name",
            "resource_record_name",
            "resource_record_type",
            "resource_record_value",
        ];
        let option = AttributeType::Object(option.map(|name| (name.to_owned(), String)).into());
        Self::new(
            "aws_acm_certificate",
            vec![
                ("domain_name", String, OptionalComputed),
                (
                    "subject_alternative_names",
                    AttributeType::Set(Box::new(String)),
                    OptionalComputed,
                ),
                ("validation_method", String, OptionalComputed),
                ("key_algorithm", String, Optional),
                ("domain_validation_options", AttributeType::Set(Box::new(option)), Computed),
                ("arn", String, Computed),
                ("id", String, Computed),
            ],
        )
    }

    fn alarm() -> Self {
        use AttributeConstraint::{Computed, Optional, Required};
        use AttributeType::{Map, Number, String};
        Self::new(
            "aws_cloudwatch_metric_alarm",
            vec![
                ("alarm_name", String, Required),
                ("alarm_description", String, Optional),
                ("namespace", String, Optional),
                ("metric_name", String, Optional),
                ("dimensions", Map(Box::new(String)), Optional),
                ("statistic", String, Optional),
                ("comparison_operator", String, Required),
                ("threshold", Number, Optional),
                ("period", Number, Optional),
                ("evaluation_periods", Number, Required),
                ("alarm_actions", AttributeType::Set(Box::new(String)), Optional),
                ("arn", String, Computed),
                ("id", String, Computed),
            ],
        )
    }

    fn validation() -> Self {
        use AttributeConstraint::{Computed, Optional, Required};
        use AttributeType::String;
        Self::new(
            "aws_acm_certificate_validation",
            vec![
                ("certificate_arn", String, Required),
                ("validation_record_fqdns", AttributeType::Set(Box::new(String)), Optional),
                ("id", String, Computed),
            ],
        )
    }
}

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

    async fn upgrade(&self, _: &Cx, _: i64, _: Object, _: &mut Diagnostics) -> Option<Object> {
        None
    }

    async fn read(&self, _: &Cx, state: Object, _: &[u8], _: &mut Diagnostics) -> Answer {
        Answer { state: Some(state), private: Vec::new() }
    }

    async fn plan(&self, _: &Cx, _: Change, _: &mut Diagnostics) -> Option<Planned> {
        None
    }

    async fn apply(&self, _: &Cx, _: Change, _: &mut Diagnostics) -> Answer {
        Answer { state: None, private: Vec::new() }
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
