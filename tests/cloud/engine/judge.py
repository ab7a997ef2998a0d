"""Whether a request is one that AWS takes by its own model: members there are and must be, types, lengths, patterns, words."""

import datetime
import functools
import re

from engine import model, sent

_KINDS = {"string": str, "character": str, "integer": int, "long": int, "float": (int, float), "double": (int, float), "boolean": bool, "blob": (bytes, str),
          "timestamp": datetime.datetime, "structure": dict, "list": list, "map": dict}
_SPACES = r" \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# Java's classes that Python does not know; inside brackets each is the characters it stands for
_CLASSES = {r"\p{L}": r"\w", r"\p{N}": r"\w", r"\p{Z}": _SPACES, r"\p{XDigit}": "[0-9A-Fa-f]", r"\p{Alpha}": "A-Za-z", r"\p{Alnum}": "A-Za-z0-9", r"\p{ASCII}": r"\x00-\x7f"}


def judge(request, signature, action):
    """What is wrong with a request, one sentence each; nothing where all is as it should be."""
    if not request.is_whole():    # its sender died over it: nobody answers that
        return []
    operation, labels = model.operation(request, signature, action)
    if operation is None:
        return [f"{signature} of AWS has no operation {action or f'{request.method} {request.path}'}"]
    version = dict(request.form).get("Version")
    wrong = [] if version in (None, operation.service_model.api_version) else [f"Version is {version}, not {operation.service_model.api_version}"]
    members, strange = sent.read(request, operation, labels)
    wrong += strange
    if operation.input_shape:
        wrong += _structure(members, operation.input_shape, "")
    return wrong


def _judge(value, shape, path):
    kind = shape.type_name
    if not isinstance(value, _KINDS.get(kind, object)) or (isinstance(value, bool) and kind != "boolean"):
        return [f"{path} is {_shown(value, shape)}, not of type {kind}"]
    match kind:
        case "structure":
            return _structure(value, shape, path)
        case "list":
            inner = [wrong for number, part in enumerate(value, 1) for wrong in _judge(part, shape.member, f"{path}.{number}")]
            return _bounded(len(value), shape, f"{path} has {len(value)} members") + inner
        case "map":
            inner = [wrong for key, part in value.items() for wrong in [*_judge(key, shape.key, f"{path} (key)"), *_judge(part, shape.value, f"{path}.{key}")]]
            return _bounded(len(value), shape, f"{path} has {len(value)} entries") + inner
        case "string" | "blob":
            return _bounded(len(value), shape, f"{path} has {len(value)} characters") + _worded(value, shape, path)
        case "integer" | "long" | "float" | "double":
            return _bounded(value, shape, f"{path} is {value}")
    return []


def _structure(value, shape, path):
    named = lambda name: f"{path}.{name}".strip(".")
    wrong = [f"{named(name)} is missing" for name in shape.required_members if value.get(name) is None]
    if getattr(shape, "is_tagged_union", False) and len(value) != 1:
        wrong.append(f"{path} has {len(value)} members, where one is chosen")
    return wrong + [fault for name, part in value.items() if part is not None for fault in _judge(part, shape.members[name], named(name))]


def _bounded(size, shape, said):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        return [f"{said}, fewer than {least}"]
    return [f"{said}, more than {most}"] if most is not None and size > most else []


def _worded(value, shape, path):
    words, pattern = getattr(shape, "enum", None), shape.metadata.get("pattern")
    if words and value not in words:
        return [f"{path} is {_shown(value, shape)}, none of {', '.join(words)}"]
    if pattern and isinstance(value, str) and not _pattern(pattern).fullmatch(value):
        return [f"{path} is {_shown(value, shape)}, which does not match {pattern}"]
    return []


@functools.cache
def _pattern(pattern):
    for java, python in _CLASSES.items():
        pattern = pattern.replace(java, python)
    return re.compile(pattern)


def _shown(value, shape):
    """No secrets: what the model calls sensitive is not shown."""
    return "a secret" if shape.metadata.get("sensitive") else repr(value)[:200]
