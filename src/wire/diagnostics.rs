//! Diagnostics and paths in Terraform's words.

use super::proto::attribute_path::{Step, step::Selector};
use super::proto::{self, diagnostic::Severity};
use crate::tf::schema::Attribute;
use crate::tf::{AttributePath, AttributePathStep, Diagnostic, Diagnostics};

/// Everything there is to tell of something with these attributes, errors first.
pub fn diagnostics(attributes: &[Attribute], d: Diagnostics) -> Vec<proto::Diagnostic> {
    let all = |list: Vec<Diagnostic>, severity: Severity| {
        list.into_iter().map(move |told| diagnostic(severity, pointed(attributes, told)))
    };
    all(d.errors, Severity::Error).chain(all(d.warnings, Severity::Warning)).collect()
}

/// Terraform finds the line of an attribute and not of a member inside it: it would point at the whole block. So it is pointed at the
/// attribute, and the member is named.
fn pointed(attributes: &[Attribute], told: Diagnostic) -> Diagnostic {
    let Some((kept, member)) = member(attributes, &told.attribute) else { return told };
    let mut detail = told.detail.into_owned();
    let named = format!("`{member}`");
    if !told.summary.contains(&named) && !detail.contains(&named) {
        detail += &format!("\n\nThis is about `{}`.", told.attribute);
    }
    let mut attribute = told.attribute;
    attribute.steps.truncate(kept);
    Diagnostic { summary: told.summary, detail: detail.into(), attribute }
}

/// How many steps of a path lead to an attribute with members, and the member that the rest comes to.
fn member(attributes: &[Attribute], path: &AttributePath) -> Option<(usize, String)> {
    let mut attributes = attributes;
    for (i, step) in path.steps.iter().enumerate() {
        let AttributePathStep::Attribute(name) = step else { continue };
        let attribute = attributes.iter().find(|a| a.name == name.as_ref())?;
        let nested = attribute.nested()?;
        if !attribute.block {
            let mut rest = path.steps[i + 1..].iter().rev();
            let member = rest.find_map(|step| match step {
                AttributePathStep::Attribute(name) => Some(name.to_string()),
                _ => None,
            });
            return member.map(|member| (i + 1, member));
        }
        attributes = nested;
    }
    None
}

fn diagnostic(severity: Severity, d: Diagnostic) -> proto::Diagnostic {
    proto::Diagnostic {
        severity: severity.into(),
        summary: d.summary.into_owned(),
        detail: d.detail.into_owned(),
        attribute: (!d.attribute.steps.is_empty()).then(|| path(d.attribute)),
    }
}

/// Where in an object Terraform is to point.
pub fn path(path: AttributePath) -> proto::AttributePath {
    let selector = |step| match step {
        AttributePathStep::Attribute(name) => Selector::AttributeName(name.into_owned()),
        AttributePathStep::Key(key) => Selector::ElementKeyString(key.into_owned()),
        AttributePathStep::Index(index) => Selector::ElementKeyInt(index),
    };
    proto::AttributePath {
        steps: path.steps.into_iter().map(|step| Step { selector: Some(selector(step)) }).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Served;
    use crate::tf::Report;

    #[test]
    fn a_line_is_pointed_at_that_terraform_finds() {
        let served = Served::default();
        let stack = served.resources.iter().find(|r| r.name() == "quilt_stack").unwrap();
        let port = || AttributePath::new("database").attribute("port");
        let timeout = AttributePath::new("timeouts").attribute("create");
        for (at, detail, steps, told) in [
            (port(), "It is 0.", 1, "It is 0.\n\nThis is about `database.port`."),
            (port(), "`port` is 0.", 1, "`port` is 0."),
            (timeout, "It is long.", 2, "It is long."),
            (AttributePath::new("parameters").key("Size"), "It is long.", 2, "It is long."),
            (AttributePath::root(), "It is long.", 0, "It is long."),
        ] {
            let mut d = Diagnostics::default();
            d.fail_at(at, "Wrong", detail);
            let one = diagnostics(&stack.schema().attributes, d).remove(0);
            let kept = one.attribute.map_or(0, |at| at.steps.len());
            assert_eq!((kept, one.detail.as_str()), (steps, told));
        }
    }
}
