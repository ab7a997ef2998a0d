"""What runs in a stack and leaves traces: tasks that stopped, targets that do not answer, calls that AWS refused, what a hook said, as a test says over `POST /_cloud/runtime`.

A body is `{"tasks": [{"service": arn, "definition": arn, "reason": text, "containers": [{"name", "exitCode", "reason"}]}], "lines": [{"group", "stream", "lines"}],
"refused": [{"role", "call", "message"}], "targets": [{"group": arn, "id", "state", "reason"}],
"services": [{"service": arn, "desired", "running"}], "hook": {"id", "resource", "name", "reason", "annotations"}}`, each of them or none.
"""

import functools
import json
import time
import uuid

_hooks = {}    # (account, invocation) -> what the hook said


def install():
    from ministack.services.cloudformation import handlers
    handlers._ACTION_HANDLERS["GetHookResult"] = _hook_result
    from ministack.services import alb
    alb._ACTION_MAP["DescribeTargetHealth"] = functools.partial(_target_health, alb._ACTION_MAP["DescribeTargetHealth"])
    from ministack.services.cloudformation import drift
    drift._DRIFT_READERS["AWS::IAM::ManagedPolicy"] = (_policy, frozenset({"PolicyDocument"}))


def leave(said, account):
    from ministack.core import responses
    responses.set_request_account_id(account)    # an account's number stands for its keys
    responses.set_request_region(said.get("region", "us-east-1"))
    for task in said.get("tasks", []):
        _stop(task)
    for log in said.get("lines", []):
        _write(log)
    for call in said.get("refused", []):
        _refuse(call, account)
    for service in said.get("services", []):
        _runs(service)
    for target in said.get("targets", []):
        _target(target)
    if said.get("hook"):
        _hooks[account, said["hook"]["id"]] = said["hook"]
    return {}


def _stop(said):
    from ministack.services import ecs
    cluster, name = said["service"].split(":service/")[1].split("/")
    prefix = said["service"].split(":service/")[0]
    arn = f"{prefix}:task/{cluster}/{uuid.uuid4().hex}" if not said.get("id") else f"{prefix}:task/{cluster}/{said['id']}"
    now = time.time()
    ecs._tasks[arn] = {
        "taskArn": arn, "clusterArn": f"{prefix}:cluster/{cluster}", "taskDefinitionArn": said["definition"], "group": f"service:{name}",
        "startedBy": "ecs-svc/1", "desiredStatus": "STOPPED", "lastStatus": "STOPPED", "stoppedAt": now, "stoppingAt": now,
        "stopCode": "EssentialContainerExited", "stoppedReason": said["reason"], "launchType": "FARGATE",
        "containers": [{"lastStatus": "STOPPED", **container} for container in said["containers"]],
    }


def _runs(said):
    """A service is to have so many tasks, and so many run."""
    from ministack.services import ecs
    service = ecs._services[said["service"].split(":service/")[1]]
    service |= {"desiredCount": said["desired"], "runningCount": said["running"]}


def _write(said):
    from ministack.services import cloudwatch_logs
    now = int(time.time() * 1000)
    cloudwatch_logs._create_log_group({"logGroupName": said["group"]})
    cloudwatch_logs._create_log_stream({"logGroupName": said["group"], "logStreamName": said["stream"]})
    events = [{"timestamp": now + n, "message": line} for n, line in enumerate(said["lines"])]
    cloudwatch_logs._put_log_events({"logGroupName": said["group"], "logStreamName": said["stream"], "logEvents": events})


def _refuse(said, account):
    from ministack.services import cloudtrail
    service, name = said["call"].split(":")
    now = time.time()
    role = f"arn:aws:iam::{account}:role/{said['role']}"
    record = {
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)), "eventSource": f"{service}.amazonaws.com", "eventName": name,
        "errorCode": "AccessDenied", "errorMessage": said["message"],
        "userIdentity": {"type": "AssumedRole", "arn": f"arn:aws:sts::{account}:assumed-role/{said['role']}/task", "sessionContext": {"sessionIssuer": {"arn": role}}},
    }
    cloudtrail._get_event_queue().append({
        "EventId": str(uuid.uuid4()), "EventName": name, "EventTime": now, "EventSource": f"{service}.amazonaws.com", "Username": said["role"], "ReadOnly": "true",
        "Resources": [], "CloudTrailEvent": json.dumps(record)})


def _target(said):
    """A target that is registered and in this state from now on."""
    from ministack.services import alb
    others = [target for target in alb._targets.get(said["group"], []) if target["Id"] != said["id"]]
    alb._targets[said["group"]] = [*others, {"Id": said["id"], "Port": 80, "_state": said["state"], "_reason": said.get("reason", "")}]


def _target_health(go, params):
    """ministack finds every target healthy; one that a test has spoken of is as it says."""
    from ministack.services import alb
    group = alb._p(params, "TargetGroupArn")
    targets = alb._targets.get(group, [])
    if group not in alb._tgs or not any("_state" in target for target in targets):
        return go(params)
    def told(target):
        state, reason = target.get("_state", "healthy"), target.get("_reason", "")
        why = f"<Reason>Target.Timeout</Reason><Description>{reason}</Description>" if reason else ""
        return (f"<member><Target><Id>{target['Id']}</Id><Port>{target.get('Port', 80)}</Port></Target>"
                f"<TargetHealth><State>{state}</State>{why}</TargetHealth></member>")
    return alb._xml(200, "DescribeTargetHealth", f"<TargetHealthDescriptions>{''.join(map(told, targets))}</TargetHealthDescriptions>")


def _policy(physical_id, properties):
    """What a managed policy says now, for a look for drift."""
    from ministack.services import iam
    policy = iam._policies.get(physical_id)
    if policy is None:
        return None
    document = policy["Versions"][policy["DefaultVersionId"]]["Document"]
    return {"PolicyDocument": json.loads(document) if isinstance(document, str) else document}


def _hook_result(params):
    from xml.sax.saxutils import escape

    from ministack.core.responses import get_account_id
    from ministack.services.cloudformation import helpers
    hook = _hooks.get((get_account_id(), helpers._p(params, "HookResultId")))
    if not hook:
        return helpers._error("HookResultNotFound", "The specified hook result does not exist")
    def note(said):
        return "".join(f"<{name}>{escape(said[name])}</{name}>" for name in ("AnnotationName", "Status", "StatusMessage", "RemediationMessage", "SeverityLevel") if name in said)
    notes = "".join(f"<member>{note(said)}</member>" for said in hook["annotations"])
    body = f"<TypeName>{escape(hook['name'])}</TypeName><HookStatusReason>{escape(hook['reason'])}</HookStatusReason><Annotations>{notes}</Annotations>"
    return helpers._xml(200, "GetHookResultResponse", f"<GetHookResultResult>{body}</GetHookResultResult>")


def hook_of(logical_id):
    """What the hook said that refused a resource of the account, or None."""
    from ministack.core.responses import get_account_id
    found = [hook for (account, _), hook in _hooks.items() if account == get_account_id() and hook.get("resource") == logical_id]
    return found[-1] if found else None
