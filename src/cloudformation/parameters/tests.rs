//! What fits a declaration, what does not, and what is sent.

use super::*;

fn template() -> Template {
    let text = r#"{"Resources": {"R": {"Type": "A::B::C"}}, "Parameters": {
        "Host": {"Type": "String", "AllowedPattern": "^[-\\w]+\\.[-\\w]+\\.[-\\w]+$", "ConstraintDescription": "three labels"},
        "Auth": {"Type": "String", "AllowedValues": ["Enabled", "Disabled"], "Default": "Disabled"},
        "Rate": {"Type": "Number", "MinValue": 100, "Default": 8400},
        "Secret": {"Type": "String", "NoEcho": true, "MinLength": 8},
        "Zones": {"Type": "CommaDelimitedList", "Default": ""},
        "Vpc": {"Type": "AWS::EC2::VPC::Id", "Default": ""}, "Subnets": {"Type": "List<AWS::EC2::Subnet::Id>", "Default": ""},
        "Image": {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "Default": "/ami"},
        "GoogleClientId": {"Type": "String"}}}"#;
    Template::parse(text).unwrap()
}

fn wanted(pairs: &[(&str, &str)]) -> BTreeMap<String, Option<String>> {
    pairs.iter().map(|(k, v)| (k.to_string(), Some(v.to_string()))).collect()
}

fn words(pairs: &[(&str, &str)]) -> Vec<String> {
    let full = [("Host", "a.b.c"), ("Secret", "long enough")];
    let mut all = wanted(&full);
    all.extend(wanted(pairs));
    problems(&template(), &all, &BTreeMap::new()).into_iter().map(|p| p.what).collect()
}

#[test]
fn what_fits_is_no_problem() {
    assert_eq!(words(&[]), Vec::<String>::new());
    assert_eq!(
        words(&[("Auth", "Enabled"), ("Rate", "100"), ("Zones", "a, b")]),
        Vec::<String>::new()
    );
    let ids = [("Vpc", "vpc-1"), ("Subnets", "subnet-1, subnet-2"), ("Image", "/elsewhere")];
    assert_eq!(words(&ids), Vec::<String>::new());
}

#[test]
fn problems_name_the_parameter_and_the_rule() {
    assert_eq!(
        words(&[("Hots", "x")]),
        ["The template declares no parameter `Hots`. Did you mean `Host`?"]
    );
    let host = "`a.b` does not fit the parameter `Host`: three labels. A value that fits is `quilt.example.com`.";
    assert_eq!(words(&[("Host", "a.b")]), [host]);
    assert_eq!(
        words(&[("Auth", "On")]),
        ["`On` does not fit the parameter `Auth`. Write one of: Enabled, Disabled."]
    );
    assert_eq!(
        words(&[("Rate", "99")]),
        ["`99` does not fit the parameter `Rate`. Write 100 or more."]
    );
    let subnets = "`subnet-1,sg-1` does not fit the parameter `Subnets`. `sg-1` is not the id of a subnet: such ids begin with `subnet-`.";
    assert_eq!(words(&[("Subnets", "subnet-1,sg-1")]), [subnets]);
    assert_eq!(
        words(&[("Rate", "many")]),
        ["`many` does not fit the parameter `Rate`. Write a number."]
    );
}

#[test]
fn secrets_are_not_shown() {
    let text = words(&[("Secret", "short")]).join("");
    assert!(text.starts_with("The value does not fit") && !text.contains("short"), "{text}");
}

#[test]
fn missing_ones_are_named_unless_the_stack_has_them() {
    let none = problems(&template(), &BTreeMap::new(), &BTreeMap::new());
    assert_eq!(none.iter().map(|p| p.parameter.as_str()).collect::<Vec<_>>(), ["Host", "Secret"]);
    let live =
        [("Host", "a.b.c"), ("Secret", "****")].map(|(k, v)| (k.to_string(), v.to_string())).into();
    assert_eq!(problems(&template(), &BTreeMap::new(), &live), []);
}

