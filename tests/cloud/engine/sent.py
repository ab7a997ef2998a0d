"""What a request says, read by the model of its operation: a tree of the model's members, and what is in the request that the model does not have."""

import base64
import binascii
import datetime
import json
import xml.etree.ElementTree


def read(request, operation, labels):
    """The members by their names, and a sentence on each thing that the model does not know."""
    strange, shape = [], operation.input_shape
    protocol = operation.service_model.metadata["protocol"]
    if shape is None:
        return {}, strange
    if request.form:
        return _Form(strange, protocol == "ec2").structure(_nested(request.form, strange), shape, ""), strange
    if "x-amz-target" in request.headers:
        return _Json(strange).node(_json(request.body, strange), shape, ""), strange
    if "cbor" in request.headers.get("content-type", ""):
        import cbor2
        return _Json(strange).node(cbor2.loads(request.body), shape, ""), strange
    return _rest(request, shape, labels, protocol, strange), strange


def _json(body, strange):
    try:
        return json.loads(body or b"{}")
    except ValueError as wrong:
        strange.append(f"the body is no JSON: {wrong}")
        return {}


def _unknown(path, name):
    return f"AWS knows no {f'{path}.{name}'.strip('.')}"


def scalar(shape, text):
    """Text as the type that the model wants; text that is none stays text, and is found out by its type."""
    try:
        match shape.type_name:
            case "integer" | "long":
                return int(text)
            case "float" | "double":
                return float(text)
            case "boolean":
                return {"true": True, "false": False}.get(text, text)
            case "timestamp":
                return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
            case "blob":
                return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        pass
    return text


# --- forms

def _nested(form, strange):
    """`A.member.1.B=x` as {"A": {"member": {"1": {"B": "x"}}}}."""
    top = {}
    for name, value in form:
        *path, last = name.split(".")
        node = top
        for part in path:
            node = node.setdefault(part, {}) if isinstance(node, dict) else None
        if not isinstance(node, dict) or last in node:
            strange.append(f"{name} is said twice")
        else:
            node[last] = value
    return {name: node for name, node in top.items() if name not in ("Action", "Version")}


class _Form:
    """Reads the query protocol and EC2's dialect of it."""

    def __init__(self, strange, ec2):
        self.strange, self.ec2 = strange, ec2

    def node(self, node, shape, path):
        if shape.type_name in ("structure", "list", "map"):
            return getattr(self, shape.type_name)(node, shape, path)
        return scalar(shape, node) if isinstance(node, str) else node

    def structure(self, node, shape, path):
        node, found = dict(node) if isinstance(node, dict) else {"": node}, {}
        for name, member in shape.members.items():
            key = self._key(name, member)
            if key in node:
                found[name] = self.node(node.pop(key), member, f"{path}.{name}".strip("."))
        self.strange += (_unknown(path, name) for name in node)
        return found

    def _key(self, name, member):
        named = member.serialization
        if self.ec2:
            return named.get("queryName") or _capital(named.get("name", name))
        if member.type_name == "list" and named.get("flattened"):
            return member.member.serialization.get("name") or named.get("name", name)
        return named.get("name", name)

    def list(self, node, shape, path):
        if node == "":
            return []
        if not (self.ec2 or shape.serialization.get("flattened")):
            name = shape.member.serialization.get("name", "member")
            node = self._only(node, name, path)
        return [self.node(value, shape.member, f"{path}.{number}") for number, value in self._numbered(node, path)]

    def map(self, node, shape, path):
        if not shape.serialization.get("flattened"):
            node = self._only(node, "entry", path)
        key, value = shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value")
        entries = [entry for _, entry in self._numbered(node, path)]
        return {entry.get(key, ""): self.node(entry.get(value, ""), shape.value, f"{path}.{entry.get(key)}") for entry in entries}

    def _only(self, node, name, path):
        node = node if isinstance(node, dict) else {"": node}
        self.strange += (_unknown(path, other) for other in node if other != name)
        return node.get(name, {})

    def _numbered(self, node, path):
        """Members in their order; their numbers begin with one and leave none out."""
        node = node if isinstance(node, dict) else {"": node}
        if sorted(node) != sorted(map(str, range(1, len(node) + 1))):
            self.strange.append(f"the members of {path} are numbered {', '.join(node)}")
            return list(enumerate(node.values(), 1))
        return sorted((int(number), value) for number, value in node.items())


