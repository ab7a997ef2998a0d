//! The settings of a network, its parameters and back, and what each version of the template declares.

use super::*;

fn network() -> Network {
    Network {
        division: Division::of("10.0.0.0/16").unwrap(),
        availability_zones: None,
        internal: false,
        nat_gateways: NatGateways::OnePerAz,
        ipv6: true,
        api_gateway_endpoint: false,
        s3_gateway_endpoint: true,
        ingress_cidrs: ["0.0.0.0/0".to_string()].into(),
        transit_gateway: None,
        interface_endpoints: BTreeSet::new(),
        flow_logs: FlowLogs::default(),
    }
}

/// Names in a section of the newest template, with whether they have a default.
fn declared(section: &str) -> BTreeMap<String, bool> {
    let text = TEMPLATES.of("2").unwrap();
    let lines = text
        .lines()
        .skip_while(|line| *line != format!("{section}:"))
        .skip(1)
        .take_while(|line| line.is_empty() || line.starts_with("  "));
    lines
        .filter_map(|line| {
            Some((
                line.strip_prefix("  ")?.split_once(": {")?.0.to_string(),
                line.contains("Default:"),
            ))
        })
        .collect()
}

#[test]
fn the_template_declares_what_is_sent_and_no_more() {
    let sent: Vec<String> = network().parameters().into_keys().collect();
    assert_eq!(declared("Parameters").into_keys().collect::<Vec<_>>(), sent);
}

#[test]
fn the_template_puts_out_what_is_read() {
    let conditional =
        ["ApiGatewayEndpointId", "FlowLogGroupName", "TransitGatewayAttachmentId", "UserSubnetIds"]
            .map(str::to_string);
    let read: BTreeSet<String> = outputs().into_keys().chain(conditional).collect();
    assert_eq!(declared("Outputs").into_keys().collect::<BTreeSet<_>>(), read);
}

#[test]
fn each_template_tells_its_version_and_fits_in_a_request() {
    for (text, version) in TEMPLATES.0.iter().zip(1..) {
        assert!(
            text.contains(&format!("\n  Quilt:\n    TemplateVersion: \"{version}\"\n"))
                && text.contains(&format!("\n  TemplateVersion: {{Value: \"{version}\"}}\n"))
        );
        assert!(text.len() < 51_200, "{}", text.len());
    }
}

#[test]
fn the_parameters_of_a_network() {
    let mut parameters = network().parameters();
    parameters.retain(|name, value| !value.is_empty() && !name.ends_with("InterfaceEndpoint"));
    let lines: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(
        lines,
        [
            "ApiGatewayEndpoint=false",
            "Cidr=10.0.0.0/16",
            "FlowLogRetentionDays=90",
            "FlowLogs=none",
            "IngressIpv4Cidr1=0.0.0.0/0",
            "Internal=false",
            "IntraCidr1=10.0.96.0/20",
            "IntraCidr2=10.0.224.0/20",
            "Ipv6=true",
            "NatGateways=one_per_az",
            "PrivateCidr1=10.0.0.0/18",
            "PrivateCidr2=10.0.128.0/18",
            "PublicCidr1=10.0.64.0/19",
            "PublicCidr2=10.0.192.0/19",
            "S3GatewayEndpoint=true",
            "TransitGatewayIpv6Egress=false",
        ]
    );
}

#[test]
fn settings_come_back_from_the_stack() {
    let zones = ["us-gov-west-1a".to_string(), "us-gov-west-1c".to_string()];
    let other = Network {
        division: Division::of("172.16.4.0/24").unwrap(),
        availability_zones: Some(zones),
        internal: true,
        nat_gateways: NatGateways::None,
        ipv6: false,
        api_gateway_endpoint: true,
        s3_gateway_endpoint: false,
        ingress_cidrs: ["10.0.0.0/8", "2001:db8::/32", "192.168.0.0/16"].map(str::to_string).into(),
        transit_gateway: Some(Transit { id: "tgw-1".into(), ipv6_egress: true }),
        interface_endpoints: ["logs", "ecr.api"].map(str::to_string).into(),
        flow_logs: FlowLogs { to: flow_logs::Target::Group, bucket_arn: None, retention_days: 30 },
    };
    for network in [network(), other] {
        assert_eq!(Network::of(&network.parameters()), Ok(network));
    }
}

#[test]
fn an_update_sends_what_may_change_and_keeps_what_subnets_are_made_with() {
    let (live, zones) = (network().parameters(), || Some(["a".to_string(), "b".to_string()]));
    assert_eq!(network().changes(&live, zones(), None), None);
    let single = Network { nat_gateways: NatGateways::Single, ..network() };
    let sent = single.changes(&live, zones(), None).unwrap();
    let value = |text: &str| Parameter::Value(text.into());
    assert_eq!(sent.keys().collect::<Vec<_>>(), live.keys().collect::<Vec<_>>());
    assert_eq!((&sent["NatGateways"], &sent["AvailabilityZone2"]), (&value("single"), &value("b")));
    assert_eq!((&sent["Cidr"], &sent["IntraCidr2"]), (&Parameter::Previous, &Parameter::Previous));
    assert_eq!(sent["IngressIpv4Cidr1"], value("0.0.0.0/0"));
}

