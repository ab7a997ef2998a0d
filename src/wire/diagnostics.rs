//! Diagnostics and paths in Terraform's words.

use super::proto::attribute_path::{Step, step::Selector};
use super::proto::{self, diagnostic::Severity};
use crate::tf::{AttributePath, AttributePathStep, Diagnostic, Diagnostics};

/// Everything there is to tell, errors first.
pub fn diagnostics(d: Diagnostics) -> Vec<proto::Diagnostic> {
    let errors = d.errors.into_iter().map(|e| diagnostic(Severity::Error, e));
    errors.chain(d.warnings.into_iter().map(|w| diagnostic(Severity::Warning, w))).collect()
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
