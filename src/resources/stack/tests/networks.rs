//! One network written in two ways: a whole resource, and the ids of it that the template takes.

use super::*;
use crate::resources::stack::inputs::NetworkInput;

const TAKES: &str = r#"{"Parameters": {"VPC": {"Type": "String"}, "Subnets": {"Type": "CommaDelimitedList"}, "PublicSubnets": {"Type": "CommaDelimitedList"}},
    "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;

fn ids(ids: &[&str]) -> Value<Vec<Value<String>>> {
    ids.iter().map(|id| Value::Value(id.to_string())).collect::<Vec<_>>().into()
}

fn of(network: NetworkInput) -> StackState {
    StackState {
        template_body: TAKES.to_string().into(),
        parameters: Value::Null,
        network: network.into(),
        ..config()
    }
}

fn needed() -> NetworkInput {
    NetworkInput {
        vpc_id: "vpc-1".to_string().into(),
        private_subnet_ids: ids(&["subnet-1", "subnet-2"]),
        public_subnet_ids: ids(&["subnet-3", "subnet-4"]),
        ..NetworkInput::default()
    }
}

fn whole() -> NetworkInput {
    NetworkInput {
        intra_subnet_ids: ids(&["subnet-5", "subnet-6"]),
        user_subnet_ids: ids(&[]),
        internal: false.into(),
        ..needed()
    }
}

#[tokio::test(start_paused = true)]
async fn a_whole_network_and_its_ids_are_one() {
    for (before, after) in [(whole(), needed()), (needed(), whole())] {
        let mut stage = Stage::of(StackResource, Fake::default());
        stage.apply(&of(before)).await;
        assert!(!stage.said.failed(), "{:?}", stage.said);
        assert_eq!(stage.changes(&of(after)).await, Vec::<String>::new());
    }
    let mut stage = Stage::of(StackResource, Fake::default());
    stage.apply(&of(whole())).await;
    let other = NetworkInput { private_subnet_ids: ids(&["subnet-1", "subnet-9"]), ..needed() };
    assert!(stage.changes(&of(other)).await.contains(&"network".to_string()));
}
