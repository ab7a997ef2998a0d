"""How a resource type is told to ministack: three functions a type, ids as EC2 makes them, refusals as CloudFormation words them."""

import json
import uuid


def register(name, create, delete, update=None, replaces=()):
    """`create(logical_id, properties, stack_name)` and `update(physical_id, old, new, stack_name)` return the physical id and the attributes;
    `delete(physical_id, properties)`. A change of one of `replaces` makes a new one."""
    from ministack.services.cloudformation import provisioners
    entry = {"create": create, "delete": _if_there(delete)}
    if update:
        entry["update"] = update
    provisioners._RESOURCE_HANDLERS[name] = entry
    if replaces:
        provisioners._REPLACING_PROPERTIES[name] = replaces


class Gone(ValueError):
    """What is to be deleted is not there."""


def _if_there(delete):
    def go(physical_id, properties):
        try:
            delete(physical_id, properties)
        except Gone:    # deleted by somebody else: as on AWS, that is no failure
            pass
    return go


def wrap(name, verb, wrapper):
    """Puts `wrapper(go, …)` around what ministack does for a type."""
    from ministack.services.cloudformation import provisioners
    entry = provisioners._RESOURCE_HANDLERS[name]
    go = entry[verb]
    entry[verb] = lambda *given: wrapper(go, *given)


def physical_name(stack_name, logical_id):
    from ministack.services.cloudformation import provisioners
    return provisioners._physical_name(stack_name, logical_id)


def flag(value):
    from ministack.services.cloudformation import provisioners
    return provisioners._cfn_bool(value)


def new_id(prefix):
    return f"{prefix}-{uuid.uuid4().hex[:17]}"


def refusal(message, service, status):
    """The error of a service, as a resource's reason quotes it."""
    return ValueError(f'Resource handler returned message: "{message} (Service: {service}, Status Code: {status}, Request ID: {uuid.uuid4()})" '
                      f'(RequestToken: {uuid.uuid4()}, HandlerErrorCode: {"NotFound" if status == 404 else "InvalidRequest"})')


def call(function, data):
    """One of a service's own API functions, so that what a stack makes is visible there; its refusal fails the resource."""
    status, _, body = function(data)
    answer = json.loads(body or "{}")
    if status >= 300:
        message = answer.get("message") or answer.get("Message") or str(answer)
        if "NotFound" in answer.get("__type", "") or "Nonexistent" in answer.get("__type", ""):
            raise Gone(message)
        raise refusal(message, "Service", status)
    return answer
