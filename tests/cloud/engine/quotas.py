"""How much an account may have, and how each service says that it is enough. EC2's are without limit unless a plan sets one: tests share no account.

Service Quotas, which ministack does not know, tells the same numbers."""

import functools
import json

from engine import kinds, plan

_AWS = {"stacks": 2000, "snapshots": 100}
_FULL = {"vpcs": ("VpcLimitExceeded", "The maximum number of VPCs has been reached."),
         "addresses": ("AddressLimitExceeded", "The maximum number of addresses has been reached.")}


# What Service Quotas calls them, and its answer where there is no limit
_CODES = {("vpc", "L-F678F1CE"): "vpcs", ("ec2", "L-0263D0A3"): "addresses"}
_PLENTY = 1000


def install():
    from ministack.services import ec2
    for name, action, kind, store in (("vpcs", "CreateVpc", "AWS::EC2::VPC", "_vpcs"), ("addresses", "AllocateAddress", "AWS::EC2::EIP", "_addresses")):
        ec2._ACTION_MAP[action] = functools.partial(_asked, ec2._ACTION_MAP[action], name, store)
        kinds.wrap(kind, "create", functools.partial(_in_a_stack, name, store))


def most(name):
    """The quota; None where there is none."""
    from ministack.core.responses import get_account_id
    return plan.read(get_account_id())["quotas"].get(name, _AWS.get(name))


def used_up(name, held):
    return most(name) is not None and held >= most(name)


def _held(store):
    from ministack.services import ec2
    return len(getattr(ec2, store))


def _asked(go, name, store, params):
    from ministack.services import ec2
    return ec2._error(*_FULL[name], 400) if used_up(name, _held(store)) else go(params)


def _in_a_stack(name, store, go, *given):
    if used_up(name, _held(store)):
        raise kinds.refusal(_FULL[name][1], "Ec2", 400)
    return go(*given)


def answer(request):
    """The answer of Service Quotas, or None where another service is asked."""
    from engine import parts, record
    if record.service(request) != "servicequotas":
        return None
    parts.account(request)
    asked = json.loads(request.body or b"{}")
    service, code = asked.get("ServiceCode"), asked.get("QuotaCode")
    if (service, code) not in _CODES:
        return 400, {"__type": "NoSuchResourceException", "message": f"There is no quota {code} of {service}."}
    name = _CODES[service, code]
    value = _PLENTY if most(name) is None else most(name)
    return 200, {"Quota": {"ServiceCode": service, "QuotaCode": code, "QuotaName": name, "Value": float(value), "Adjustable": True}}
