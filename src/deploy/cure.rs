//! Causes of failure that AWS words badly or half, and what cures each.

use crate::cloudformation::prose::{is_told_elsewhere, lacks_service_role};

/// What cures this cause, where that is known.
pub fn of(cause: &str) -> Option<&'static str> {
    match () {
        () if is_told_elsewhere(cause) => Some(
            "Which resource it is, CloudFormation tells only to who may ask: allow `cloudformation:DescribeEvents` to the credentials in use (guide \"Permissions\"), \
             correct what the error then names, and apply again.",
        ),
        () if lacks_service_role(cause) => Some(
            "The account has never had a search domain inside a network, and lacks the role that AWS needs for one. Make it once \
             (`aws iam create-service-linked-role --aws-service-name es.amazonaws.com`, which takes `iam:CreateServiceLinkedRole`), and apply again.",
        ),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_cause_has_its_cure() {
        let said = "Search (AWS::OpenSearchService::Domain): Before you can proceed, you must enable a service-linked role to give Amazon ES \
                    permissions to access your VPC.";
        assert!(of(said).is_some_and(|cure| cure.contains("create-service-linked-role")));
        assert!(
            of("Validation failed with 1 error(s). Call DescribeEvents to retrieve the full list")
                .is_some_and(|cure| cure.contains("allow"))
        );
        assert_eq!(of("DB: no zones"), None);
    }
}
