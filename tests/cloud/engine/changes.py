"""Change sets as CloudFormation keeps them: compared for a while if the plan says so (verb `compare`), with property values, nested stacks followed, made
and carried out by tokens, and listed only until they are carried out."""

import functools
import json
import time

from engine import plan

NESTED = "AWS::CloudFormation::Stack"

# createOnlyProperties of the resource schemas that ministack does not know; every other property of these types changes in place
CREATE_ONLY = {"AWS::S3::Bucket": ("BucketName",), "AWS::KMS::Key": (), "AWS::SecretsManager::Secret": ("Name",), "AWS::CloudFormation::Stack": (),
               "AWS::EC2::VPC": ("CidrBlock", "Ipv4IpamPoolId", "Ipv4NetmaskLength"),
               "AWS::EC2::Subnet": ("AvailabilityZone", "AvailabilityZoneId", "CidrBlock", "OutpostArn", "VpcId", "Ipv6Native"),
               "AWS::EC2::SecurityGroup": ("GroupName", "GroupDescription", "VpcId"), "AWS::EC2::RouteTable": ("VpcId",),
               "AWS::Elasticsearch::Domain": ("DomainName",), "AWS::OpenSearchService::Domain": ("DomainName",)}


def install():
    """Comes after `refusals`, whose ways of remembering it shares, and before what wraps operations."""
    from ministack.services.cloudformation import handlers, provisioners
    provisioners._REPLACING_PROPERTIES |= {kind: names for kind, names in CREATE_ONLY.items() if kind not in provisioners._REPLACING_PROPERTIES}
    actions = handlers._ACTION_HANDLERS
    actions["CreateChangeSet"] = functools.partial(_create, actions["CreateChangeSet"])
    actions["ExecuteChangeSet"] = functools.partial(_execute, actions["ExecuteChangeSet"])
    actions["DeleteChangeSet"] = functools.partial(_delete, actions["DeleteChangeSet"])
    actions["DescribeChangeSet"] = _describe
    actions["ListChangeSets"] = _list


def _stack(params):
    from ministack.services.cloudformation import handlers, helpers
    return handlers._resolve_stack(helpers._p(params, "StackName"))


def _find(params):
    """A set by its ARN, or by its name and its stack's name or ARN."""
    from ministack.services.cloudformation import changesets, helpers
    stack = _stack(params)
    return changesets._find_change_set(helpers._p(params, "ChangeSetName"), stack["StackName"] if stack else "")[1]


def _refused(stack):
    from engine import refusals
    from ministack.services.cloudformation import helpers
    status = stack["StackStatus"]
    if status in (*refusals._UPDATABLE, "CREATE_FAILED", "UPDATE_FAILED"):
        return None
    return helpers._error("ValidationError", f"Stack:{stack['StackId']} is in {status} state and can not be updated.")


def _missing(params):
    from ministack.services.cloudformation import helpers
    return helpers._error("ChangeSetNotFound", f"ChangeSet [{helpers._p(params, 'ChangeSetName')}] does not exist", 404)


# --- making one

def _create(go, params):
    from ministack.services.cloudformation import _change_sets, helpers
    stack, token = _stack(params), helpers._p(params, "ClientToken")
    if not stack or helpers._p(params, "ChangeSetType", "UPDATE") != "UPDATE":
        return go(params)
    if token and token in stack.get("_set_tokens", {}):
        return stack["_set_tokens"][token]
    refusal = _refused(stack)
    if refusal:
        return refusal
    known = set(_change_sets)
    answer = go({**params, "StackName": [stack["StackName"]]})
    if answer[0] == 200:
        made = next(change_set for name, change_set in _change_sets.items() if name not in known)
        _complete(made, stack, params)
        stack.setdefault("_set_tokens", {})[token] = answer
    return answer


