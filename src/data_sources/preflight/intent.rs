//! What the table of checks is asked about, from what a configuration says.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{DatabaseWish, NetworkWish, PreflightLookup, SearchWish};
use crate::aws::Aws;
use crate::cx::Cx;
use crate::outcome::{Error, Result};
use crate::preflight::{Instance, Intent};
use crate::quilt::database::{ENGINE_VERSION, INSTANCE_CLASS, STORAGE, STORAGE_TYPE};
use crate::quilt::network::CIDR;
use crate::quilt::search::{self, Cluster, SIZE};
use crate::tf::{AttributePath, Value};

/// What is to be made.
///
/// # Errors
/// The template cannot be read; there is no such size.
pub async fn of(cx: &Cx, aws: &Aws, config: &PreflightLookup) -> Result<Intent> {
    let PreflightLookup { database, search, network, .. } = config;
    let text = |value: &Value<String>| value.as_ref_option().cloned();
    let cluster = search.as_ref_option().map(cluster).transpose()?;
    Ok(Intent {
        stack_name: text(&config.stack_name),
        template: template(aws, config).await?,
        parameters: parameters(config),
        template_bucket: text(&config.template_bucket)
            .or_else(|| cx.settings.template_bucket.clone()),
        web_host: text(&config.web_host),
        certificate_arn: text(&config.certificate_arn),
        iam_role_arn: text(&config.iam_role_arn),
        kms_key_id: text(&config.kms_key_id),
        secrets: config.secret_arns.iter().flatten().flatten().cloned().collect(),
        engine_version: database.as_ref_option().map(|d| or(&d.engine_version, ENGINE_VERSION)),
        instance: database.as_ref_option().map(instance),
        search_version: search
            .as_ref_option()
            .map(|s| or(&s.engine_version, search::ENGINE_VERSION)),
        cluster,
        cidr: network.as_ref_option().map(|n| or(&n.cidr, CIDR)),
        availability_zones: network.as_ref_option().map(zones).unwrap_or_default(),
        ..Intent::default()
    })
}

fn or(value: &Value<String>, otherwise: &str) -> String {
    value.as_deref_option().unwrap_or(otherwise).to_string()
}

fn instance(database: &DatabaseWish) -> Instance {
    Instance {
        class: or(&database.instance_class, INSTANCE_CLASS),
        version: or(&database.engine_version, ENGINE_VERSION),
        storage_type: or(&database.storage_type, STORAGE_TYPE),
        storage: database.allocated_storage.as_option().unwrap_or(STORAGE),
        multi_az: database.multi_az.as_option().unwrap_or(true),
    }
}

fn cluster(search: &SearchWish) -> Result<Cluster> {
    let base = search::size(search.size.as_deref_option().unwrap_or(SIZE)).map_err(|why| {
        Error::config(AttributePath::new("search").attribute("size"), "There is no such size.", why)
    })?;
    Ok(Cluster {
        instance_type: or(&search.instance_type, &base.instance_type),
        volume_size: search.volume_size.as_option().unwrap_or(base.volume_size),
        volume_type: or(&search.volume_type, &base.volume_type),
        volume_iops: search.volume_iops.as_option().or(base.volume_iops),
        volume_throughput: search.volume_throughput.as_option().or(base.volume_throughput),
        ..base
    })
}

fn zones(network: &NetworkWish) -> Vec<String> {
    network.availability_zones.iter().flatten().flatten().cloned().collect()
}

fn parameters(config: &PreflightLookup) -> BTreeMap<String, Option<String>> {
    let given = config.parameters.iter().flatten().filter(|(_, value)| !value.is_null());
    given.map(|(name, value)| (name.clone(), value.as_ref_option().cloned())).collect()
}

/// The text of the template.
async fn template(aws: &Aws, config: &PreflightLookup) -> Result<Option<Arc<str>>> {
    if let Some(url) = config.template_url.as_ref_option() {
        return Ok(Some(aws.objects.fetch(url).await?.into()));
    }
    let Some(path) = config.template_file.as_ref_option() else { return Ok(None) };
    match tokio::fs::read_to_string(path).await {
        Ok(text) => Ok(Some(text.into())),
        Err(_) => Err(Error::config(
            AttributePath::new("template_file"),
            format!("The template file {path} cannot be read as text in UTF-8."),
            "A relative path counts from the folder Terraform runs in; `${path.module}/…` counts from the module's.",
        )),
    }
}
