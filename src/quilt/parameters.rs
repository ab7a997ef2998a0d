//! Which parameters a stack is given: what people write, what objects bring, and what the template declares.

use std::collections::BTreeMap;

use crate::quilt::stack::Parameter;
use crate::quilt::template::{Declared, Template};

/// Largest value that CloudFormation takes, in bytes.
pub const MAX_VALUE: usize = 4_096;

/// What CloudFormation shows instead of a secret.
pub const HIDDEN: &str = "****";

/// A parameter that cannot be sent, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Its name.
    pub parameter: String,
    /// What is wrong, as a sentence.
    pub what: String,
}

impl Problem {
    fn new(parameter: &str, what: impl Into<String>) -> Self {
        Self { parameter: parameter.into(), what: what.into() }
    }
}

/// What is wrong with giving `wanted` to `template`; `None` as a value: not known yet. `live`: what the stack has, empty before it exists.
pub fn problems(template: &Template, wanted: &BTreeMap<String, Option<String>>, live: &BTreeMap<String, String>) -> Vec<Problem> {
    let declared = &template.parameters;
    let undeclared = wanted.keys().filter(|name| !declared.contains_key(*name)).map(|name| undeclared(name, declared));
    let unfit = wanted.iter().filter_map(|(name, value)| unfit(name, declared.get(name)?, value.as_deref()?));
    let missing = declared
        .iter()
        .filter(|(name, d)| d.default.is_none() && !wanted.contains_key(*name) && !live.contains_key(*name) && !may_be_empty(name, d));
    let missing = missing.map(|(name, d)| Problem::new(name, missing_text(name, d)));
    let kept = live.iter().filter(|(name, value)| !wanted.contains_key(*name) && *value != HIDDEN);
    let kept = kept.filter_map(|(name, value)| self::unfit(name, declared.get(name)?, value)).map(still);
    undeclared.chain(unfit).chain(missing).chain(kept).collect()
}

/// A value that nobody writes any more is kept, and must fit a changed declaration all the same.
fn still(problem: Problem) -> Problem {
    let what = format!("{} The stack has this value and keeps it, because the configuration gives none.", problem.what);
    Problem { what, ..problem }
}

fn undeclared(name: &str, declared: &BTreeMap<String, Declared>) -> Problem {
    let near = declared.keys().find(|d| d.eq_ignore_ascii_case(name)).or_else(|| declared.keys().find(|d| distance(d, name) <= 2));
    let hint = near.map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default();
    Problem::new(name, format!("The template declares no parameter `{name}`.{hint}"))
}

fn missing_text(name: &str, declared: &Declared) -> String {
    let wo = if declared.no_echo { " It is secret: `parameters_wo` keeps it out of the state." } else { "" };
    format!("The template needs the parameter `{name}` ({}), which has no default.{wo}", declared.kind)
}

/// Why `value` does not fit its declaration.
fn unfit(name: &str, declared: &Declared, value: &str) -> Option<Problem> {
    let shown = if declared.no_echo { "The value".to_string() } else { format!("`{value}`") };
    let why = misfit(declared, value)?;
    let own = declared.constraint_description.as_ref().map(|d| format!(" The template says: {d}")).unwrap_or_default();
    Some(Problem::new(name, format!("{shown} does not fit the parameter `{name}`: {why}.{own}")))
}

/// The declaration allows this value.
pub fn takes(declared: &Declared, value: &str) -> bool {
    misfit(declared, value).is_none()
}

