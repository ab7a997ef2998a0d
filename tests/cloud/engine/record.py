"""The record of every call the engine answered, in order, for tests to assert on: which, how many, with what, and which values are secrets."""

import collections
import itertools
import json
import re
import threading
import urllib.parse

from engine import judge, model, snapshots

_PROGRAM = "terraform-provider-quilt"
_calls, _wrong = [], []
_asked = collections.defaultdict(set)
_lock = threading.Lock()
_numbers = itertools.count(1)
_SECRET_NAMES = re.compile(r"(?i)(MasterUserPassword|SecretString|SecretBinary|Password|SessionToken|refresh_token|secret)$")


def read(account=None):
    with _lock:
        return [call for call in _calls if account in (None, call["account"])]


def clear(account=None):
    with _lock:
        _calls[:] = [call for call in _calls if account not in (None, call["account"])]


def take_wrong(account=None):
    """The requests that AWS's own models do not allow, and why, since this was last asked; nothing else makes them forgotten."""
    with _lock:
        taken = [call for call in _wrong if account in (None, call["account"])]
        _wrong[:] = [call for call in _wrong if call not in taken]
    return taken


def asked(account):
    """What the provider has called so far, each with the names of what it sent; nothing makes this forgotten."""
    with _lock:
        return [{"service": service, "action": action, "given": given} for service, action, given in sorted(_asked[account])]


def begin(request, account, weather):
    """Notes a call as it arrives, and what the weather does to it; the answer's status is added by `end`."""
    form = _form(request)
    call = {"number": next(_numbers), "service": service(request), "action": action(request, form), "account": account, "region": scope(request)[0],
            "token": form.get("ClientRequestToken") or form.get("ClientToken"), "parameters": parameters(form), "status": None, "error": None,
            "weather": weather or None}
    faults = judge.judge(request, call["service"], _said(request, form))
    with _lock:
        _calls.append(call)
        if faults:
            _wrong.append({"account": account, "service": call["service"], "action": call["action"], "faults": faults})
        if _PROGRAM in request.headers.get("user-agent", ""):
            given = {name.partition(".")[0] for name in form}
            if call["action"] == "DeleteDBSnapshot":
                keys = snapshots.tags(account, call["region"], form.get("DBSnapshotIdentifier", ""))
                given |= {"untagged"} if keys == [] else {f"tagged {key}" for key in keys or ()}
            _asked[account].add((call["service"], call["action"], tuple(sorted(given))))
    return call


def named(request, account):
    """How a call will be noted, and whatever it names: values sent, parts of the path, the names within ARNs."""
    form = _form(request)
    sent = [form.get("StackName", ""), *(value for name, value in form.items() if name not in ("Action", "Version", "TemplateBody"))]
    sent += urllib.parse.unquote(request.path).split("/")
    names = (name for value in sent for name in (value, *(re.split("[:/]", value) if value.startswith("arn:") else ())) if name)
    return {"service": service(request), "action": action(request, form), "account": account, "region": scope(request)[0], "names": list(dict.fromkeys(names))}


def begin_of_registry(asked, weather):
    """Notes a call of an account's registry; passwords, tokens and keys are secrets."""
    sent = _flat(asked.variables())
    call = {"number": next(_numbers), "service": "registry", "action": asked.action(), "account": asked.account, "region": "", "token": None,
            "parameters": {name: {"value": value, "secret": bool(_SECRET_NAMES.search(name))} for name, value in sent.items()}, "status": None, "error": None,
            "weather": weather or None}
    with _lock:
        _calls.append(call)
    return call


def named_of_registry(asked):
    """How a call of a registry will be noted, and what goes along with it."""
    names = [value for value in _flat(asked.variables()).values() if value]
    return {"service": "registry", "action": asked.action(), "account": asked.account, "region": "", "names": names}


def end(call, status, error, secrets):
    """Adds what came of it; `secrets` are the names of template parameters that are NoEcho."""
    call["status"], call["error"] = status, error
    for name, parameter in call["parameters"].items():
        if name.removeprefix("Parameters.") in secrets or _SECRET_NAMES.search(name):
            parameter["secret"] = True


def scope(request):
    """Region and service of the request's signature."""
    found = re.search(r"Credential=[^/]+/\d+/([^/]*)/([^/]*)/aws4_request", request.headers.get("authorization", ""))
    return found.groups() if found else ("", "")


def service(request):
    """Who is not signed asks for a role by a token, or reads what S3 shows to everybody."""
    return scope(request)[1] or ("sts" if request.form else "s3")


def action(request, form):
    """The operation's name as AWS's models have it; what they do not know is told by its method and path."""
    said = _said(request, form)
    found = said or model.operation(request, service(request), "")[0]
    return (said or found.name) if found else f"{request.method} {request.path}"


def _said(request, form):
    """The name of the operation where the request says it."""
    if "Action" in form:
        return form["Action"]
    target = request.headers.get("x-amz-target", "")
    return target.rsplit(".", 1)[-1] or (request.path.rsplit("/", 1)[-1] if "/operation/" in request.path else "")


def _form(request):
    """The request's parameters as a flat map, whatever the protocol."""
    if request.form:
        return dict(request.form)
    if "json" in request.headers.get("content-type", "") and request.body:
        try:
            return _flat(json.loads(request.body))
        except ValueError:
            return {}
    if service(request) != "s3" or not request.s3_bucket():
        return {}
    version = {"VersionId": request.query["versionId"]} if "versionId" in request.query else {}
    return {"Bucket": request.s3_bucket(), "Key": request.s3_key(), **version}


def _flat(value, prefix=""):
    if isinstance(value, dict):
        return {k: v for name, inner in value.items() for k, v in _flat(inner, f"{prefix}.{name}" if prefix else name).items()}
    if isinstance(value, list):
        return {k: v for i, inner in enumerate(value, 1) for k, v in _flat(inner, f"{prefix}.{i}").items()}
    return {prefix: value if isinstance(value, str) else json.dumps(value)}


def parameters(form):
    """`Parameters.member.3.ParameterKey=A` and its value become `Parameters.A`; the same for tags; the rest stays as it was sent."""
    found = {}
    for name, value in form.items():
        entry = re.fullmatch(r"(Parameters|Tags)\.(member|Tag)\.(\d+)\.(?:Parameter)?Key", name)
        if entry:
            found[f"{entry[1]}.{value}"] = {"value": _sent(form, ".".join(entry.groups())), "secret": False}
        elif not re.match(r"(Parameters|Tags)\.(member|Tag)\.|Action$|Version$", name):
            found[name] = {"value": value, "secret": False}
    return found


def _sent(form, entry):
    if form.get(f"{entry}.UsePreviousValue") == "true":
        return None
    return form.get(f"{entry}.ParameterValue", form.get(f"{entry}.Value", ""))
