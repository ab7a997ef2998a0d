"""Change sets as CloudFormation makes and executes them: found by a stack's name or id, made in a while, nested ones too, refused while a stack is busy,
obsolete after another operation."""

import functools

from engine import compared, plan

_EMPTY = "The submitted information didn't contain changes. Submit different information to create a change set."
_REVIEWABLE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE", "CREATE_FAILED", "UPDATE_FAILED")

# createOnlyProperties of the resource schemas that ministack does not know; every other property of these types changes in place
_CREATE_ONLY = {"AWS::S3::Bucket": ("BucketName",), "AWS::KMS::Key": (), "AWS::SecretsManager::Secret": ("Name",), "AWS::CloudFormation::Stack": (),
                "AWS::EC2::VPC": ("CidrBlock", "Ipv4IpamPoolId", "Ipv4NetmaskLength"),
                "AWS::EC2::Subnet": ("AvailabilityZone", "AvailabilityZoneId", "CidrBlock", "OutpostArn", "VpcId", "Ipv6Native"),
                "AWS::EC2::SecurityGroup": ("GroupName", "GroupDescription", "VpcId"), "AWS::EC2::RouteTable": ("VpcId",),
                "AWS::Elasticsearch::Domain": ("DomainName",), "AWS::OpenSearchService::Domain": ("DomainName",)}


def install():
    from ministack.services.cloudformation import handlers, provisioners
    compared.install()
    provisioners._REPLACING_PROPERTIES |= {kind: names for kind, names in _CREATE_ONLY.items() if kind not in provisioners._REPLACING_PROPERTIES}
    actions = handlers._ACTION_HANDLERS
    actions["CreateChangeSet"] = functools.partial(_create, actions["CreateChangeSet"])
    actions["DescribeChangeSet"] = _describe
    actions["ExecuteChangeSet"] = functools.partial(_execute, actions["ExecuteChangeSet"])
    actions["DeleteChangeSet"] = functools.partial(_delete, actions["DeleteChangeSet"])
    actions["ListChangeSets"] = functools.partial(_list, actions["ListChangeSets"])


# --- finding

def find(params):
    """The change set a request names, by its own id or by its name and the stack's name or id; or None."""
    from ministack.services.cloudformation import changesets, handlers, helpers
    name, stack_name = helpers._p(params, "ChangeSetName"), helpers._p(params, "StackName")
    stack = handlers._resolve_stack(stack_name) if stack_name else None
    found = changesets._find_change_set(name, stack["StackName"] if stack else stack_name)[1]
    return found if found and _lives(found["StackId"]) else None


def _lives(stack_id):
    """A stack's change sets go with it: one of its name that was made later has none of them."""
    from ministack.services.cloudformation import _stacks
    return any(stack["StackId"] == stack_id and stack["StackStatus"] != "DELETE_COMPLETE" for stack in _stacks.values())


def _describe(params):
    found = find(params)
    return compared.told(found, _status(found), params) if found else _missing(params)


def _list(go, params):
    """The sets that may still be executed, or failed: what was executed is listed no more."""
    from ministack.services.cloudformation import _change_sets, handlers, helpers
    name = helpers._p(params, "StackName")
    stack = handlers._resolve_stack(name)
    if not stack or (stack["StackStatus"] == "DELETE_COMPLETE" and name != stack["StackId"]):
        return helpers._error("ValidationError", f"Stack [{name}] does not exist")
    executed = {key: _change_sets.pop(key) for key, found in list(_change_sets.items()) if found["ExecutionStatus"].startswith("EXECUTE_")}
    try:
        return go({**params, "StackName": [stack["StackName"]]})
    finally:
        for key, found in executed.items():
            _change_sets[key] = found


def _named(params, found):
    """The request with the names ministack knows a change set by."""
    return {**params, "ChangeSetName": [found["ChangeSetId"]], "StackName": [found["StackName"]]}


def _missing(params):
    from ministack.services.cloudformation import helpers
    return helpers._error("ChangeSetNotFound", f"ChangeSet [{helpers._p(params, 'ChangeSetName')}] does not exist", 404)


# --- making

def _create(go, params):
    from ministack.services.cloudformation import _change_sets, handlers, helpers
    stack, kind = handlers._resolve_stack(helpers._p(params, "StackName")), helpers._p(params, "ChangeSetType", "UPDATE")
    known = find(params)
    if known:
        return _again(known, helpers._p(params, "ClientToken"))
    refusal = _unreviewable(stack, kind, params)
    if refusal:
        return refusal
    before = set(_change_sets)
    answer = go(params)
    for key in set(_change_sets) - before:
        _completed(_change_sets[key], params, stack if kind == "UPDATE" else None)
    return answer


