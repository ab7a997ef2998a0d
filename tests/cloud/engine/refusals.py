"""What CloudFormation refuses, in its own words: parameters, capabilities, tokens used twice, stacks in the wrong state."""

import functools

from engine import changes, quotas


def install():
    from ministack.services.cloudformation import changesets, engine, handlers
    resolve = engine._resolve_parameters
    for module in (engine, handlers, changesets):
        module._resolve_parameters = functools.partial(_parameters, resolve)
    engine._constraint_error = _constraint_error
    handlers._capabilities_enforced = lambda: True
    nothing_new = handlers._stack_has_no_updates
    handlers._stack_has_no_updates = functools.partial(_nothing_new, nothing_new)
    actions = handlers._ACTION_HANDLERS
    for name, guard in (("CreateStack", _create), ("UpdateStack", _update), ("DeleteStack", _delete), ("CancelUpdateStack", _cancel),
                        ("ContinueUpdateRollback", _continue)):
        actions[name] = functools.partial(guard, actions[name])


# --- parameters

def _parameters(go, template, provided, previous=None):
    declared, previous = template.get("Parameters", {}), previous or {}
    given = {entry["Key"]: entry for entry in provided}
    unknown = [name for name in given if name not in declared]
    if unknown:
        raise ValueError(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    for name, entry in given.items():
        if entry.get("UsePreviousValue") and name not in previous:
            raise ValueError(f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template")
    missing = [name for name, defined in declared.items() if "Default" not in defined and name not in given]
    if missing:
        raise ValueError(f"Parameters: [{', '.join(missing)}] must have values")
    for name, defined in declared.items():
        if name in given and not given[name].get("UsePreviousValue"):
            _allowed(name, defined, given[name].get("Value", ""))
    return go(template, provided, previous)


def _allowed(name, defined, value):
    from engine import templates
    allowed = [templates._text(choice) for choice in defined.get("AllowedValues", [])]
    if allowed and value not in allowed:
        raise _constraint_error(name, defined, "must be one of AllowedValues")


def _constraint_error(name, defined, reason):
    described = defined.get("ConstraintDescription")
    return ValueError(f"Parameter {name} failed to satisfy constraint: {described}" if described else f"Parameter '{name}' {reason}")


# --- operations

def _create(go, params):
    from ministack.services.cloudformation import _stacks, helpers
    name, token = helpers._p(params, "StackName"), helpers._p(params, "ClientRequestToken")
    stack = _stacks.get(name)
    if stack and stack["StackStatus"] != "DELETE_COMPLETE":
        if token and stack.get("_tokens", {}).get(token) == "CreateStack":
            return _same("CreateStack", stack)
        return helpers._error("AlreadyExistsException", f"Stack [{name}] already exists")
    if quotas.used_up("stacks", sum(held["StackStatus"] != "DELETE_COMPLETE" for held in _stacks.values())):
        return helpers._error("LimitExceededException", "Limit for stack has been exceeded")
    if stack:
        _stacks[stack["StackId"]] = stack    # a deleted stack stays readable by its id
    answer = go(params)
    if answer[0] == 200:
        _remember(_stacks[name], params, "CreateStack", token)
    elif stack:
        del _stacks[stack["StackId"]]
    return answer


_UPDATABLE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE")


def _update(go, params):
    from ministack.services.cloudformation import handlers, helpers
    token = helpers._p(params, "ClientRequestToken")
    stack = handlers._resolve_stack(helpers._p(params, "StackName"))
    if not stack or stack["StackStatus"] == "DELETE_COMPLETE":
        return go(params)
    known = stack.get("_tokens", {}).get(token) if token else None
    if known == "UpdateStack":
        return _same("UpdateStack", stack)
    if known:
        return helpers._error("TokenAlreadyExistsException", f"Token {token} was used for another operation")
    retried = stack["StackStatus"] in ("CREATE_FAILED", "UPDATE_FAILED") and helpers._p(params, "DisableRollback") == "true"
    if stack["StackStatus"] not in _UPDATABLE and not retried:
        return helpers._error("ValidationError", f"Stack:{stack['StackId']} is in {stack['StackStatus']} state and can not be updated.")
    stack["_touched"] = retried or _redirected(stack, params)
    before, stack["StackStatus"] = stack["StackStatus"], "UPDATE_COMPLETE" if retried else stack["StackStatus"]
    answer = go(params)
    if answer[0] != 200:
        stack["StackStatus"] = before
    else:
        _remember(stack, params, "UpdateStack", token)
        stack["_updated"] = True
        changes.obsolete(stack)
    return answer


def _nothing_new(go, stack, template, values, *rest):
    """Description, metadata, mappings, conditions and unused declarations are not updated by themselves: what counts is what they make of resources and outputs."""
    if stack.pop("_touched", False):
        return False
    before = stack.get("_template", {})
    if before == template or before.get("Transform") or template.get("Transform"):
        return go(stack, template, values, *rest)
    known = stack.get("_resolved_params", {})
    if _effect(stack, before, known) != _effect(stack, template, values):
        return False
    return go({**stack, "_resolved_params": {**values, **{name: known[name] for name in known if name in values}}}, before, values, *rest)


def _effect(stack, template, values):
    """What a template makes with these values: resources and outputs that there are."""
    from ministack.services.cloudformation import changesets, engine
    resolved = changesets._resolve_props_for_diff(template, values, stack["StackName"], stack["StackId"])
    parts = {name: {key: value for key, value in part.items() if key not in ("Condition", "DependsOn")} for name, part in resolved.get("Resources", {}).items()}
    conditions = engine._evaluate_conditions(template, values)
    return parts, {name: output for name, output in template.get("Outputs", {}).items() if conditions.get(output.get("Condition"), True)}


def _redirected(stack, params):
    """Another role or other topics alone are an update."""
    from ministack.services.cloudformation import helpers
    topics = sorted(filter(None, helpers._extract_string_members(params, "NotificationARNs"))) if _names_topics(params) else None
    return helpers._p(params, "RoleARN") not in ("", stack.get("_role", "")) or topics not in (None, sorted(stack.get("_topics", [])))


def _names_topics(params):
    return any(name.startswith("NotificationARNs") for name in params)


def _delete(go, params):
    from engine import operations
    from ministack.services.cloudformation import handlers, helpers
    stack = handlers._resolve_stack(helpers._p(params, "StackName"))
    status = stack["StackStatus"] if stack else "DELETE_COMPLETE"
    if status == "DELETE_IN_PROGRESS":
        return helpers._xml(200, "DeleteStackResponse", "")
    if status.endswith("_IN_PROGRESS") and status not in ("CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "REVIEW_IN_PROGRESS"):
        return helpers._error("ValidationError", f"Stack [{stack['StackId']}] cannot be deleted while in status {status}")
    if status in ("CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS") and not stack.get("EnableTerminationProtection"):
        operations.abandon(stack["StackId"])
    answer = go(params)
    if stack and answer[0] == 200:
        _remember(stack, params, "DeleteStack", helpers._p(params, "ClientRequestToken"))
        if status != "DELETE_COMPLETE":
            stack["StackStatus"] = "DELETE_IN_PROGRESS"    # at once, not when the work begins
    return answer


def _cancel(go, params):
    from engine import plan
    from ministack.services.cloudformation import handlers, helpers
    answer = go(params)
    if answer[0] == 200:
        plan.interrupt_once(handlers._resolve_stack(helpers._p(params, "StackName"))["StackId"], "Resource update cancelled")
    return answer


def _continue(go, params):
    """`ForceRollback` skips whatever could not be rolled back; it is said instead of names."""
    from ministack.services.cloudformation import handlers, helpers
    if helpers._p(params, "ForceRollback") != "true":
        return go(params)
    if helpers._p(params, "ResourcesToSkip.member.1"):
        return helpers._error("ValidationError", "ForceRollback and ResourcesToSkip cannot both be specified")
    stack = handlers._resolve_stack(helpers._p(params, "StackName")) or {}
    return go({**params, "ResourcesToSkip": sorted(stack.get("_rollback_failed", {}))})


def _same(action, stack):
    """The answer to a request that was made before with the same token."""
    from ministack.services.cloudformation import helpers
    return helpers._xml(200, f"{action}Response", f"<!--same--><{action}Result><StackId>{stack['StackId']}</StackId></{action}Result>")


def _remember(stack, params, action, token):
    """What DescribeStacks echoes of a request: a role stays for good, the time limit is the creation's."""
    from ministack.services.cloudformation import helpers
    if token:
        stack.setdefault("_tokens", {})[token] = action
    if helpers._p(params, "RoleARN"):
        stack["_role"] = helpers._p(params, "RoleARN")
    if action == "CreateStack":
        stack["_minutes"] = helpers._p(params, "TimeoutInMinutes")
    topics = helpers._extract_string_members(params, "NotificationARNs")
    if action != "DeleteStack" and (topics or "NotificationARNs" in params or action == "CreateStack"):
        stack["_topics"] = topics
