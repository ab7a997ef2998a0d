//! Causes of failure that AWS words badly or half, and what cures each.

use crate::cloudformation::prose::{self, Cause, is_told_elsewhere};

/// What cures a refused call of the stack's own roles.
pub const REFUSED: &str = "A role of the stack may not do what stands above. Look for what forbids it: a permissions boundary, a policy of the organisation, \
                           the policy of a key or a bucket. Allow it, then apply again.";

/// What cures this cause, where that is known.
pub fn of(cause: &str) -> Option<&'static str> {
    if is_told_elsewhere(cause) {
        return Some(
            "Which resource it is, CloudFormation tells only to who may ask: allow `cloudformation:DescribeEvents` to the credentials in use (guide \"Permissions\"), \
             correct what the error then names, and apply again.",
        );
    }
    prose::cause(cause).map(next_step)
}

fn next_step(cause: Cause) -> &'static str {
    match cause {
        Cause::ServiceRole => {
            "The account has never had a search domain inside a network, and lacks the role that AWS needs for one. Make it once \
             (`aws iam create-service-linked-role --aws-service-name es.amazonaws.com`, which takes `iam:CreateServiceLinkedRole`), and apply again."
        }
        Cause::Addresses => {
            "The region has no elastic IP address left for the NAT gateways. Release addresses that nobody uses, have the quota raised (Service Quotas: \
             EC2-VPC Elastic IPs), or use fewer with `nat_gateways = \"single\"`. Then apply again."
        }
        Cause::Trails => {
            "A region has room for five trails of CloudTrail, and all are taken. Delete one that nobody needs, or give the template a trail that is there \
             already, where it has a parameter for that. Then apply again."
        }
        Cause::Quota => {
            "A quota of the account is reached. Delete what you do not need any more, or have the quota raised (AWS console: Service Quotas). Then apply again."
        }
        Cause::Tasks => {
            "The tasks of this ECS service started and stopped again and again, until ECS gave up. Look at the stopped tasks in the ECS console and at their \
             logs: usual are an image that cannot be pulled, a database that cannot be reached and a wrong secret. Then apply again."
        }
        Cause::Taken => {
            "Something of this name is there already, perhaps from an earlier stack that kept it. Delete or rename it if nobody needs it, or give this one \
             another name. Then apply again."
        }
        Cause::Certificate => {
            "Give the ARN of a certificate that is issued, in the account and region of the stack, as `certificate_arn`. Then apply again."
        }
        Cause::Capacity => {
            "AWS has no machine of this type left in these zones at the moment. Apply again later, or choose another type or other zones."
        }
        Cause::Throttled => {
            "AWS was asked too often at that moment. Nothing in the configuration is wrong: apply again in some minutes."
        }
        Cause::Denied => {
            "The credentials, or the role in `iam_role_arn`, may not do what the cause names. Allow it, then apply again. The guide \"Permissions\" lists all \
             that is needed."
        }
        Cause::Full => {
            "A bucket is not empty, and CloudFormation deletes only empty ones. Empty it, or set `empty_buckets = true` and apply that first. Then run the same \
             command again."
        }
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