fn misfit(declared: &Declared, value: &str) -> Option<String> {
    if value.len() > MAX_VALUE {
        return Some(format!("it has {} bytes, CloudFormation takes {MAX_VALUE}", value.len()));
    }
    if !declared.allowed_values.is_empty() && !each(declared, value).all(|v| declared.allowed_values.iter().any(|a| a == v)) {
        return Some(format!("it takes {}", declared.allowed_values.join(", ")));
    }
    if declared.kind == "Number" || declared.kind == "List<Number>" {
        return each(declared, value).find_map(|v| number_misfit(declared, v));
    }
    if let Some(beginning) = beginning(declared)
        && let Some(other) = each(declared, value).find(|v| !v.is_empty() && !v.starts_with(beginning))
    {
        return Some(format!("`{other}` is no id of {}: those begin with `{beginning}`", declared.kind));
    }
    if let Some(pattern) = declared.allowed_pattern.as_ref().filter(|p| !matches(p, value)) {
        return Some(format!("it must match {pattern}"));
    }
    let (n, (least, most)) = (value.chars().count() as u64, declared.length);
    match (least.filter(|l| n < *l), most.filter(|m| n > *m)) {
        (Some(least), _) => Some(format!("it has {n} characters and needs at least {least}")),
        (_, Some(most)) => Some(format!("it has {n} characters and may have {most} at most")),
        _ => None,
    }
}

/// How the ids of a type begin that CloudFormation looks up in the account.
fn beginning(declared: &Declared) -> Option<&'static str> {
    let kind = declared.kind.strip_prefix("List<").and_then(|rest| rest.strip_suffix('>')).unwrap_or(&declared.kind);
    IDS.iter().find(|(of, _)| *of == kind).map(|(_, beginning)| *beginning)
}

const IDS: [(&str, &str); 6] = [
    ("AWS::EC2::VPC::Id", "vpc-"),
    ("AWS::EC2::Subnet::Id", "subnet-"),
    ("AWS::EC2::SecurityGroup::Id", "sg-"),
    ("AWS::EC2::Instance::Id", "i-"),
    ("AWS::EC2::Volume::Id", "vol-"),
    ("AWS::EC2::Image::Id", "ami-"),
];

fn number_misfit(declared: &Declared, value: &str) -> Option<String> {
    let Ok(n) = value.trim().parse::<f64>() else { return Some("it is not a number".into()) };
    match (declared.range.0.filter(|l| n < *l), declared.range.1.filter(|m| n > *m)) {
        (Some(least), _) => Some(format!("it must be at least {least}")),
        (_, Some(most)) => Some(format!("it must be at most {most}")),
        _ => None,
    }
}

/// The elements of a list, or the one value.
fn each<'a>(declared: &Declared, value: &'a str) -> Box<dyn Iterator<Item = &'a str> + 'a> {
    if declared.kind == "CommaDelimitedList" || declared.kind.starts_with("List<") {
        return Box::new(value.split(',').map(str::trim));
    }
    Box::new(std::iter::once(value))
}

/// CloudFormation matches whole values. A pattern that our engine does not read is left to CloudFormation.
fn matches(pattern: &str, value: &str) -> bool {
    regex_lite::Regex::new(&format!("^(?:{pattern})$")).map_or(true, |r| r.is_match(value))
}

/// An optional sign-in parameter that older templates declare without a default: it is given as "".
pub fn may_be_empty(name: &str, declared: &Declared) -> bool {
    let provider = ["Google", "Okta", "OneLogin", "Azure", "SingleSignOn"].iter().find_map(|p| name.strip_prefix(p));
    let sign_in = provider.is_some_and(|rest| ["ClientId", "ClientSecret", "BaseUrl", "Domains"].contains(&rest));
    sign_in && declared.default.is_none() && misfit(declared, "").is_none()
}

/// What is sent: wanted values, the stack's own for everything else that it has, and "" for optional sign-in parameters it does not have yet.
pub fn to_send(
    template: Option<&Template>,
    wanted: &BTreeMap<String, String>,
    live: &BTreeMap<String, String>,
) -> BTreeMap<String, Parameter> {
    let mut send: BTreeMap<_, _> = wanted.iter().map(|(k, v)| (k.clone(), Parameter::Value(v.clone()))).collect();
    let Some(template) = template else {
        // The template is the stack's own, or one we cannot read: everything the stack has stays.
        for name in live.keys() {
            send.entry(name.clone()).or_insert(Parameter::Previous);
        }
        return send;
    };
    for (name, declared) in &template.parameters {
        if live.contains_key(name) {
            send.entry(name.clone()).or_insert(Parameter::Previous);
        } else if may_be_empty(name, declared) {
            send.entry(name.clone()).or_insert(Parameter::Value(String::new()));
        }
    }
    send
}

