"""What Quilt's templates use besides: audit trail, web firewall, data catalog, canaries, and custom resources answered as the templates' own Lambdas do."""

import datetime
import json
import types
import uuid

from engine import kinds
from engine.kinds import call


def install():
    kinds.register("AWS::CloudTrail::Trail", _trail, _trail_gone, _trail_changed, replaces=("TrailName",))
    kinds.register("AWS::WAFv2::RegexPatternSet", _patterns, _patterns_gone, _patterns_changed, replaces=("Name", "Scope"))
    kinds.register("AWS::WAFv2::WebACLAssociation", _association, _association_gone, replaces=("ResourceArn", "WebACLArn"))
    kinds.register("AWS::Athena::DataCatalog", _catalog, _catalog_gone, _catalog_changed, replaces=("Name",))
    kinds.register("AWS::Synthetics::Canary", _canary, lambda name, properties: None,
                   lambda name, old, new, stack: _canary(name, new, stack), replaces=("Name",))
    custom("LambdaCallout", _callout, lambda physical_id, old, new: (physical_id, {}))
    custom("Timestamp", lambda properties: _stamp(_now(), properties), lambda physical_id, old, new: _stamp(physical_id, new))
    custom("S3Object", _object, lambda physical_id, old, new: _object(new), _object_gone)
    _image()
    _keys_without_material()


# --- audit trail: Ref is the name

def _trail(logical_id, properties, stack_name):
    from ministack.services import cloudtrail
    name = properties.get("TrailName") or kinds.physical_name(stack_name, logical_id)
    call(cloudtrail._create_trail, {**properties, "Name": name})
    return _trail_set(name, properties)


def _trail_changed(name, old, new, stack_name):
    from ministack.services import cloudtrail
    call(cloudtrail._update_trail, {**new, "Name": name})
    return _trail_set(name, new)


def _trail_set(name, properties):
    from ministack.services import cloudtrail
    selectors = {key: properties[key] for key in ("EventSelectors", "AdvancedEventSelectors") if properties.get(key)}
    if selectors:
        call(cloudtrail._put_event_selectors, {"TrailName": name, **selectors})
    call(cloudtrail._start_logging if kinds.flag(properties["IsLogging"]) else cloudtrail._stop_logging, {"Name": name})
    return name, {"Arn": cloudtrail._trail_arn(name)}


def _trail_gone(name, properties):
    from ministack.services import cloudtrail
    call(cloudtrail._delete_trail, {"Name": name})


# --- web firewall: Ref is name|id|scope, and resource|firewall

def _patterns(logical_id, properties, stack_name):
    from ministack.services import waf
    name = properties.get("Name") or kinds.physical_name(stack_name, logical_id)
    made = call(waf._create_regex_pattern_set, {**_regexes(properties), "Name": name})["Summary"]
    return f"{name}|{made['Id']}|{properties['Scope']}", {"Arn": made["ARN"], "Id": made["Id"]}


def _regexes(properties):
    """CloudFormation takes plain strings where the API has objects."""
    return {**properties, "RegularExpressionList": [{"RegexString": text} for text in properties["RegularExpressionList"]]}


def _patterns_now(physical_id):
    from ministack.services import waf
    _, key, scope = physical_id.split("|")
    found = call(waf._get_regex_pattern_set, {"Id": key, "Scope": scope})
    return {"Id": key, "Scope": scope, "LockToken": found["LockToken"]}, found["RegexPatternSet"]["ARN"]


def _patterns_changed(physical_id, old, new, stack_name):
    from ministack.services import waf
    key, arn = _patterns_now(physical_id)
    call(waf._update_regex_pattern_set, {**_regexes(new), **key})
    return physical_id, {"Arn": arn, "Id": key["Id"]}


def _patterns_gone(physical_id, properties):
    from ministack.services import waf
    call(waf._delete_regex_pattern_set, _patterns_now(physical_id)[0])


def _association(logical_id, properties, stack_name):
    from ministack.services import waf
    call(waf._associate_web_acl, properties)
    return f"{properties['ResourceArn']}|{properties['WebACLArn']}", {}


def _association_gone(physical_id, properties):
    from ministack.services import waf
    resource, firewall = physical_id.split("|")
    if waf._associations.get(resource) == firewall:
        call(waf._disassociate_web_acl, {"ResourceArn": resource})


# --- data catalog: Ref is the name

def _catalog(logical_id, properties, stack_name):
    from ministack.services import athena
    call(athena._create_data_catalog, properties)
    return properties["Name"], {}


def _catalog_changed(name, old, new, stack_name):
    from ministack.services import athena
    call(athena._update_data_catalog, {**new, "Name": name})
    return name, {}


def _catalog_gone(name, properties):
    from ministack.services import athena
    call(athena._delete_data_catalog, {"Name": name})


# --- canaries: Ref is the name; ministack has no such service, so a canary exists in its stack only and never runs

def _canary(name, properties, stack_name):
    started = kinds.flag(properties.get("StartCanaryAfterCreation"))
    name = properties["Name"]
    return name, {"Id": str(uuid.uuid5(uuid.NAMESPACE_URL, name)), "State": "RUNNING" if started else "READY"}


# --- custom resources: no template code is run, the answer (physical id and Data) is the one its Lambda gives

def custom(name, create, update, delete=lambda physical_id, properties: None):
    def checked(logical_id, properties, stack_name):
        from ministack.services import lambda_svc
        if lambda_svc._get_func_record_for_ref(properties["ServiceToken"])[0] is None:
            raise ValueError(f"Function not found: {properties['ServiceToken']}")
        return create(properties)
    kinds.register(f"Custom::{name}", checked, delete, lambda physical_id, old, new, stack: update(physical_id, old, new))


def _callout(properties):
    return f"{datetime.date.today():%Y/%m/%d}/[$LATEST]{uuid.uuid4().hex}", {}


def _now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat()


def _stamp(moment, properties):
    form = properties.get("Format")
    formatted = datetime.datetime.fromisoformat(moment).strftime(form) if form else moment
    return moment, {"Timestamp": moment, "Format": form, "Formatted": formatted}


def _object(properties):
    from ministack.services import s3
    status, headers, body = s3._put_object(properties["Bucket"], properties["Key"], properties["Body"].encode(), {})
    if status >= 300:
        raise ValueError(f"Received response status [FAILED] from custom resource. Message returned: Unhandled exception: {body!r}")
    data = {"Bucket": properties["Bucket"], "Key": properties["Key"]}
    if kinds.flag(properties.get("Versioning")):
        data["VersionId"] = {name.lower(): value for name, value in headers.items()}["x-amz-version-id"]
    return json.dumps(data), data


def _object_gone(physical_id, properties):
    from ministack.services import s3
    data = json.loads(physical_id)
    s3._delete_object(data["Bucket"], data["Key"], {}, {"versionId": [data["VersionId"]]} if "VersionId" in data else {})


# --- what the account has from the start

def _image():
    """The public parameter of the ECS image names one that ministack's EC2 knows."""
    from ministack.services import ssm
    ssm._PUBLIC_AMI_PARAMETERS["/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"] = "ami-0c2023a1b2c3d4e5f"


def _keys_without_material():
    """RSA keys are made without the cryptography package; they have no material, so Sign, Verify and Encrypt go on refusing."""
    from ministack.services import kms
    if kms.HAS_CRYPTO:
        return
    require = kms._require_crypto
    kms._require_crypto = lambda operation: None if operation == "CreateKey" else require(operation)
    kms.rsa = types.SimpleNamespace(generate_private_key=lambda **options: None)
    kms._set_asymmetric_material = lambda record, key: None
