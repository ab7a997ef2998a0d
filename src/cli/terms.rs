//! What people look for by their own words, and the page that has it, for the first page.

use std::fmt::Write;

/// Examples that are whole configurations stand in the repository.
const EXAMPLES: &str = "https://github.com/quiltdata/terraform-provider-quilt/tree/main/examples/";

/// The words, and the pages. A place that begins with `examples/` is in the repository.
const TERMS: &[(&str, &[(&str, &str)])] = &[
    (
        "install, mirror, registry, air-gapped, OCI, checksum, signature, Windows",
        &[("Installation", "guides/installation.md")],
    ),
    (
        "certificate, ACM, Route 53, DNS, CNAME, alias",
        &[
            ("Getting started", "guides/getting-started.md"),
            ("cnames", "functions/cnames.md"),
            ("the example", "examples/route53"),
        ],
    ),
    (
        "VPC, subnets, NAT, endpoints, security group, internal, existing network",
        &[
            ("quilt_network", "resources/network.md"),
            ("one that is there already", "data-sources/network.md"),
            ("subnets", "functions/subnets.md"),
        ],
    ),
    (
        "RDS, PostgreSQL, instance class, storage, password of the database",
        &[("quilt_database", "resources/database.md")],
    ),
    (
        "snapshot, backup, restore, copy to another region",
        &[
            ("quilt_snapshot", "resources/snapshot.md"),
            ("quilt_take_snapshot", "actions/take_snapshot.md"),
        ],
    ),
    (
        "Elasticsearch, OpenSearch, nodes, volumes, reindex",
        &[
            ("quilt_search", "resources/search.md"),
            ("search_size", "functions/search_size.md"),
            ("search_storage", "functions/search_storage.md"),
        ],
    ),
    (
        "cost, price, budget, sizes",
        &[
            ("Sizes of a search domain", "resources/search.md#sizes"),
            ("baseline_cost", "functions/baseline_cost.md"),
        ],
    ),
    (
        "CloudFormation, template, parameters, outputs, change set, `aws_cloudformation_stack`",
        &[
            ("quilt_stack", "resources/stack.md"),
            ("Changes", "guides/changes.md"),
            ("quilt_template", "data-sources/template.md"),
        ],
    ),
    (
        "single sign-on, SSO, OIDC, Okta, Google, Microsoft Entra ID, Azure AD, OneLogin, client secret",
        &[("Sign-in", "guides/sign-in.md"), ("quilt_sso", "resources/sso.md")],
    ),
    (
        "administrator, first password, secret, Secrets Manager, write-only, ephemeral",
        &[
            ("quilt_admin_password", "ephemeral-resources/admin_password.md"),
            ("quilt_secret", "ephemeral-resources/secret.md"),
            ("`parameters_wo`", "resources/stack.md"),
        ],
    ),
    (
        "IAM, policy, least privilege, service role, access denied",
        &[("Permissions", "guides/permissions.md")],
    ),
    (
        "bucket policy, another account, SCP, data perimeter, trust policy",
        &[
            ("cross_account_bucket_policy", "functions/cross_account_bucket_policy.md"),
            ("data_perimeter_policy", "functions/data_perimeter_policy.md"),
            ("registry_trust_policy", "functions/registry_trust_policy.md"),
        ],
    ),
    (
        "KMS, SSE-KMS, key policy, encrypted buckets",
        &[
            ("kms_usage_policy", "functions/kms_usage_policy.md"),
            ("kms_key_statement", "functions/kms_key_statement.md"),
            ("quilt_kms_key_policy", "data-sources/kms_key_policy.md"),
        ],
    ),
    (
        "Ctrl-C, killed, timeout, expired token, tainted, state lost",
        &[("Interruptions", "guides/interruptions.md")],
    ),
    (
        "progress, how long, why it failed, ECS task, log of a function",
        &[("Watch and diagnose", "guides/watch-and-diagnose.md")],
    ),
    (
        "error message, warning, what does it mean",
        &[("Troubleshooting", "guides/troubleshooting.md")],
    ),
    (
        "`UPDATE_ROLLBACK_FAILED`, `DELETE_FAILED`, rollback, buckets that are not empty",
        &[
            ("Stuck stacks", "guides/stuck-stacks.md"),
            ("quilt_continue_rollback", "actions/continue_rollback.md"),
            ("quilt_empty_buckets", "actions/empty_buckets.md"),
        ],
    ),
    (
        "drift, health, alarm, checks before a deployment, quotas",
        &[
            ("Health", "guides/health.md"),
            ("quilt_detect_drift", "actions/detect_drift.md"),
            ("quilt_wait_healthy", "actions/wait_healthy.md"),
            ("quilt_preflight", "data-sources/preflight.md"),
        ],
    ),
    (
        "import, what exists, `terraform query`, taken over, moved",
        &[
            ("Getting started", "guides/getting-started.md#take-over-what-exists"),
            ("quilt_stack (List Resource)", "list-resources/stack.md"),
            ("From quiltdata/iac", "guides/from-quiltdata-iac.md"),
        ],
    ),
    (
        "users, roles, policies, buckets of a catalog, default role, groups, API key",
        &[
            ("From an empty account to a governed catalog", "guides/governed-catalog.md"),
            ("quilt_role", "resources/role.md"),
            ("quilt_policy", "resources/policy.md"),
            ("quilt_default_role", "resources/default_role.md"),
            ("quilt_sso_mapping", "resources/sso_mapping.md"),
        ],
    ),
    (
        "a catalog that takes no passwords, SSO only, API key that is renewed",
        &[
            ("A catalog with SSO only", "guides/governed-catalog.md#a-catalog-with-sso-only"),
            ("quilt_api_key", "resources/api_key.md"),
        ],
    ),
    (
        "network 1.0, network 2.0, move, blue and green",
        &[
            ("Migrate to network 2.0", "guides/migrate-to-network-2.md"),
            ("the example", "examples/migration"),
        ],
    ),
    (
        "several accounts, regions, workspaces, modules",
        &[
            ("accounts", "examples/accounts"),
            ("workspaces", "examples/workspaces"),
            ("a module", "examples/modules/quilt"),
        ],
    ),
];

/// The table of the words.
pub fn terms(page: &mut String) {
    page.push_str("## By what you look for\n\n| words | where |\n|---|---|\n");
    for (words, places) in TERMS {
        let places: Vec<_> = places.iter().map(|(name, place)| link(name, place)).collect();
        let _ = writeln!(page, "| {words} | {} |", places.join(", "));
    }
    page.push('\n');
}

fn link(name: &str, place: &str) -> String {
    match place.strip_prefix("examples/") {
        Some(folder) => format!("[{name}]({EXAMPLES}{folder})"),
        None => format!("[{name}]({place})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_the_repository_is_linked_there() {
        let mut page = String::new();
        terms(&mut page);
        assert!(page.contains("[Permissions](guides/permissions.md)"));
        assert!(page.contains("/tree/main/examples/route53)"));
    }
}