/// How many letters must change to make one name of the other; at most 3 are counted.
fn distance(a: &str, b: &str) -> usize {
    if a.len().abs_diff(b.len()) > 2 {
        return 3;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let cost = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
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

    fn told(pairs: &[(&str, &str)]) -> Vec<String> {
        let full = [("Host", "a.b.c"), ("Secret", "long enough")];
        let mut all = wanted(&full);
        all.extend(wanted(pairs));
        problems(&template(), &all, &BTreeMap::new()).into_iter().map(|p| p.what).collect()
    }

    #[test]
    fn what_fits_is_no_problem() {
        assert_eq!(told(&[]), Vec::<String>::new());
        assert_eq!(told(&[("Auth", "Enabled"), ("Rate", "100"), ("Zones", "a, b")]), Vec::<String>::new());
        let ids = [("Vpc", "vpc-1"), ("Subnets", "subnet-1, subnet-2"), ("Image", "/elsewhere")];
        assert_eq!(told(&ids), Vec::<String>::new());
    }

    #[test]
    fn problems_name_the_parameter_and_the_rule() {
        assert_eq!(told(&[("Hots", "x")]), ["The template declares no parameter `Hots`. Did you mean `Host`?"]);
        let host = "`a.b` does not fit the parameter `Host`: it must match ^[-\\w]+\\.[-\\w]+\\.[-\\w]+$. The template says: three labels";
        assert_eq!(told(&[("Host", "a.b")]), [host]);
        assert_eq!(told(&[("Auth", "On")]), ["`On` does not fit the parameter `Auth`: it takes Enabled, Disabled."]);
        assert_eq!(told(&[("Rate", "99")]), ["`99` does not fit the parameter `Rate`: it must be at least 100."]);
        let subnets = "`subnet-1,sg-1` does not fit the parameter `Subnets`: `sg-1` is no id of List<AWS::EC2::Subnet::Id>: those begin with `subnet-`.";
        assert_eq!(told(&[("Subnets", "subnet-1,sg-1")]), [subnets]);
        assert_eq!(told(&[("Rate", "many")]), ["`many` does not fit the parameter `Rate`: it is not a number."]);
    }

    #[test]
    fn secrets_are_not_shown() {
        let text = told(&[("Secret", "short")]).join("");
        assert!(text.starts_with("The value does not fit") && !text.contains("short"), "{text}");
    }

    #[test]
    fn missing_ones_are_named_unless_the_stack_has_them() {
        let none = problems(&template(), &BTreeMap::new(), &BTreeMap::new());
        assert_eq!(none.iter().map(|p| p.parameter.as_str()).collect::<Vec<_>>(), ["Host", "Secret"]);
        let live = [("Host", "a.b.c"), ("Secret", "****")].map(|(k, v)| (k.to_string(), v.to_string())).into();
        assert_eq!(problems(&template(), &BTreeMap::new(), &live), []);
    }

    #[test]
    fn previous_values_stay_and_secrets_are_never_sent_back() {
        let live: BTreeMap<_, _> =
            [("Host", "a.b.c"), ("Secret", "****"), ("Old", "x")].map(|(k, v)| (k.to_string(), v.to_string())).into();
        let sent = to_send(Some(&template()), &[("Host".to_string(), "d.e.f".to_string())].into(), &live);
        let expected = [
            ("GoogleClientId", Parameter::Value(String::new())),
            ("Host", Parameter::Value("d.e.f".into())),
            ("Secret", Parameter::Previous),
        ];
        assert_eq!(sent, expected.map(|(k, v)| (k.to_string(), v)).into());
    }
}
