//! Whose objects these are, unless the block says so: the place of the state and the workspace. A remote state is the same on every machine, a local
//! one belongs to one.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::environment::Environment;
use crate::outcome::unread;

/// Hexadecimal digits of a derived owner.
const LENGTH: usize = 20;

/// What of a backend's settings says where the state is, and the variables that stand for one where the block is silent. Credentials and ways
/// to get there differ between machines.
type Places = &'static [(&'static str, &'static [&'static str])];

const PLACES: &[(&str, Places)] = &[
    (
        "azurerm",
        &[
            ("container_name", &[]),
            ("environment", &["ARM_ENVIRONMENT"]),
            ("key", &[]),
            ("storage_account_name", &[]),
        ],
    ),
    (
        "cloud",
        &[
            ("hostname", &["TF_CLOUD_HOSTNAME"]),
            ("organization", &["TF_CLOUD_ORGANIZATION"]),
            ("project", &["TF_CLOUD_PROJECT"]),
            ("workspaces", &[]),
        ],
    ),
    ("consul", &[("address", &["CONSUL_HTTP_ADDR"]), ("datacenter", &[]), ("path", &[])]),
    (
        "cos",
        &[
            ("bucket", &[]),
            ("domain", &["TENCENTCLOUD_DOMAIN"]),
            ("key", &[]),
            ("prefix", &[]),
            ("region", &["TENCENTCLOUD_REGION"]),
        ],
    ),
    (
        "gcs",
        &[
            ("bucket", &[]),
            ("prefix", &[]),
            (
                "storage_custom_endpoint",
                &["GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT", "GOOGLE_STORAGE_CUSTOM_ENDPOINT"],
            ),
        ],
    ),
    ("http", &[("address", &["TF_HTTP_ADDRESS"])]),
    (
        "kubernetes",
        &[
            ("config_context", &["KUBE_CTX"]),
            ("config_context_cluster", &["KUBE_CTX_CLUSTER"]),
            ("host", &["KUBE_HOST"]),
            ("namespace", &["KUBE_NAMESPACE"]),
            ("secret_suffix", &[]),
        ],
    ),
    (
        "oci",
        &[
            ("bucket", &[]),
            ("key", &[]),
            ("namespace", &[]),
            ("region", &["OCI_region"]),
            ("workspace_key_prefix", &[]),
        ],
    ),
    (
        "oss",
        &[
            ("bucket", &[]),
            ("endpoint", &["ALICLOUD_OSS_ENDPOINT", "OSS_ENDPOINT"]),
            ("key", &[]),
            ("prefix", &[]),
            ("region", &["ALICLOUD_REGION", "ALICLOUD_DEFAULT_REGION"]),
        ],
    ),
    (
        "pg",
        &[
            ("conn_str", &["PG_CONN_STR"]),
            ("schema_name", &["PG_SCHEMA_NAME"]),
            ("table_name", &["PG_TABLE_NAME"]),
            // What the driver takes where the connection string is silent.
            ("host", &["PGHOST"]),
            ("port", &["PGPORT"]),
            ("dbname", &["PGDATABASE"]),
        ],
    ),
    ("remote", &[("hostname", &[]), ("organization", &[]), ("workspaces", &[])]),
    (
        "s3",
        &[
            ("bucket", &[]),
            ("endpoint", &["AWS_ENDPOINT_URL_S3", "AWS_S3_ENDPOINT", "AWS_ENDPOINT_URL"]),
            ("endpoints", &[]),
            ("key", &[]),
            ("workspace_key_prefix", &[]),
        ],
    ),
];

/// Parts of names that speak of secrets and persons, for backends that are not listed.
const PRIVATE: &[&str] =
    &["access_key", "client", "credential", "password", "profile", "secret", "token", "user"];

/// An owner.
#[derive(Clone, Debug, PartialEq)]
pub struct Owner {
    /// What stands for it.
    pub name: String,
    /// Another machine may be the same one: nothing tells them apart.
    pub anywhere: bool,
}

