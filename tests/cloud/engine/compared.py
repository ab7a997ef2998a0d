"""What a change set tells: values before and after, as far as they are known and no secrets; resources whose condition changes come and go."""

import copy
import functools
import json

_UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}"


def install():
    from ministack.services.cloudformation import changesets
    changesets._resolve_props_for_diff = functools.partial(_effective, changesets._resolve_props_for_diff)
    changesets._diff_resources = functools.partial(_compared, changesets._diff_resources)


def _effective(go, template, params, stack_name, stack_id):
    """Only resources whose condition holds are compared; beside them stand the values that may be told."""
    from ministack.services.cloudformation import _stacks, changesets
    from ministack.services.cloudformation.engine import _NO_VALUE
    resolved = go(template, params, stack_name, stack_id)
    if not resolved:
        return resolved
    conditions = changesets._evaluate_conditions(template, params)
    held = {name: part for name, part in resolved["Resources"].items() if conditions.get(part.get("Condition"), True)}
    hidden = {name: {**value, "Value": "****"} if value.get("NoEcho") else value for name, value in params.items()}
    known = _stacks.get(stack_name, {}).get("_resources", {})
    one = lambda value: _known(copy.deepcopy(value), template, known, hidden, conditions, stack_name, stack_id)
    shown = {name: {key: one(value) for key, value in (template["Resources"][name].get("Properties") or {}).items()} for name in held}
    return {"Resources": held, "_shown": {name: {key: value for key, value in parts.items() if value is not _NO_VALUE} for name, parts in shown.items()}}


def _known(value, template, known, params, conditions, stack_name, stack_id):
    """A property's value as far as it can be told ahead."""
    from ministack.services.cloudformation import engine
    if any(name in template["Resources"] and name not in known for name, _ in engine._intrinsic_references(value)):
        return _UNKNOWN
    try:
        return engine._resolve_refs(value, known, params, conditions, template.get("Mappings", {}), stack_name, stack_id)
    except Exception:    # whatever an intrinsic function may say of what is not there yet
        return _UNKNOWN


def _compared(go, old, new, resources=None, template=None, changed_params=(), retag=()):
    changes = go(old, new, resources, template, changed_params, retag)
    for change in (change["ResourceChange"] for change in changes):
        before, after = (side.get("_shown", {}).get(change["LogicalResourceId"], {}) for side in (old, new))
        for detail in change.get("Details", []):
            name = detail["Target"].get("Name")
            if name:
                detail["Target"] |= _values(name, before, after)
        if change["Action"] in ("Add", "Remove"):
            change["_context"] = json.dumps({"Properties": after if change["Action"] == "Add" else before}, default=str)
    return changes


def _values(name, before, after):
    """Path, kind of change and values of a property; an unchanged one that takes a new value from elsewhere is a change as well."""
    told = lambda side: {} if name not in side else {"value": side[name] if isinstance(side[name], str) else json.dumps(side[name], default=str)}
    old, new = told(before), told(after)
    kind = "Add" if not old else "Remove" if not new else "Modify"
    return {"Path": f"/Properties/{name}", "AttributeChangeType": kind, **({"BeforeValue": old["value"]} if old else {}), **({"AfterValue": new["value"]} if new else {})}


# --- telling

def told(found, now, params):
    """DescribeChangeSet's answer about a change set that is in this status now."""
    from ministack.services.cloudformation import helpers
    status, execution, reason = now
    changes = found["Changes"] if status == "CREATE_COMPLETE" else []
    page, more, refusal = helpers._page(changes, params, "DescribeChangeSet")
    values = helpers._p(params, "IncludePropertyValues") == "true"
    one = lambda name, value: f"<{name}>{helpers._esc(str(value))}</{name}>" if value else ""
    many = lambda name, members: f"<{name}>{''.join(f'<member>{member}</member>' for member in members)}</{name}>"
    hidden = {name for name, value in found["_resolved_params"].items() if value.get("NoEcho")}
    parameters = (f"<ParameterKey>{p['ParameterKey']}</ParameterKey><ParameterValue>"
                  f"{'****' if p['ParameterKey'] in hidden else helpers._esc(str(p['ParameterValue']))}</ParameterValue>" for p in found["Parameters"])
    body = ("".join(one(name, found.get(name)) for name in ("ChangeSetId", "ChangeSetName", "StackId", "StackName", "Description", "CreationTime", "OnStackFailure"))
            + one("Status", status) + one("ExecutionStatus", execution) + one("StatusReason", reason) + one("ParentChangeSetId", found.get("_parent"))
            + f"<IncludeNestedStacks>{str(bool(found.get('_nested'))).lower()}</IncludeNestedStacks>"
            + one("ImportExistingResources", "true" if found.get("ImportExistingResources") else "")
            + many("NotificationARNs", map(helpers._esc, found.get("_topics") or [])) + many("Capabilities", found["Capabilities"]) + many("Parameters", parameters)
            + many("Tags", (one("Key", tag["Key"]) + f"<Value>{helpers._esc(tag.get('Value', ''))}</Value>" for tag in found["Tags"]))
            + many("Changes", (f"<Type>Resource</Type><ResourceChange>{_change(change['ResourceChange'], values)}</ResourceChange>" for change in page)) + more)
    return refusal or helpers._xml(200, "DescribeChangeSetResponse", f"<DescribeChangeSetResult>{body}</DescribeChangeSetResult>")


def _change(change, values):
    from ministack.services.cloudformation import helpers
    one = lambda name: f"<{name}>{helpers._esc(change[name])}</{name}>" if change.get(name) else ""
    context = "AfterContext" if change["Action"] == "Add" else "BeforeContext"
    return ("".join(map(one, ("PolicyAction", "Action", "LogicalResourceId", "PhysicalResourceId", "ResourceType", "Replacement", "ChangeSetId")))
            + "<Scope>" + "".join(f"<member>{scope}</member>" for scope in change.get("Scope", [])) + "</Scope>"
            + "<Details>" + "".join(f"<member>{_detail(detail, values)}</member>" for detail in change.get("Details", [])) + "</Details>"
            + (f"<{context}>{helpers._esc(change['_context'])}</{context}>" if values and "_context" in change else ""))


def _detail(detail, values):
    from ministack.services.cloudformation import helpers
    names = ["Attribute", "Name", "RequiresRecreation"] + (["Path", "BeforeValue", "AfterValue", "AttributeChangeType"] if values else [])
    target = "".join(f"<{name}>{helpers._esc(detail['Target'][name])}</{name}>" for name in names if detail["Target"].get(name) is not None)
    rest = "".join(f"<{name}>{helpers._esc(detail[name])}</{name}>" for name in ("Evaluation", "ChangeSource", "CausingEntity") if detail.get(name))
    return f"<Target>{target}</Target>{rest}"
