"""The requests of both hosts: the web host has a page about the catalog, the registry everything else."""

import json
import urllib.parse

from graphql import GraphQLError, OperationType, execute_sync, parse, validate
from graphql.language import FieldNode

from engine.registry import language, roots, session, state
from engine.registry.answers import Forbidden, typename

HTML = b"<!doctype html>\n<html><head><title>Quilt</title></head><body><div id=\"root\"></div></body></html>\n"


class Asked:
    """A request of either host, by the headers that tell of it: whose account, which host, and where the registry is reached."""

    def __init__(self, request):
        self.request, self.host = request, request.headers["x-registry"]
        self.account, self.url = request.headers["x-registry-account"], request.headers["x-registry-url"]
        self.registry = state.of(self.account)
        is_json = "json" in request.headers.get("content-type", "")
        self.sent = _read(request.body) if is_json else None

    def graphql(self):
        """The query, where there is one that can be read."""
        if self.request.path != "/graphql" or not isinstance(self.sent, dict):
            return None
        try:
            return parse(self.sent.get("query") or "")
        except GraphQLError:
            return None

    def action(self):
        """What is done, in a word: `login`, `bucketAdd`, `admin.user.mutate.setRole`, `query.admin.user.list`."""
        document = self.graphql()
        if document is None:
            return self.request.path.rsplit("/", 1)[-1].removesuffix(".json") or "page"
        operation = next((node for node in document.definitions if hasattr(node, "operation")), None)
        if operation is None:
            return "graphql"
        path = _path(operation.selection_set)
        return f"query.{path}" if operation.operation is OperationType.QUERY else path

    def variables(self):
        """What goes along, flat."""
        if isinstance(self.sent, dict):
            return self.sent.get("variables") or {} if self.request.path == "/graphql" else self.sent
        return dict(self.request.form)


def _read(body):
    try:
        return json.loads(body)
    except ValueError:
        return None


def _path(selected):
    """The names of the first fields, down to the first that is an object of the registry's."""
    fields = [node for node in selected.selections if isinstance(node, FieldNode)]
    name = "+".join(field.name.value for field in fields)
    if len(fields) == 1 and name in ("admin", "user", "mutate", "apiKeys") and fields[0].selection_set:
        inner = _path(fields[0].selection_set)
        return f"{name}.{inner}" if inner else name
    return name


def answer(asked):
    """Status, body and kind."""
    request, registry = asked.request, asked.registry
    if asked.host == "web":
        return _page(asked) if (request.method, request.path) == ("GET", "/config.json") else (200, HTML, "text/html")
    try:
        match request.method, request.path:
            case "POST", "/api/login":
                return 200, session.login(registry, asked.sent if isinstance(asked.sent, dict) else {})
            case "POST", "/api/token":
                return _token(asked)
            case "POST", "/api/refresh":
                return 200, session.refresh(registry, _authorization(request))
            case "POST", "/graphql":
                return _graphql(asked)
    except session.Refusal as refusal:
        return refusal.status, refusal.body
    return 404, {"message": "Not Found"}


def _page(asked):
    """What a catalog tells of itself to everybody."""
    settings = asked.registry.settings
    url = asked.url if settings["registry_url"] is None else settings["registry_url"]
    return 200, {"alwaysRequiresAuth": True, "apiGatewayEndpoint": "https://api.example.com", "mixpanelToken": "", "mode": "PRODUCT", "region": "us-east-1",
                 "passwordAuth": asked.registry.password_auth(), "ssoAuth": "ENABLED", "ssoProviders": "okta", "registryUrl": url, "s3Proxy": "https://proxy.example.com",
                 "serviceBucket": f"service-{asked.account}", "stackVersion": settings["platform"]}


def _authorization(request):
    return request.headers.get("authorization", "")


def _token(asked):
    """A form alone is read; to JSON the answer is a bare 400."""
    form = urllib.parse.parse_qs(asked.request.body.decode("utf-8", "replace")) if asked.sent is None else {}
    if "refresh_token" not in form:
        return 400, b"", "text/html"
    return 200, session.exchange(asked.registry, form["refresh_token"][0])


class _Context:
    def __init__(self, caller):
        self.caller = caller


def _graphql(asked):
    registry, header = asked.registry, _authorization(asked.request)
    caller = session.caller(registry, header) if header else None
    if header and not caller:
        if registry.settings["unauthorized"] == "http":
            return 401, {"message": "Unauthorized"}
        return 200, {"data": None, "errors": [{"message": "Unauthorized"}]}
    if not isinstance(asked.sent, dict):
        return 400, {"errors": [{"message": "a query is JSON"}]}
    if asked.action() == "apiKeyCreate" and not registry.settings["keys_make_keys"] and session.is_key(registry, header):
        return 403, {"message": "Forbidden"}
    return run(registry, caller, asked.sent)


def run(registry, caller, sent):
    """Answers a query as this caller."""
    schema = language.schema(registry.settings["platform"])
    try:
        document = parse(sent.get("query") or "")
    except GraphQLError as wrong:
        return 400, {"errors": [wrong.formatted]}
    wrong = validate(schema, document)
    if wrong:
        return 400, {"errors": [error.formatted for error in wrong]}
    operation = next(node for node in document.definitions if hasattr(node, "operation"))
    root = (roots.Query if operation.operation is OperationType.QUERY else roots.Mutation)(registry, caller)
    done = execute_sync(schema, document, root_value=root, context_value=_Context(caller), variable_values=sent.get("variables"),
                        operation_name=sent.get("operationName"), type_resolver=typename, middleware=[_guard])
    errors = [error.original_error for error in done.errors or ()]
    if any(isinstance(error, Forbidden) for error in errors):
        return 403, {"message": "Forbidden"}
    told = {"data": done.data}
    if done.errors:
        told["errors"] = [_told(error) for error in done.errors]
    return 200, told


def _told(error):
    """A caller learns what is wrong with a query, and nothing of what went wrong in the server."""
    ours = error.original_error is not None and not isinstance(error.original_error, GraphQLError)
    return {"message": "Internal Server Error", "path": error.path} if ours else error.formatted


def _guard(resolve, source, info, **given):
    """Everything but `me` is for those who are known, and some of it for administrators."""
    caller, field = info.context.caller, info.parent_type.fields.get(info.field_name)
    if caller is None and info.path.prev is None and info.field_name != "me":
        raise Forbidden
    if field is not None and language.is_for_admins(field.ast_node) and not caller.isAdmin:
        raise Forbidden
    return resolve(source, info, **given)
