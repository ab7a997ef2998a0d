//! From what the block and the environment say to how AWS is reached, and what else resources are told.

use std::collections::{BTreeMap, BTreeSet};

use crate::aws::connect::access::{
    Access, Accounts, Keys, Network, Profile, Retries, Role, Session, Token, WebIdentity,
};
use crate::cx::{ByHand, IgnoreTags, Settings};
use crate::resources::timeouts;
use crate::tf::{Set, Value};

use super::config::{AssumeRole, ProviderConfig, WebIdentity as WebIdentityConfig};
use super::environment::Environment;

/// How AWS is reached. Every value is known; an empty text is none.
pub fn access(config: &ProviderConfig, env: &Environment, terraform_version: &str) -> Access {
    let paths = |list: &Value<Vec<Value<String>>>| {
        list.iter().flatten().filter_map(not_empty).map(|p| env.path(&p)).collect()
    };
    let keys = not_empty(&config.access_key).zip(not_empty(&config.secret_key));
    Access {
        region: not_empty(&config.region),
        any_region: config.skip_region_validation == Value::Value(true),
        sts_region: not_empty(&config.sts_region),
        profile: profile(config, env),
        keys: keys.map(|(id, secret)| Keys { id, secret, token: not_empty(&config.token) }),
        config_files: paths(&config.shared_config_files),
        credentials_files: paths(&config.shared_credentials_files),
        web_identity: config
            .assume_role_with_web_identity
            .as_ref_option()
            .and_then(|w| web_identity(w, env)),
        roles: config.assume_role.iter().flatten().map(role).collect(),
        accounts: Accounts {
            allowed: texts(&config.allowed_account_ids),
            forbidden: texts(&config.forbidden_account_ids),
        },
        endpoints: endpoints(config),
        s3_use_path_style: config.s3_use_path_style.as_option(),
        retries: retries(config, env),
        network: network(config, env),
        fips: config.use_fips_endpoint.as_option(),
        dual_stack: config.use_dualstack_endpoint.as_option(),
        skip_account: config.skip_requesting_account_id == Value::Value(true),
        skip_instance: config.skip_metadata_api_check == Value::Value(true),
        terraform_version: terraform_version.into(),
    }
}

/// What resources are told beside how AWS is reached.
pub fn settings(config: &ProviderConfig, env: &Environment, owner: String) -> Settings {
    let mut default_tags: BTreeMap<_, _> = env.beginning("TF_AWS_DEFAULT_TAGS_").collect();
    let block = config.default_tags.as_ref_option().and_then(|d| d.tags.as_ref_option());
    default_tags.extend(pairs(block));
    let default_tags_open = config.default_tags.is_unknown()
        || config.default_tags.iter().any(|block| block.tags.is_unknown())
        || block.into_iter().flat_map(BTreeMap::values).any(Value::is_unknown);
    let ignored = config.ignore_tags.as_ref_option();
    let merged = |list: Option<&Value<Set<Value<String>>>>, name: &str| {
        let all: BTreeSet<_> =
            list.map(texts).unwrap_or_default().into_iter().chain(env.list(name)).collect();
        all.into_iter().collect()
    };
    let ignore_tags = IgnoreTags {
        keys: merged(ignored.map(|i| &i.keys), "TF_AWS_IGNORE_TAGS_KEYS"),
        key_prefixes: merged(ignored.map(|i| &i.key_prefixes), "TF_AWS_IGNORE_TAGS_KEY_PREFIXES"),
    };
    Settings {
        owner,
        anywhere: false,
        default_tags,
        default_tags_open,
        ignore_tags,
        template_bucket: not_empty(&config.template_bucket),
        ..Settings::default()
    }
}

/// How a person runs this program over the account of the block. Keys and addresses are no options.
pub fn by_hand(config: &ProviderConfig, program: &str) -> ByHand {
    let role =
        config.assume_role.iter().flatten().last().and_then(|role| not_empty(&role.role_arn));
    let options = [("profile", not_empty(&config.profile)), ("role", role)];
    let options = options.into_iter().filter_map(|(name, value)| Some((name, value?)));
    ByHand { program: program.into(), options: options.collect() }
}

/// A text that is known and not empty.
pub fn not_empty(value: &Value<String>) -> Option<String> {
    value.as_ref_option().filter(|s| !s.is_empty()).cloned()
}

