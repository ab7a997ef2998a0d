//! What a CloudFormation template says: its parameters, outputs and resources, and whether two of them mean the same.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

mod capabilities;
mod expression;
mod node;
mod parse;
mod volatile;

pub use expression::Scope;
pub use node::Node;

/// A template that was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// What it declares under `Parameters`.
    pub parameters: BTreeMap<String, Declared>,
    /// Types of its resources by logical id.
    pub resources: BTreeMap<String, String>,
    /// Names of its outputs.
    pub outputs: Vec<String>,
    /// The whole of it.
    root: Node,
}

/// Why a template was not understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Misread {
    /// What is wrong, for a sentence.
    pub why: String,
    /// It is no template; otherwise CloudFormation may read what we cannot.
    pub certain: bool,
}

impl Misread {
    fn certain(why: &str) -> Self {
        Self { why: why.into(), certain: true }
    }
}

/// A parameter as the template declares it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declared {
    /// `String`, `Number`, `CommaDelimitedList`, `List<…>` or an AWS type.
    pub kind: String,
    /// What holds when none is given.
    pub default: Option<String>,
    /// Never shown by CloudFormation.
    pub no_echo: bool,
    /// The only values it takes; empty: any.
    pub allowed_values: Vec<String>,
    /// A regular expression of the whole value.
    pub allowed_pattern: Option<String>,
    /// Shortest and longest text.
    pub length: (Option<u64>, Option<u64>),
    /// Least and greatest number.
    pub range: (Option<f64>, Option<f64>),
    /// The template's own words when a value does not fit.
    pub constraint_description: Option<String>,
}

/// Largest body that CloudFormation takes inside a call, in bytes.
pub const MAX_BODY: usize = 51_200;
/// Largest template that CloudFormation takes from S3, in bytes.
pub const MAX_OBJECT: usize = 1_048_576;

/// The most entries that CloudFormation takes in a section.
const MOST: [(&str, usize); 4] = [("Resources", 500), ("Parameters", 200), ("Outputs", 200), ("Mappings", 200)];

impl Template {
    /// Understands a template, YAML or JSON.
    ///
    /// # Errors
    /// What is wrong with it. Where it is no template for certain, CloudFormation will not understand it either.
    pub fn parse(text: &str) -> Result<Self, Misread> {
        if text.trim().is_empty() {
            return Err(Misread::certain("it is empty"));
        }
        let root = parse::parse(text).map_err(|why| Misread { why, certain: false })?;
        let Node::Map(top) = &root else { return Err(Misread::certain("it is no mapping with `Resources`")) };
        if !matches!(top.get("Resources"), Some(Node::Map(r)) if !r.is_empty()) {
            return Err(Misread::certain("it has no `Resources`"));
        }
        Ok(Self { parameters: declared(&root), resources: kinds(&root), outputs: root.keys("Outputs"), root })
    }

    /// The same for templates that mean the same: key order, comments, layout and YAML or JSON make no difference.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        self.root.feed(&mut hash);
        hex(&hash.finalize())
    }

    /// The entries of a section, as `Outputs`; `None`: it has none.
    pub fn section(&self, name: &str) -> Option<&BTreeMap<String, Node>> {
        self.root.get(name)?.entries()
    }

    /// What there is more of than CloudFormation takes. A template with transforms is counted after them, which only CloudFormation can.
    pub fn excess(&self) -> Vec<String> {
        let counted =
            MOST.into_iter().filter(|_| !self.transformed()).map(|(section, most)| (section, most, self.root.keys(section).len()));
        let over = counted.filter(|(_, most, count)| count > most);
        over.map(|(section, most, count)| format!("It has {count} {}; CloudFormation takes {most}.", section.to_lowercase())).collect()
    }

    /// The default of a parameter, where CloudFormation is sure to read it as we do.
    pub fn sure_default(&self, parameter: &str) -> Option<String> {
        Declared::sure_default(self.section("Parameters")?.get(parameter)?)
    }

    /// What the template says becomes of a resource that is deleted, as `Retain`.
    pub fn deletion_policy(&self, resource: &str) -> Option<String> {
        self.root.get("Resources")?.get(resource)?.get("DeletionPolicy")?.text()
    }

    /// It declares this parameter.
    pub fn declares(&self, parameter: &str) -> bool {
        self.parameters.contains_key(parameter)
    }
}

