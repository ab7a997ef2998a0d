//! Which parameters a stack is given: what people write, what objects bring, and what the template declares.

use std::collections::BTreeMap;

use crate::cloudformation::meant::near;
use crate::cloudformation::stack::Parameter;
use crate::cloudformation::template::{Declared, Template, given_back};
use crate::outcome::{ended, shortened, worded};

mod pattern;

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
pub fn problems(
    template: &Template,
    wanted: &BTreeMap<String, Option<String>>,
    live: &BTreeMap<String, String>,
) -> Vec<Problem> {
    let declared = &template.parameters;
    let undeclared = wanted
        .keys()
        .filter(|name| !declared.contains_key(*name))
        .map(|name| undeclared(name, declared));
    let unfit = wanted
        .iter()
        .filter_map(|(name, value)| unfit(name, declared.get(name)?, value.as_deref()?));
    let missing = declared.iter().filter(|(name, d)| {
        d.default.is_none()
            && !wanted.contains_key(*name)
            && !live.contains_key(*name)
            && !may_be_empty(name, d)
    });
    let missing = missing.map(|(name, d)| Problem::new(name, missing_text(name, d)));
    let kept = live.iter().filter(|(name, value)| !wanted.contains_key(*name) && *value != HIDDEN);
    let kept =
        kept.filter_map(|(name, value)| self::unfit(name, declared.get(name)?, value)).map(still);
    let wrong = declared.iter().filter_map(|(name, d)| {
        Some(Problem::new(name, format!("The template declares `{name}` so: {}.", d.wrong?)))
    });
    undeclared.chain(unfit).chain(missing).chain(kept).chain(wrong).collect()
}

/// A value that nobody writes any more is kept, and must fit a changed declaration all the same.
fn still(problem: Problem) -> Problem {
    let what = format!(
        "{} The stack has this value and keeps it, because the configuration gives none.",
        problem.what
    );
    Problem { what, ..problem }
}

fn undeclared(name: &str, declared: &BTreeMap<String, Declared>) -> Problem {
    let near = near(name, declared.keys().map(String::as_str));
    let hint = near.map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default();
    Problem::new(name, format!("The template declares no parameter `{name}`.{hint}"))
}

fn missing_text(name: &str, declared: &Declared) -> String {
    let about = declared
        .description
        .as_ref()
        .map(|text| format!(" The template says of it: {}", ended(&worded(text))))
        .unwrap_or_default();
    format!(
        "The template needs the parameter `{name}` ({}), which has no default.{about}",
        declared.kind
    )
}

/// Why `value` does not fit its declaration.
fn unfit(name: &str, declared: &Declared, value: &str) -> Option<Problem> {
    let shown =
        if declared.no_echo { "The value".to_string() } else { format!("`{}`", shortened(value)) };
    let why = misfit(declared, value)?;
    let own = declared
        .constraint_description
        .as_ref()
        .map_or(".".into(), |d| format!(": {}", ended(&worded(d))));
    Some(Problem::new(name, format!("{shown} does not fit the parameter `{name}`{own} {why}")))
}

/// The declaration allows this value.
pub fn takes(declared: &Declared, value: &str) -> bool {
    misfit(declared, value).is_none()
}

fn misfit(declared: &Declared, value: &str) -> Option<String> {
    if value.len() > MAX_VALUE {
        return Some(format!(
            "It has {} bytes, and CloudFormation takes {MAX_VALUE}.",
            value.len()
        ));
    }
    each(declared, value)
        .find_map(|item| item_misfit(declared, item))
        .or_else(|| length_misfit(declared, value))
}

/// Why a value, or an item of a list, does not fit.
fn item_misfit(declared: &Declared, item: &str) -> Option<String> {
    if !declared.allowed_values.is_empty()
        && !declared.allowed_values.iter().any(|allowed| equal(allowed, item))
    {
        return Some(format!("Write one of: {}.", listed(&declared.allowed_values)));
    }
    if declared.kind == "Number" || declared.kind == "List<Number>" {
        return number_misfit(declared, item);
    }
    if let Some(beginning) =
        beginning(declared).filter(|beginning| !item.is_empty() && !item.starts_with(beginning))
    {
        return Some(format!(
            "`{}` is not the id of {}: such ids begin with `{beginning}`.",
            shortened(item),
            of_id(beginning)
        ));
    }
    let pattern =
        declared.allowed_pattern.as_ref().filter(|pattern| !pattern::matches(pattern, item))?;
    let of_list = if declared.is_list() {
        format!(" The item that does not fit is `{}`.", shortened(item))
    } else {
        String::new()
    };
    Some(format!("{}{}", in_words(declared, pattern), if declared.no_echo { "" } else { &of_list }))
}

/// How long a text may be. Of a list CloudFormation does not ask.
fn length_misfit(declared: &Declared, value: &str) -> Option<String> {
    if declared.is_list() || declared.kind == "Number" {
        return None;
    }
    let (n, (least, most)) = (value.chars().count() as u64, declared.length);
    match (least.filter(|l| n < *l), most.filter(|m| n > *m)) {
        (Some(least), _) => Some(format!("It has {n} characters and needs {least} or more.")),
        (_, Some(most)) => Some(format!("It has {n} characters and may have {most} at most.")),
        _ => None,
    }
}

/// A number with a point may be printed shorter by CloudFormation than the template writes it.
fn equal(allowed: &str, value: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok();
    allowed == value
        || (allowed.contains('.') && number(allowed).is_some_and(|n| Some(n) == number(value)))
}

