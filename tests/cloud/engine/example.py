"""Values for `examples/complete` that fit a given template: what the demo has to say to deploy it here."""

import json
import re

from engine import kinds, templates

# the configuration says these by other names, or by the network
SHORTHANDS = {"QuiltWebHost", "CertificateArnELB", "AdminEmail", "VPC", "Subnets", "IntraSubnets", "UserSubnets", "PublicSubnets", "UserSecurityGroup",
              "ApiGatewayVPCEndpoint"}
# the example's database and search domain bring these, and the provider makes the administrator's password
BROUGHT = {"DBUrl", "DBAccessorSecurityGroup", "SearchDomainArn", "SearchDomainEndpoint", "SearchClusterAccessorSecurityGroup", "AdminPassword"}
SIGN_IN = re.compile(r"(SingleSignOn|Google|Okta|OneLogin|Azure)(ClientId|ClientSecret|BaseUrl|Domains)")    # empty means unused
HOSTS = ("quilt.example.com", "quilt.demo.example.com", "demo.example.com")
VALUES = {"DBPassword": "correcthorsebattery", "LicenseKey": "none", "CanaryNotificationsEmail": "admin@example.com", "CloudTrailBucket": "example-cloudtrail-bucket"}


def variables(body, account):
    """Variables for the example, for every parameter that the template declares and gives no default."""
    from ministack.core import responses
    from ministack.services.cloudformation import handlers
    responses.set_request_account_id(account)
    declared = handlers._parse_template(body).get("Parameters", {})
    given = SHORTHANDS | BROUGHT
    wanted = {name: parameter for name, parameter in declared.items() if "Default" not in parameter and name not in given and not SIGN_IN.fullmatch(name)}
    secret = {name for name, parameter in wanted.items() if templates.is_secret(parameter)}
    value = lambda name: VALUES.get(name, "") or _made(name, wanted[name])
    host = _host(declared.get("QuiltWebHost", {}))
    return {"web_host": host, "admin_email": "admin@example.com", "enable_termination_protection": False,
            "certificate_arn": _certificate(host),
            "database_and_search": {"DBUrl", "SearchDomainArn"} <= set(declared),
            "internal": "UserSubnets" in declared and "PublicSubnets" not in declared,
            "parameters": {name: value(name) for name in wanted if name not in secret}, "parameters_wo": {name: value(name) for name in secret}}


def _host(parameter):
    """A host with as many labels as the template wants."""
    pattern = parameter.get("AllowedPattern", ".*")
    return next((host for host in HOSTS if re.fullmatch(pattern, host)), HOSTS[0])


def _certificate(host):
    """An issued one for the host and for those that are named after it."""
    from ministack.services import acm
    _, _, body = acm._request_certificate({"DomainName": f"*.{host.partition('.')[2]}"})
    return json.loads(body)["CertificateArn"]


def _made(name, parameter):
    """What has to exist in the account: a security group; else nothing."""
    from ministack.services import ec2
    if parameter.get("Type") != "AWS::EC2::SecurityGroup::Id" and not name.endswith("SecurityGroup"):
        return ""
    _, _, body = ec2._ACTION_MAP["CreateSecurityGroup"]({"GroupName": [kinds.new_id(name)], "GroupDescription": [name]})
    return re.search(rb"<groupId>([^<]+)</groupId>", body)[1].decode()
