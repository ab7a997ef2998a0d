"""What happened to a stack: every operation has an id, which its answer and its events carry; DescribeStackEvents tells events, DescribeEvents also what failed
before anything was touched."""

import contextvars
import functools
import re
import uuid

from engine import changes, runtime

TYPES = {"CreateStack": "CREATE_STACK", "UpdateStack": "UPDATE_STACK", "DeleteStack": "DELETE_STACK", "ContinueUpdateRollback": "CONTINUE_ROLLBACK",
         "RollbackStack": "ROLLBACK", "ExecuteChangeSet": "UPDATE_STACK"}
_refused = {}    # id of a stack or of a change set -> what pre-deployment validation found
_operation = contextvars.ContextVar("operation", default=("", ""))


def install():
    from ministack.services.cloudformation import handlers, stacks
    actions = handlers._ACTION_HANDLERS
    for name, kind in TYPES.items():
        actions[name] = functools.partial(_begun, actions[name], kind)
    actions["DescribeEvents"] = _describe
    actions["DescribeStackEvents"] = _describe_stack
    stacks._operation_event = functools.partial(_validated, stacks._operation_event)


def _validated(go, stack_id, operation_id, event_type, *rest, **fields):
    """Keeps what validation found, under the id of the operation that it ended."""
    event = go(stack_id, operation_id, event_type, *rest, **fields)
    mark(event)
    if event_type == "VALIDATION_ERROR":
        _refused.setdefault(stack_id, []).append(event)
    return event


def object_to(made, found):
    """Keeps what validation found in a change set."""
    from ministack.services.cloudformation import stacks
    operation = str(uuid.uuid4())
    _refused[made["ChangeSetId"]] = [{**stacks._operation_event(made["StackId"], operation, "VALIDATION_ERROR", "CREATE_CHANGESET", LogicalResourceId=logical_id,
                                                                ResourceType=kind, ValidationFailureMode="FAIL", ValidationName=name, ValidationStatus="FAILED",
                                                                ValidationStatusReason=reason, ValidationPath=path), "OperationId": operation,
                                      "OperationType": "CREATE_CHANGESET"} for logical_id, kind, name, path, reason in found]


def _begun(go, kind, params):
    """Runs an operation's handler; the work it schedules takes the id along."""
    from ministack.services.cloudformation import handlers, helpers
    operation = str(uuid.uuid4())
    found = changes.find(params) if "ChangeSetName" in params else None
    kind = changes.kind(params) if found else kind
    scope = _operation.set((operation, kind))
    try:
        status, headers, body = go(params)
    finally:
        _operation.reset(scope)
    stack = handlers._resolve_stack(found["StackId"] if found else helpers._p(params, "StackName"))
    if status != 200 or not stack:
        return status, headers, body
    if b"<!--same-->" in body:    # the request was made before: so was its operation
        operation, body = stack["_operations"][-1][0], body.replace(b"<!--same-->", b"")
    elif (operation, kind) not in stack.setdefault("_operations", []):
        stack["_operations"].append((operation, kind))
    return status, headers, re.sub(rb"(</StackId>)(</\w+Result>)", rb"\1<OperationId>%s</OperationId>\2" % operation.encode(), body)


def mark(event):
    """Gives an event the id of the operation it belongs to."""
    event["OperationId"], event["OperationType"] = _operation.get()
    hook = event.get("ResourceStatus", "").endswith("_FAILED") and runtime.hook_of(event.get("LogicalResourceId"))
    if hook:
        event |= {"HookType": hook["name"], "HookStatus": "HOOK_COMPLETE_FAILED", "HookInvocationId": hook["id"]}


# --- telling

_STACK_EVENT = ("StackId", "EventId", "StackName", "OperationId", "LogicalResourceId", "PhysicalResourceId", "ResourceType", "Timestamp", "ResourceStatus",
                "ResourceStatusReason", "ClientRequestToken", "DetailedStatus", "HookType", "HookStatus", "HookInvocationId")
_EVENT = ("EventId", "StackId", "OperationId", "OperationType", "OperationStatus", "EventType", "LogicalResourceId", "PhysicalResourceId", "ResourceType",
          "Timestamp", "ResourceStatus", "ResourceStatusReason", "ClientRequestToken", "DetailedStatus", "ValidationFailureMode", "ValidationName", "ValidationStatus",
          "ValidationStatusReason", "ValidationPath")


def _describe_stack(params):
    from ministack.services.cloudformation import handlers, helpers
    name = helpers._p(params, "StackName")
    stack = handlers._resolve_stack(name)
    if not stack or (stack["StackStatus"] == "DELETE_COMPLETE" and name != stack["StackId"]):
        return helpers._error("ValidationError", f"Stack [{name}] does not exist")
    page, more, refusal = helpers._page(_events(stack)[::-1], params, "DescribeStackEvents")
    return refusal or helpers._xml(200, "DescribeStackEventsResponse",
                                   f"<DescribeStackEventsResult><StackEvents>{_rows(page, _STACK_EVENT)}</StackEvents>{more}</DescribeStackEventsResult>")


def _describe(params):
    """By stack, change set or operation, oldest first."""
    from ministack.services.cloudformation import _stacks, handlers, helpers
    if helpers._p(params, "ChangeSetName"):
        made = changes.find(params)
        return _told(_refused.get(made["ChangeSetId"], []), params) if made else changes._missing(params)
    operation, name = helpers._p(params, "OperationId"), helpers._p(params, "StackName")
    stacks = [handlers._resolve_stack(name)] if name else list(_stacks.values())
    if None in stacks:
        return helpers._error("ValidationError", f"Stack [{name}] does not exist")
    refused = [event for stack in stacks for event in _refused.get(stack["StackId"], [])]
    found = [*refused, *(_operation_event(event) for stack in stacks for event in _events(stack))]
    return _told([event for event in found if operation in ("", event["OperationId"])], params)


def _told(found, params):
    from ministack.services.cloudformation import helpers
    found = sorted(found, key=lambda event: event["Timestamp"])
    if helpers._p(params, "Filters.FailedEvents").lower() == "true":
        found = [event for event in found if event["OperationStatus"] == "FAILED"]
    page, more, refusal = helpers._page(found, params, "DescribeEvents")
    return refusal or helpers._xml(200, "DescribeEventsResponse", f"<DescribeEventsResult><OperationEvents>{_rows(page, _EVENT)}</OperationEvents>{more}</DescribeEventsResult>")


def _events(stack):
    from ministack.services.cloudformation import _stack_events
    return list(_stack_events.get(stack["StackId"], []))


def _operation_event(event):
    failed = event["ResourceStatus"].endswith("_FAILED")
    state = "FAILED" if failed else "IN_PROGRESS" if event["ResourceStatus"].endswith("_IN_PROGRESS") else "SUCCEEDED"
    return {**event, "EventType": "PROVISIONING_ERROR" if failed else "STACK_EVENT", "OperationStatus": state}


def _rows(events, names):
    from ministack.services.cloudformation import helpers
    row = lambda event: "".join(f"<{name}>{helpers._esc(str(event[name]))}</{name}>" for name in names if event.get(name))
    return "".join(f"<member>{row(event)}</member>" for event in events)


def last_operations(stack):
    """The newest operations of a stack, newest first, as DescribeStacks lists them."""
    return [f"<OperationType>{kind}</OperationType><OperationId>{operation}</OperationId>" for operation, kind in stack.get("_operations", [])[:-6:-1]]
