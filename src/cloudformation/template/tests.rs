//! What is read of a template, what is the same, and what is none.

use super::*;

const YAML: &str = "# a comment\nParameters:\n  A: {Type: String, Default: 1, NoEcho: true, AllowedValues: [x, y], MinLength: 2}\nResources:\n  \
                    R:\n    Type: AWS::SNS::Topic\n    Properties:\n      DisplayName: !Sub '${A}'\n      Arn: !GetAtt R.Arn\n      Day: 2012-10-17\n";

#[test]
fn declarations_are_read() {
    let t = Template::parse(YAML).unwrap();
    let a = &t.parameters["A"];
    assert_eq!(
        (a.kind.as_str(), a.default.as_deref(), a.no_echo, a.length),
        ("String", Some("1"), true, (Some(2), None))
    );
    assert_eq!(a.allowed_values, ["x", "y"]);
    assert_eq!(t.resources["R"], "AWS::SNS::Topic");
}

#[test]
fn what_means_the_same_is_the_same() {
    let json = r#"{"Resources": {"R": {"Properties": {"Arn": {"Fn::GetAtt": ["R", "Arn"]}, "Day": "2012-10-17", "DisplayName": {"Fn::Sub": "${A}"}},
        "Type": "AWS::SNS::Topic"}}, "Parameters": {"A": {"Type": "String", "Default": 1, "NoEcho": true, "MinLength": 2, "AllowedValues": ["x", "y"]}}}"#;
    let same = [
        YAML.replace('\n', "\r\n"),
        format!("{YAML}\n\n"),
        json.to_string(),
        YAML.replace("!Sub '${A}'", "\n        Fn::Sub: ${A}"),
    ];
    for text in same {
        assert_eq!(digest(&text), digest(YAML), "{text}");
    }
    let other = [
        YAML.replace("[x, y]", "[y, x]"),
        YAML.replace("Default: 1", "Default: '1'"),
        YAML.replace("R.Arn", "R.TopicName"),
    ];
    for text in other {
        assert_ne!(digest(&text), digest(YAML), "{text}");
    }
}

