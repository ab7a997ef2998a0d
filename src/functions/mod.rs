//! Every function of the provider.

use crate::kinds::function::AnyFunction;

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

/// All of them.
pub fn all() -> Vec<Box<dyn AnyFunction>> {
    vec![
        Box::new(azure_base_url::AzureBaseUrlFunction),
        Box::new(baseline_cost::BaselineCostFunction),
        Box::new(cnames::CnamesFunction),
        Box::new(cross_account_bucket_policy::CrossAccountBucketPolicyFunction),
        Box::new(data_perimeter_policy::DataPerimeterPolicyFunction),
        Box::new(hosts::HostsFunction),
        Box::new(kms_key_statement::KmsKeyStatementFunction),
        Box::new(kms_usage_policy::KmsUsagePolicyFunction),
        Box::new(registry_trust_policy::RegistryTrustPolicyFunction),
        Box::new(search_size::SearchSizeFunction),
        Box::new(search_storage::SearchStorageFunction),
        Box::new(subnets::SubnetsFunction),
    ]
}

#[cfg(test)]
mod tests {
    //! What tests of functions have together.

    use serde_json::Value;

    use super::*;
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

    #[test]
    fn every_function_stands_once_and_may_be_written() {
        let names: Vec<_> = all().iter().map(|f| f.name()).collect();
        let mut once = names.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once, names, "in the order of the alphabet");
        assert!(names.iter().all(|name| {
            name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        }));
    }
}
