//! Everything that the provider serves: one line for each.

use crate::actions as action;
use crate::data_sources as source;
use crate::ephemerals as ephemeral;
use crate::functions as function;
use crate::kinds::action::AnyAction;
use crate::kinds::data_source::AnyDataSource;
use crate::kinds::ephemeral::AnyEphemeral;
use crate::kinds::function::AnyFunction;
use crate::kinds::list_resource::AnyListResource;
use crate::kinds::resource::AnyResource;
use crate::lists as list;
use crate::lists::small_stacks as small;
use crate::resources as resource;

/// What is served, of each kind.
pub struct Served {
    /// Managed resources.
    pub resources: Vec<Box<dyn AnyResource>>,
    /// Data sources, which are only looked at.
    pub data_sources: Vec<Box<dyn AnyDataSource>>,
    /// Lists, one for each managed resource.
    pub lists: Vec<Box<dyn AnyListResource>>,
    /// Actions.
    pub actions: Vec<Box<dyn AnyAction>>,
    /// Ephemeral resources.
    pub ephemerals: Vec<Box<dyn AnyEphemeral>>,
    /// Functions, in the order of the alphabet.
    pub functions: Vec<Box<dyn AnyFunction>>,
}

impl Default for Served {
    fn default() -> Self {
        Self {
            resources: vec![
                Box::new(resource::bucket::BucketResource),
                Box::new(resource::database::DatabaseResource::default()),
                Box::new(resource::default_role::DefaultRoleResource),
                Box::new(resource::network::NetworkResource::default()),
                Box::new(resource::policy::PolicyResource),
                Box::new(resource::role::RoleResource),
                Box::new(resource::search::SearchResource::default()),
                Box::new(resource::snapshot::SnapshotResource),
                Box::new(resource::stack::StackResource),
                Box::new(resource::sso::SsoResource),
                Box::new(resource::sso_mapping::SsoMappingResource),
                Box::new(resource::tabulator_table::TabulatorTableResource),
                Box::new(resource::user::UserResource),
            ],
            data_sources: vec![
                Box::new(source::buckets::BucketsSource),
                Box::new(source::catalog_status::CatalogStatusSource),
                Box::new(source::health::HealthSource),
                Box::new(source::kms_key_policy::KmsKeyPolicySource),
                Box::new(source::network::NetworkSource),
                Box::new(source::preflight::PreflightSource),
                Box::new(source::roles::RolesSource),
                Box::new(source::secret::SecretSource),
                Box::new(source::snapshot::SnapshotSource),
                Box::new(source::stack::StackSource),
                Box::new(source::template::TemplateSource),
            ],
            lists: vec![
                Box::new(list::catalog_buckets::BucketList),
                Box::new(small::SmallStackList::<small::DatabaseFilter>::default()),
                Box::new(small::SmallStackList::<small::NetworkFilter>::default()),
                Box::new(small::SmallStackList::<small::SearchFilter>::default()),
                Box::new(list::settings::DefaultRoleList),
                Box::new(list::settings::SsoMappingList),
                Box::new(list::roles::PolicyList),
                Box::new(list::roles::RoleList),
                Box::new(list::snapshots::SnapshotList),
                Box::new(list::sign_ins::SsoList),
                Box::new(list::stacks::StackList),
                Box::new(list::tables::TabulatorTableList),
                Box::new(list::users::UserList),
            ],
            actions: vec![
                Box::new(action::continue_rollback::ContinueRollback),
                Box::new(action::detect_drift::DetectDrift),
                Box::new(action::empty_buckets::EmptyBuckets),
                Box::new(action::rotate_database_password::RotateDatabasePassword),
                Box::new(action::take_snapshot::TakeSnapshot),
                Box::new(action::wait_healthy::WaitHealthy),
            ],
            ephemerals: vec![
                Box::new(ephemeral::admin_password::AdminPasswordEphemeral),
                Box::new(ephemeral::api_key::ApiKeyEphemeral),
                Box::new(ephemeral::secret::SecretEphemeral),
            ],
            functions: vec![
                Box::new(function::azure_base_url::AzureBaseUrlFunction),
                Box::new(function::baseline_cost::BaselineCostFunction),
                Box::new(function::cnames::CnamesFunction),
                Box::new(function::cross_account_bucket_policy::CrossAccountBucketPolicyFunction),
                Box::new(function::data_perimeter_policy::DataPerimeterPolicyFunction),
                Box::new(function::hosts::HostsFunction),
                Box::new(function::kms_key_statement::KmsKeyStatementFunction),
                Box::new(function::kms_usage_policy::KmsUsagePolicyFunction),
                Box::new(function::registry_trust_policy::RegistryTrustPolicyFunction),
                Box::new(function::search_size::SearchSizeFunction),
                Box::new(function::search_storage::SearchStorageFunction),
                Box::new(function::subnets::SubnetsFunction),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_resource_has_an_identity() {
        let without =
            Served::default().resources.into_iter().find(|r| r.identity_schema().is_none());
        assert_eq!(without.map(|r| r.name()), None);
    }

    #[test]
    fn every_resource_has_a_list() {
        let served = Served::default();
        let names =
            |names: Vec<&'static str>| names.into_iter().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(
            names(served.lists.iter().map(|l| l.name()).collect()),
            names(served.resources.iter().map(|r| r.name()).collect())
        );
    }

    #[test]
    fn every_function_stands_once_and_may_be_written() {
        let names: Vec<_> = Served::default().functions.iter().map(|f| f.name()).collect();
        let mut once = names.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once, names, "in the order of the alphabet");
        assert!(names.iter().all(|name| {
            name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        }));
    }
}