def _complete(made, stack, params):
    """What ministack leaves out: property values, the sets of nested stacks, the time it takes."""
    from ministack.core.responses import get_account_id
    from ministack.services.cloudformation import changesets, helpers
    hidden = lambda values: {name: {**value, "Value": "****"} if value.get("NoEcho") else value for name, value in values.items()}
    resolve = lambda template, values: changesets._resolve_props_for_diff(template, hidden(values), stack["StackName"], stack["StackId"]).get("Resources", {})
    old, new = resolve(stack.get("_template", {}), stack.get("_resolved_params", {})), resolve(made["_template"], made["_resolved_params"])
    made["_request"], made["_nested"] = params, []
    for change in (change["ResourceChange"] for change in made["Changes"]):
        name = change["LogicalResourceId"]
        before, after = (side.get(name, {}).get("Properties") or {} for side in (old, new))
        for detail in change.get("Details", []):
            _values(detail["Target"], before, after)
        if helpers._p(params, "IncludeNestedStacks") == "true" and change["ResourceType"] == NESTED and change["Action"] == "Modify":
            _nest(made, change, after, params)
    rule = plan._take(get_account_id(), stack["StackName"], "", "compare")
    if rule:
        made["_rule"], made["_ready"] = rule, time.monotonic() + plan.scaled(get_account_id(), rule["hold"])


def _values(target, before, after):
    text = lambda value: value if isinstance(value, str) else json.dumps(value)
    for member, side in (("BeforeValue", before), ("AfterValue", after)):
        if target["Attribute"] == "Properties" and target["Name"] in side:
            target[member] = text(side[target["Name"]])


def _nest(made, change, properties, params):
    """The set of a nested stack, where it has changes of its own."""
    from ministack.services.cloudformation import _change_sets, handlers, helpers
    child = handlers._resolve_stack(change.get("PhysicalResourceId", ""))
    if not child or not isinstance(properties.get("TemplateURL"), str):
        return
    asked = {name: value for name, value in params.items() if name.startswith("Capabilities")}
    for i, (name, value) in enumerate((properties.get("Parameters") or {}).items(), 1):
        asked |= {f"Parameters.member.{i}.ParameterKey": [name], f"Parameters.member.{i}.ParameterValue": [str(value)]}
    name = f"{made['ChangeSetName'][:80]}-{change['LogicalResourceId']}-{len(_change_sets)}"
    known = set(_change_sets)
    handlers._ACTION_HANDLERS["CreateChangeSet"]({**asked, "StackName": [child["StackName"]], "ChangeSetName": [name], "TemplateURL": [properties["TemplateURL"]],
                                                  "IncludeNestedStacks": ["true"]})
    for arn in set(_change_sets) - known:
        if _change_sets[arn]["StackName"] != child["StackName"]:
            continue
        if _change_sets[arn]["Status"] == "FAILED":
            del _change_sets[arn]
        else:
            change["ChangeSetId"] = arn
            made["_nested"].append(arn)


# --- telling

def _compared(made):
    """Whether the comparison is over, and failed if the plan says so."""
    from ministack.core.responses import get_account_id
    rule = made.get("_rule")
    if rule and plan._stands(get_account_id(), rule) and time.monotonic() < made["_ready"]:
        return False
    if rule and rule["fail"] and made["Status"] != "FAILED":
        made |= {"Status": "FAILED", "ExecutionStatus": "UNAVAILABLE", "StatusReason": rule["fail"], "Changes": []}
    return True


def _head(made):
    done = _compared(made)
    status = {"Status": made["Status"], "ExecutionStatus": made["ExecutionStatus"]} if done else {"Status": "CREATE_IN_PROGRESS", "ExecutionStatus": "UNAVAILABLE"}
    return {**{name: made[name] for name in ("ChangeSetId", "ChangeSetName", "StackId", "StackName", "CreationTime")}, **status,
            "StatusReason": made.get("StatusReason") if done else None}


