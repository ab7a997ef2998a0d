"""Search domains: the older type and the older API beside the newer, what a domain refuses, and changes that take their time."""

import functools
import re

from engine import kinds, plan

_KIND = "AWS::OpenSearchService::Domain"
_OLDER = re.compile(r"/2015-01-01/es/domain/(?P<name>[^/]+)/?")
_HEALTH = re.compile(r"/2021-01-01/opensearch/domain/(?P<name>[^/]+)/health/?")
_LIMITS = re.compile(r"/2021-01-01/opensearch/instanceTypeLimits/(?P<version>[^/]+)/(?P<kind>[^/]+)/?")
# GiB that a volume of a node has at most: gp2 and gp3 (limits.html of the developer's guide)
_LARGEST = {"t3.small": (100, 100), "t3.medium": (200, 200), "m5.large": (512, 1024), "m5.xlarge": (1024, 2048), "m5.2xlarge": (1536, 3072),
            "m6g.large": (512, 1024), "m6g.xlarge": (1024, 2048), "m6g.2xlarge": (1536, 3072), "m6g.4xlarge": (3072, 6144), "m6g.8xlarge": (6144, 12288),
            "m6g.12xlarge": (9216, 18432), "r6g.large": (1024, 2048), "r6g.xlarge": (1536, 3072), "r6g.2xlarge": (3072, 6144)}
_NUMBERS = ("AvailabilityZoneCount", "DedicatedMasterCount", "InstanceCount", "Iops", "Throughput", "VolumeSize")
_NUMBER = re.compile(r"\d+")


def install():
    from ministack.services import opensearch
    from ministack.services.cloudformation import provisioners
    known = dict(provisioners._RESOURCE_HANDLERS[_KIND])
    for kind, read in ((_KIND, dict), ("AWS::Elasticsearch::Domain", _renamed)):
        provisioners._RESOURCE_HANDLERS[kind] = {**known, "create": functools.partial(_create, known["create"], read),
                                                 "update": functools.partial(_update, known["update"], read)}
    opensearch._update_domain_config = functools.partial(_by_hand, opensearch._update_domain_config)
    opensearch._public = functools.partial(_seen, opensearch._public)
    opensearch.handle_request = functools.partial(_handle, opensearch.handle_request)


def _renamed(properties):
    """`AWS::Elasticsearch::Domain` is the same domain under other property names."""
    renamed = {name: value for name, value in properties.items() if name not in ("ElasticsearchVersion", "ElasticsearchClusterConfig")}
    renamed["EngineVersion"] = f"Elasticsearch_{properties.get('ElasticsearchVersion', '1.5')}"
    if "ElasticsearchClusterConfig" in properties:
        renamed["ClusterConfig"] = properties["ElasticsearchClusterConfig"]
    return renamed


# --- stacks

def _create(go, read, logical_id, properties, stack_name):
    wanted = _typed(read(properties))
    _checked(wanted)
    return go(logical_id, wanted, stack_name)


def _update(go, read, name, old, new, stack_name, logical_id=None):
    """Another version is another domain, unless the template's UpdatePolicy lets it be upgraded."""
    from ministack.services.opensearch import _domains
    old, new = _typed(read(old)), _typed(read(new))
    _checked(new)
    if _busy(_domains.get(name, {})):
        raise kinds.refusal("A change/update is in progress. Please wait for it to complete before requesting another change.", "Elasticsearch", 409)
    before, after = str(old.get("EngineVersion")), str(new.get("EngineVersion"))
    if before != after:
        if not _upgradable(stack_name, logical_id) and new.get("DomainName"):
            raise ValueError(f"CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {name} and update the stack again.")
        _reachable(before, after)
    return go(name, old, new, stack_name, logical_id)


def _typed(value, name=""):
    """Properties as the service keeps them: CloudFormation's parameters are texts."""
    if isinstance(value, dict):
        return {key: _typed(inner, key) for key, inner in value.items()}
    if name in _NUMBERS and isinstance(value, str):
        return int(value)
    return value == "true" if value in ("true", "false") else value


def _upgradable(stack_name, logical_id):
    from ministack.services.cloudformation import _stacks, engine
    body = _stacks.get(stack_name, {}).get("_template_body")    # of this update; the stack's template is still the one before
    declared = engine._parse_template(body).get("Resources", {}).get(logical_id, {}) if body else {}
    return kinds.flag(declared.get("UpdatePolicy", {}).get("EnableVersionUpgrade"))


def _reachable(before, after):
    old, new = ([int(n) for n in _NUMBER.findall(version)] for version in (before, after))
    if new < old or (old[0] == 6 and new[0] == 7 and old != [6, 8]):
        raise kinds.refusal(f"The upgrade path from {before} to {after} is not valid", "Elasticsearch", 400)


