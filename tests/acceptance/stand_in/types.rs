//! The types of hashicorp/aws that the examples use: what each is given, what AWS gives, and what an apply makes of it.

use quilt_provider::tf::schema::{Attribute, AttributeConstraint as Given, AttributeType, Shape};

use super::Type;

/// Names of attributes.
type Names = &'static [&'static str];

/// Types that have text alone: what is required, what is optional, what AWS gives.
const TEXTS: [(&str, Names, Names, Names); 7] = [
    ("aws_iam_policy", &["policy"], &["name", "description"], &["arn", "id"]),
    ("aws_iam_role", &["assume_role_policy"], &["name", "description"], &["arn", "id"]),
    ("aws_kms_key_policy", &["key_id", "policy"], &[], &["id"]),
    ("aws_organizations_policy", &["content"], &["name", "type", "description"], &["arn", "id"]),
    ("aws_organizations_policy_attachment", &["policy_id", "target_id"], &[], &["id"]),
    ("aws_s3_bucket", &["bucket"], &[], &["arn", "id"]),
    ("aws_s3_bucket_policy", &["bucket", "policy"], &[], &["id"]),
];

/// All of them.
pub fn all() -> Vec<Type> {
    let mut all =
        vec![record(), certificate(), validation(), alarm(), key(), versioning(), replication()];
    all.extend(TEXTS.map(|(name, required, optional, given)| {
        let of = |names: &[&'static str], constraint: Given| {
            names.iter().map(|name| text(name, constraint.clone())).collect::<Vec<_>>()
        };
        let attributes = [
            of(required, Given::Required),
            of(optional, Given::Optional),
            of(given, Given::Computed),
        ];
        Type::new(name, attributes.concat())
    }));
    all
}

fn of(name: &'static str, kind: AttributeType, given: Given) -> Attribute {
    Attribute::new(name, "", Shape::Type(kind), given)
}

fn text(name: &'static str, given: Given) -> Attribute {
    of(name, AttributeType::String, given)
}

fn texts(name: &'static str, given: Given) -> Attribute {
    of(name, AttributeType::Set(Box::new(AttributeType::String)), given)
}

/// A block with these inside.
fn block(name: &'static str, inside: Vec<Attribute>) -> Attribute {
    Attribute::new(name, "", Shape::List(inside), Given::Optional).block()
}

fn record() -> Type {
    Type::new(
        "aws_route53_record",
        vec![
            text("zone_id", Given::Required),
            text("name", Given::Required),
            text("type", Given::Required),
            of("ttl", AttributeType::Number, Given::Optional),
            texts("records", Given::Optional),
            of("allow_overwrite", AttributeType::Bool, Given::Optional),
            text("fqdn", Given::Computed),
            text("id", Given::Computed),
        ],
    )
}

fn certificate() -> Type {
    let option =
        ["domain_name", "resource_record_name", "resource_record_type", "resource_record_value"];
    let option =
        AttributeType::Object(option.map(|name| (name.to_owned(), AttributeType::String)).into());
    Type::new(
        "aws_acm_certificate",
        vec![
            text("domain_name", Given::OptionalComputed),
            texts("subject_alternative_names", Given::OptionalComputed),
            text("validation_method", Given::OptionalComputed),
            text("key_algorithm", Given::Optional),
            of("domain_validation_options", AttributeType::Set(Box::new(option)), Given::Computed),
            text("arn", Given::Computed),
            text("id", Given::Computed),
        ],
    )
}

fn validation() -> Type {
    Type::new(
        "aws_acm_certificate_validation",
        vec![
            text("certificate_arn", Given::Required),
            texts("validation_record_fqdns", Given::Optional),
            text("id", Given::Computed),
        ],
    )
}

fn alarm() -> Type {
    let number = |name, given| of(name, AttributeType::Number, given);
    Type::new(
        "aws_cloudwatch_metric_alarm",
        vec![
            text("alarm_name", Given::Required),
            text("alarm_description", Given::Optional),
            text("namespace", Given::Optional),
            text("metric_name", Given::Optional),
            of("dimensions", AttributeType::Map(Box::new(AttributeType::String)), Given::Optional),
            text("statistic", Given::Optional),
            text("comparison_operator", Given::Required),
            number("threshold", Given::Optional),
            number("period", Given::Optional),
            number("evaluation_periods", Given::Required),
            texts("alarm_actions", Given::Optional),
            text("arn", Given::Computed),
            text("id", Given::Computed),
        ],
    )
}

fn key() -> Type {
    Type::new(
        "aws_kms_key",
        vec![
            text("description", Given::Optional),
            of("enable_key_rotation", AttributeType::Bool, Given::Optional),
            text("arn", Given::Computed),
            text("key_id", Given::Computed),
            text("id", Given::Computed),
        ],
    )
}

fn versioning() -> Type {
    Type::new(
        "aws_s3_bucket_versioning",
        vec![
            text("bucket", Given::Required),
            text("id", Given::Computed),
            block("versioning_configuration", vec![text("status", Given::Required)]),
        ],
    )
}

fn replication() -> Type {
    let rule = vec![
        text("id", Given::Optional),
        text("status", Given::Required),
        block("filter", vec![text("prefix", Given::Optional)]),
        block("delete_marker_replication", vec![text("status", Given::Required)]),
        block("destination", vec![text("bucket", Given::Required)]),
    ];
    Type::new(
        "aws_s3_bucket_replication_configuration",
        vec![
            text("bucket", Given::Required),
            text("role", Given::Required),
            text("id", Given::Computed),
            block("rule", rule),
        ],
    )
}
