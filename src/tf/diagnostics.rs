//! What a person reads: errors and warnings, at an attribute where there is one.

use tf_provider::AttributePath;
/// tf-provider's types. Built by literal here and never by its `new`, which pastes a backtrace into the text.
pub use tf_provider::{Diagnostic, Diagnostics};

use super::value::Misfit;

/// Short ways to add a diagnostic.
pub trait Report {
    /// An error that belongs to no attribute.
    fn fail(&mut self, summary: impl Into<String>, detail: impl Into<String>);
    /// An error at an attribute.
    fn fail_at(&mut self, at: AttributePath, summary: impl Into<String>, detail: impl Into<String>);
    /// A warning that belongs to no attribute.
    fn warn(&mut self, summary: impl Into<String>, detail: impl Into<String>);
    /// A warning at an attribute.
    fn warn_at(&mut self, at: AttributePath, summary: impl Into<String>, detail: impl Into<String>);
    /// A value of the wrong type.
    fn misfit(&mut self, misfit: Misfit);
    /// There is an error.
    fn failed(&self) -> bool;
}

fn diagnostic(
    at: AttributePath,
    summary: impl Into<String>,
    detail: impl Into<String>,
) -> Diagnostic {
    Diagnostic { summary: summary.into().into(), detail: detail.into().into(), attribute: at }
}

impl Report for Diagnostics {
    fn fail(&mut self, summary: impl Into<String>, detail: impl Into<String>) {
        self.fail_at(AttributePath::root(), summary, detail);
    }
    fn fail_at(
        &mut self,
        at: AttributePath,
        summary: impl Into<String>,
        detail: impl Into<String>,
    ) {
        self.errors.push(diagnostic(at, summary, detail));
    }
    fn warn(&mut self, summary: impl Into<String>, detail: impl Into<String>) {
        self.warn_at(AttributePath::root(), summary, detail);
    }
    fn warn_at(
        &mut self,
        at: AttributePath,
        summary: impl Into<String>,
        detail: impl Into<String>,
    ) {
        self.warnings.push(diagnostic(at, summary, detail));
    }
    fn misfit(&mut self, misfit: Misfit) {
        self.fail_at(
            misfit.at,
            "Wrong type of value",
            format!("Expected here: {}.", misfit.expected),
        );
    }
    fn failed(&self) -> bool {
        !self.errors.is_empty()
    }
}