def _again(known, token):
    from ministack.services.cloudformation import helpers
    if token and token == known.get("_token"):
        return helpers._xml(200, "CreateChangeSetResponse", f"<CreateChangeSetResult><Id>{known['ChangeSetId']}</Id><StackId>{known['StackId']}</StackId></CreateChangeSetResult>")
    return helpers._error("AlreadyExistsException", f"ChangeSet {known['ChangeSetName']} already exists for the stack {known['StackId']}")


def _unreviewable(stack, kind, params):
    from ministack.services.cloudformation import helpers
    status = stack["StackStatus"] if stack else "DELETE_COMPLETE"
    if kind == "CREATE" and status not in ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS"):
        name, wanted = stack["StackName"], helpers._p(params, "ChangeSetName")
        return helpers._error("ValidationError", f"Stack [{name}] already exists and cannot be created again with the changeSet [{wanted}].")
    named = helpers._p(params, "StackName")
    if kind == "UPDATE" and (status == "DELETE_COMPLETE" or not _lives(stack["StackId"])):
        return helpers._error("ValidationError", f"Stack [{named}] does not exist")
    if kind == "UPDATE" and status not in _REVIEWABLE:
        return helpers._error("ValidationError", f"Stack:{stack['StackId']} is in {status} state and can not be updated.")
    return None


def _completed(made, params, stack):
    """What ministack leaves out: the request's other members, nested sets, changes that touch no resource, the time it takes."""
    from ministack.services.cloudformation import helpers
    made["_token"], made["_role"] = helpers._p(params, "ClientToken"), helpers._p(params, "RoleARN")
    made["_topics"] = helpers._extract_string_members(params, "NotificationARNs") if any(name.startswith("NotificationARNs") for name in params) else None
    if stack and made["StatusReason"] == _EMPTY and not _changes_nothing(made, stack, params):
        made |= {"Status": "CREATE_COMPLETE", "ExecutionStatus": "AVAILABLE", "StatusReason": ""}
    if stack and helpers._p(params, "IncludeNestedStacks") == "true":
        made["_nested"] = True
        for change in (change["ResourceChange"] for change in made["Changes"]):
            if change["ResourceType"] == "AWS::CloudFormation::Stack" and change["Action"] == "Modify":
                _nest(made, change)
    if stack and made["Status"] == "CREATE_COMPLETE":
        _validated(made, stack)
    _planned(made)


def _validated(made, stack):
    """What an update would be refused for before anything is touched, a change set fails for; DescribeEvents tells what it is."""
    from engine import history
    from ministack.services.cloudformation import engine, stacks
    template, values = made["_template"], made["_resolved_params"]
    resources, mappings, conditions = template.get("Resources", {}), template.get("Mappings", {}), engine._evaluate_conditions(template, values)
    owned = {made.get("PhysicalResourceId") for made in stack.get("_resources", {}).values() if made.get("ResourceType") == "AWS::S3::Bucket"}
    found = stacks._validation_errors(resources, list(resources), values, conditions, mappings, stack["StackName"], stack["StackId"], frozenset(owned))
    if found:
        checks = sorted({_CHECKS[name] for _, _, name, _, _ in found})
        reason = (f"The following hook(s)/validation failed: [{', '.join(checks)}]. To troubleshoot Early Validation errors, use the DescribeEvents API for "
                  "detailed failure information.")
        made |= {"Status": "FAILED", "ExecutionStatus": "UNAVAILABLE", "StatusReason": reason, "Changes": []}
        history.object_to(made, found)


_CHECKS = {"NAME_CONFLICT_VALIDATION": "AWS::EarlyValidation::ResourceExistenceCheck", "PROPERTY_VALIDATION": "AWS::EarlyValidation::PropertyValidation"}


def _changes_nothing(made, stack, params):
    """What an update would be refused for, a change set fails for: outputs, another role or other topics alone are changes."""
    from engine import refusals
    from ministack.services.cloudformation import handlers, helpers
    stack["_touched"] = refusals._redirected(stack, params)
    previous = helpers._p(params, "UsePreviousTemplate") == "true"
    return handlers._stack_has_no_updates(stack, made["_template"], made["_resolved_params"], made["Tags"], previous, made["_tags_given"])