fn texts(set: &Value<Set<Value<String>>>) -> BTreeSet<String> {
    set.iter().flatten().filter_map(not_empty).collect()
}

/// Tags may have empty values.
fn pairs(map: Option<&BTreeMap<String, Value<String>>>) -> BTreeMap<String, String> {
    map.into_iter()
        .flatten()
        .filter_map(|(k, v)| Some((k.clone(), v.as_ref_option()?.clone())))
        .collect()
}

fn profile(config: &ProviderConfig, env: &Environment) -> Profile {
    let chosen = || {
        env.first(&["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
            .map_or(Profile::Default, Profile::Environment)
    };
    not_empty(&config.profile).map_or_else(chosen, Profile::Block)
}

fn role(config: &AssumeRole) -> Role {
    Role {
        arn: not_empty(&config.role_arn).unwrap_or_default(),
        session: session(
            not_empty(&config.session_name),
            &config.duration,
            &config.policy,
            &config.policy_arns,
        ),
        external_id: not_empty(&config.external_id),
        source_identity: not_empty(&config.source_identity),
        tags: pairs(config.tags.as_ref_option()),
        transitive_tag_keys: Vec::from_iter(texts(&config.transitive_tag_keys)),
    }
}

fn session(
    name: Option<String>,
    duration: &Value<String>,
    policy: &Value<String>,
    arns: &Value<Set<Value<String>>>,
) -> Session {
    let duration = not_empty(duration).and_then(|t| timeouts::parse(&t));
    Session { name, duration, policy: not_empty(policy), policy_arns: Vec::from_iter(texts(arns)) }
}

fn web_identity(config: &WebIdentityConfig, env: &Environment) -> Option<WebIdentity> {
    let name = not_empty(&config.session_name).or_else(|| env.first(&["AWS_ROLE_SESSION_NAME"]));
    let file = || {
        not_empty(&config.web_identity_token_file)
            .or_else(|| env.first(&["AWS_WEB_IDENTITY_TOKEN_FILE"]))
    };
    Some(WebIdentity {
        arn: not_empty(&config.role_arn).or_else(|| env.first(&["AWS_ROLE_ARN"]))?,
        session: session(name, &config.duration, &config.policy, &config.policy_arns),
        token: not_empty(&config.web_identity_token)
            .map(Token::Text)
            .or_else(|| file().map(|f| Token::File(env.path(&f))))?,
    })
}

fn endpoints(config: &ProviderConfig) -> BTreeMap<&'static str, String> {
    let all = config
        .endpoints
        .iter()
        .flat_map(|e| e.all())
        .filter_map(|(name, url)| Some((name, not_empty(url)?)));
    all.map(|(name, url)| (if name == "elasticsearch" { "es" } else { name }, url)).collect()
}

fn retries(config: &ProviderConfig, env: &Environment) -> Retries {
    let said = config
        .max_retries
        .as_ref_option()
        .and_then(|n| u32::try_from(*n).ok())
        .map(|n| n.saturating_add(1));
    let mode = not_empty(&config.retry_mode).or_else(|| env.first(&["AWS_RETRY_MODE"]));
    Retries {
        attempts: said.or_else(|| env.first(&["AWS_MAX_ATTEMPTS"]).and_then(|n| n.parse().ok())),
        adaptive: mode.map(|m| m == "adaptive"),
    }
}

fn network(config: &ProviderConfig, env: &Environment) -> Network {
    let given = |value: &Value<String>| value.clone().as_option();
    let set = |names: &[&str]| env.first(names).map(with_scheme);
    let https = given(&config.https_proxy)
        .or_else(|| set(&["HTTPS_PROXY", "https_proxy"]))
        .or_else(|| given(&config.http_proxy));
    Network {
        ca_bundle: not_empty(&config.custom_ca_bundle)
            .or_else(|| env.first(&["AWS_CA_BUNDLE"]))
            .map(|path| env.path(&path)),
        http_proxy: given(&config.http_proxy)
            .or_else(|| set(&["HTTP_PROXY", "http_proxy"]))
            .filter(|p| !p.is_empty()),
        https_proxy: https.filter(|p| !p.is_empty()),
        no_proxy: not_empty(&config.no_proxy).or_else(|| env.first(&["NO_PROXY", "no_proxy"])),
        user_agent: env.first(&["TF_APPEND_USER_AGENT"]),
    }
}

/// Environments often name a proxy without `http://`.
fn with_scheme(proxy: String) -> String {
    if proxy.contains("://") { proxy } else { format!("http://{proxy}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::config::tests::config;

    fn env(variables: &[(&str, &str)]) -> Environment {
        let variables = variables.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        Environment { variables, ..Environment::default() }
    }

    fn proxies(
        block: serde_json::Value,
        variables: &[(&str, &str)],
    ) -> (Option<String>, Option<String>) {
        let n = network(&config(block), &env(variables));
        (n.http_proxy, n.https_proxy)
    }

    #[test]
    fn a_proxy_serves_what_hashicorps_would() {
        let some = |s: &str| Some(s.to_string());
        assert_eq!(
            proxies(json!({ "http_proxy": "http://a" }), &[]),
            (some("http://a"), some("http://a"))
        );
        assert_eq!(
            proxies(json!({ "http_proxy": "http://a", "https_proxy": "" }), &[]),
            (some("http://a"), None)
        );
        assert_eq!(
            proxies(json!({ "http_proxy": "http://a" }), &[("HTTPS_PROXY", "b:1")]),
            (some("http://a"), some("http://b:1"))
        );
        assert_eq!(proxies(json!({}), &[("http_proxy", "http://a")]), (some("http://a"), None));
        assert_eq!(
            proxies(json!({ "https_proxy": "" }), &[("HTTPS_PROXY", "http://b")]),
            (None, None)
        );
    }

    #[test]
    fn the_block_goes_before_the_environment() {
        let variables = [
            ("AWS_MAX_ATTEMPTS", "7"),
            ("AWS_RETRY_MODE", "adaptive"),
            ("AWS_DEFAULT_PROFILE", "e"),
            ("AWS_CA_BUNDLE", "~/ca"),
            ("HOME", "/h"),
        ];
        let from_env = access(&config(json!({})), &env(&variables), "1.11.4");
        assert_eq!((from_env.retries.attempts, from_env.retries.adaptive), (Some(7), Some(true)));
        assert!(matches!(&from_env.profile, Profile::Environment(p) if p == "e"));
        assert_eq!(from_env.network.ca_bundle.as_deref(), Some("/h/ca"));
        let block = access(
            &config(
                json!({ "max_retries": 0, "retry_mode": "standard", "profile": "b", "region": "" }),
            ),
            &env(&variables),
            "1.11.4",
        );
        assert_eq!(
            (block.retries.attempts, block.retries.adaptive, block.region),
            (Some(1), Some(false), None)
        );
        assert!(matches!(&block.profile, Profile::Block(p) if p == "b"));
    }

    #[test]
    fn tags_of_the_environment_are_added() {
        let variables = [
            ("TF_AWS_DEFAULT_TAGS_Owner", "env"),
            ("TF_AWS_DEFAULT_TAGS_Team", "env"),
            ("TF_AWS_IGNORE_TAGS_KEYS", "a, b"),
            ("TF_AWS_IGNORE_TAGS_KEY_PREFIXES", "aws:"),
        ];
        let block = json!({ "default_tags": { "tags": { "Team": "block", "Empty": "" } }, "ignore_tags": { "keys": ["c", "a"] } });
        let s = settings(&config(block), &env(&variables), "o".into());
        let tags: Vec<_> = s.default_tags.iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(tags, ["Empty=", "Owner=env", "Team=block"]);
        assert_eq!(
            (s.ignore_tags.keys, s.ignore_tags.key_prefixes),
            (vec!["a".into(), "b".into(), "c".into()], vec!["aws:".into()])
        );
    }

    #[test]
    fn a_web_identity_takes_the_rest_from_the_environment() {
        let variables = [
            ("AWS_ROLE_ARN", "arn:e"),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "/t"),
            ("AWS_ROLE_SESSION_NAME", "s"),
        ];
        let found = access(
            &config(json!({ "assume_role_with_web_identity": { "duration": "1h" } })),
            &env(&variables),
            "",
        )
        .web_identity
        .unwrap();
        assert_eq!((found.arn.as_str(), found.session.name.as_deref()), ("arn:e", Some("s")));
        assert!(matches!(found.token, Token::File(f) if f == "/t"));
    }
}