#[test]
fn a_stack_of_another_kind_is_told_apart() {
    let mut parameters = network().parameters();
    parameters.remove("Ipv6");
    assert_eq!(
        Network::of(&parameters).unwrap_err(),
        "It has no parameter `Ipv6`, which every stack of a Quilt network has."
    );
}

#[test]
fn zones() {
    let check = |zones: &[&str]| {
        check_zones(&zones.iter().map(|zone| zone.to_string()).collect::<Vec<_>>())
    };
    assert_eq!(
        check(&["eu-west-1c", "eu-west-1a"]),
        Ok(["eu-west-1c".to_string(), "eu-west-1a".to_string()])
    );
    for (zones, text) in [
        (
            &[][..],
            "Two zones are needed; this list has 0. Leave `availability_zones` out for the first two of the region.",
        ),
        (
            &["eu-west-1a"],
            "Two zones are needed; this list has 1. Leave `availability_zones` out for the first two of the region.",
        ),
        (
            &["a", "b", "c"],
            "Two zones are needed; this list has 3. Leave `availability_zones` out for the first two of the region.",
        ),
        (&["a", "a"], "Both are `a`. The load balancer and the database need two different zones."),
        (&["a", ""], "A zone's name is empty. Write it such as eu-west-1a."),
        (
            &["euw1-az1", "euw1-az2"],
            "`euw1-az1` is the id of a zone. Write its name, such as eu-west-1a.",
        ),
    ] {
        assert_eq!(check(zones).unwrap_err(), text);
    }
}

#[test]
fn words_for_nat_gateways() {
    for mode in NatGateways::ALL {
        assert_eq!(NatGateways::of(mode.word()), Ok(mode));
    }
    assert_eq!(
        NatGateways::of("two").unwrap_err(),
        "It is `two`. Write `one_per_az`, `single` or `none`."
    );
}

#[test]
fn a_stack_of_the_first_version_is_sent_what_it_declares() {
    let young = network().young();
    let mut live = network().parameters();
    live.retain(|name, _| !young.contains_key(name));
    let zones = || Some(["a".to_string(), "b".to_string()]);
    assert_eq!(Network::of(&live), Ok(network()), "what it does not know has its default");
    assert_eq!(network().changes(&live, zones(), None), None);
    let single = Network { nat_gateways: NatGateways::Single, ..network() };
    let sent = single.changes(&live, zones(), None).unwrap();
    assert_eq!(sent.keys().collect::<Vec<_>>(), live.keys().collect::<Vec<_>>());
    let raised = network().changes(&live, zones(), TEMPLATES.of("2")).unwrap();
    assert_eq!(raised.len(), network().parameters().len());
}

/// The resources of a version of the template: each with its lines.
fn resources(version: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut at = String::new();
    let text = TEMPLATES.of(version).unwrap();
    let lines =
        text.lines().skip_while(|l| *l != "Resources:").skip(1).take_while(|l| *l != "Outputs:");
    for line in lines.filter(|l| !l.trim().is_empty() && !l.trim().starts_with('#')) {
        match line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')) {
            Some(name) => at = name.trim_end_matches(':').to_string(),
            None => found.entry(at.clone()).or_default().push(line.trim().to_string()),
        }
    }
    found
}

#[test]
fn the_second_version_has_all_of_the_first_and_adds_on_condition_alone() {
    let (one, two) = (resources("1"), resources("2"));
    let (mut routes, mut gateways) = (vec![], vec![]);
    for (name, lines) in &one {
        let now = two.get(name).unwrap_or_else(|| panic!("{name} is gone"));
        match name.as_str() {
            _ if now == lines => {}
            name if name.starts_with("Private") && name.ends_with("Route") => {
                routes.push((lines, now))
            }
            _ => gateways.push(name.as_str()),
        }
    }
    // Its condition has another name, and means the same where there is no transit gateway.
    assert_eq!(gateways, ["EgressOnlyInternetGateway"]);
    assert_eq!(routes.len(), 4);
    for (before, now) in routes {
        let fixed = |lines: &[String]| -> Vec<String> {
            let fixed =
                ["Type:", "RouteTableId:", "DestinationCidrBlock:", "DestinationIpv6CidrBlock:"];
            lines.iter().filter(|l| fixed.iter().any(|f| l.starts_with(f))).cloned().collect()
        };
        assert_eq!(fixed(before), fixed(now), "what a route is replaced by is as it was");
    }
    for (name, lines) in two.iter().filter(|(name, _)| !one.contains_key(*name)) {
        assert!(lines.iter().any(|l| l.starts_with("Condition: With")), "{name} is there always");
    }
}

#[test]
fn a_template_has_each_endpoint_under_its_own_condition() {
    let two = resources("2");
    for (parameter, _) in services::parameters(&BTreeSet::new()) {
        let name = parameter.replace("InterfaceEndpoint", "Endpoint");
        let lines = two.get(&name).unwrap_or_else(|| panic!("{name} is missing"));
        assert!(lines.contains(&format!("Condition: With{parameter}")), "{lines:?}");
    }
}
