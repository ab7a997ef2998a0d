"""Stack events as CloudFormation writes them: none for what an update leaves alone, creations and clean-up named as such, reasons that say which resource."""

import contextlib
import functools

from engine import history

_opened = {}      # (stack id, logical id) -> the update's opening event, kept back until it is known what is done
_created = set()    # what an update makes anew
_add = None


def install():
    global _add
    from ministack.services.cloudformation import changesets, handlers, stacks
    _add = functools.partial(_marked, stacks._add_event)
    for module in (stacks, handlers, changesets):
        module._add_event = add


def _marked(add_event, stack_id, *rest):
    from ministack.services.cloudformation import _stack_events
    add_event(stack_id, *rest)
    history.mark(_stack_events[stack_id][-1])


def add(stack_id, stack_name, logical_id, kind, status, reason="", physical_id="", detailed_status=""):
    """Takes the place of ministack's function of the same arguments."""
    event = functools.partial(_add, stack_id, stack_name, logical_id, kind)
    stack = _stack(stack_name)
    if kind == "AWS::CloudFormation::Stack" and logical_id == stack_name:
        return event(status, _stack_reason(stack, status, reason), physical_id, detailed_status)
    key = (stack_id, logical_id)
    if status == "UPDATE_IN_PROGRESS" and not (reason or physical_id):
        _opened[key] = (event, dict(stack.get("_resources", {}).get(logical_id, {})))
        return None
    if status == "UPDATE_COMPLETE" and _untouched(key, stack):
        return None
    if status == "UPDATE_FAILED":
        _open(key, "UPDATE_IN_PROGRESS")
    if key in _created and status.startswith("UPDATE_"):
        status = _as_created(key, stack, status)
    if kind == "AWS::CloudFormation::Stack" and status in ("CREATE_FAILED", "UPDATE_FAILED"):
        physical_id, reason = _embedded(stack_name, logical_id, status, (physical_id, reason))
    return event(status, reason, physical_id, detailed_status)


def _stack(stack_name):
    from ministack.services.cloudformation import _stacks
    return _stacks.get(stack_name) or {}


# --- the stack's own

def _stack_reason(stack, status, reason):
    if status == "ROLLBACK_IN_PROGRESS" and stack.pop("_out_of_time", False):
        reason = "Stack creation time exceeded the specified timeout. Rollback requested by user."
    elif status == "ROLLBACK_IN_PROGRESS" and reason == "Rollback requested":
        reason = f"The following resource(s) failed to create: [{', '.join(_failed(stack))}]. Rollback requested by user."
    if reason == "Rollback complete":
        reason = ""
    if status == "DELETE_IN_PROGRESS":
        from ministack.core.responses import now_iso
        stack["DeletionTime"] = now_iso()
    stack["StackStatusReason"] = "" if reason == "User Initiated" else reason
    return reason


def _failed(stack, status="CREATE_FAILED"):
    from ministack.services.cloudformation import _stack_events
    return sorted({event["LogicalResourceId"] for event in _stack_events.get(stack.get("StackId"), []) if event["ResourceStatus"] == status})


def _embedded(stack_name, logical_id, status, told):
    """A nested stack that failed is named by its id, and what failed in it by its logical id alone."""
    from ministack.services.cloudformation import _stacks
    inside = [made for made in _stacks.values() if made.get("_parent_stack_name") == stack_name and made["StackName"].startswith(f"{stack_name}-{logical_id}-")]
    if not inside:
        return told
    child, verb = inside[-1], status.removesuffix("_FAILED").lower()
    failed = ", ".join(_failed(child, status))
    return child["StackId"], f"Embedded stack {child['StackId']} was not successfully {verb}d: The following resource(s) failed to {verb}: [{failed}]. "


# --- a resource's

def _untouched(key, stack):
    """Whether an update passed a resource by; its record then says what it said before."""
    _, before = _opened.pop(key, (None, None))
    if before:
        stack["_resources"][key[1]].update({name: before[name] for name in ("ResourceStatus", "Timestamp") if name in before})
    return bool(before)


def _open(key, status, reason="", physical_id=""):
    event, _ = _opened.pop(key, (None, None))
    if event:
        event(status, reason, physical_id)


def _as_created(key, stack, status):
    status = status.replace("UPDATE_", "CREATE_")
    if status != "CREATE_IN_PROGRESS":
        _created.discard(key)
        stack.get("_resources", {}).get(key[1], {})["ResourceStatus"] = status
    return status


def creating(stack, logical_id, kind):
    """A resource is about to be made."""
    key = ((stack or {}).get("StackId"), logical_id)
    if key in _opened:
        _created.add(key)
        _open(key, "CREATE_IN_PROGRESS")


def updating(stack, logical_id):
    """A resource is about to be changed."""
    before = (stack or {}).get("_resources", {}).get(logical_id, {})
    _open(((stack or {}).get("StackId"), logical_id), "UPDATE_IN_PROGRESS", physical_id=before.get("PhysicalResourceId", ""))


@contextlib.contextmanager
def removing(stack, logical_id, kind, physical_id):
    """A resource is about to be deleted; in an update that is the clean-up after everything else."""
    cleanup = bool(stack) and stack["StackStatus"] in ("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    if not cleanup:
        yield
        return
    if stack["StackStatus"] == "UPDATE_IN_PROGRESS":
        stack["StackStatus"] = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
        add(stack["StackId"], stack["StackName"], stack["StackName"], "AWS::CloudFormation::Stack", stack["StackStatus"], "", stack["StackId"])
    _add(stack["StackId"], stack["StackName"], logical_id, kind, "DELETE_IN_PROGRESS", "", physical_id)
    yield
    _add(stack["StackId"], stack["StackName"], logical_id, kind, "DELETE_COMPLETE", "", physical_id)
