//! What the table of checks is asked about, from what a configuration says.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{DatabaseWish, NetworkWish, PreflightLookup, SearchWish, Strings};
use crate::aws::Aws;
use crate::cloudformation::template::Template;
use crate::cx::Cx;
use crate::outcome::{Error, Result};
use crate::preflight::{Instance, Intent, Room, trails};
use crate::quilt::database::{ENGINE_VERSION, INSTANCE_CLASS, STORAGE, STORAGE_TYPE};
use crate::quilt::network::existing::Parts;
use crate::quilt::network::{CIDR, NatGateways};
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
    let (new, there) = match network.as_ref_option() {
        Some(wish) => {
            (Some(wish).filter(|wish| !is_there(wish)), Some(wish).filter(|wish| is_there(wish)))
        }
        None => (None, None),
    };
    let template = template(aws, config).await?;
    let trails = room_for_trails(template.as_deref(), config);
    Ok(Intent {
        stack_name: text(&config.stack_name),
        template,
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
        cidr: new.map(|n| or(&n.cidr, CIDR)),
        availability_zones: new.map(|n| ids(&n.availability_zones)).unwrap_or_default(),
        network: there.map(parts),
        room: Room {
            vpcs: usize::from(new.is_some()),
            addresses: new.map_or(0, addresses),
            trails,
        },
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

/// It names what there is.
fn is_there(network: &NetworkWish) -> bool {
    network.vpc_id.is_value() || !parts(network).subnets().is_empty()
}

fn ids(list: &Value<Strings>) -> Vec<String> {
    list.iter().flatten().flatten().cloned().collect()
}

fn parts(network: &NetworkWish) -> Parts {
    Parts {
        vpc_id: or(&network.vpc_id, ""),
        private: ids(&network.private_subnet_ids),
        public: ids(&network.public_subnet_ids),
        intra: ids(&network.intra_subnet_ids),
        user: ids(&network.user_subnet_ids),
        ..Parts::default()
    }
}

/// The addresses of its NAT gateways.
fn addresses(network: &NetworkWish) -> usize {
    let mode = network.nat_gateways.as_deref_option().map(NatGateways::of);
    mode.and_then(std::result::Result::ok).unwrap_or(NatGateways::OnePerAz).count()
}

/// The trails that the template makes where its stack is not there yet: an update has made them before.
fn room_for_trails(text: Option<&str>, config: &PreflightLookup) -> usize {
    let Some(template) = text.and_then(|text| Template::parse(text).ok()) else { return 0 };
    let known = parameters(config).into_iter().filter_map(|(name, value)| Some((name, value?)));
    trails(&template, &known.collect())
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