/// The owner by the backend's settings, or else the machine and the working directory, and the workspace's name.
///
/// # Errors
/// Why the backend's settings cannot be read.
pub fn derive(env: &Environment) -> Result<Owner, String> {
    let data =
        env.directory.join(env.first(&["TF_DATA_DIR"]).unwrap_or_else(|| ".terraform".into()));
    let (place, anywhere) = match backend(&data.join("terraform.tfstate"), env)? {
        Some(place) => (place, false),
        None => (local(env), env.machine.is_none()),
    };
    let digest = Sha256::digest(Value::from(vec![place, workspace(env, &data).into()]).to_string());
    Ok(Owner {
        name: digest.iter().map(|b| format!("{b:02x}")).collect::<String>()[..LENGTH].to_string(),
        anywhere,
    })
}

/// The place of a state on this machine: the same path on another one is another place.
fn local(env: &Environment) -> Value {
    let path = env.directory.canonicalize().unwrap_or_else(|_| env.directory.clone());
    vec![Value::from(env.machine.clone()), path.to_string_lossy().into()].into()
}

fn workspace(env: &Environment, data: &Path) -> String {
    let chosen =
        || std::fs::read_to_string(data.join("environment")).ok().map(|s| s.trim().to_string());
    env.first(&["TF_WORKSPACE"])
        .or_else(chosen)
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "default".into())
}

/// Where a remote backend keeps the state; `None` without one.
fn backend(file: &Path, env: &Environment) -> Result<Option<Value>, String> {
    let wrong = |e: String| format!("{} cannot be read: {e}", file.display());
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(wrong(unread(&e))),
    };
    let mut state: Value = serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))?;
    let kind = state["backend"]["type"].as_str().unwrap_or("local").to_string();
    match state["backend"]["config"].take() {
        _ if kind == "local" => Ok(None),
        Value::Object(config) => Ok(Some(Value::from(vec![
            kind.clone().into(),
            Value::Object(place(&kind, config, env)),
        ]))),
        _ => Ok(Some(kind.into())),
    }
}

/// The settings that say where; keys in order, nothing that is null. As in the backend itself, the block goes before the environment.
fn place(kind: &str, config: Map<String, Value>, env: &Environment) -> Map<String, Value> {
    let listed = PLACES.iter().find(|(name, _)| *name == kind).map(|(_, places)| *places);
    let says_where = |key: &str| match listed {
        Some(places) => places.iter().any(|(name, _)| *name == key),
        None => !PRIVATE.iter().any(|p| key.contains(p)),
    };
    let mut kept: BTreeMap<_, _> =
        config.into_iter().filter(|(k, v)| says_where(k) && !is_empty(v)).collect();
    // A part of an address is looked for where there is no whole one.
    let whole = kept.contains_key("conn_str") || kept.contains_key("endpoints");
    for (key, variables) in listed.unwrap_or_default() {
        let part = ["host", "port", "dbname", "endpoint"].contains(key) && whole;
        if let Some(value) = env.first(variables).filter(|_| !kept.contains_key(*key) && !part) {
            kept.insert((*key).into(), value.into());
        }
    }
    kept.into_iter().map(|(k, v)| (k, without_user(v))).collect()
}

/// Terraform writes nulls for what is not set, and how many depends on its version.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(s) => s.is_empty(),
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(entries) => entries.values().all(is_empty),
        _ => false,
    }
}

/// An address without the user and password in it, at any depth.
fn without_user(value: Value) -> Value {
    match value {
        Value::String(s) => match s.split_once("://") {
            Some((scheme, rest)) => {
                let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                Value::from(format!(
                    "{scheme}://{}{path}",
                    host.rsplit('@').next().unwrap_or_default()
                ))
            }
            // A connection string in words.
            None if s.contains("dbname=") || s.contains("host=") => {
                let secret = |word: &&str| {
                    !["user=", "password=", "passfile=", "sslkey="]
                        .iter()
                        .any(|start| word.starts_with(start))
                };
                Value::from(s.split_whitespace().filter(secret).collect::<Vec<_>>().join(" "))
            }
            None => Value::from(s),
        },
        Value::Array(items) => items.into_iter().map(without_user).collect(),
        Value::Object(entries) => {
            let sorted: BTreeMap<_, _> =
                entries.into_iter().filter(|(_, v)| !is_empty(v)).collect();
            Value::Object(sorted.into_iter().map(|(k, v)| (k, without_user(v))).collect())
        }
        value => value,
    }
}

#[cfg(test)]
mod tests;
