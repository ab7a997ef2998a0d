//! The page of a function: its signature, its arguments, and what comes back.

use std::fmt::Write;

use super::schema_page::{plain_type, type_of_shape};
use crate::kinds::function::{Parameter, Signature, Takes};
use crate::tf::schema::{Attribute, Shape};

/// Title, summary and description.
pub fn head(name: &str, signature: &Signature) -> String {
    let summary = signature.summary();
    format!(
        "---\npage_title: \"{name} function - quilt\"\nsubcategory: \"\"\ndescription: |-\n  {summary}\n---\n\n# function: {name}\n\n{doc}\n\n\
         Terraform knows provider-defined functions from version 1.8 on, OpenTofu from 1.7.\n\n",
        doc = signature.doc
    )
}

/// Everything below the example.
pub fn sections(page: &mut String, name: &str, signature: &Signature) {
    let _ = write!(
        page,
        "## Signature\n\n```text\n{}\n```\n\n## Arguments\n\n",
        written(name, signature)
    );
    for parameter in &signature.parameters {
        let doc = parameter
            .doc
            .split("\n\n")
            .map(|p| p.replace('\n', " "))
            .collect::<Vec<_>>()
            .join("\n\n   ");
        let _ = writeln!(page, "1. `{}` ({}) {doc}", parameter.name, words(parameter));
    }
    let _ = write!(
        page,
        "\n## Return\n\n({}) {}\n",
        type_of_shape(&signature.answer),
        signature.returns
    );
    if let Shape::Single(members) | Shape::List(members) = &signature.answer {
        page.push('\n');
        members.iter().for_each(|member| page.push_str(&entry(member, "")));
    }
}

/// A member of what comes back, and the members inside it.
fn entry(member: &Attribute, indent: &str) -> String {
    let line = format!(
        "{indent}- `{}` ({}) {}\n",
        member.name,
        type_of_shape(&member.shape),
        member.doc.replace('\n', " ")
    );
    let inside = member
        .nested()
        .unwrap_or_default()
        .iter()
        .map(|inner| entry(inner, &format!("{indent}  ")));
    line + &inside.collect::<String>()
}

fn words(parameter: &Parameter) -> String {
    let word = match parameter.takes {
        Takes::Value => "",
        Takes::Null => ", may be null",
        Takes::Nothing => ", may be left out",
    };
    format!("{}{word}", type_of_shape(&parameter.shape))
}

/// `hosts(web_host string) object`.
fn written(name: &str, signature: &Signature) -> String {
    let parameters: Vec<_> = signature
        .parameters
        .iter()
        .map(|p| format!("{} {}{}", p.name, term(&p.shape), dots(p)))
        .collect();
    format!("{name}({}) {}", parameters.join(", "), term(&signature.answer))
}

fn dots(parameter: &Parameter) -> &'static str {
    if parameter.takes == Takes::Nothing { "..." } else { "" }
}

/// A type as it is said in a signature.
fn term(shape: &Shape) -> String {
    match shape {
        Shape::Type(t) => plain_type(t).to_lowercase(),
        Shape::Single(_) => "object".into(),
        Shape::List(_) => "list of object".into(),
    }
}