def _describe(params):
    from ministack.services.cloudformation import helpers
    made = _find(params)
    if not made:
        return _missing(params)
    head, told = _head(made), helpers._p(params, "IncludePropertyValues") == "true"
    page, more, refusal = helpers._page(made["Changes"] if head["Status"] == "CREATE_COMPLETE" else [], params, "DescribeChangeSet")
    rows = "".join(f"<member><Type>Resource</Type><ResourceChange>{_row(change['ResourceChange'], told)}</ResourceChange></member>" for change in page)
    return refusal or helpers._xml(200, "DescribeChangeSetResponse", f"<DescribeChangeSetResult>{_members(head)}<Changes>{rows}</Changes>{more}</DescribeChangeSetResult>")


def _row(change, told):
    texts = {name: value for name, value in change.items() if isinstance(value, str)}
    scope = "".join(f"<member>{attribute}</member>" for attribute in change.get("Scope", []))
    details = "".join(f"<member>{_detail(detail, told)}</member>" for detail in change.get("Details", []))
    return f"{_members(texts)}<Scope>{scope}</Scope><Details>{details}</Details>"


def _detail(detail, told):
    target = {name: value for name, value in detail["Target"].items() if told or not name.endswith("Value")}
    return f"<Target>{_members(target)}</Target>" + _members({name: value for name, value in detail.items() if name != "Target"})


def _members(texts):
    from ministack.services.cloudformation import helpers
    return "".join(f"<{name}>{helpers._esc(value)}</{name}>" for name, value in texts.items() if value not in (None, ""))


def _list(params):
    """The sets that may still be carried out, or failed."""
    from ministack.services.cloudformation import _change_sets, helpers
    stack = _stack(params)
    if not stack or stack["StackStatus"] == "DELETE_COMPLETE":
        return helpers._error("ValidationError", f"Stack [{helpers._p(params, 'StackName')}] does not exist")
    active = [made for made in _change_sets.values() if made["StackId"] == stack["StackId"] and not made["ExecutionStatus"].startswith("EXECUTE_")]
    page, more, refusal = helpers._page(active, params, "ListChangeSets")
    rows = "".join(f"<member>{_members(_head(made))}</member>" for made in page)
    return refusal or helpers._xml(200, "ListChangeSetsResponse", f"<ListChangeSetsResult><Summaries>{rows}</Summaries>{more}</ListChangeSetsResult>")


# --- carrying one out, and deleting one

def _execute(go, params):
    from engine import refusals
    from ministack.services.cloudformation import helpers
    made, stack, token = _find(params), _stack(params), helpers._p(params, "ClientRequestToken")
    if stack and token and stack.get("_tokens", {}).get(token) == "ExecuteChangeSet":
        return helpers._xml(200, "ExecuteChangeSetResponse", "<ExecuteChangeSetResult></ExecuteChangeSetResult>")
    if not made:
        return _missing(params)
    _compared(made)
    refusal = _refused(stack) if stack and made["ChangeSetType"] == "UPDATE" else None
    if refusal:
        return refusal
    answer = go({**params, "ChangeSetName": [made["ChangeSetId"]]})
    if answer[0] == 200 and stack:
        refusals._remember(stack, made.get("_request", {}), "UpdateStack", "")
        stack.setdefault("_tokens", {})[token] = "ExecuteChangeSet"
        stack["_updated"] = True
    return answer


def _delete(go, params):
    from ministack.services.cloudformation import _change_sets, helpers
    made = _find(params)
    if made and made["ExecutionStatus"] == "EXECUTE_IN_PROGRESS":
        return helpers._error("InvalidChangeSetStatus", f"ChangeSet [{made['ChangeSetId']}] is in EXECUTE_IN_PROGRESS status and can not be deleted")
    for arn in made.get("_nested", []) if made else []:
        _change_sets.pop(arn, None)
    return go({**params, "ChangeSetName": [made["ChangeSetId"]]} if made else params)
