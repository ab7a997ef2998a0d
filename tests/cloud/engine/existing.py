"""Parameters of AWS's own types: what a value names must exist. CloudFormation looks after it has accepted the request, and undoes the operation."""

import functools
import re

_STORES = {"VPC::Id": "_vpcs", "Subnet::Id": "_subnets", "SecurityGroup::Id": "_security_groups"}
_KEPT = ("_template", "_resolved_params", "_template_body", "Parameters", "Tags", "Outputs", "_conditions")


def install():
    from ministack.services.cloudformation import stacks
    stacks._fail_property_validation = functools.partial(_checked, stacks._fail_property_validation)


def _checked(go, stack, stack_id, stack_name, resources, ordered, parameters, conditions, mappings, disable_rollback, previous_stack=None):
    missing = next(((name, value) for name, parameter in parameters.items() for value in _missing(parameter)), None)
    if not missing:
        return go(stack, stack_id, stack_name, resources, ordered, parameters, conditions, mappings, disable_rollback, previous_stack=previous_stack)
    reason = f"Parameter validation failed: parameter value {missing[1]} for parameter name {missing[0]} does not exist"
    _fail(stack, reason, disable_rollback, previous_stack)
    return True


def _missing(parameter):
    """The values of a parameter that name nothing in the account."""
    from ministack.services import ec2
    kind = re.fullmatch(r"(?:List<)?AWS::EC2::(VPC::Id|Subnet::Id|SecurityGroup::Id)>?", parameter.get("Type", ""))
    if not kind:
        return []
    ec2._ensure_defaults_initialized()
    known = getattr(ec2, _STORES[kind[1]])
    return [value for value in map(str.strip, parameter["Value"].split(",")) if value not in known]


def _fail(stack, reason, disable_rollback, previous):
    """Walks a stack from its first status to the end of an operation that never touched a resource."""
    if disable_rollback:
        return _walk(stack, [(f"{'CREATE' if previous is None else 'UPDATE'}_FAILED", reason)])
    if previous is None:
        return _walk(stack, [("ROLLBACK_IN_PROGRESS", f"{reason}. Rollback requested by user."), ("ROLLBACK_COMPLETE", "")])
    stack.update({name: previous[name] for name in _KEPT if name in previous})
    return _walk(stack, [("UPDATE_ROLLBACK_IN_PROGRESS", reason), ("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", ""), ("UPDATE_ROLLBACK_COMPLETE", "")])


def _walk(stack, steps):
    from engine import events
    for status, reason in steps:
        stack["StackStatus"] = status
        events.add(stack["StackId"], stack["StackName"], stack["StackName"], "AWS::CloudFormation::Stack", status, reason, stack["StackId"])
