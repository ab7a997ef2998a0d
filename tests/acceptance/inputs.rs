//! Bad input: an error at its line before anything is changed.

use super::terraform::Project;
use super::{QUEUES, free, queues, stack, writes};
use crate::cloud::Cloud;

/// Plans `main` and fails the test unless it is refused at the line that begins with `argument`, in these words, with nothing changed.
#[track_caller]
fn refused((cloud, project): &(Cloud, Project), main: &str, argument: &str, words: &str) {
    project.main(main);
    let line = main
        .lines()
        .position(|line| line.trim_start().starts_with(argument))
        .expect("the argument stands there")
        + 1;
    let text = main.lines().nth(line - 1).unwrap_or_default().trim();
    let shown: String = text.chars().take(60).collect();
    project
        .plan()
        .failed()
        .says(words)
        .says(&format!("on main.tf line {line}, in"))
        .says(&format!("{line}: {shown}"));
    assert_eq!(writes(cloud), [""; 0]);
}

/// The queues' stack with one argument more, which is refused.
#[track_caller]
fn refused_argument(place: &(Cloud, Project), argument: &str, words: &str) {
    let name = argument.split([' ', '=']).next().unwrap_or_default();
    refused(
        place,
        &stack(&format!("  template_file = \"template.yaml\"\n  {argument}")),
        name,
        words,
    );
}

/// The same where a secret stands in the line: it is named, and not shown.
#[track_caller]
fn refused_unshown((cloud, project): &(Cloud, Project), argument: &str, secret: &str, words: &str) {
    project.main(&stack(&format!("  template_file = \"template.yaml\"\n  {argument}")));
    project
        .plan()
        .failed()
        .says(words)
        .says("whose line is not shown")
        .does_not_say(&format!("{secret:?}"));
    assert_eq!(writes(cloud), [""; 0]);
}

#[test]
fn names() {
    let place = queues();
    for (name, words) in [
        ("1queues", "`1queues` does not begin with a letter."),
        ("my_queues", "`my_queues` contains `_`."),
        ("", "The name is empty."),
        (&"q".repeat(129), "has 129 characters."),
    ] {
        refused(
            &place,
            &stack("  template_file = \"template.yaml\"")
                .replace("\"queues\"", &format!("{name:?}")),
            "name",
            words,
        );
    }
}

#[test]
fn names_of_quilt_stacks() {
    let place = queues();
    place.1.write(
        "template.yaml",
        &QUEUES.replace("Parameters:", "Parameters:\n  QuiltWebHost: {Type: String}"),
    );
    for (name, words) in [
        ("Queues", "`Queues` does not begin with a lower-case letter."),
        (&"q".repeat(21), "has 21 characters."),
    ] {
        let main = stack("  template_file = \"template.yaml\"\n  web_host = \"quilt.example.com\"")
            .replace("\"queues\"", &format!("{name:?}"));
        refused(&place, &main, "name", words);
    }
}

#[test]
fn templates() {
    let place = queues();
    let project = &place.1;
    refused(
        &place,
        &stack(""),
        "resource",
        "Set one of `template_file`, `template_body` and `template_url`.",
    );
    refused_argument(
        &place,
        "template_body = \"Resources: {}\"",
        "`template_file` and `template_body` are given; keep one of them.",
    );
    refused(
        &place,
        &stack("  template_file = \"nowhere.yaml\""),
        "template_file",
        "The template file nowhere.yaml cannot be read",
    );
    for (file, text, words) in [
        ("text.yaml", "just some words", "This is not a CloudFormation template."),
        ("broken.yaml", "Resources: {Queue: [", "This is not a CloudFormation template."),
        ("empty.yaml", "", "This is not a CloudFormation template."),
        ("bytes.yaml", "Parameters: {}\n", "This is not a CloudFormation template."),
        (
            "many.yaml",
            &format!(
                "{QUEUES}{}",
                (0..201).map(|i| format!("  O{i}: {{Value: x}}\n")).collect::<String>()
            ),
            "CloudFormation takes 200.",
        ),
        ("large.yaml", &format!("{QUEUES}#{}", "x".repeat(1_100_000)), "CloudFormation takes"),
    ] {
        project.write(file, text);
        refused(&place, &stack(&format!("  template_file = \"{file}\"")), "template_file", words);
        refused(
            &place,
            &stack(&format!("  template_body = file(\"{file}\")")),
            "template_body",
            words,
        );
    }
    refused(
        &place,
        &stack("  template_url = \"ftp://example.com/x\""),
        "template_url",
        "Not a URL in S3",
    );
    refused(
        &place,
        &stack(
            "  template_url = \"https://nobodys-bucket.s3.us-east-1.amazonaws.com/queues.yaml\"",
        ),
        "template_url",
        "cannot be read",
    );
}

