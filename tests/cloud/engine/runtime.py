"""What runs in a stack and leaves traces: tasks that stopped, calls that AWS refused, what a hook said, as a test says over `POST /_cloud/runtime`.

A body is `{"tasks": [{"service": arn, "definition": arn, "reason": text, "containers": [{"name", "exitCode", "reason"}]}], "lines": [{"group", "stream", "lines"}],
"refused": [{"role", "call", "message"}], "hook": {"id", "resource", "name", "reason", "annotations"}}`, each of them or none.
"""

import json
import time
import uuid

_hooks = {}    # (account, invocation) -> what the hook said


def install():
    from ministack.services.cloudformation import handlers
    handlers._ACTION_HANDLERS["GetHookResult"] = _hook_result


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