def _capital(name):
    return name[:1].upper() + name[1:]


# --- JSON

class _Json:
    def __init__(self, strange):
        self.strange = strange

    def node(self, node, shape, path):
        if node is None:
            return None
        match shape.type_name, node:
            case "structure", dict():
                return self.structure(node, shape, path)
            case "list", list():
                return [self.node(value, shape.member, f"{path}.{number}") for number, value in enumerate(node, 1)]
            case "map", dict():
                return {key: self.node(value, shape.value, f"{path}.{key}") for key, value in node.items()}
            case "timestamp", int() | float():
                return datetime.datetime.fromtimestamp(node, datetime.timezone.utc)
            case "blob", str():
                return scalar(shape, node)
        return node

    def structure(self, node, shape, path, but=()):
        names = {member.serialization.get("name", name): name for name, member in shape.members.items() if name not in but}
        self.strange += (_unknown(path, key) for key in node if key not in names and key != "__type")
        said = {names[key]: value for key, value in node.items() if key in names and value is not None}
        return {name: self.node(value, shape.members[name], f"{path}.{name}".strip(".")) for name, value in said.items()}


# --- REST

def _rest(request, shape, labels, protocol, strange):
    found, placed, known = {}, set(), {"x-id"}
    for name, member in shape.members.items():
        place, key = member.serialization.get("location"), member.serialization.get("name", name)
        if not place:
            continue
        placed.add(name)
        text = {"uri": labels, "querystring": request.query, "header": request.headers}.get(place, {}).get(key.lower() if place == "header" else key)
        known.add(key)
        if text is not None:
            found[name] = [scalar(member.member, part.strip()) for part in text.split(",")] if member.type_name == "list" else _placed(member, text)
    payload = shape.serialization.get("payload")
    if payload:
        found |= _payload(request, payload, shape.members[payload], protocol, strange)
    elif protocol == "rest-json" and request.body:
        found |= _Json(strange).structure(_json(request.body, strange), shape, "", placed)
    if protocol == "rest-json":
        strange += (_unknown("", name) for name in request.query if name not in known)
    return found


def _placed(member, text):
    """A header's date is written as HTTP writes dates: its form is the HTTP library's affair."""
    return datetime.datetime.min if member.type_name == "timestamp" else scalar(member, text)


def _payload(request, name, member, protocol, strange):
    if member.type_name not in ("structure", "list"):
        return {name: request.body if member.type_name == "blob" else request.body.decode("utf-8", "replace")} if request.body else {}
    if not request.body:
        return {}
    if protocol == "rest-json":
        return {name: _Json(strange).node(_json(request.body, strange), member, name)}
    try:
        return {name: _Xml(strange).node(xml.etree.ElementTree.fromstring(request.body), member, name)}
    except xml.etree.ElementTree.ParseError as wrong:
        strange.append(f"the body is no XML: {wrong}")
        return {}


class _Xml:
    def __init__(self, strange):
        self.strange = strange

    def node(self, node, shape, path):
        if shape.type_name == "structure":
            return self.structure(node, shape, path)
        if shape.type_name == "list":
            return [self.node(inner, shape.member, path) for inner in node]
        return scalar(shape, node.text or "")

    def structure(self, node, shape, path):
        found, names = {}, {self._tag(name, member): name for name, member in shape.members.items() if not member.serialization.get("xmlAttribute")}
        for inner in node:
            name = names.get(inner.tag.rpartition("}")[2])
            if not name:
                self.strange.append(_unknown(path, inner.tag.rpartition("}")[2]))
            elif shape.members[name].serialization.get("flattened"):
                found.setdefault(name, []).append(self.node(inner, shape.members[name].member, f"{path}.{name}"))
            else:
                found[name] = self.node(inner, shape.members[name], f"{path}.{name}")
        attributes = ((name, member) for name, member in shape.members.items() if member.serialization.get("xmlAttribute"))
        return found | {name: node.attrib[key] for name, member in attributes for key in node.attrib if key.rpartition("}")[2] == member.serialization["name"].rpartition(":")[2]}

    def _tag(self, name, member):
        if member.type_name == "list" and member.serialization.get("flattened"):
            return member.serialization.get("name") or member.member.serialization.get("name", name)
        return member.serialization.get("name", name)
