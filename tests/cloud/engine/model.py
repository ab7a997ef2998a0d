"""AWS's own models, as botocore carries them: which operation a request is."""

import functools
import re
import urllib.parse

# One signature may stand for the APIs of several models, and some signatures are not called as their model is
_MODELS = {"es": ("es", "opensearch"), "monitoring": ("cloudwatch",), "elasticloadbalancing": ("elbv2", "elb"), "states": ("stepfunctions",),
           "servicequotas": ("service-quotas",)}
_LABEL = re.compile(r"\{([^}+]+)(\+?)\}")


# What AWS takes since this botocore was made: (service, shape) -> members
_SINCE = {("cloudformation", "ContinueUpdateRollbackInput"): {"ForceRollback": {"shape": "DisableRollback"}}}


@functools.cache
def services(signature):
    """The models of the service that signatures name so, none where botocore knows none."""
    from botocore import exceptions, loaders, model
    found = []
    for name in _MODELS.get(signature, (signature,)):
        try:
            described = loaders.Loader().load_service_model(name, "service-2")
            for (service, shape), members in _SINCE.items():
                if service == name:
                    described["shapes"][shape]["members"] = members | described["shapes"][shape]["members"]
            found.append(model.ServiceModel(described, name))
        except exceptions.DataNotFoundError:
            pass
    return tuple(found)


def operation(request, signature, action):
    """The operation that a request is, and the parts of its path by their names; None where the models have no such operation."""
    for service in services(signature):
        if action and action in service.operation_names:
            return service.operation_model(action), {}
    path = request.raw_path.rstrip("/") or "/"
    for route in _routes(signature):
        labels = route.fits(request, path)
        if not action and labels is not None:
            return route.operation, labels
    return None, {}


class Route:
    """The method, path and query by which a REST API knows an operation."""

    def __init__(self, operation):
        path, _, query = operation.http["requestUri"].partition("?")
        self.operation, self.method = operation, operation.http["method"]
        self.query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        self.path = re.compile("".join(_piece(part) for part in re.split(r"(\{[^}]+\})", path.rstrip("/") or "/")))
        members = operation.input_shape.members.values() if operation.input_shape else ()
        required = [operation.input_shape.members[name] for name in operation.input_shape.required_members] if operation.input_shape else []
        self.labels = sum(member.serialization.get("location") == "uri" for member in members)
        self.asked = [(member.serialization["location"], member.serialization["name"]) for member in required
                      if member.serialization.get("location") in ("querystring", "header")]

    def fits(self, request, path):
        """The path's parts by name, or None."""
        found = self.path.fullmatch(path) if request.method == self.method else None
        if not found or any(request.query.get(name) != value for name, value in self.query.items()):
            return None
        if any(name.lower() not in request.headers if place == "header" else name not in request.query for place, name in self.asked):
            return None
        return {bytes.fromhex(name[1:]).decode(): urllib.parse.unquote(value) for name, value in found.groupdict().items()}

    def order(self):
        """What asks for more is tried first: a path without names, a query, a header."""
        deprecated = bool(getattr(self.operation, "deprecated", False))
        return self.labels, -len(self.query), -len(self.asked), deprecated


@functools.cache
def _routes(signature):
    operations = (service.operation_model(name) for service in services(signature) for name in service.operation_names
                  if service.metadata["protocol"].startswith("rest-"))
    return sorted(map(Route, operations), key=Route.order)


def _piece(part):
    """A part of a path as a pattern; a label's name may hold what a group's may not, so it stands in hexadecimal."""
    label = _LABEL.fullmatch(part)
    if not label:
        return re.escape(part)
    return f"(?P<n{label[1].encode().hex()}>{'.+' if label[2] else '[^/]+'})"
