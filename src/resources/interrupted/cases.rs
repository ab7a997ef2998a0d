//! The resources under test, each with a configuration, an edit of it, and an AWS in which its stack can be made.

use super::Case;
use crate::aws::fake::Fake;
use crate::quilt::database::{Facts, Instance};
use crate::quilt::search::Domain;
use crate::resources::database::{DatabaseNetwork, DatabaseResource, DatabaseState};
use crate::resources::network::{NetworkResource, NetworkState};
use crate::resources::search::{SearchNetwork, SearchResource, SearchState};
use crate::resources::stack::{StackResource, StackState};
use crate::tf::{Value, known};

pub fn texts(items: &[&str]) -> Value<Vec<Value<String>>> {
    items.iter().map(|i| known(*i)).collect::<Vec<_>>().into()
}

pub fn stack() -> Case<StackResource> {
    const TEMPLATE: &str = r#"{"Parameters": {"Size": {"Type": "String"}}, "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;
    fn sized(size: &str) -> StackState {
        let parameters = Value::Value([("Size".to_string(), known(size))].into());
        StackState {
            name: known("prod"),
            template_body: known(TEMPLATE),
            parameters,
            enable_termination_protection: false.into(),
            ..StackState::default()
        }
    }
    Case {
        resource: || StackResource,
        config: || sized("a"),
        edited: || sized("b"),
        fake: Fake::default,
        stack: "prod",
    }
}

pub fn network() -> Case<NetworkResource> {
    fn with(endpoint: bool) -> NetworkState {
        NetworkState {
            name: known("prod"),
            s3_gateway_endpoint: endpoint.into(),
            enable_termination_protection: false.into(),
            ..NetworkState::default()
        }
    }
    fn fake() -> Fake {
        let outputs = crate::quilt::network::outputs();
        Fake::default()
            .outputs(&outputs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>())
    }
    Case {
        resource: NetworkResource::default,
        config: || with(true),
        edited: || with(false),
        fake,
        stack: "prod-network",
    }
}

pub fn database() -> Case<DatabaseResource> {
    fn of(class: &str) -> DatabaseState {
        let network = DatabaseNetwork {
            vpc_id: known("vpc-1"),
            intra_subnet_ids: texts(&["subnet-1", "subnet-2"]),
            ipv6: true.into(),
        };
        DatabaseState {
            name: known("prod"),
            network: network.into(),
            instance_class: known(class),
            enable_deletion_protection: false.into(),
            enable_termination_protection: false.into(),
            ..DatabaseState::default()
        }
    }
    fn fake() -> Fake {
        let outputs = [
            ("TemplateVersion", "1"),
            ("InstanceIdentifier", "db"),
            ("InstanceArn", "arn:db"),
            ("Endpoint", "db.example.com"),
            ("Port", "5432"),
            ("PasswordSecretArn", "arn:secret"),
            ("AccessorSecurityGroupId", "sg-1"),
        ];
        let facts = Facts {
            engine: "postgres".into(),
            engine_version: "15.18".into(),
            username: "root".into(),
            ..Facts::default()
        };
        let instance = Instance {
            id: "db".into(),
            status: "available".into(),
            database_name: "quilt".into(),
            facts,
            ..Instance::default()
        };
        Fake::default().outputs(&outputs).instance(instance)
    }
    Case {
        resource: DatabaseResource::default,
        config: || of("db.t3.small"),
        edited: || of("db.t3.large"),
        fake,
        stack: "prod-database",
    }
}

pub fn search() -> Case<SearchResource> {
    fn of(size: &str) -> SearchState {
        let network = SearchNetwork {
            vpc_id: known("vpc-1"),
            intra_subnet_ids: texts(&["subnet-1", "subnet-2"]),
        };
        SearchState {
            name: known("prod"),
            network: network.into(),
            size: known(size),
            enable_termination_protection: false.into(),
            ..SearchState::default()
        }
    }
    fn fake() -> Fake {
        let outputs = [
            ("TemplateVersion", "1"),
            ("DomainName", "prod"),
            ("DomainArn", "arn:domain"),
            ("Endpoint", "vpc-prod.example.com"),
            ("AccessorSecurityGroupId", "sg-1"),
        ];
        let domain =
            Domain { name: "prod".into(), engine_version: "7.10".into(), ..Domain::default() };
        Fake::default().outputs(&outputs).domain(domain, 0)
    }
    Case {
        resource: SearchResource::default,
        config: || of("medium"),
        edited: || of("large"),
        fake,
        stack: "prod-search",
    }
}
