//! Which assertions hold, which do not, and which nobody here can tell.

use super::*;

const PARAMETERS: &str = "Parameters:
  GoogleAuth: {Type: String, Default: Disabled}
  Domains: {Type: String, Default: ''}
  Secret: {Type: String, NoEcho: true, Default: ''}
  Count: {Type: Number, Default: 1}
  Zones: {Type: CommaDelimitedList, Default: a}
  Vpc: {Type: 'AWS::EC2::VPC::Id'}
  OtherVpc: {Type: 'AWS::EC2::VPC::Id'}
  Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}
  Image: {Type: 'AWS::SSM::Parameter::Value<String>'}
Resources: {R: {Type: A::B::C}}
";

fn template(rules: &str) -> Template {
    Template::parse(&format!("{PARAMETERS}{rules}")).unwrap()
}

fn values(all: &[(&str, &str)]) -> BTreeMap<String, String> {
    all.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

/// Whether an assertion holds: `None` where nothing is said of it or of its contrary.
fn holds(assert: &str, known: &[(&str, &str)]) -> Option<bool> {
    let broken = |assert: &str| {
        let rules = format!("Rules: {{R: {{Assertions: [{{Assert: {assert}}}]}}}}\n");
        !template(&rules).broken_rules(&values(known)).is_empty()
    };
    match (broken(assert), broken(&format!("{{'Fn::Not': [{assert}]}}"))) {
        (false, true) => Some(true),
        (true, false) => Some(false),
        (false, false) => None,
        (true, true) => panic!("{assert} and its contrary are both broken"),
    }
}

#[test]
fn functions_of_rules_come_to_what_cloudformation_says() {
    let known = [
        ("GoogleAuth", "Enabled"),
        ("Domains", ""),
        ("Secret", "hunter22"),
        ("Count", "3"),
        ("Zones", "a, b"),
        ("Vpc", "vpc-1"),
        ("OtherVpc", "vpc-1"),
        ("Subnets", "subnet-1,subnet-2"),
        ("Image", "/aws/image"),
        ("AWS::Region", "us-east-1"),
    ];
    let cases = [
        ("!Equals [!Ref GoogleAuth, Enabled]", Some(true)),
        ("!Equals [!Ref GoogleAuth, enabled]", Some(false)),
        ("!Equals [!Ref Domains, '']", Some(true)),
        ("!Equals [!Ref Secret, '']", Some(false)),
        ("!Equals [!Ref Count, 3]", Some(true)),
        ("!Contains [[Enabled, Disabled], !Ref GoogleAuth]", Some(true)),
        ("!Contains [[us-east-1], !Ref 'AWS::Region']", Some(true)),
        ("!Contains [[us-east-2], !Ref 'AWS::Region']", Some(false)),
        ("!Contains [!Ref Zones, b]", Some(true)),
        ("!Contains [!Ref Zones, c]", Some(false)),
        ("!EachMemberEquals [!Ref Zones, a]", Some(false)),
        ("!EachMemberEquals [[x, x], x]", Some(true)),
        ("!EachMemberIn [!Ref Zones, [a, b, c]]", Some(true)),
        ("!EachMemberIn [!Ref Zones, [a, c]]", Some(false)),
        ("!EachMemberIn [!RefAll 'AWS::EC2::VPC::Id', [vpc-1]]", Some(true)),
        ("!EachMemberEquals [!RefAll 'AWS::EC2::VPC::Id', vpc-2]", Some(false)),
        ("!And [!Equals [a, a], !Contains [[a], b]]", Some(false)),
        ("!Or [!Equals [a, a], !ValueOf [Vpc, DefaultNetworkAcl]]", Some(true)),
        (
            "!And [!Equals [a, b], !EachMemberIn [!ValueOfAll ['AWS::EC2::Subnet::Id', VpcId], !RefAll 'AWS::EC2::VPC::Id']]",
            Some(false),
        ),
        // Only AWS knows, or nobody here can be sure.
        (
            "!EachMemberIn [!ValueOfAll ['AWS::EC2::Subnet::Id', VpcId], !RefAll 'AWS::EC2::VPC::Id']",
            None,
        ),
        ("!Equals [!ValueOf [Vpc, 'Tags.Department'], IT]", None),
        ("!Contains [!RefAll 'AWS::EC2::Subnet::Id', subnet-1]", None),
        ("!Contains [!RefAll String, Enabled]", None),
        ("!EachMemberEquals [[Zones, VpcId], vpc-1]", None),
        ("!EachMemberIn [[Zones, VpcId], [vpc-1]]", None),
        ("!Equals [!Ref Image, /aws/image]", None),
        ("!Equals [!Ref Subnets, 'subnet-1,subnet-2']", None),
        ("!Equals [!Ref Nothing, x]", None),
        ("!Contains [[], x]", None),
        ("!Contains [[a]]", None),
        ("!Perhaps [a, b]", None),
        ("true", None),
    ];
    for (assert, expected) in cases {
        assert_eq!(holds(assert, &known), expected, "{assert}");
    }
    for assert in ["!Equals [!Ref GoogleAuth, Enabled]", "!Contains [!Ref Zones, b]"] {
        assert_eq!(holds(assert, &[("Zones", "")]), None, "{assert}");
    }
}

const NEEDS: &str = "Rules:
  GoogleNeedsDomains:
    RuleCondition: !Equals [!Ref GoogleAuth, Enabled]
    Assertions:
      - Assert: !Not [!Equals [!Ref Domains, '']]
        AssertDescription: Google needs domains
      - Assert: !Not [!Equals [!Ref Secret, '']]
";

#[test]
fn an_assertion_is_asked_where_its_rule_applies() {
    let of = |known: &[(&str, &str)]| template(NEEDS).broken_rules(&values(known));
    assert_eq!(of(&[("GoogleAuth", "Disabled"), ("Domains", ""), ("Secret", "")]), []);
    assert_eq!(of(&[("Domains", ""), ("Secret", "")]), [], "whether it applies is not known");
    assert_eq!(of(&[("GoogleAuth", "Enabled")]), [], "what it needs is not known");
    let broken = of(&[("GoogleAuth", "Enabled"), ("Domains", ""), ("Secret", "x")]);
    let one = Broken {
        rule: "GoogleNeedsDomains".into(),
        description: Some("Google needs domains".into()),
        parameters: vec!["Domains".into(), "GoogleAuth".into()],
    };
    assert_eq!(broken, std::slice::from_ref(&one));
    assert!(one.detail().starts_with(
        "Google needs domains. The template demands this in its rule `GoogleNeedsDomains`, which does not hold for the parameters `Domains`, `GoogleAuth`."
    ));
    assert_eq!(of(&[("GoogleAuth", "Enabled"), ("Domains", ""), ("Secret", "")]).len(), 2);
}

#[test]
fn rules_that_a_macro_may_write_anew_are_not_asked() {
    let broken = values(&[("GoogleAuth", "Enabled"), ("Domains", ""), ("Secret", "")]);
    let text = format!("{PARAMETERS}{NEEDS}");
    for template in [
        format!("Transform: Macro\n{text}"),
        text.replace("Rules:\n", "Rules:\n  Fn::Transform: {Name: M}\n"),
    ] {
        assert_eq!(Template::parse(&template).unwrap().broken_rules(&broken), []);
    }
    for odd in [
        "Rules: []\n",
        "Rules: {R: x}\n",
        "Rules: {R: {Assertions: {Assert: x}}}\n",
        "Rules: {R: {Assertions: [x]}}\n",
    ] {
        assert_eq!(template(odd).broken_rules(&broken), [], "{odd}");
    }
}