def _nest(parent, change):
    """A change set of a nested stack; one without changes is no failure of its parent's, any other failure is."""
    from ministack.services.cloudformation import _stacks, changesets, handlers
    child = handlers._resolve_stack(change.get("PhysicalResourceId", ""))
    resolved = changesets._resolve_props_for_diff(parent["_template"], parent["_resolved_params"], parent["StackName"], parent["StackId"])
    wanted = resolved["Resources"][change["LogicalResourceId"]].get("Properties") or {}
    if not child or not isinstance(wanted.get("TemplateURL"), str):
        return
    params = {"StackName": [child["StackName"]], "ChangeSetName": [f"{parent['ChangeSetName']}-{change['LogicalResourceId']}"], "ChangeSetType": ["UPDATE"],
              "TemplateURL": [wanted["TemplateURL"]], "IncludeNestedStacks": ["true"]}
    for number, (name, value) in enumerate((wanted.get("Parameters") or {}).items(), 1):
        params |= {f"Parameters.member.{number}.ParameterKey": [name], f"Parameters.member.{number}.ParameterValue": [str(value)]}
    for number, capability in enumerate(parent["Capabilities"], 1):
        params[f"Capabilities.member.{number}"] = [capability]
    handlers._ACTION_HANDLERS["CreateChangeSet"](params)
    made = find(params)
    if not made:
        return
    change["ChangeSetId"], made["_parent"] = made["ChangeSetId"], parent["ChangeSetId"]
    if made["Status"] == "FAILED" and made["StatusReason"] != _EMPTY:
        reason = f"Nested change set {made['ChangeSetId']} was not successfully created: Currently in FAILED."
        parent |= {"Status": "FAILED", "ExecutionStatus": "UNAVAILABLE", "StatusReason": reason}


def _planned(made):
    """A plan's rule for the verb `review` says how long CloudFormation compares, and why it gives up."""
    from ministack.core.responses import get_account_id
    made["_comparing"] = plan.begin(get_account_id(), made["StackName"], "ChangeSet", "review")
    if made["_comparing"] and made["_comparing"][1]["fail"]:
        made |= {"Status": "FAILED", "ExecutionStatus": "UNAVAILABLE", "StatusReason": made["_comparing"][1]["fail"], "Changes": []}


def _status(found):
    """Status, execution status and reason as of now."""
    if plan.lasts(found.get("_comparing")):
        return "CREATE_IN_PROGRESS", "UNAVAILABLE", ""
    return found["Status"], found["ExecutionStatus"], found["StatusReason"]


# --- executing

def _execute(go, params):
    from ministack.services.cloudformation import _stacks, helpers
    found, token = find(params), helpers._p(params, "ClientRequestToken")
    if not found:
        return _missing(params)
    if token and token == found.get("_executed"):
        return helpers._xml(200, "ExecuteChangeSetResponse", "<!--same--><ExecuteChangeSetResult/>")
    status, execution, _ = _status(found)
    if execution != "AVAILABLE":
        told = f"status of [{status}]" if status != "CREATE_COMPLETE" else f"execution status of [{execution}]"
        return helpers._error("InvalidChangeSetStatus", f"ChangeSet [{found['ChangeSetId']}] cannot be executed in its current {told}")
    stack = _stacks[found["StackName"]]
    if stack["StackStatus"] not in (*_REVIEWABLE, "REVIEW_IN_PROGRESS"):
        return helpers._error("ValidationError", f"Stack:{stack['StackId']} is in {stack['StackStatus']} state and can not be updated.")
    answer = go(_named(params, found))
    if answer[0] == 200:
        found["_executed"] = token
        stack["_updated"] = stack.get("_updated") or found["ChangeSetType"] == "UPDATE"
        _remember(stack, found, params)
    return answer


def _remember(stack, found, params):
    from engine import refusals
    asked = {"ClientRequestToken": params.get("ClientRequestToken", [""]), "RoleARN": [found.get("_role") or ""]}
    if found.get("_topics") is not None:
        asked |= {f"NotificationARNs.member.{i}": [topic] for i, topic in enumerate(found["_topics"], 1)} or {"NotificationARNs": [""]}
    refusals._remember(stack, asked, "ExecuteChangeSet", params.get("ClientRequestToken", [""])[0])


def kind(params):
    """CREATE_STACK or UPDATE_STACK, as the operation that an execution begins is called."""
    found = find(params)
    return "CREATE_STACK" if found and found["ChangeSetType"] == "CREATE" else "UPDATE_STACK"


def obsolete(stack):
    """Another operation has changed the stack: what was compared with it holds no longer."""
    from ministack.services.cloudformation import _change_sets
    for found in _change_sets.values():
        if found["StackId"] == stack["StackId"] and found["ExecutionStatus"] == "AVAILABLE":
            found["ExecutionStatus"] = "OBSOLETE"


def _delete(go, params):
    from ministack.services.cloudformation import _change_sets, helpers
    found = find(params)
    if not found:
        return go(params)
    if found["ExecutionStatus"] == "EXECUTE_IN_PROGRESS":
        return helpers._error("InvalidChangeSetStatus", f"ChangeSet [{found['ChangeSetId']}] cannot be deleted in its current execution status of [EXECUTE_IN_PROGRESS]")
    for nested in [key for key, other in _change_sets.items() if other.get("_parent") == found["ChangeSetId"]]:
        _change_sets.pop(nested, None)
    return go(_named(params, found))
