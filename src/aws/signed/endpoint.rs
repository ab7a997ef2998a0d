//! Where a service answers, and for which region a call to it is signed.

use aws_types::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

use crate::cloudformation::partition;

/// A service, as AWS's own models name it.
#[derive(Debug)]
pub struct Service {
    /// Its id, as `CloudWatch Logs`: the variable `AWS_ENDPOINT_URL_…` and the section of the shared files are named by it.
    pub id: &'static str,
    /// What its calls are signed for.
    pub signs_as: &'static str,
    /// What its hosts begin with.
    pub host: &'static str,
    /// Its ordinary hosts in GovCloud are FIPS ones.
    pub fips_in_gov_cloud: bool,
    /// It is one for all regions of a partition, and signed for one of them.
    pub global: bool,
}

/// Where a call goes.
#[derive(Debug, PartialEq)]
pub(super) struct Place {
    /// Scheme and host.
    pub url: String,
    /// The region it is signed for.
    pub region: String,
}

/// The place of a service by these settings: an address of its own, or AWS's.
///
/// # Errors
/// There is no region, or no such host there.
pub(super) fn of(sdk: &SdkConfig, service: &Service) -> Result<Place, String> {
    let region = sdk.region().map(ToString::to_string).ok_or("no region is set")?;
    if service.global {
        let (suffix, home) = partition::world(&region);
        let url = own(sdk, service).unwrap_or_else(|| format!("https://{}.{suffix}", service.host));
        return Ok(Place { url, region: home });
    }
    let url = match own(sdk, service) {
        Some(url) => url,
        None => {
            let (fips, dual) = (sdk.use_fips(), sdk.use_dual_stack());
            public(service, &region, fips.unwrap_or_default(), dual.unwrap_or_default())?
        }
    };
    Ok(Place { url, region })
}

/// The address that the provider block, the environment or the shared files give, in the order that holds for the SDK's own clients.
fn own(sdk: &SdkConfig, service: &Service) -> Option<String> {
    let said = || sdk.endpoint_url().map(String::from);
    if sdk.get_origin("endpoint_url").is_client_config() {
        return said();
    }
    let key = ServiceConfigKey::builder()
        .service_id(service.id)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok()?;
    sdk.service_config().and_then(|config| config.load_config(key)).or_else(said)
}

/// AWS's own address.
fn public(service: &Service, region: &str, fips: bool, dual: bool) -> Result<String, String> {
    let partition = partition::of(region);
    let plain = service.fips_in_gov_cloud && partition::is_gov_cloud(region);
    let host = match fips && !plain {
        true => format!("{}-fips", service.host),
        false => service.host.to_string(),
    };
    let suffix = match dual {
        true => partition.ipv6.ok_or_else(|| {
            format!("{} is not known to have addresses with IPv6 in {region}", service.id)
        })?,
        false => partition.suffix,
    };
    Ok(format!("https://{host}.{region}.{suffix}"))
}

#[cfg(test)]
mod tests {
    use aws_types::region::Region;

    use super::*;

    const LOGS: Service = Service {
        id: "CloudWatch Logs",
        signs_as: "logs",
        host: "logs",
        fips_in_gov_cloud: true,
        global: false,
    };

    #[test]
    fn every_part_of_aws_has_its_hosts() {
        for (region, fips, dual, url) in [
            ("eu-west-1", false, false, "https://logs.eu-west-1.amazonaws.com"),
            ("eu-west-1", true, false, "https://logs-fips.eu-west-1.amazonaws.com"),
            ("eu-west-1", true, true, "https://logs-fips.eu-west-1.api.aws"),
            ("cn-north-1", false, false, "https://logs.cn-north-1.amazonaws.com.cn"),
            ("cn-north-1", false, true, "https://logs.cn-north-1.api.amazonwebservices.com.cn"),
            ("us-gov-west-1", true, false, "https://logs.us-gov-west-1.amazonaws.com"),
            ("eusc-de-east-1", false, false, "https://logs.eusc-de-east-1.amazonaws.eu"),
        ] {
            assert_eq!(public(&LOGS, region, fips, dual), Ok(url.into()));
        }
        assert!(public(&LOGS, "us-iso-east-1", false, true).unwrap_err().contains("IPv6"));
    }

    #[test]
    fn what_is_one_for_all_regions_is_signed_for_its_own() {
        const IAM: Service = Service {
            id: "IAM",
            signs_as: "iam",
            host: "iam",
            fips_in_gov_cloud: true,
            global: true,
        };
        for (region, url, home) in [
            ("eu-west-1", "https://iam.amazonaws.com", "us-east-1"),
            ("us-gov-east-1", "https://iam.us-gov.amazonaws.com", "us-gov-west-1"),
            ("cn-northwest-1", "https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
            ("eusc-de-east-1", "https://iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
        ] {
            let sdk = SdkConfig::builder().region(Region::new(region)).build();
            assert_eq!(of(&sdk, &IAM), Ok(Place { url: url.into(), region: home.into() }));
        }
    }

    #[test]
    fn a_region_is_needed_and_an_own_address_goes_first() {
        let sdk = SdkConfig::builder().endpoint_url("http://127.0.0.1:1");
        assert_eq!(of(&sdk.build(), &LOGS), Err("no region is set".into()));
        let sdk = SdkConfig::builder()
            .region(Region::new("eu-west-1"))
            .endpoint_url("http://127.0.0.1:1")
            .build();
        let place = Place { url: "http://127.0.0.1:1".into(), region: "eu-west-1".into() };
        assert_eq!(of(&sdk, &LOGS), Ok(place));
    }
}