def _checked(properties):
    """What the service refuses before it makes or changes anything."""
    cluster, volume, place = (properties.get(name) or {} for name in ("ClusterConfig", "EBSOptions", "VPCOptions"))
    if volume.get("Throughput") and volume.get("VolumeType") != "gp3":
        raise _invalid("Throughput is only valid when volume type is GP3.")
    subnets = place.get("SubnetIds") or []
    zones = int((cluster.get("ZoneAwarenessConfig") or {}).get("AvailabilityZoneCount", 2)) if kinds.flag(cluster.get("ZoneAwarenessEnabled")) else 1
    if subnets and len(subnets) != zones:
        word = {1: "You must specify exactly one subnet.", 2: "You must specify exactly two subnets because you've set zone count to two."}
        raise _invalid(word.get(zones, "You must specify exactly three subnets because you've set zone count to three."))
    if zones == 2 and int(cluster.get("InstanceCount", 1)) % 2:
        raise _invalid("You must choose an even number of data nodes for a two Availability Zone deployment")


def _invalid(message):
    return kinds.refusal(message, "Elasticsearch", 400)


# --- changes by hand

def _by_hand(go, name, payload):
    """A change that somebody makes past CloudFormation: a rule for the verb `process` on the stack of this name says how long it goes on."""
    from ministack.core.responses import get_account_id
    from ministack.services.opensearch import _domains
    answer = go(name, payload)
    if name in _domains:
        _domains[name]["_change"] = plan.begin(get_account_id(), name, "Domain", "process")
    return answer


def _busy(domain):
    return plan.lasts(domain.get("_change"))


def _seen(go, domain):
    return {**go(domain), "Processing": _busy(domain)}


# --- the older API

async def _handle(go, method, path, headers, body, query):
    for pattern, answer in ((_OLDER, _described), (_HEALTH, _health)):
        found = pattern.fullmatch(path)
        if found and method == "GET":
            return answer(found["name"])
    found = _LIMITS.fullmatch(path)
    return _limits(found["kind"]) if found and method == "GET" else await go(method, path, headers, body, query)


def _limits(kind):
    """DescribeInstanceTypeLimits, of data nodes."""
    from ministack.services import opensearch
    largest = _LARGEST.get(kind.removesuffix(".search"))
    if not largest:
        return opensearch._error(409, "InvalidTypeException", f"Invalid instance type: {kind}")
    limit = lambda name, value: {"LimitName": name, "LimitValues": [str(value)]}
    types = [{"StorageTypeName": "ebs", "StorageSubTypeName": name, "StorageTypeLimits": [limit("MinimumVolumeSize", 10), limit("MaximumVolumeSize", most)]}
             for name, most in zip(("gp2", "gp3"), largest)]
    return opensearch._json(200, {"LimitsByRole": {"data": {"StorageTypes": types, "InstanceLimits": {"InstanceCountLimits": {
        "MinimumInstanceCount": 1, "MaximumInstanceCount": 40}}}}})


def _described(name):
    """DescribeElasticsearchDomain."""
    from ministack.services import opensearch
    domain = opensearch._domains.get(name)
    if not domain:
        return opensearch._error(409, "ResourceNotFoundException", f"Domain not found: {name}")
    status = opensearch._public(domain)
    status["ElasticsearchVersion"] = status.pop("EngineVersion").removeprefix("Elasticsearch_")
    status["ElasticsearchClusterConfig"] = status.pop("ClusterConfig")
    return opensearch._json(200, {"DomainStatus": status})


def _health(name):
    """DescribeDomainHealth: green, unless a rule for the verb `health` on the stack of this name fails it with another colour."""
    from ministack.core.responses import get_account_id
    from ministack.services import opensearch
    domain = opensearch._domains.get(name)
    if not domain:
        return opensearch._error(409, "ResourceNotFoundException", f"Domain not found: {name}")
    cluster, ill = domain.get("ClusterConfig") or {}, plan.begin(get_account_id(), name, "Domain", "health")
    colour = ill[1]["fail"] if ill and ill[1]["fail"] else "Green"
    zones = (cluster.get("ZoneAwarenessConfig") or {}).get("AvailabilityZoneCount", 2) if cluster.get("ZoneAwarenessEnabled") else 1
    return opensearch._json(200, {
        "DomainState": "Processing" if _busy(domain) else "Active", "ClusterHealth": colour, "DataNodeCount": str(cluster.get("InstanceCount", 1)),
        "AvailabilityZoneCount": str(zones), "ActiveAvailabilityZoneCount": str(zones), "StandByAvailabilityZoneCount": "0", "WarmNodeCount": "0",
        "DedicatedMaster": bool(cluster.get("DedicatedMasterEnabled")), "MasterEligibleNodeCount": str(cluster.get("DedicatedMasterCount", 0)),
        "MasterNode": "Available", "TotalShards": "10", "TotalUnAssignedShards": "0" if colour == "Green" else "5"})
