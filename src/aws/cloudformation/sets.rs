//! Which change set is meant: its ARN, as soon as CloudFormation has told it. A name may come again under a stack made anew; an ARN does not.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The ARNs of change sets, by the names that we gave them.
#[derive(Default)]
pub(super) struct Sets(Mutex<HashMap<String, String>>);

impl Sets {
    /// CloudFormation says that the set of this name has this ARN.
    pub fn note(&self, name: &str, arn: Option<&str>) {
        if let Some(arn) = arn {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.into(), arn.into());
        }
    }

    /// What it is asked for by: its ARN, or its name where the answer that told the ARN was lost.
    pub fn called(&self, name: &str) -> String {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned()
            .unwrap_or_else(|| name.into())
    }
}