#[test]
fn parameters() {
    let place = queues();
    let with = |parameters: &str, words: &str| {
        refused_argument(&place, &format!("parameters = {{ {parameters} }}"), words)
    };
    with("Size = 1", "Size");
    with("Size = \"many\"", "Size");
    with("Length = 1", "Length");
    with("Size = 2048, size = 2048", "size");
    place.1.write(
        "template.yaml",
        &QUEUES.replace(
            "Parameters:",
            "Parameters:\n  Vpc: {Type: 'AWS::EC2::VPC::Id', Default: vpc-0}",
        ),
    );
    with("Vpc = \"subnet-1\"", "such ids begin with `vpc-`");
    place.1.write("template.yaml", QUEUES);
    refused_unshown(&place, "parameters_wo = { Pasword = \"hunter22\" }", "hunter22", "Pasword");
    let twice =
        "parameters = { Password = \"hunter22\" }\n  parameters_wo = { Password = \"hunter22\" }";
    refused_unshown(&place, twice, "hunter22", "`Password` is in `parameters_wo` as well");
    place.1.write("template.yaml", &QUEUES.replace("Default: 1024, ", ""));
    refused_unshown(&place, "parameters = { Password = \"hunter22\" }", "hunter22", "Size");
}

#[test]
fn certificates() {
    let place = queues();
    let host = "Parameters:\n  QuiltWebHost: {Type: String}\n  CertificateArnELB: {Type: String}";
    place.1.write("template.yaml", &QUEUES.replace("Parameters:", host));
    let requested = |name: &str| {
        let wanted = serde_json::json!({"DomainName": name, "ValidationMethod": "DNS"});
        place.0.json("acm", "CertificateManager.RequestCertificate", &wanted)["CertificateArn"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let (all, one) = (requested("*.example.com"), requested("quilt.example.com"));
    let with = |arn: &str| {
        stack(&format!(
            "  template_file = \"template.yaml\"\n  web_host = \"quilt.example.com\"\n  certificate_arn = \"{arn}\""
        ))
    };
    place.0.forget();
    refused(
        &place,
        &with(&one),
        "certificate_arn",
        "which leaves out: quilt-registry.example.com, quilt-s3-proxy.example.com.",
    );
    refused(
        &place,
        &with(&one.replace("us-east-1", "eu-west-1")),
        "certificate_arn",
        "The certificate is in another region",
    );
    refused(
        &place,
        &with("arn:aws:acm:us-east-1:210987654321:certificate/1"),
        "certificate_arn",
        "It is of the account 210987654321, and the stack is in",
    );
    place.1.main(&with(&format!("{}-none", &one[..one.len() - 5])));
    place
        .1
        .plan()
        .says("There is no such certificate")
        .says("certificate_arn = ")
        .says("Plan: 1 to add");
    place.1.main(&with(&all));
    place.1.apply().ok().does_not_say("The certificate");
    place.1.plan_is_empty();
}

/// What the template's `Rules` assert is asked at plan, at the line of the first parameter that they speak of.
#[test]
fn rules() {
    let place = queues();
    let ruled = "Rules:
  BigNeedsPassword:
    RuleCondition: !Not [{'Fn::Contains': [['1024', '2048'], !Ref Size]}]
    Assertions:
      - Assert: !Not [!Equals [!Ref Password, hunter2]]
        AssertDescription: A big queue needs a password of its own
      - Assert: {'Fn::EachMemberIn': [{'Fn::ValueOfAll': ['AWS::EC2::Subnet::Id', VpcId]}, {'Fn::RefAll': 'AWS::EC2::VPC::Id'}]}
        AssertDescription: Only AWS can tell
Parameters:
";
    place.1.write("template.yaml", &QUEUES.replace("Parameters:\n", ruled));
    refused_argument(
        &place,
        "parameters = { Size = 4096 }",
        "A big queue needs a password of its own. The template demands this in its rule `BigNeedsPassword`",
    );
    let with = |arguments: &str| {
        free(&format!("  parameters = {{ Size = 4096 }}\n  parameters_wo_version = 1\n{arguments}"))
    };
    place.1.main(&with("  parameters_wo = { Password = \"hunter22\" }"));
    place.1.apply().ok().does_not_say("hunter22");
    place.1.plan_is_empty();
    place.1.main(
        &with("  parameters_wo = { Password = \"hunter2\" }").replace("version = 1", "version = 2"),
    );
    place.1.plan().failed().says("A big queue needs a password of its own");
}

#[test]
fn a_misfit_secret_is_not_shown() {
    let place = queues();
    refused_unshown(&place, "parameters_wo = { Password = \"xy\" }", "xy", "Password");
    place.1.main(
        &stack(
            "  template_file = \"template.yaml\"\n  parameters_wo = { Password = var.password }\n",
        )
        .replace("resource", "variable \"password\" {\n  default = \"zq\"\n}\n\nresource"),
    );
    place.1.plan().failed().says("Password").does_not_say("zq");
}

#[test]
fn arguments() {
    let place = queues();
    for (argument, words) in [
        (
            "on_failure = \"GIVE_UP\"",
            "It is `GIVE_UP`. Write one of: ROLLBACK, DELETE, DO_NOTHING.",
        ),
        ("capabilities = [\"CAPABILITY_ALL\"]", "It is `CAPABILITY_ALL`. Write one of"),
        ("notification_arns = [\"news\"]", "`news` is not the ARN of an SNS topic."),
        ("iam_role_arn = \"deployer\"", "`deployer` is not the ARN of an IAM role."),
        ("policy_body = \"{\"", "The stack policy is not JSON"),
        ("timeout_in_minutes = 0", "Write minutes, 1 or more."),
        ("tags = { \"aws:team\" = \"data\" }", "Tags that begin with `aws:` are AWS's own."),
        ("web_host = \"https://quilt.example.com\"", "is not a host name alone"),
        ("admin_email = \"admin@example.com\"", "AdminEmail"),
        ("network = { vpc_id = \"vpc-1\" }", "This template takes no network"),
    ] {
        refused_argument(&place, argument, words);
    }
    let soon = "  template_file = \"template.yaml\"\n  timeouts {\n    create = \"soon\"\n  }";
    refused(&place, &stack(soon), "create", "Write hours, minutes and seconds, as `90m`");
    let two =
        "  template_file = \"template.yaml\"\n  on_failure = \"DELETE\"\n  disable_rollback = true";
    refused(&place, &stack(two), "disable_rollback", "Keep one of them");
}

/// Terraform finds no line for a member of an argument, and takes null for what is required.
#[test]
fn members_and_null_are_shown_at_their_argument() {
    let place = queues();
    let far = "database = { endpoint = \"db.internal\", port = 70000 }";
    refused_argument(&place, far, "This is about `database.port`.");
    let nameless = "resource \"quilt_network\" \"this\" {\n  name = null\n}\n";
    refused(&place, nameless, "name", "`name` has no value");
    let by_name = "resource \"quilt_search\" \"this\" {\n  name = \"data\"\n  network = { vpc_id = \"main\", intra_subnet_ids = [\"subnet-1\", \"subnet-2\"] }\n}\n";
    refused(&place, by_name, "network", "`main` in `vpc_id` is not the id of a VPC");
}

#[test]
fn what_aws_decides_is_not_set() {
    let place = queues();
    for name in ["id", "status", "url", "registry_host", "template_sha256"] {
        refused_argument(&place, &format!("{name} = \"mine\""), name);
    }
    for name in ["outputs", "cnames", "tags_all"] {
        refused_argument(&place, &format!("{name} = {{ mine = \"x\" }}"), name);
    }
}

#[test]
fn unknown_arguments() {
    let place = queues();
    refused_argument(&place, "template_flie = \"x\"", "Unsupported argument");
    place.1.main(&stack("  template_file = \"template.yaml\""));
    place.1.provider("provider \"quilt\" {\n  regoin = \"us-east-1\"\n}\n");
    place
        .1
        .plan()
        .failed()
        .says("Unsupported argument")
        .says("on provider.tf line 8")
        .says("regoin");
    place.1.provider(
        "provider \"quilt\" {\n  endpoints {\n    cloudfromation = \"http://localhost\"\n  }\n}\n",
    );
    place
        .1
        .plan()
        .failed()
        .says("Unsupported argument")
        .says("on provider.tf line 9")
        .says("cloudfromation");
    assert_eq!(writes(&place.0), [""; 0]);
}
