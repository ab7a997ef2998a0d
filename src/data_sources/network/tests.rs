//! Looks at networks in memory.

use super::*;
use crate::aws::fake::Fake;
use crate::kinds::data_source::AnyDataSource;
use crate::outcome::AwsErrorKind;
use crate::quilt::network::findings::example;
use crate::tf::{State, known};

fn ids(ids: &[String]) -> Value<Ids> {
    match ids {
        [] => Value::Null,
        ids => Value::Value(ids.iter().map(|id| known(id.clone())).collect()),
    }
}

fn config(internal: bool) -> NetworkLookup {
    let parts = example::parts(internal);
    NetworkLookup {
        vpc_id: known(parts.vpc_id),
        internal: internal.into(),
        private_subnet_ids: ids(&parts.private),
        public_subnet_ids: ids(&parts.public),
        intra_subnet_ids: ids(&parts.intra),
        user_subnet_ids: ids(&parts.user),
        user_security_group_id: known(parts.security_group),
        api_gateway_endpoint_id: parts.endpoint.into(),
        ..NetworkLookup::default()
    }
}

async fn read(fake: &Fake, config: NetworkLookup) -> (Option<NetworkLookup>, Diagnostics) {
    let mut d = Diagnostics::default();
    let source = &NetworkSource as &dyn AnyDataSource;
    let object = source.read(&fake.cx(), config.write_object(), &mut d).await;
    (object.map(|o| NetworkLookup::read_object(&o, &AttributePath::root()).unwrap()), d)
}

fn texts(list: &Value<Ids>) -> Vec<String> {
    list.as_ref_option().into_iter().flatten().map(|id| id.clone().unwrap()).collect()
}

