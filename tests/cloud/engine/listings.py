"""Resource listings that show what is on its way, and refusals in AWS's words for stacks and resources that do not exist."""

import functools
import html
import re


def install():
    from ministack.services.cloudformation import handlers
    actions = handlers._ACTION_HANDLERS
    for name in ("ListStackResources", "DescribeStackResources", "DescribeStackResource"):
        actions[name] = functools.partial(_with_unfinished, actions[name])
    actions["ListStackResources"] = functools.partial(_reasoned, actions["ListStackResources"])
    for name, sentence in _MISSING.items():
        actions[name] = functools.partial(_existing, actions[name], sentence)


_MISSING = {"ListStackResources": "Stack with id {} does not exist", "DescribeStackResources": "Stack with id {} does not exist",
            "DescribeStackResource": "Stack '{}' does not exist", "GetTemplate": "Stack with id {} does not exist",
            "GetStackPolicy": "Stack [{}] does not exist"}


def _existing(go, sentence, params):
    from ministack.services.cloudformation import handlers, helpers
    name = helpers._p(params, "StackName")
    stack = handlers._resolve_stack(name)
    if name and (not stack or (stack["StackStatus"] == "DELETE_COMPLETE" and name != stack["StackId"])):
        return helpers._error("ValidationError", sentence.format(name))
    wanted = helpers._p(params, "LogicalResourceId")
    if wanted and wanted not in stack["_resources"] and wanted not in _unfinished(stack):
        return helpers._error("ValidationError", f"Resource {wanted} does not exist for stack {stack['StackName']}")
    return go(params)


def _with_unfinished(go, params):
    """Answers as if what is being made, or failed to be, were in the stack's records, where ministack puts only what is complete."""
    from ministack.services.cloudformation import handlers, helpers
    stack = handlers._resolve_stack(helpers._p(params, "StackName"))
    if not stack:
        return go(params)
    records = stack["_resources"]
    stack["_resources"] = {**records, **_unfinished(stack)}
    try:
        return go(params)
    finally:
        stack["_resources"] = records


def _reasoned(go, params):
    """ListStackResources with the reason of each status, which ministack keeps to itself."""
    from ministack.services.cloudformation import handlers, helpers
    status, headers, body = go(params)
    stack = handlers._resolve_stack(helpers._p(params, "StackName"))
    if status != 200 or not stack:
        return status, headers, body
    text = body.decode()
    for name, record in _unfinished(stack).items():
        if record.get("ResourceStatusReason"):
            reason = f"<ResourceStatusReason>{html.escape(record['ResourceStatusReason'])}</ResourceStatusReason>"
            found = re.compile(rf"<LogicalResourceId>{re.escape(name)}</LogicalResourceId>.*?</ResourceStatus>", re.DOTALL)
            text = found.sub(lambda member: member[0] + reason, text, count=1)
    return status, headers, text.encode()


def _unfinished(stack):
    from ministack.services.cloudformation import _stack_events
    latest = {}
    for event in _stack_events.get(stack["StackId"], []):
        if event["LogicalResourceId"] != stack["StackName"] and not _of_a_predecessor(stack, event):
            latest[event["LogicalResourceId"]] = event
    return {name: _record(stack, event) for name, event in latest.items() if event["ResourceStatus"].endswith(("_IN_PROGRESS", "_FAILED", "DELETE_COMPLETE"))}


def _of_a_predecessor(stack, event):
    """Whether the event tells of the deletion of what an update has replaced."""
    known = stack["_resources"].get(event["LogicalResourceId"], {}).get("PhysicalResourceId")
    return event["ResourceStatus"].startswith("DELETE_") and known not in (None, event["PhysicalResourceId"])


def _record(stack, event):
    known = stack["_resources"].get(event["LogicalResourceId"], {})
    return {**known, **{name: event[name] for name in ("ResourceType", "ResourceStatus", "ResourceStatusReason", "Timestamp")},
            "PhysicalResourceId": event["PhysicalResourceId"] or known.get("PhysicalResourceId", "")}
