//! The attributes of the provider block, by the names hashicorp/aws gave them.

use std::collections::BTreeMap;

use crate::attributes;
use crate::tf::{Set, Value};

attributes! {
    /// Quilt in your own AWS account.
    ///
    /// Arguments, environment variables and their precedence are those of the `aws` provider: what works there works here,
    /// and with an ordinary AWS profile an empty block is enough. AWS is first called when a resource needs it.
    ///
    /// Credentials are looked for in this order: this block, the environment, the profile in the shared files, a web identity token,
    /// the container, the instance. A `profile` given here goes before the environment.
    pub struct ProviderConfig {
        /// The AWS region, as `eu-central-1`. A resource may name another.
        /// Environment: `AWS_REGION`, `AWS_DEFAULT_REGION`; then the profile's region, then the instance's.
        region: String = Optional;
        /// The profile of the shared files. Given here, it goes before credentials of the environment.
        /// Environment: `AWS_PROFILE`, `AWS_DEFAULT_PROFILE`. Default: `default`.
        profile: String = Optional;
        /// The access key's id; needs `secret_key`. Prefer a profile or a role: what is written here is easily shared by mistake.
        /// Environment: `AWS_ACCESS_KEY_ID`.
        access_key: String = Optional;
        /// The access key's secret; needs `access_key`. Environment: `AWS_SECRET_ACCESS_KEY`.
        secret_key: String = Optional.sensitive();
        /// The session token of temporary keys. Environment: `AWS_SESSION_TOKEN`.
        token: String = Optional.sensitive();
        /// Paths of shared config files; a leading `~/` is your home. Environment, one path: `AWS_CONFIG_FILE`.
        /// Default: `~/.aws/config`.
        shared_config_files: Vec<Value<String>> = Optional;
        /// Paths of shared credentials files; a leading `~/` is your home. Environment, one path: `AWS_SHARED_CREDENTIALS_FILE`.
        /// Default: `~/.aws/credentials`. Keys in them are read again every minute: who renews them there need not stop a long apply.
        shared_credentials_files: Vec<Value<String>> = Optional;
        /// A role to assume. Several blocks are a chain: each role is assumed with the credentials of the one before.
        assume_role: Vec<AssumeRole> = Optional.block();
        /// A role to assume with the token of an identity provider, as CI systems give one. `assume_role` comes after it.
        assume_role_with_web_identity: WebIdentity = Optional.block();
        /// The only accounts to work in, by their 12 digits. The account of the credentials is asked for before anything else, and any other is refused.
        allowed_account_ids: Set<Value<String>> = Optional;
        /// Accounts never to work in, by their 12 digits. Not together with `allowed_account_ids`.
        forbidden_account_ids: Set<Value<String>> = Optional;
        /// Tags of everything that takes tags.
        default_tags: DefaultTags = Optional.block();
        /// Tags that others set on our objects and that stay as they are.
        ignore_tags: IgnoreTags = Optional.block();
        /// Other addresses for AWS's services, as of a VPC endpoint or a local emulator.
        endpoints: Endpoints = Optional.block();
        /// The catalog whose roles, policies and settings are looked after, where a resource has no `catalog` of its own. Needed for a catalog
        /// that no `quilt_stack` of this configuration makes, and for imports.
        catalog: CatalogBlock = Optional.block();
        /// The region whose STS is asked for roles and for the account. Default: `region`.
        sts_region: String = Optional;
        /// Address S3 as `https://host/bucket/key`, not `https://bucket.host/key`.
        /// Default: false; true where S3's address is an IP address or `localhost`.
        s3_use_path_style: bool = Optional;
        /// How often a call is repeated after throttling, a fault of AWS or a broken connection; 0 never. Where nothing answers at all, 9 times at most.
        /// Environment: `AWS_MAX_ATTEMPTS`, which counts the first attempt too; then the profile's `max_attempts`. Default: 25.
        max_retries: i64 = Optional;
        /// `standard`, or `adaptive`: slows down all calls while AWS throttles.
        /// Environment: `AWS_RETRY_MODE`; then the profile's `retry_mode`. Default: `standard`.
        retry_mode: String = Optional;
        /// A PEM file of the certificate authorities to trust, in place of the system's. Environment: `AWS_CA_BUNDLE`.
        custom_ca_bundle: String = Optional;
        /// The proxy for `http://` addresses, and for `https://` ones too unless `https_proxy` is given; `""` is none.
        /// Environment: `HTTP_PROXY`, `http_proxy`, for `http://` addresses alone.
        http_proxy: String = Optional;
        /// The proxy for `https://` addresses; `""` is none. Environment: `HTTPS_PROXY`, `https_proxy`.
        https_proxy: String = Optional;
        /// Hosts to reach without a proxy, separated by commas: domains (their subdomains included), IP addresses, CIDR blocks, or `*` for all.
        /// Environment: `NO_PROXY`, `no_proxy`. The instance's and the container's own addresses never take a proxy.
        no_proxy: String = Optional;
        /// Call FIPS endpoints. Environment: `AWS_USE_FIPS_ENDPOINT`; then the profile. Default: false.
        use_fips_endpoint: bool = Optional;
        /// Call endpoints that answer on IPv6 too. Environment: `AWS_USE_DUALSTACK_ENDPOINT`; then the profile. Default: false.
        use_dualstack_endpoint: bool = Optional;
        /// Accepted for blocks shared with the `aws` provider: credentials are not tried out ahead here, so there is nothing to skip.
        skip_credentials_validation: bool = Optional;
        /// Do not ask STS for the account's number, for emulators without STS. It is then known only where the credentials carry it
        /// (assumed roles, SSO, a profile's `aws_account_id`). Without it `allowed_account_ids` cannot be checked and is refused,
        /// and a large template needs a `template_bucket`, whose owner is not checked.
        skip_requesting_account_id: bool = Optional;
        /// Take any region's name, for new regions and emulators. Default: false.
        skip_region_validation: bool = Optional;
        /// Do not ask the instance's metadata service for credentials and region. Environment: `AWS_EC2_METADATA_DISABLED`. Default: false.
        skip_metadata_api_check: bool = Optional;
        /// An existing bucket for templates over 51,200 bytes, in the region and account of the stack.
        /// Default: the first apply that needs one makes `cfn-templates-<account>-<region>-<hash>`, private and encrypted, and keeps it.
        template_bucket: String = Optional;
        /// Whose objects these are: a stack is taken over after an interruption only by the owner who began it.
        /// Default: derived from the backend's settings, those in environment variables included, or from the machine and the working directory
        /// where the state is local, and the workspace's name.
        /// Give one name to configurations that are moved between directories while something is being made.
        owner: String = Optional;
    }
}