/// What was said, as `attribute: summary`.
fn said(list: &[crate::tf::Diagnostic]) -> Vec<String> {
    list.iter().map(|one| format!("{}: {}", one.attribute, one.summary)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_network_comes_in_the_shape_of_the_resource() {
    let fake = Fake::default().network(example::there());
    let (state, d) = read(&fake, config(true)).await;
    let state = state.unwrap_or_else(|| panic!("{d:?}"));
    assert_eq!((said(&d.errors), said(&d.warnings)), (vec![], vec![]));
    assert_eq!(texts(&state.availability_zones), ["us-east-1a", "us-east-1b"]);
    assert_eq!(texts(&state.user_subnet_ids), ["subnet-a", "subnet-b"]);
    assert_eq!(state.public_subnet_ids, Value::Value(vec![]));
    assert_eq!((state.cidr, state.nat_gateways), (known("10.0.0.0/16"), known("single")));
    let flags = [state.internal, state.ipv6, state.api_gateway_endpoint, state.s3_gateway_endpoint];
    assert!(flags.iter().all(|flag| *flag == true.into()), "{flags:?}");
    assert_eq!(state.ingress_cidrs, Set(vec![known("10.0.0.0/8")]).into());
    assert_eq!((state.subnets.unwrap().len(), state.findings.unwrap().len()), (6, 0));
    assert_eq!(fake.calls().len(), 8, "{:?}", fake.calls());
}

#[tokio::test(start_paused = true)]
async fn everything_is_told_at_once_with_the_way_to_mend_it() {
    let mut there = example::there();
    there.dns_hostnames = false;
    there.resolvers = vec!["10.9.0.53".into()];
    there.tables[1].routes.truncate(1);
    let fake = Fake::default().network(there.clone());
    let (_, d) = read(&fake, config(false)).await;
    assert_eq!(
        said(&d.errors),
        [
            "vpc_id: The VPC vpc-1 gives no names",
            "private_subnet_ids[0]: The private subnet subnet-a has no way out"
        ]
    );
    assert!(d.errors[0].detail.contains("--vpc-id vpc-1 --enable-dns-hostnames`"));
    assert!(d.errors[1].detail.contains("create-route --region us-east-1 --route-table-id rtb-1"));
    assert_eq!(said(&d.warnings), ["vpc_id: The VPC vpc-1 asks another resolver than AWS's"]);

    let meant = ["dns_attributes", "private_route", "dns_resolver"].map(known).to_vec();
    let accepting = NetworkLookup { accept: Set(meant).into(), ..config(false) };
    let (state, d) = read(&fake, accepting).await;
    assert_eq!((said(&d.errors), said(&d.warnings)), (vec![], vec![]));
    let found = state.unwrap().findings.unwrap();
    let told: Vec<_> = found.into_iter().map(|f| f.unwrap()).collect();
    assert_eq!(told.len(), 3);
    assert_eq!((&told[0].weight, &told[1].weight), (&known("wrong"), &known("doubt")));
}

#[tokio::test(start_paused = true)]
async fn a_vpc_that_is_not_there_is_asked_no_further() {
    let fake = Fake::default();
    let (_, d) = read(&fake, config(false)).await;
    assert_eq!(said(&d.errors), ["vpc_id: There is no VPC vpc-1 in us-east-1"]);
    assert_eq!(fake.calls(), ["vpcs vpc-1"]);
}

#[tokio::test(start_paused = true)]
async fn what_may_not_be_looked_at_is_an_error() {
    let fake = Fake::default().network(example::there()).fail("tables", AwsErrorKind::Denied);
    let (state, d) = read(&fake, config(false)).await;
    assert!(state.is_none() && d.failed());
}

fn checked(change: impl FnOnce(&mut NetworkLookup)) -> Vec<String> {
    let (mut config, mut d) = (config(true), Diagnostics::default());
    change(&mut config);
    check::arguments(&config, &mut d);
    said(&d.errors)
}

#[test]
fn an_internal_and_an_internet_facing_network_have_arguments_of_their_own() {
    assert_eq!(checked(|_| ()), [""; 0]);
    let facing = checked(|c| c.internal = Value::Null);
    assert_eq!(
        facing,
        [
            "public_subnet_ids: `public_subnet_ids` is missing",
            "user_subnet_ids: `user_subnet_ids` does not belong to an internet-facing network",
            "api_gateway_endpoint_id: `api_gateway_endpoint_id` does not belong to an internet-facing network",
        ]
    );
    let lacking = checked(|c| {
        (c.user_subnet_ids, c.api_gateway_endpoint_id) = (Value::Value(vec![]), Value::Null);
    });
    assert_eq!(
        lacking,
        [
            "user_subnet_ids: `user_subnet_ids` is missing",
            "api_gateway_endpoint_id: `api_gateway_endpoint_id` is missing"
        ]
    );
    let unknown = checked(|c| {
        (c.user_subnet_ids, c.api_gateway_endpoint_id) = (Value::Unknown, Value::Unknown);
    });
    assert_eq!(unknown, [""; 0]);
    assert_eq!(
        checked(|c| (c.internal, c.user_subnet_ids) = (Value::Unknown, Value::Null)),
        [""; 0]
    );
}

#[test]
fn ids_and_names_are_checked_offline() {
    assert_eq!(checked(|c| c.vpc_id = known("quilt")), ["vpc_id: This is not the id of a VPC"]);
    let three = ["subnet-a", "subnet-b", "subnet-c"].map(known).to_vec();
    let three = checked(|c| c.intra_subnet_ids = three.into());
    assert_eq!(three, ["intra_subnet_ids: Two subnets are needed"]);
    let twice = ["subnet-a", "subnet-a"].map(known).to_vec();
    let twice = checked(|c| c.private_subnet_ids = twice.into());
    assert_eq!(twice, ["private_subnet_ids: Two subnets are needed"]);
    let odd = vec![known("subnet-a"), known("10.0.0.0/24")];
    let odd = checked(|c| c.private_subnet_ids = odd.into());
    assert_eq!(odd, ["private_subnet_ids[1]: This is not the id of a subnet"]);
    for name in ["subnet", "everything"] {
        let accept = Set(vec![known(name)]);
        assert_eq!(checked(|c| c.accept = accept.into()), ["accept: There is no such finding"]);
    }
}
