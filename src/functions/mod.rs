//! Every function of the provider.

pub mod azure_base_url;
pub mod baseline_cost;
pub mod cnames;
pub mod cross_account_bucket_policy;
pub mod data_perimeter_policy;
pub mod hosts;
pub mod kms_key_statement;
pub mod kms_usage_policy;
pub mod registry_trust_policy;
pub mod search_size;
pub mod search_storage;
pub mod subnets;

#[cfg(test)]
mod tests {
    //! What tests of functions have together.

    use serde_json::Value;

    use crate::kinds::function::AnyFunction;
    use crate::tf::{Number, Tree};

    /// What a function answers, as JSON.
    #[track_caller]
    pub fn answered(function: &dyn AnyFunction, given: &[Tree]) -> Value {
        json(&function.call(given).unwrap())
    }

    /// Which argument a function refuses, and why.
    #[track_caller]
    pub fn refused(function: &dyn AnyFunction, given: &[Tree]) -> (Option<usize>, String) {
        let wrong = function.call(given).unwrap_err();
        (wrong.argument, wrong.text)
    }

    /// A list of strings.
    pub fn list(items: &[&str]) -> Tree {
        Tree::List(items.iter().map(|item| Tree::from(*item)).collect())
    }

    fn json(tree: &Tree) -> Value {
        match tree {
            Tree::Null | Tree::Unknown => Value::Null,
            Tree::Bool(b) => (*b).into(),
            Tree::Number(Number::Int(n)) => (*n).into(),
            Tree::Number(Number::Float(n)) => (*n).into(),
            Tree::Number(Number::Decimal(text)) | Tree::String(text) => text.as_str().into(),
            Tree::List(items) => items.iter().map(json).collect(),
            Tree::Map(entries) => {
                entries.iter().map(|(key, value)| (key.clone(), json(value))).collect()
            }
        }
    }
}
