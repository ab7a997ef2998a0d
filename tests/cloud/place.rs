//! What a Quilt template finds in an account: a network, groups, a certificate, a search domain, buckets; and values for every parameter without a default.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Cloud, REGION};

/// A made place.
#[derive(Debug)]
pub struct Place {
    values: BTreeMap<&'static str, String>,
}

impl Place {
    /// The value for a template parameter: `VPC`, `Subnets`, `CertificateArnELB` …
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }
}

impl Cloud {
    /// Makes a VPC with eight subnets in two zones and everything else that Quilt's templates ask for.
    pub fn place(&self) -> Place {
        let vpc = self.made("CreateVpc", &[("CidrBlock", "10.7.0.0/16")], "vpcId");
        let subnets: Vec<_> = (0..8).map(|i| self.subnet(&vpc, i)).collect();
        let pair = |first: usize| subnets[first..first + 2].join(",");
        let group = |name| {
            self.made(
                "CreateSecurityGroup",
                &[("GroupName", name), ("GroupDescription", name), ("VpcId", &vpc)],
                "groupId",
            )
        };
        let domain = self.rest(
            "es",
            "POST",
            "/2021-01-01/opensearch/domain",
            &json!({"DomainName": "place", "EngineVersion": "Elasticsearch_6.8"}),
        );
        let domain = |name: &str| {
            domain["DomainStatus"][name].as_str().unwrap_or("search.internal").to_owned()
        };
        let service = format!("com.amazonaws.{REGION}.execute-api");
        let endpoint = [
            ("VpcId", vpc.as_str()),
            ("ServiceName", &service),
            ("VpcEndpointType", "Interface"),
            ("SubnetId.1", &subnets[4]),
        ];
        let values = [
            ("UserSecurityGroup", group("users")),
            ("DBAccessorSecurityGroup", group("database")),
            ("SearchClusterAccessorSecurityGroup", group("search")),
            ("Subnets", pair(0)),
            ("IntraSubnets", pair(2)),
            ("UserSubnets", pair(4)),
            ("PublicSubnets", pair(6)),
            ("ApiGatewayVPCEndpoint", self.made("CreateVpcEndpoint", &endpoint, "vpcEndpointId")),
            ("CertificateArnELB", self.certificate()),
            ("SearchDomainArn", domain("ARN")),
            ("SearchDomainEndpoint", domain("Endpoint")),
            ("CloudTrailBucket", self.bucket("trail")),
            ("VPC", vpc),
        ];
        Place { values: values.into_iter().chain(plain()).collect() }
    }

    fn made(&self, action: &str, parameters: &[(&str, &str)], id: &str) -> String {
        let answer = self
            .query("ec2", action, parameters)
            .unwrap_or_else(|refusal| panic!("{action}: {refusal}"));
        answer.find(id).map(|node| node.text.clone()).expect("what was made has an id")
    }

    fn subnet(&self, vpc: &str, i: usize) -> String {
        let zone = format!("{REGION}{}", ["a", "b"][i % 2]);
        self.made(
            "CreateSubnet",
            &[
                ("VpcId", vpc),
                ("CidrBlock", &format!("10.7.{i}.0/24")),
                ("AvailabilityZone", &zone),
            ],
            "subnetId",
        )
    }

    fn certificate(&self) -> String {
        let wanted = json!({"DomainName": "*.example.com", "ValidationMethod": "DNS", "SubjectAlternativeNames": ["*.a.example.com"]});
        self.json("acm", "CertificateManager.RequestCertificate", &wanted)["CertificateArn"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Makes a bucket whose name begins with `purpose` and is nobody else's.
    pub fn bucket(&self, purpose: &str) -> String {
        let name = format!("{purpose}-{}", self.account());
        self.s3("PUT", &format!("/{name}"), &[], b"")
            .unwrap_or_else(|refusal| panic!("bucket {name}: {refusal}"));
        name
    }

    /// Puts a template of any size where CloudFormation reads it; returns its URL.
    pub fn upload(&self, key: &str, body: &str) -> String {
        let bucket = format!("templates-{}", self.account());
        if self.s3("HEAD", &format!("/{bucket}"), &[], b"").is_err() {
            self.bucket("templates");
        }
        self.s3("PUT", &format!("/{bucket}/{key}"), &[], body.as_bytes())
            .unwrap_or_else(|refusal| panic!("{key}: {refusal}"));
        format!("https://{bucket}.s3.{REGION}.amazonaws.com/{key}")
    }

    /// A value for every parameter of the template that has no default.
    pub fn parameters(&self, url: &str, place: &Place) -> BTreeMap<String, String> {
        let answer = self
            .query("cloudformation", "GetTemplateSummary", &[("TemplateURL", url)])
            .expect("the template is one");
        let declared = answer.members("Parameters");
        let names = declared
            .iter()
            .filter(|row| row.get("DefaultValue").is_none())
            .filter_map(|row| row.get("ParameterKey"));
        let value = |name: &str| place.get(name).unwrap_or_default().to_owned();
        names.map(|name| (name.to_owned(), value(name))).collect()
    }
}

/// Values that need nothing made; what is not here may be empty.
fn plain() -> [(&'static str, String); 12] {
    [
        ("AdminEmail", "admin@example.com"),
        ("AdminPassword", "hunter2hunter2"),
        ("CanaryNotificationsEmail", "ops@example.com"),
        ("DBPassword", "abcdefgh12345678"),
        ("DBUrl", "postgresql://root:abcdefgh12@db.internal:5432/quilt"),
        ("LicenseKey", "no-license"),
        ("QuiltWebHost", "quilt.example.com"),
        ("SingleSignOnProvider", "Okta"),
        ("SingleSignOnClientId", "client"),
        ("SingleSignOnClientSecret", "shh"),
        ("SingleSignOnBaseUrl", "https://okta.example.com/oauth2"),
        ("SingleSignOnDomains", "example.com"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
}