attributes! {
    /// A role to assume.
    pub struct AssumeRole {
        /// The role's ARN.
        role_arn: String = Required;
        /// How long its credentials last, 15 minutes to 12 hours, as `1h30m`. They are renewed while Terraform runs. Default: 1 hour.
        duration: String = Optional;
        /// The external id that the role's owner agreed with you.
        external_id: String = Optional.sensitive();
        /// A policy (JSON) that narrows the role for this session.
        policy: String = Optional;
        /// ARNs of managed policies that narrow the role for this session.
        policy_arns: Set<Value<String>> = Optional;
        /// The session's name in CloudTrail: 2 to 64 letters, digits and `_=,.@-`. Default: `terraform-provider-quilt`.
        session_name: String = Optional;
        /// The person or program behind the session, as CloudTrail keeps it through all roles: 2 to 64 letters, digits and `_=,.@-`.
        source_identity: String = Optional;
        /// Tags of the session.
        tags: BTreeMap<String, Value<String>> = Optional;
        /// Keys of session tags that go on to roles assumed from this one.
        transitive_tag_keys: Set<Value<String>> = Optional;
    }
}

attributes! {
    /// A role to assume with an identity provider's token.
    pub struct WebIdentity {
        /// The role's ARN. Environment: `AWS_ROLE_ARN`.
        role_arn: String = Optional;
        /// The token itself. Exactly one of this and `web_identity_token_file`.
        web_identity_token: String = Optional.sensitive();
        /// A file with the token, read anew whenever credentials are renewed. Environment: `AWS_WEB_IDENTITY_TOKEN_FILE`.
        web_identity_token_file: String = Optional;
        /// The session's name in CloudTrail: 2 to 64 letters, digits and `_=,.@-`. Environment: `AWS_ROLE_SESSION_NAME`. Default: `terraform-provider-quilt`.
        session_name: String = Optional;
        /// How long its credentials last, 15 minutes to 12 hours, as `1h30m`. Default: 1 hour.
        duration: String = Optional;
        /// A policy (JSON) that narrows the role for this session.
        policy: String = Optional;
        /// ARNs of managed policies that narrow the role for this session.
        policy_arns: Set<Value<String>> = Optional;
    }
}

