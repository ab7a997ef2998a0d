"""The sign-in mapping: checked when it is set, applied when somebody signs in by an identity provider."""

import re

import yaml

from engine.registry import state
from engine.registry.answers import Fault, invalid
from engine.registry.users import User

KNOWN = {"version", "mappings", "default_role", "union_roles"}


class SsoConfig:
    """A mapping, kept as it was sent."""

    def __init__(self, registry, text, said, uploader):
        self.registry, self.text, self.said, self.uploader, self.set = registry, text, said, uploader, state.now()

    def timestamp(self, info):
        return state.stamp(self.set)

    def roles(self):
        return {self.said["default_role"], *(role for mapping in self.said["mappings"] for role in mapping["roles"])}


def set_config(registry, text, caller):
    """Null takes it away, and null is the answer."""
    if text is None:
        registry.sso = None
        return None
    try:
        said = yaml.safe_load(text)
    except yaml.YAMLError as wrong:
        return _wrong("InvalidYaml", str(wrong))
    fault = _fault(registry, said)
    if fault:
        return _wrong("ValidationError", fault)
    config = SsoConfig(registry, text, said, caller)
    missing = sorted(role for role in config.roles() if not registry.role_named(role))
    if missing:
        return invalid("config", "RolesNotFound", f"Roles not found: {', '.join(missing)}", roles=missing)
    registry.sso = config
    return config


def _wrong(name, message):
    return invalid("config", name, message)


def _fault(registry, said):
    """What the server's own check says of a mapping, or None."""
    if not isinstance(said, dict):
        return "config: value is not a valid dict"
    for name in ("version", "mappings", "default_role"):
        if name not in said:
            return f"config.{name}: field required"
    if said["version"] != "1.0" or not isinstance(said["default_role"], str) or not isinstance(said["mappings"], list):
        return "config: value has a wrong type"
    if set(said) - KNOWN:
        return f"config.{sorted(set(said) - KNOWN)[0]}: extra fields not permitted"
    return next(filter(None, (_mapping_fault(registry, f"config.mappings.{i}", mapping) for i, mapping in enumerate(said["mappings"]))), None)


def _mapping_fault(registry, place, mapping):
    if not isinstance(mapping, dict):
        return f"{place}: value is not a valid dict"
    for name in ("schema", "roles"):
        if name not in mapping:
            return f"{place}.{name}: field required"
    if not isinstance(mapping["schema"], (dict, bool)):
        return f"{place}.schema: value is no JSON Schema"
    if not isinstance(mapping["roles"], list) or not mapping["roles"]:
        return f"{place}.roles: ensure this value has at least 1 items"
    if set(mapping) - {"schema", "roles", "admin"}:
        return f"{place}: extra fields not permitted"
    if "admin" in mapping and mapping["admin"] is None and not registry.platform_has(1, 69):
        return f"{place}.admin: none is not an allowed value"
    return None


def sign_in(registry, email, claims):
    """What a person's sign-in by the identity provider does; the user is made if there is none of that address."""
    user = next((user for user in registry.users.values() if user.email.lower() == email.lower()), None)
    if not user:
        if not registry.sso and not registry.default_role:
            return {"status": 400, "message": "Default role not set"}
        user = registry.add_user(User(registry, email[:64], email, registry.default_role, isSsoOnly=True))
    if registry.sso:
        _apply(registry, user, claims)
    user.seen = state.now()
    return {"status": 200, "name": user.name}


def _apply(registry, user, claims):
    said = registry.sso.said
    union = bool(said.get("union_roles")) and registry.platform_has(1, 69)    # an older platform ignores it
    fitting = [mapping for mapping in said["mappings"] if fits(mapping["schema"], claims)]
    fitting = fitting if union else fitting[:1]
    names = list(dict.fromkeys(role for mapping in fitting for role in mapping["roles"])) or [said["default_role"]]
    roles = [registry.role_named(name) for name in names]
    if user.role not in roles:
        user.role = roles[0]
    user.extraRoles = [role for role in roles if role is not user.role]
    flags = [mapping.get("admin") for mapping in fitting]
    if fitting and user is not registry.sso.uploader:
        user.isAdmin = True in flags and False not in flags


def fits(schema, value):
    """As much of JSON Schema as mappings are written in; what is not known here is a fault, never a yes."""
    if isinstance(schema, bool):
        return schema
    rules = {
        "type": lambda wanted: isinstance(value, {"object": dict, "array": list, "string": str, "boolean": bool}[wanted]),
        "required": lambda names: isinstance(value, dict) and all(name in value for name in names),
        "properties": lambda inner: not isinstance(value, dict) or all(fits(rule, value[name]) for name, rule in inner.items() if name in value),
        "const": lambda wanted: value == wanted,
        "enum": lambda allowed: value in allowed,
        "pattern": lambda wanted: not isinstance(value, str) or bool(re.search(wanted, value)),
        "contains": lambda rule: not isinstance(value, list) or any(fits(rule, item) for item in value),
    }
    unknown = sorted(set(schema) - set(rules))
    if unknown:
        raise Fault(f"the test registry reads no {', '.join(unknown)}")
    return all(rules[name](wanted) for name, wanted in schema.items())
