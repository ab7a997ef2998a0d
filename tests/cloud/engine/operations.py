"""Stack operations in motion: the plan's holds and failures around every resource, operations called off, and a clean slate on reset."""

import asyncio
import functools
import sys
import time

from engine import events, plan

_running = {}      # stack id -> the task that works on it
_abandoned = set()    # stack ids whose running operation was called off


def install():
    from ministack.services.cloudformation import changesets, handlers, provisioners, stacks
    for name, wrapper in (("_provision_resource", _provision), ("_update_resource", _update), ("_delete_resource", _remove)):
        wrapped = functools.partial(wrapper, getattr(provisioners, name))
        for module in (provisioners, stacks):
            setattr(module, name, wrapped)
    stacks._runs_on_worker_thread = lambda kind: True    # a hold must not stop the whole engine
    schedule = functools.partial(_schedule, stacks._stack_region_context)
    for module in (stacks, handlers, changesets):
        module._create_stack_task_in_region = schedule


# --- one resource

def _provision(go, kind, logical_id, properties, stack_name):
    stack = _named(stack_name)
    events.creating(stack, logical_id, kind)
    _act(stack, stack_name, logical_id, "create")
    made = go(kind, logical_id, properties, stack_name)
    if stack and stack["StackId"] in _abandoned:
        from ministack.services.cloudformation import provisioners
        provisioners._delete_resource(kind, made[0], properties, stack_name, logical_id)
    return made


def _update(go, kind, physical_id, old, new, stack_name, logical_id=None, attributes=None):
    stack = _named(stack_name)
    if old != new:
        events.updating(stack, logical_id)
        _act(stack, stack_name, logical_id, "update")
    return go(kind, physical_id, old, new, stack_name, logical_id, attributes)


def _remove(go, kind, physical_id, properties, stack_name=None, logical_id=None):
    stack = _named(stack_name)
    with events.removing(stack, logical_id, kind, physical_id):
        _act(stack, stack_name, logical_id, "delete")
        return go(kind, physical_id, properties, stack_name, logical_id)


def _named(stack_name):
    from ministack.services.cloudformation import _stacks
    return _stacks.get(stack_name)


def _act(stack, stack_name, logical_id, verb):
    from ministack.core.responses import get_account_id
    stack, account = stack or {}, get_account_id()
    verb = "rollback" if "ROLLBACK" in stack.get("StackStatus", "") else verb
    try:
        plan.act(account, stack_name, stack.get("StackId"), logical_id, verb, _deadline(account, stack) if verb == "create" else None)
    except plan.OutOfTime:
        stack["_out_of_time"] = True
        raise


def _deadline(account, stack):
    """When a creation has used up its TimeoutInMinutes, in the plan's time."""
    if not stack.get("_minutes") or stack.get("StackStatus") != "CREATE_IN_PROGRESS":
        return None
    return stack.setdefault("_begun", time.monotonic()) + plan.scaled(account, 60 * int(stack["_minutes"]))


# --- one operation

def _schedule(region, operation, stack, stack_id=None):
    with region(stack, stack_id):
        task = asyncio.get_running_loop().create_task(_after(_running.get(stack_id), stack_id, operation))
    _running[stack_id] = task
    task.add_done_callback(lambda done: _running.get(stack_id) is done and _running.pop(stack_id))


async def _after(earlier, stack_id, operation):
    """Runs an operation once what it calls off has come to rest."""
    if earlier and stack_id in _abandoned:
        await asyncio.wait([earlier])
        plan.resume(stack_id)
        _abandoned.discard(stack_id)
    await operation


def abandon(stack_id):
    """Calls off what runs on a stack; the next operation on it waits until that rests."""
    if stack_id in _running:
        _abandoned.add(stack_id)
        plan.interrupt(stack_id, "Resource creation cancelled")
        _running[stack_id].cancel()


async def reset(account=None):
    """An empty cloud, or an empty account: nothing runs on, nothing is left, no plan."""
    theirs = {stack_id: task for stack_id, task in _running.items() if account in (None, stack_id.split(":")[4])}
    for stack_id in theirs:
        abandon(stack_id)
    if theirs:
        await asyncio.wait(theirs.values())
    from ministack import app
    async with app._get_reset_lock():
        await asyncio.to_thread(_wipe, account)
    _abandoned.difference_update(theirs)
    for stack_id in theirs:
        plan.resume(stack_id)
    plan.reset(account)


def _wipe(account):
    from ministack import app
    if account is None:
        return app._reset_all_state()
    from ministack.core import responses
    scoped = (responses.AccountScopedDict, responses.AccountRegionScopedDict)
    modules = [module for name, module in list(sys.modules.items()) if name.startswith("ministack.services.")]
    for store in {id(value): value for module in modules for value in vars(module).values() if isinstance(value, scoped)}.values():
        for key in [key for key in store._data if key[0] == account]:
            del store._data[key]