attributes! {
    /// Tags of everything that takes tags.
    pub struct DefaultTags {
        /// Keys and values. A resource's own `tags` win. Environment: `TF_AWS_DEFAULT_TAGS_<key>`; this block wins.
        tags: BTreeMap<String, Value<String>> = Optional;
    }
}

attributes! {
    /// Tags that stay as they are.
    pub struct IgnoreTags {
        /// Whole keys. Environment, separated by commas, added to these: `TF_AWS_IGNORE_TAGS_KEYS`.
        keys: Set<Value<String>> = Optional;
        /// Beginnings of keys. Environment, separated by commas, added to these: `TF_AWS_IGNORE_TAGS_KEY_PREFIXES`.
        key_prefixes: Set<Value<String>> = Optional;
    }
}

attributes! {
    /// A Quilt catalog, and an administrator of it. Give `api_key`, or `api_key_secret_arn`, or `username` and `password_secret_arn`.
    pub struct CatalogBlock {
        /// The host where people open the catalog, as `data.example.com`.
        host: String = Optional;
        /// An administrator's API key. Needed where people sign in through an identity provider alone.
        api_key: String = Optional.sensitive();
        /// ARN of the secret in Secrets Manager that holds such a key: as it is, or as `api_key` in JSON. A `quilt_api_key` makes one. It is
        /// read when it is needed.
        api_key_secret_arn: String = Optional;
        /// Name or e-mail address of an administrator who signs in by a password.
        username: String = Optional;
        /// ARN of the secret in Secrets Manager that holds the password: as it is, or as `password` in JSON. A `quilt_stack` makes one for the
        /// first administrator, `admin_password_secret_arn`.
        password_secret_arn: String = Optional;
    }
}

attributes! {
    /// Addresses of services, as `https://host` or `http://localhost:4566`. Environment, for all services: `AWS_ENDPOINT_URL`.
    pub struct Endpoints {
        /// CloudFormation. Environment: `AWS_ENDPOINT_URL_CLOUDFORMATION`.
        cloudformation: String = Optional;
        /// S3. Environment: `AWS_ENDPOINT_URL_S3`.
        s3: String = Optional;
        /// STS. Environment: `AWS_ENDPOINT_URL_STS`, which also holds for roles that a profile assumes.
        sts: String = Optional;
        /// RDS. Environment: `AWS_ENDPOINT_URL_RDS`.
        rds: String = Optional;
        /// Secrets Manager. Environment: `AWS_ENDPOINT_URL_SECRETS_MANAGER`.
        secretsmanager: String = Optional;
        /// Certificates. Environment: `AWS_ENDPOINT_URL_ACM`.
        acm: String = Optional;
        /// Elasticsearch and OpenSearch domains. Environment: `AWS_ENDPOINT_URL_ELASTICSEARCH_SERVICE`.
        es: String = Optional;
        /// The same as `es`; not together with it.
        elasticsearch: String = Optional;
        /// ECS, for the causes of failures. Environment: `AWS_ENDPOINT_URL_ECS`.
        ecs: String = Optional;
        /// CloudWatch Logs, for the same. Environment: `AWS_ENDPOINT_URL_CLOUDWATCH_LOGS`.
        logs: String = Optional;
        /// CloudTrail, for the same and for the room for trails. Environment: `AWS_ENDPOINT_URL_CLOUDTRAIL`.
        cloudtrail: String = Optional;
        /// Load balancers, for the health of a stack. Environment: `AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2`.
        elbv2: String = Optional;
        /// CloudWatch's metrics, for the same. Environment: `AWS_ENDPOINT_URL_CLOUDWATCH`.
        cloudwatch: String = Optional;
        /// EC2, for networks that are there already and the room for new ones. Environment: `AWS_ENDPOINT_URL_EC2`.
        ec2: String = Optional;
        /// Service Quotas, for the room that the account has. Environment: `AWS_ENDPOINT_URL_SERVICE_QUOTAS`.
        servicequotas: String = Optional;
        /// IAM, for what these credentials may do. Environment: `AWS_ENDPOINT_URL_IAM`.
        iam: String = Optional;
        /// Where a catalog is asked for its registry, in place of `https://<its host>`: an emulator, or a way through a tunnel.
        catalog: String = Optional;
    }
}

