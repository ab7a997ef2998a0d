"""Imports into a stack as a plan wants them: held, failed (the verb `import`), and stuck when they are undone (`rollback`)."""

import asyncio
import contextvars
import functools

from engine import plan

_failing = contextvars.ContextVar("failing", default="")


def install():
    from ministack.services.cloudformation import changesets
    changesets._import_resources_async = functools.partial(_imported, changesets._import_resources_async)
    changesets._import_resource = functools.partial(_read, changesets._import_resource)


async def _imported(go, change_set, stack, new_stack):
    from ministack.core.responses import get_account_id
    resource = change_set["_resources_to_import"][0]["LogicalResourceId"]
    begun = plan.begin(get_account_id(), stack["StackName"], resource, "import")
    while plan.lasts(begun):
        await asyncio.sleep(0.02)
    _failing.set(begun[1]["fail"] if begun else "")
    await go(change_set, stack, new_stack)
    if stack["StackStatus"] == "IMPORT_ROLLBACK_COMPLETE":
        undone = plan.begin(get_account_id(), stack["StackName"], resource, "rollback")
        if undone and undone[1]["fail"]:
            _stuck(stack, undone[1]["fail"])


def _read(go, kind, identifier):
    if _failing.get():
        raise ValueError(_failing.get())
    return go(kind, identifier)


def _stuck(stack, reason):
    """The import could not be undone: so say the last events of the resource and of the stack."""
    from ministack.services.cloudformation import _stack_events
    for event in _stack_events[stack["StackId"]][-2:]:
        event |= {"ResourceStatus": "IMPORT_ROLLBACK_FAILED", "ResourceStatusReason": reason}
    stack |= {"StackStatus": "IMPORT_ROLLBACK_FAILED", "StackStatusReason": reason}