#[test]
fn anchors_doubled_keys_and_dates_are_read_as_cloudformation_reads_them() {
    let with = |properties: &str| {
        digest(&format!("Resources:\n  R:\n    Type: A::B::C\n    Properties:\n{properties}"))
    };
    assert_eq!(with("      A: &one {X: [1, 2]}\n"), with("      A: {X: [1, 2]}\n"));
    assert_eq!(with("      A: 1\n      A: 2\n"), with("      A: 2\n"), "the last counts");
    assert_ne!(with("      A: 1\n      A: 2\n"), with("      A: 1\n"));
    let json = |properties: &str| {
        digest(&format!(
            r#"{{"Resources": {{"R": {{"Type": "A::B::C", "Properties": {{{properties}}}}}}}}}"#
        ))
    };
    assert_eq!(json(r#""A": 1, "A": 2"#), with("      A: 2\n"));
    assert_eq!(with("      Version: 2012-10-17\n"), with("      Version: '2012-10-17'\n"));
    assert_eq!(
        with("      A: !Sub |\n        a\n        b\n"),
        with("      A: {'Fn::Sub': \"a\\nb\\n\"}\n")
    );
    assert_eq!(
        with("      A: !If [C, !Ref B, !GetAtt D.E.F]\n"),
        json(r#""A": {"Fn::If": ["C", {"Ref": "B"}, {"Fn::GetAtt": ["D", "E.F"]}]}"#)
    );
}

#[test]
fn what_is_too_much_is_counted() {
    let rows =
        |n: usize| (0..n).map(|i| format!("  R{i}: {{Type: A::B::C}}\n")).collect::<String>();
    let template = |n: usize| Template::parse(&format!("Resources:\n{}", rows(n))).unwrap();
    assert_eq!(template(500).excess(), [""; 0]);
    assert_eq!(template(501).excess(), ["It has 501 resources; CloudFormation takes 500."]);
    assert_eq!(
        Template::parse(&format!("Transform: T\nResources:\n{}", rows(501))).unwrap().excess(),
        [""; 0]
    );
}

#[test]
fn nonsense_is_told_apart() {
    assert!(Template::parse("just words").unwrap_err().why.contains("one line of text"));
    assert!(Template::parse("a: [b").is_err());
    assert!(Template::parse("{\"a\": ").is_err());
    assert!(Template::parse("Parameters: {}").unwrap_err().why.contains("Resources"));
}

#[test]
fn bombs_do_not_go_off() {
    assert!(Template::parse(&"[".repeat(100_000)).is_err());
    assert!(Template::parse(&format!("{{\"a\":{}", "[".repeat(100_000))).is_err());
}

/// A template whose only output has this value, and no end of line after it.
fn output(value: &str) -> String {
    format!("Resources: {R}\nOutputs:\n  Out:\n    Value: {value}", R = "{R: {Type: A::B::C}}")
}

#[test]
fn scalars_are_what_yaml_1_1_makes_of_them() {
    let typed = [
        "YES",
        "on",
        "off",
        "No",
        "0x1F",
        "1_000",
        "22:30",
        "+1",
        "010",
        "~",
        ".inf",
        "1.5",
        "012345678901",
        "1e3",
    ];
    for plain in typed {
        assert_ne!(digest(&output(plain)), digest(&output(&format!("\"{plain}\""))), "{plain}");
    }
    for (one, other) in [
        ("YES", "true"),
        ("off", "False"),
        ("0x1F", "31"),
        ("1_000", "1000"),
        ("22:30", "1350"),
        ("2012-10-17", "'2012-10-17'"),
    ] {
        assert_eq!(digest(&output(one)), digest(&output(other)), "{one}");
    }
    let json = |value: &str| {
        format!(
            r#"{{"Resources": {{"R": {{"Type": "A::B::C"}}}}, "Outputs": {{"Out": {{"Value": {value}}}}}}}"#
        )
    };
    for (plain, value) in [
        ("Yes", "true"),
        ("0x1F", "31"),
        ("1.50", "1.50"),
        ("~", "null"),
        ("'no'", "\"no\""),
        ("y", "\"y\""),
    ] {
        assert_eq!(digest(&output(plain)), digest(&json(value)), "{plain}");
    }
    assert_ne!(digest(&json("1.50")), digest(&json("1.5")));
}

#[test]
fn a_parameter_is_secret_in_every_word_for_it_and_in_doubt() {
    let hides = |written: &str| {
        let text = format!(
            "Parameters:\n  P: {{Type: String, NoEcho: {written}}}\nResources: {{R: {{Type: A::B::C}}}}\n"
        );
        Template::parse(&text).unwrap().parameters["P"].no_echo
    };
    for yes in [
        "true",
        "True",
        "TRUE",
        "yes",
        "Yes",
        "YES",
        "on",
        "On",
        "ON",
        "\"true\"",
        "'True'",
        "\"TRUE\"",
        "'yes'",
        "\"on\"",
        "' true '",
        "1",
        "\"1\"",
        "!!str true",
        "!If [C, true, false]",
        "perhaps",
    ] {
        assert!(hides(yes), "{yes}");
    }
    for no in ["false", "no", "Off", "\"false\"", "'FALSE'", "'no'", "0", "~", "''", ""] {
        assert!(!hides(no), "{no}");
    }
    let json = r#"{"Parameters": {"P": {"Type": "String", "NoEcho": "true"}, "Q": {"Type": "String", "NoEcho": "false"}}, "Resources": {"R": {"Type": "A::B::C"}}}"#;
    let declared = Template::parse(json).unwrap().parameters;
    assert!(declared["P"].no_echo && !declared["Q"].no_echo);
}

#[test]
fn layouts_that_people_write_are_read() {
    let r = "Resources:\n  R:\n    Type: A::B::C\n    Properties:\n";
    let same = [
        ("      A: [1,\n      2\n      ]\n", "      A: [1, 2]\n"),
        ("      A: {B: 1\n      }\n", "      A: {B: 1}\n"),
        ("      A: \"one\n    two\"\n", "      A: one two\n"),
        ("      A: |+\n        a\n\n      B: 1\n", "      A: \"a\\n\\n\"\n      B: 1\n"),
        (
            "      A: >+\n        a\n        b\n\n      B: 1\n",
            "      A: \"a b\\n\\n\"\n      B: 1\n",
        ),
        ("      A: >-\n        a\n         b\n        c\n", "      A: \"a\\n b\\nc\"\n"),
        ("      A: |2\n         a\n        b\n", "      A: \" a\\nb\\n\"\n"),
        ("      ? A\n      : [1]\n", "      A: [1]\n"),
        ("      A: 'one\n  two'\n", "      A: one two\n"),
        ("      A:\tone\n", "      A: one\n"),
        ("      A: # why\n        - 1\n", "      A: [1]\n"),
        ("      A:\n      - 1\n      - 2\n", "      A: [1, 2]\n"),
        ("      ? A\n      : 1\n", "      A: 1\n"),
        ("      A: |-\n        one\n", "      A: one\n"),
        ("      A: >-\n        one\n        two\n", "      A: one two\n"),
        (
            "      A: !Sub\n        - ${X}\n        - {X: 1}\n",
            "      A: {'Fn::Sub': ['${X}', {X: 1}]}\n",
        ),
    ];
    for (one, other) in same {
        let read = |text: &str| {
            Template::parse(&format!("{r}{text}"))
                .unwrap_or_else(|e| panic!("{text}: {e:?}"))
                .digest()
        };
        assert_eq!(read(one), read(other), "{one}");
    }
    let anchored =
        Template::parse("Resources: &all\n  R: &one {Type: A::B::C}\nOutputs: &o {}\n").unwrap();
    assert_eq!(anchored.resources["R"], "A::B::C");
}

#[test]
fn a_last_block_ends_where_the_text_ends() {
    let value = |text: &str| {
        Template::parse(text)
            .unwrap()
            .section("Outputs")
            .unwrap()
            .get("Out")
            .unwrap()
            .get("Value")
            .unwrap()
            .text()
    };
    assert_eq!(value(&output("|\n      text")).as_deref(), Some("text"));
    assert_eq!(value(&output("|\n      text\n")).as_deref(), Some("text\n"));
    assert_eq!(value(&output(">\n      text\n")).as_deref(), Some("text\n"));
    assert_ne!(digest(&output("|\n      text")), digest(&output("|\n      text\n")));
}

#[test]
fn what_cloudformation_refuses_is_refused_in_words() {
    let refused = [
        ("Resources: {R: &a {Type: A::B::C}, S: *a}", "alias"),
        ("Resources: {R: {Type: A::B::C, Properties: {<<: {A: 1}}}}", "merges"),
        ("Resources: {R: {Type: A::B::C}}\n---\nmore: 1\n", "second document"),
        ("{Resources: {R: {Type: A::B::C}}}\nmore\n", "after its end"),
        (r#"{"Resources": {"R": {"Type": "A::B::C"}}} more"#, "after its end"),
        ("Resources: {R: {Type: \"a\u{7}\"}}", "U+0007"),
        (
            "Resources: {R: {Type: A::B::C}}\nMappings: {M: {123456789012: {A: b}}}",
            "number `123456789012`",
        ),
        ("Resources: {R: {Type: A::B::C, Properties: {A: !!binary aGk=}}}", "`!!binary`"),
        ("Resources: {R: {Type: A::B::C, Properties: {? [a] : 1}}}", "a key is a list"),
    ];
    for (text, word) in refused {
        let misread = Template::parse(text).unwrap_err();
        assert!(misread.certain && misread.why.contains(word), "{text}: {misread:?}");
    }
    assert!(Template::parse("--- \nResources: {R: {Type: A::B::C}}\n...\n").is_ok());
    assert!(
        Template::parse(
            "Resources: {R: {Type: A::B::C, Properties: {'<<': 1, '12': 2, 2012-10-17: 3}}}"
        )
        .is_ok()
    );
}

#[test]
fn a_key_that_is_no_text_is_refused_at_its_line() {
    let keys = [
        ("yes", "the truth value `true`"),
        ("On", "the truth value `true`"),
        ("false", "the truth value `false`"),
        ("null", "nothing"),
        ("~", "nothing"),
        ("1", "the number `1`"),
        ("0x1F", "the number `31`"),
        ("1.5", "the number `1.5`"),
    ];
    let places = [
        "Mappings:\n  M:\n    {key}: {A: b}\n",
        "Metadata:\n  M:\n    {key}: 1\n",
        "Outputs:\n  O: {Value: a}\n  {key}: {Value: b}\n",
    ];
    for (key, what) in keys {
        for place in places {
            let text = |key: &str| {
                format!("Resources: {{R: {{Type: A::B::C}}}}\n{}", place.replace("{key}", key))
            };
            let misread = Template::parse(&text(key)).unwrap_err();
            let told = misread.why.contains(what) && misread.why.contains("(line 4)");
            assert!(misread.certain && told, "{key}: {misread:?}");
            assert!(Template::parse(&text(&format!("'{key}'"))).is_ok(), "{key}");
        }
    }
    for key in ["y", "N", "yEs", "2012-10-17", "1.2.3", "=", "!!str 1"] {
        let text =
            format!("Resources: {{R: {{Type: A::B::C}}}}\nMappings: {{M: {{{key}: {{A: b}}}}}}");
        assert!(Template::parse(&text).is_ok(), "{key}");
    }
}

#[test]
fn keys_that_stand_twice_are_told() {
    let yaml = Template::parse("Resources:\n  R: {Type: A::B::C}\n  R: {Type: D::E::F}\n").unwrap();
    assert_eq!(
        (yaml.resources["R"].as_str(), yaml.doubled),
        ("D::E::F", vec!["`R` (line 3)".to_string()])
    );
    let json = Template::parse(
        "{\"Resources\": {\"R\": {\"Type\": \"A::B::C\"},\n \"R\": {\"Type\": \"D::E::F\"}}}",
    )
    .unwrap();
    assert_eq!(
        (json.resources["R"].as_str(), json.doubled),
        ("D::E::F", vec!["`R` (line 2)".to_string()])
    );
}

#[test]
fn a_macro_beside_other_keys_is_seen() {
    let places = [
        "Outputs: {Out: {Value: a}, Fn::Transform: {Name: AWS::Include}}",
        "Outputs: {Out: {Value: a, Fn::Transform: {Name: AWS::Include}}}",
        "Mappings: {Fn::Transform: {Name: AWS::Include}}",
        "Parameters: {P: {Type: String}, Fn::Transform: {Name: AWS::Include}}",
        "Fn::Transform: {Name: AWS::Include}",
    ];
    for place in places {
        let template =
            Template::parse(&format!("Resources: {{R: {{Type: A::B::C}}}}\n{place}\n")).unwrap();
        assert!(template.transformed() && !template.needs(true).is_empty(), "{place}");
        assert!(
            !template.outputs.contains(&"Fn::Transform".to_string())
                && !template.declares("Fn::Transform"),
            "{place}"
        );
    }
}
