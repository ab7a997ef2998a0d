//! The rules that Terraform checks when it loads a schema: one breach makes the whole provider unusable.

use quilt_provider::provider::Provider;
use quilt_provider::wire::proto::schema::nested_block::NestingMode as BlockNesting;
use quilt_provider::wire::proto::schema::object::NestingMode;
use quilt_provider::wire::proto::schema::{Attribute, Block, NestedBlock, Object};
use quilt_provider::wire::proto::{Schema, get_provider_schema};
use quilt_provider::wire::{Caller, Life, Server};

use super::Served;
use super::client::{Client, knock};

/// Everything a schema does against the rules.
#[derive(Default)]
struct Breaches(Vec<String>);

impl Breaches {
    fn check(&mut self, holds: bool, path: &str, rule: &str) {
        if !holds {
            self.0.push(format!("{path}: {rule}"));
        }
    }

    fn schema(&mut self, path: &str, schema: &Schema) {
        self.check(schema.block.is_some(), path, "has a block");
        self.check(schema.version >= 0, path, "version is not negative");
        self.block(path, schema.block.as_ref().unwrap(), false);
    }

    fn block(&mut self, path: &str, block: &Block, in_set: bool) {
        let names = block
            .attributes
            .iter()
            .map(|a| &a.name)
            .chain(block.block_types.iter().map(|b| &b.type_name));
        self.names(path, names);
        for a in &block.attributes {
            self.attribute(&format!("{path}.{}", a.name), a, in_set);
        }
        for b in &block.block_types {
            self.nested_block(&format!("{path}.{}", b.type_name), b, in_set);
        }
    }

    fn names<'a>(&mut self, path: &str, names: impl Iterator<Item = &'a String>) {
        let mut seen = std::collections::HashSet::new();
        for name in names {
            let good = !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            self.check(good, path, &format!("{name} is of small letters, digits and _"));
            self.check(seen.insert(name), path, &format!("{name} is there once"));
        }
    }

    fn attribute(&mut self, path: &str, a: &Attribute, in_set: bool) {
        self.check(
            a.r#type.is_empty() != a.nested_type.is_none(),
            path,
            "type or nested type, and not both",
        );
        self.check(!(a.required && a.optional), path, "not required and optional");
        self.check(!(a.required && a.computed), path, "not required and computed");
        self.check(a.required || a.optional || a.computed, path, "someone gives it");
        self.check(
            !(a.write_only && (in_set || a.computed)),
            path,
            "write-only neither in a set nor computed",
        );
        self.check(!a.description.trim().is_empty(), path, "has a description");
        if let Some(nested) = &a.nested_type {
            self.object(path, nested, in_set);
        } else {
            self.type_json(path, &serde_json::from_slice(&a.r#type).unwrap_or_default(), in_set);
        }
    }

    fn object(&mut self, path: &str, object: &Object, in_set: bool) {
        self.check(object.nesting() != NestingMode::Invalid, path, "nesting is said");
        self.names(path, object.attributes.iter().map(|a| &a.name));
        for a in &object.attributes {
            self.attribute(
                &format!("{path}.{}", a.name),
                a,
                in_set || object.nesting() == NestingMode::Set,
            );
        }
    }

    fn nested_block(&mut self, path: &str, b: &NestedBlock, in_set: bool) {
        let limits = match b.nesting() {
            BlockNesting::Single => b.min_items == b.max_items && matches!(b.min_items, 0 | 1),
            BlockNesting::List | BlockNesting::Set => {
                b.min_items >= 0 && (b.max_items == 0 || b.min_items <= b.max_items)
            }
            BlockNesting::Map | BlockNesting::Group => (b.min_items, b.max_items) == (0, 0),
            BlockNesting::Invalid => false,
        };
        self.check(limits, path, "nesting with limits that fit it");
        self.check(b.block.is_some(), path, "has a block");
        self.block(path, b.block.as_ref().unwrap(), in_set || b.nesting() == BlockNesting::Set);
    }

    fn type_json(&mut self, path: &str, t: &serde_json::Value, in_set: bool) {
        use serde_json::Value as J;
        match t {
            J::String(s) if matches!(s.as_str(), "string" | "number" | "bool") => {}
            J::String(s) if s == "dynamic" => self.check(!in_set, path, "nothing dynamic in a set"),
            J::Array(parts) => match parts.as_slice() {
                [J::String(kind), inner] if matches!(kind.as_str(), "list" | "map" | "set") => {
                    self.type_json(path, inner, in_set || kind == "set")
                }
                [J::String(kind), J::Object(fields)] if kind == "object" => {
                    fields.values().for_each(|f| self.type_json(path, f, in_set))
                }
                [J::String(kind), J::Array(parts)] if kind == "tuple" => {
                    parts.iter().for_each(|f| self.type_json(path, f, in_set))
                }
                _ => self.check(false, path, "a type that Terraform has"),
            },
            _ => self.check(false, path, "a type that Terraform has"),
        }
    }
}

async fn breaches(client: &mut Client) -> Vec<String> {
    let answer = client
        .provider
        .get_provider_schema(get_provider_schema::Request {})
        .await
        .unwrap()
        .into_inner();
    let mut breaches = Breaches::default();
    breaches.schema("provider", answer.provider.as_ref().unwrap());
    for (name, schema) in &answer.resource_schemas {
        breaches.check(name.starts_with("quilt_"), name, "its full type name");
        breaches.schema(name, schema);
    }
    let capabilities = answer.server_capabilities.unwrap();
    breaches.check(
        capabilities.plan_destroy && capabilities.get_provider_schema_optional,
        "server",
        "plans deletions, gives its schema once",
    );
    breaches.check(
        capabilities.move_resource_state && answer.diagnostics.is_empty(),
        "server",
        "moves states, and has nothing to tell",
    );
    breaches.0
}

#[tokio::test]
async fn the_schemas_of_the_provider_keep_every_rule() {
    let server = Server::open(Provider::default(), &Caller::default(), Life::default()).unwrap();
    let handshake = server.handshake();
    let running = tokio::spawn(server.run());
    let mut client = Client::over(knock(&handshake).await.unwrap()).await.unwrap();
    assert_eq!(breaches(&mut client).await, Vec::<String>::new());
    running.abort();
}

#[tokio::test]
async fn the_schema_of_a_thing_keeps_every_rule() {
    assert_eq!(breaches(&mut Served::start().await.client().await).await, Vec::<String>::new());
}

#[test]
fn a_breach_is_seen() {
    let attribute = Attribute {
        name: "Bad".into(),
        r#type: br#"["box","string"]"#.to_vec(),
        required: true,
        computed: true,
        ..Default::default()
    };
    let block = NestedBlock {
        type_name: "Bad".into(),
        block: Some(Block::default()),
        nesting: BlockNesting::Single.into(),
        min_items: 1,
        max_items: 2,
    };
    let block =
        Block { attributes: vec![attribute], block_types: vec![block], ..Default::default() };
    let mut breaches = Breaches::default();
    breaches.schema("x", &Schema { version: -1, block: Some(block) });
    assert_eq!(breaches.0.len(), 8, "{:#?}", breaches.0);
}