#[test]
fn previous_values_stay_and_secrets_are_never_sent_back() {
    let live: BTreeMap<_, _> = [("Host", "a.b.c"), ("Secret", "****"), ("Old", "x")]
        .map(|(k, v)| (k.to_string(), v.to_string()))
        .into();
    let sent =
        to_send(Some(&template()), &[("Host".to_string(), "d.e.f".to_string())].into(), &live);
    let expected = [
        ("GoogleClientId", Parameter::Value(String::new())),
        ("Host", Parameter::Value("d.e.f".into())),
        ("Secret", Parameter::Previous),
    ];
    assert_eq!(sent, expected.map(|(k, v)| (k.to_string(), v)).into());
}

fn fits(declaration: &str, value: &str) -> bool {
    let text =
        format!("Parameters:\n  P: {{{declaration}}}\nResources: {{R: {{Type: A::B::C}}}}\n");
    takes(&Template::parse(&text).unwrap().parameters["P"], value)
}

#[test]
fn constraints_of_a_list_hold_for_each_item() {
    let cidrs = "Type: CommaDelimitedList, AllowedPattern: '[0-9./]+'";
    assert!(
        fits(cidrs, "10.0.0.0/8,10.1.0.0/16")
            && fits(cidrs, "10.0.0.0/8, 10.1.0.0/16")
            && fits(cidrs, "")
    );
    assert!(!fits(cidrs, "10.0.0.0/8,x"));
    let zones = "Type: 'List<String>', AllowedValues: [a, b], MinLength: 5, MaxLength: 6";
    assert!(fits(zones, "a") && fits(zones, "a, b,a,b,a,b"));
    assert!(!fits(zones, "a,c"));
    assert!(
        !fits("Type: String, MinLength: 5", "a") && !fits("Type: String, MaxLength: 0x2", "abc")
    );
    assert!(!fits("Type: 'List<Number>', MaxValue: 1_000", "1,1001"));
}

#[test]
fn allowed_values_are_what_yaml_makes_of_them() {
    let switch = "Type: String, AllowedValues: [Yes, No]";
    assert!(fits(switch, "true") && fits(switch, "false") && !fits(switch, "Yes"));
    assert!(fits("Type: String, AllowedValues: ['Yes']", "Yes"));
    assert!(
        fits("Type: Number, AllowedValues: [0x1F, 1_000]", "31")
            && fits("Type: Number, AllowedValues: [0x1F, 1_000]", "1000")
    );
    assert!(
        fits("Type: String, AllowedValues: [3.10]", "3.10")
            && fits("Type: String, AllowedValues: [3.10]", "3.1")
    );
    assert!(!fits("Type: Number, MaxValue: 1_000", "1001") && !fits("Type: Number", "NaN"));
}

#[test]
fn a_list_is_no_default_and_a_value_is_one_line() {
    let text = "Parameters: {P: {Type: CommaDelimitedList, Default: [a, b]}}\nResources: {R: {Type: A::B::C}}\n";
    let found = problems(&Template::parse(text).unwrap(), &wanted(&[("P", "a")]), &BTreeMap::new());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].what.contains("`Default` is a list"), "{found:?}");
    let long = words(&[("Auth", &format!("first\n{}", "x".repeat(3000)))]).join("");
    assert!(long.contains("`first…`") && !long.contains("xx"), "{long}");
}

#[test]
fn spaces_between_items_are_no_difference() {
    let list = Declared { kind: "CommaDelimitedList".into(), ..Declared::default() };
    let text = Declared { kind: "String".into(), ..Declared::default() };
    assert!(has(Some(&list), "a,b", "a, b ") && !has(Some(&list), "a,b", "a,c"));
    assert!(!has(Some(&text), "a,b", "a, b") && !has(None, "a,b", "a, b") && has(None, "a", "a"));
    assert!(
        has(Some(&text), "Gr??e", "Größe")
            && has(Some(&list), "?,b", "é, b")
            && !has(Some(&text), "Groesse", "Größe")
    );
    assert!(!has(Some(&text), "a?", "ab"));
}
