//! Terraform's vocabulary: values, schemas, paths, diagnostics and the rules every plan follows. Pure: no I/O.

pub mod attributes;
pub mod diagnostics;
pub mod draft;
pub mod kind;
pub mod schema;
pub mod value;

pub use attributes::State;
pub use diagnostics::{Diagnostic, Diagnostics, Report};
pub use kind::Kind;
pub use tf_provider::{AttributePath, AttributePathStep};
pub use value::{Misfit, Number, Object, Set, Tree, Value, known};