impl Endpoints {
    /// Every service's name here and its address.
    pub fn all(&self) -> [(&'static str, &Value<String>); 17] {
        [
            ("cloudformation", &self.cloudformation),
            ("s3", &self.s3),
            ("sts", &self.sts),
            ("rds", &self.rds),
            ("secretsmanager", &self.secretsmanager),
            ("acm", &self.acm),
            ("es", &self.es),
            ("elasticsearch", &self.elasticsearch),
            ("ecs", &self.ecs),
            ("logs", &self.logs),
            ("cloudtrail", &self.cloudtrail),
            ("elbv2", &self.elbv2),
            ("cloudwatch", &self.cloudwatch),
            ("ec2", &self.ec2),
            ("servicequotas", &self.servicequotas),
            ("iam", &self.iam),
            ("catalog", &self.catalog),
        ]
    }
}

#[cfg(test)]
pub mod tests {
    //! Every attribute documented, and blocks for other tests.

    use super::*;
    use crate::tf::{AttributePath, Number, Object, State, Tree};

    /// The tree of a JSON value; `"?"` is not known.
    pub fn tree(json: serde_json::Value) -> Tree {
        use serde_json::Value as Json;
        match json {
            Json::Null => Tree::Null,
            Json::Bool(b) => Tree::Bool(b),
            Json::Number(n) => {
                Tree::Number(n.as_i64().map_or(Number::Float(n.as_f64().unwrap()), Number::Int))
            }
            Json::String(s) if s == "?" => Tree::Unknown,
            Json::String(s) => Tree::String(s),
            Json::Array(items) => Tree::List(items.into_iter().map(tree).collect()),
            Json::Object(entries) => {
                Tree::Map(entries.into_iter().map(|(k, v)| (k, tree(v))).collect())
            }
        }
    }

    /// The object of a JSON object.
    pub fn object(json: serde_json::Value) -> Object {
        match tree(json) {
            Tree::Map(object) => object,
            tree => panic!("not an object: {tree:?}"),
        }
    }

    /// A provider block.
    pub fn config(json: serde_json::Value) -> ProviderConfig {
        ProviderConfig::read_object(&object(json), &AttributePath::root()).unwrap()
    }

    #[test]
    fn every_attribute_is_documented_and_secrets_are_sensitive() {
        let schema = ProviderConfig::schema();
        for a in schema
            .attributes
            .iter()
            .flat_map(|a| std::iter::once(a).chain(a.nested().into_iter().flatten()))
        {
            assert!(a.doc.ends_with('.'), "{} is not documented", a.name);
            let secret = ["secret_key", "token", "web_identity_token", "external_id", "api_key"]
                .contains(&a.name);
            assert_eq!(a.sensitive, secret, "{}", a.name);
        }
    }

    #[test]
    fn unknown_values_are_read_at_every_depth() {
        let unknown = serde_json::json!({ "region": "?", "default_tags": { "tags": { "a": "?" } }, "allowed_account_ids": ["?"], "assume_role": [{ "role_arn": "?" }] });
        config(unknown);
    }
}