/// The values that are allowed, as far as they fit into a sentence.
fn listed(values: &[String]) -> String {
    const MOST: usize = 20;
    let head: Vec<_> = values.iter().take(MOST).map(|value| shortened(value)).collect();
    let more = if values.len() > MOST {
        format!(" and {} more", values.len() - MOST)
    } else {
        String::new()
    };
    head.join(", ") + &more
}

/// The stack has this value, as far as CloudFormation shows it: it trims the items of a list, and gives back `?` for what is not ASCII.
pub fn has(declared: Option<&Declared>, live: &str, value: &str) -> bool {
    let list =
        |value: &str| value.split(',').map(|item| item.trim().to_string()).collect::<Vec<_>>();
    let same = |a: &str, b: &str| {
        a == b || (declared.is_some_and(Declared::is_list) && list(a) == list(b))
    };
    same(live, value) || (!value.is_ascii() && same(live, &given_back(value)))
}

/// How the ids of a type begin that CloudFormation looks up in the account.
fn beginning(declared: &Declared) -> Option<&'static str> {
    let kind = declared
        .kind
        .strip_prefix("List<")
        .and_then(|rest| rest.strip_suffix('>'))
        .unwrap_or(&declared.kind);
    IDS.iter().find(|(of, _)| *of == kind).map(|(_, beginning)| *beginning)
}

/// What such an id is of, for a sentence.
fn of_id(beginning: &str) -> &'static str {
    match beginning {
        "vpc-" => "a VPC",
        "subnet-" => "a subnet",
        "sg-" => "a security group",
        "i-" => "an instance",
        "vol-" => "a volume",
        _ => "an image",
    }
}

/// What a pattern asks for: an example that fits it, and the pattern itself where no example is at hand or the template says nothing.
fn in_words(declared: &Declared, pattern: &str) -> String {
    let fits = |text: &&str| {
        !text.is_empty()
            && pattern::matches(pattern, text)
            && length_misfit(declared, text).is_none()
    };
    let example = declared.default.as_deref().into_iter().chain(EXAMPLES).find(fits);
    match (example, &declared.constraint_description) {
        (Some(example), _) => format!("A value that fits is `{example}`."),
        (None, Some(_)) => "The template's `AllowedPattern` has the rule.".into(),
        (None, None) => format!(
            "The template takes only values of a certain form, which it writes as this regular expression: {}.",
            shortened(pattern)
        ),
    }
}

/// Values that templates ask for, the plainer ones first.
const EXAMPLES: [&str; 22] = [
    "quilt",
    "quilt-1",
    "Quilt1",
    "abc-123",
    "12",
    "123456789012",
    "quilt.example.com",
    "admin@example.com",
    "https://example.com",
    "https://example.okta.com/oauth2/default",
    "example.com",
    "10.0.0.0/16",
    "us-east-1",
    "us-east-1a",
    "Enabled",
    "true",
    "A-long-Passw0rd!",
    "db.t3.small",
    "m5.large.elasticsearch",
    "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef",
    "arn:aws:iam::123456789012:role/quilt",
    "s3://bucket/key",
];

const IDS: [(&str, &str); 6] = [
    ("AWS::EC2::VPC::Id", "vpc-"),
    ("AWS::EC2::Subnet::Id", "subnet-"),
    ("AWS::EC2::SecurityGroup::Id", "sg-"),
    ("AWS::EC2::Instance::Id", "i-"),
    ("AWS::EC2::Volume::Id", "vol-"),
    ("AWS::EC2::Image::Id", "ami-"),
];

fn number_misfit(declared: &Declared, value: &str) -> Option<String> {
    let number = value.trim().parse::<f64>().ok().filter(|n| n.is_finite());
    let Some(n) = number else { return Some("Write a number.".into()) };
    match (declared.range.0.filter(|l| n < *l), declared.range.1.filter(|m| n > *m)) {
        (Some(least), _) => Some(format!("Write {least} or more.")),
        (_, Some(most)) => Some(format!("Write {most} or less.")),
        _ => None,
    }
}

/// The items of a list, of which an empty one has none, or the one value.
fn each<'a>(declared: &Declared, value: &'a str) -> Box<dyn Iterator<Item = &'a str> + 'a> {
    match declared.is_list() {
        true if value.trim().is_empty() => Box::new(std::iter::empty()),
        true => Box::new(value.split(',').map(str::trim)),
        false => Box::new(std::iter::once(value)),
    }
}

/// The parameters that a new stack must be given.
pub fn required(template: &Template) -> Vec<&str> {
    let all = template.parameters.iter();
    all.filter(|(name, declared)| declared.default.is_none() && !may_be_empty(name, declared))
        .map(|(name, _)| name.as_str())
        .collect()
}

/// An optional sign-in parameter that older templates declare without a default: it is given as "".
pub fn may_be_empty(name: &str, declared: &Declared) -> bool {
    let provider = ["Google", "Okta", "OneLogin", "Azure", "SingleSignOn"]
        .iter()
        .find_map(|p| name.strip_prefix(p));
    let sign_in = provider
        .is_some_and(|rest| ["ClientId", "ClientSecret", "BaseUrl", "Domains"].contains(&rest));
    sign_in && declared.default.is_none() && misfit(declared, "").is_none()
}

/// What is sent: wanted values, the stack's own for everything else that it has, and "" for optional sign-in parameters it does not have yet.
pub fn to_send(
    template: Option<&Template>,
    wanted: &BTreeMap<String, String>,
    live: &BTreeMap<String, String>,
) -> BTreeMap<String, Parameter> {
    let mut send: BTreeMap<_, _> =
        wanted.iter().map(|(k, v)| (k.clone(), Parameter::Value(v.clone()))).collect();
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

#[cfg(test)]
mod tests;
