"""The record of every call the engine answered, in order, for tests to assert on: which, how many, with what, and which values are secrets."""

import functools
import itertools
import json
import re
import threading
import urllib.parse

_calls = []
_lock = threading.Lock()
_numbers = itertools.count(1)
_SECRET_NAMES = re.compile(r"(?i)(MasterUserPassword|SecretString|SecretBinary|Password|SessionToken)$")


def read(account=None):
    with _lock:
        return [call for call in _calls if account in (None, call["account"])]


def clear(account=None):
    with _lock:
        _calls[:] = [call for call in _calls if account not in (None, call["account"])]


def begin(request, account, weather):
    """Notes a call as it arrives, and what the weather does to it; the answer's status is added by `end`."""
    form = _form(request)
    call = {"number": next(_numbers), "service": service(request), "action": action(request, form), "account": account, "region": scope(request)[0],
            "token": form.get("ClientRequestToken") or form.get("ClientToken"), "parameters": parameters(form), "status": None, "error": None,
            "weather": weather or None}
    with _lock:
        _calls.append(call)
    return call


def named(request, account):
    """How a call will be noted, and whatever it names: values sent, parts of the path, the names within ARNs."""
    form = _form(request)
    sent = [form.get("StackName", ""), *(value for name, value in form.items() if name not in ("Action", "Version", "TemplateBody"))]
    sent += urllib.parse.unquote(request.path).split("/")
    names = (name for value in sent for name in (value, *(re.split("[:/]", value) if value.startswith("arn:") else ())) if name)
    return {"service": service(request), "action": action(request, form), "account": account, "region": scope(request)[0], "names": list(dict.fromkeys(names))}


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
    return scope(request)[1] or "s3"


def action(request, form):
    if "Action" in form:
        return form["Action"]
    target = request.headers.get("x-amz-target", "")
    if target:
        return target.rsplit(".", 1)[-1]
    if "/operation/" in request.path:
        return request.path.rsplit("/", 1)[-1]
    return _s3_action(request) if service(request) == "s3" else _rest_action(service(request), request.method, request.path)


def _rest_action(name, method, path):
    """The operation of a REST API whose method and path these are."""
    for verb, pattern, operation in itertools.chain.from_iterable(map(_routes, ("es", "opensearch") if name == "es" else (name,))):
        if verb == method and pattern.fullmatch(path.rstrip("/") or "/"):
            return operation
    return f"{method} {path}"


@functools.cache
def _routes(name):
    """Method, path and name of a service's operations, fixed paths first, from the model that botocore carries."""
    from botocore import exceptions, loaders
    try:
        operations = loaders.Loader().load_service_model(name, "service-2")["operations"].values()
    except exceptions.UnknownServiceError:
        return []
    paths = [(operation["http"]["method"], operation["http"]["requestUri"].partition("?")[0].rstrip("/") or "/", operation["name"]) for operation in operations]
    paths.sort(key=lambda path: path[1].count("{"))
    return [(method, re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), operation) for method, path, operation in paths]


_SUBRESOURCES = {"versioning": "BucketVersioning", "publicAccessBlock": "PublicAccessBlock", "encryption": "BucketEncryption", "policy": "BucketPolicy",
                 "tagging": "Tagging", "location": "BucketLocation", "lifecycle": "BucketLifecycleConfiguration", "notification": "BucketNotificationConfiguration",
                 "ownershipControls": "BucketOwnershipControls", "acl": "Acl"}


def _s3_action(request):
    verb = {"GET": "Get", "HEAD": "Head", "PUT": "Put", "DELETE": "Delete", "POST": "Post"}.get(request.method, request.method)
    for name, noun in _SUBRESOURCES.items():
        if name in request.query:
            return verb + noun
    if not request.s3_bucket():
        return "ListBuckets"
    if request.s3_key():
        return verb + "Object"
    return {"GET": "ListObjectsV2", "PUT": "CreateBucket"}.get(request.method, verb + "Bucket")


def _form(request):
    """The request's parameters as a flat map, whatever the protocol."""
    kind = request.headers.get("content-type", "")
    if "x-www-form-urlencoded" in kind:
        return dict(urllib.parse.parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    if "json" in kind and request.body:
        try:
            return _flat(json.loads(request.body))
        except ValueError:
            return {}
    return {"Bucket": request.s3_bucket(), "Key": request.s3_key()} if service(request) == "s3" and request.s3_bucket() else {}


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
        entry = re.fullmatch(r"(Parameters|Tags)\.member\.(\d+)\.(?:Parameter)?Key", name)
        if entry:
            found[f"{entry[1]}.{value}"] = {"value": _sent(form, *entry.groups()), "secret": False}
        elif not re.match(r"(Parameters|Tags)\.member\.|Action$|Version$", name):
            found[name] = {"value": value, "secret": False}
    return found


def _sent(form, kind, number):
    if form.get(f"{kind}.member.{number}.UsePreviousValue") == "true":
        return None
    return form.get(f"{kind}.member.{number}.ParameterValue", form.get(f"{kind}.member.{number}.Value", ""))