/// The digest of a template: by meaning where it is understood, else by its text.
pub fn digest(text: &str) -> String {
    match Template::parse(text) {
        Ok(template) => template.digest(),
        Err(_) => hex(&Sha256::digest(text.replace("\r\n", "\n").trim_end().as_bytes())),
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn declared(root: &Node) -> BTreeMap<String, Declared> {
    let Some(Node::Map(parameters)) = root.get("Parameters") else { return BTreeMap::new() };
    parameters.iter().map(|(name, p)| (name.clone(), Declared::read(p))).collect()
}

impl Declared {
    fn read(p: &Node) -> Self {
        let text = |key: &str| p.get(key).and_then(Node::text);
        let number = |key: &str| text(key).and_then(|t| t.parse::<f64>().ok());
        let count = |key: &str| text(key).and_then(|t| t.parse::<u64>().ok());
        Self {
            kind: text("Type").unwrap_or_default(),
            default: text("Default"),
            no_echo: text("NoEcho").is_some_and(|t| t.eq_ignore_ascii_case("true")),
            allowed_values: p.get("AllowedValues").map(Node::texts).unwrap_or_default(),
            allowed_pattern: text("AllowedPattern"),
            length: (count("MinLength"), count("MaxLength")),
            range: (number("MinValue"), number("MaxValue")),
            constraint_description: text("ConstraintDescription"),
        }
    }
}

fn kinds(root: &Node) -> BTreeMap<String, String> {
    let Some(Node::Map(resources)) = root.get("Resources") else { return BTreeMap::new() };
    resources.iter().filter_map(|(id, r)| Some((id.clone(), r.get("Type")?.text()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const YAML: &str = "# a comment\nParameters:\n  A: {Type: String, Default: 1, NoEcho: true, AllowedValues: [x, y], MinLength: 2}\nResources:\n  \
                        R:\n    Type: AWS::SNS::Topic\n    Properties:\n      DisplayName: !Sub '${A}'\n      Arn: !GetAtt R.Arn\n      Day: 2012-10-17\n";

    #[test]
    fn declarations_are_read() {
        let t = Template::parse(YAML).unwrap();
        let a = &t.parameters["A"];
        assert_eq!((a.kind.as_str(), a.default.as_deref(), a.no_echo, a.length), ("String", Some("1"), true, (Some(2), None)));
        assert_eq!(a.allowed_values, ["x", "y"]);
        assert_eq!(t.resources["R"], "AWS::SNS::Topic");
    }

    #[test]
    fn what_means_the_same_is_the_same() {
        let json = r#"{"Resources": {"R": {"Properties": {"Arn": {"Fn::GetAtt": ["R", "Arn"]}, "Day": "2012-10-17", "DisplayName": {"Fn::Sub": "${A}"}},
            "Type": "AWS::SNS::Topic"}}, "Parameters": {"A": {"Type": "String", "Default": 1, "NoEcho": true, "MinLength": 2, "AllowedValues": ["x", "y"]}}}"#;
        let same =
            [YAML.replace('\n', "\r\n"), format!("{YAML}\n\n"), json.to_string(), YAML.replace("!Sub '${A}'", "\n        Fn::Sub: ${A}")];
        for text in same {
            assert_eq!(digest(&text), digest(YAML), "{text}");
        }
        let other = [YAML.replace("[x, y]", "[y, x]"), YAML.replace("Default: 1", "Default: '1'"), YAML.replace("R.Arn", "R.TopicName")];
        for text in other {
            assert_ne!(digest(&text), digest(YAML), "{text}");
        }
    }

    #[test]
    fn anchors_doubled_keys_and_dates_are_read_as_cloudformation_reads_them() {
        let with = |properties: &str| digest(&format!("Resources:\n  R:\n    Type: A::B::C\n    Properties:\n{properties}"));
        assert_eq!(with("      A: &one {X: [1, 2]}\n      B: *one\n"), with("      A: {X: [1, 2]}\n      B: {X: [1, 2]}\n"));
        assert_eq!(with("      A: 1\n      A: 2\n"), with("      A: 2\n"), "the last counts");
        assert_ne!(with("      A: 1\n      A: 2\n"), with("      A: 1\n"));
        let json =
            |properties: &str| digest(&format!(r#"{{"Resources": {{"R": {{"Type": "A::B::C", "Properties": {{{properties}}}}}}}}}"#));
        assert_eq!(json(r#""A": 1, "A": 2"#), with("      A: 2\n"));
        assert_eq!(with("      Version: 2012-10-17\n"), with("      Version: '2012-10-17'\n"));
        assert_eq!(with("      A: !Sub |\n        a\n        b\n"), with("      A: {'Fn::Sub': \"a\\nb\\n\"}\n"));
        assert_eq!(
            with("      A: !If [C, !Ref B, !GetAtt D.E.F]\n"),
            json(r#""A": {"Fn::If": ["C", {"Ref": "B"}, {"Fn::GetAtt": ["D", "E.F"]}]}"#)
        );
    }

    #[test]
    fn what_is_too_much_is_counted() {
        let rows = |n: usize| (0..n).map(|i| format!("  R{i}: {{Type: A::B::C}}\n")).collect::<String>();
        let template = |n: usize| Template::parse(&format!("Resources:\n{}", rows(n))).unwrap();
        assert_eq!(template(500).excess(), [""; 0]);
        assert_eq!(template(501).excess(), ["It has 501 resources; CloudFormation takes 500."]);
        assert_eq!(Template::parse(&format!("Transform: T\nResources:\n{}", rows(501))).unwrap().excess(), [""; 0]);
    }

    #[test]
    fn nonsense_is_told_apart() {
        assert!(Template::parse("just words").unwrap_err().why.contains("no mapping"));
        assert!(Template::parse("a: [b").is_err());
        assert!(Template::parse("{\"a\": ").is_err());
        assert!(Template::parse("Parameters: {}").unwrap_err().why.contains("Resources"));
    }

    #[test]
    fn bombs_do_not_go_off() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for i in 1..12 {
            bomb += &format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 9].join(", "));
        }
        assert!(Template::parse(&bomb).unwrap_err().why.contains("large"));
        assert!(Template::parse(&"[".repeat(100_000)).is_err());
        assert!(Template::parse(&format!("{{\"a\":{}", "[".repeat(100_000))).is_err());
    }
}
