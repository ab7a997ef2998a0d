"""Where templates come from and what they say: every S3 address CloudFormation takes, references that lead nowhere, GetTemplateSummary."""

import copy
import functools
import json
import re
import urllib.parse

_BUCKET_IN_HOST = re.compile(r"(?P<bucket>.+)\.s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?$")
_PSEUDO = frozenset(f"AWS::{name}" for name in ("AccountId", "NoValue", "NotificationARNs", "Partition", "Region", "StackId", "StackName", "URLSuffix"))
_NO_SUCH_KEY = "S3 error: The specified key does not exist.\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"


def install():
    from ministack.services.cloudformation import changesets, engine, handlers, helpers, stacks
    document = helpers._resolve_document
    helpers._resolve_document = lambda *given: _document(document, *given)
    parse = functools.lru_cache(maxsize=64)(lambda body, go=engine._parse_template: _plain(go(body)))
    for module in (engine, handlers, changesets):
        module._parse_template = lambda body: copy.deepcopy(parse(body))
    support = engine.validate_template_support
    for module in (engine, handlers, changesets):
        if hasattr(module, "validate_template_support"):
            module.validate_template_support = functools.partial(_supported, support)
    engine._extract_deps = stacks._extract_deps = functools.partial(_depends, engine._extract_deps)
    handlers._ACTION_HANDLERS["GetTemplateSummary"] = summary
    handlers._ACTION_HANDLERS["ValidateTemplate"] = validate


def _plain(template):
    """Parameters are strings: `true` in a template is "true", not Python's word for it."""
    declared = template.get("Parameters")
    for parameter in declared.values() if isinstance(declared, dict) else ():
        if isinstance(parameter.get("Default"), bool):
            parameter["Default"] = _text(parameter["Default"])
        if isinstance(parameter.get("AllowedValues"), list):
            parameter["AllowedValues"] = [_text(value) for value in parameter["AllowedValues"]]
    return template


# --- where from

def _document(go, params, body_key, url_key, label):
    """Turns a virtual-hosted address into the path-style one ministack reads; a version that is named is the one that counts."""
    from ministack.services import s3
    from ministack.services.cloudformation import helpers
    url = helpers._p(params, url_key)
    if url and not helpers._p(params, body_key):
        parts = urllib.parse.urlsplit(url)
        host = _BUCKET_IN_HOST.match(parts.netloc)
        if host:
            params = {**params, url_key: [f"https://s3.amazonaws.com/{host['bucket']}{parts.path}"]}
        version = urllib.parse.parse_qs(parts.query).get("versionId")
        if version:
            bucket, _, key = f"{host['bucket']}{parts.path}".partition("/") if host else parts.path[1:].partition("/")
            data = s3._get_object_data(bucket, urllib.parse.unquote(key), version[0])
            return (None, helpers._error("ValidationError", _NO_SUCH_KEY)) if data is None else (data.decode(), None)
    body, refusal = go(params, body_key, url_key, label)
    if refusal and b"not found at" in refusal[2]:
        return None, helpers._error("ValidationError", _NO_SUCH_KEY)
    return body, refusal


# --- references

def _supported(go, template, conditions, params=None):
    """Everything CloudFormation refuses in a template before a stack exists."""
    if not template.get("Resources"):
        raise ValueError("Template format error: At least one Resources member must be defined.")
    go(template, conditions, params=params)
    if not template.get("Transform"):
        for section in ("Resources", "Outputs"):
            _resolved(template, section, conditions)
        _acyclic(template, conditions)


def _resolved(template, section, conditions):
    active = {name: part for name, part in template.get("Resources", {}).items() if conditions.get(part.get("Condition"), True)}
    known = {*_PSEUDO, *template.get("Parameters", {}), *active}
    named, read = set(), set()
    for part in template.get(section, {}).values():
        if isinstance(part, dict) and conditions.get(part.get("Condition"), True):
            _references({k: v for k, v in part.items() if k not in ("Condition", "Type", "Description")}, conditions, named, read)
    lost = sorted(read - set(active))
    if lost:
        raise ValueError(f"Template error: instance of Fn::GetAtt references undefined resource {lost[0]}")
    lost = sorted(named - known)
    if lost:
        raise ValueError(f"Template format error: Unresolved resource dependencies [{', '.join(lost)}] in the {section} block of the template")


def _references(node, conditions, named, read):
    """Collects the names that Ref and Sub use, and those that GetAtt reads, in the branches that count."""
    if isinstance(node, list):
        for part in node:
            _references(part, conditions, named, read)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if key == "Ref" and isinstance(value, str):
            named.add(value)
        elif key == "Fn::GetAtt":
            read.add(value.partition(".")[0] if isinstance(value, str) else value[0])
        elif key == "Fn::Sub":
            _sub_references(value, conditions, named, read)
        elif key == "Fn::If" and isinstance(value, list) and value[0] in conditions:
            _references(value[1 if conditions[value[0]] else 2], conditions, named, read)
        else:
            _references(value, conditions, named, read)


def _sub_references(value, conditions, named, read):
    text, given = (value[0], value[1]) if isinstance(value, list) else (value, {})
    _references(list(given.values()), conditions, named, read)
    for name in re.findall(r"\$\{([^!}][^}]*)\}", str(text)):
        if name not in given:
            (read if "." in name else named).add(name.strip().partition(".")[0])


def _depends(go, resource, names):
    """A reference in a resource's Metadata orders it after what it names, as one in its Properties does."""
    from ministack.services.cloudformation import engine
    return go(resource, names) | {name for name, _ in engine._intrinsic_references(resource.get("Metadata", {})) if name in names}


def _acyclic(template, conditions):
    from ministack.services.cloudformation import engine
    try:
        engine._topological_sort(template["Resources"], conditions)
    except ValueError as cycle:
        raise ValueError(str(cycle).replace("Circular dependency detected", "Circular dependency")) from None


# --- what it says

def summary(params):
    """GetTemplateSummary with every member the API documents."""
    from ministack.services.cloudformation import helpers
    template, refusal = _read(params)
    return refusal or helpers._xml(200, "GetTemplateSummaryResponse", f"<GetTemplateSummaryResult>{_summary(template)}</GetTemplateSummaryResult>")


def validate(params):
    """ValidateTemplate: no value is known, so every resource counts."""
    from ministack.services.cloudformation import handlers, helpers
    template, refusal = _read(params)
    if refusal:
        return refusal
    try:
        handlers.validate_template_support(template, {})
    except ValueError as wrong:
        return helpers._error("ValidationError", str(wrong))
    members = "".join(f"<member>{_declared(name, parameter)}</member>" for name, parameter in template.get("Parameters", {}).items())
    return helpers._xml(200, "ValidateTemplateResponse", f"<ValidateTemplateResult><Parameters>{members}</Parameters>"
                        + _element("Description", template.get("Description")) + handlers._capabilities_xml(template) + "</ValidateTemplateResult>")


def _read(params):
    """The template of a request, or of the stack it names; or a refusal."""
    from ministack.services.cloudformation import handlers, helpers
    body, refusal = helpers._resolve_template(params)
    if not body and not refusal:
        stack = handlers._resolve_stack(helpers._p(params, "StackName"))
        if not stack or stack["StackStatus"] == "DELETE_COMPLETE":
            return None, helpers._error("ValidationError", f"Stack with id {helpers._p(params, 'StackName')} does not exist")
        body = stack["_template_body"]
    if refusal:
        return None, refusal
    try:
        return handlers._parse_template(body), None
    except Exception as wrong:    # whatever the reader of YAML or JSON says
        return None, helpers._error("ValidationError", f"Template format error: {wrong}")


def _summary(template):
    from ministack.services.cloudformation import handlers
    kinds = sorted({part.get("Type", "") for part in template.get("Resources", {}).values()})
    members = "".join(_parameter(name, declared) for name, declared in template.get("Parameters", {}).items())
    metadata = template.get("Metadata")
    return (_element("Description", template.get("Description")) + f"<Parameters>{members}</Parameters>"
            + "<ResourceTypes>" + "".join(f"<member>{kind}</member>" for kind in kinds) + "</ResourceTypes>"
            + handlers._capabilities_xml(template)
            + _element("Metadata", json.dumps(metadata, default=str) if metadata else None)
            + _element("Version", template.get("AWSTemplateFormatVersion")))


def _parameter(name, declared):
    allowed = "".join(f"<member>{_escaped(_text(value))}</member>" for value in declared.get("AllowedValues", []))
    return (f"<member>{_declared(name, declared)}" + _element("ParameterType", declared.get("Type", "String"))
            + f"<ParameterConstraints><AllowedValues>{allowed}</AllowedValues></ParameterConstraints></member>")


def _declared(name, declared):
    """What ValidateTemplate and GetTemplateSummary both tell: a default only where there is one."""
    return (_element("ParameterKey", name) + (_element("DefaultValue", _text(declared["Default"])) if "Default" in declared else "")
            + _element("NoEcho", _text(is_secret(declared))) + _element("Description", declared.get("Description")))


def _element(name, value):
    return "" if value is None else f"<{name}>{_escaped(value)}</{name}>"


def _escaped(value):
    from ministack.services.cloudformation import helpers
    return helpers._esc(str(value))


def _text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_secret(declared):
    return str(declared.get("NoEcho", "false")).lower() == "true"


def secret_parameters(sent):
    """Names of the NoEcho parameters of the template a recorded call carries, or of the stack it names."""
    from ministack.services.cloudformation import handlers, helpers
    value = lambda name: (sent.get(name) or {}).get("value") or ""
    body, _ = helpers._resolve_document({name: [value(name)] for name in ("TemplateBody", "TemplateURL")}, "TemplateBody", "TemplateURL", "Template")
    try:
        template = handlers._parse_template(body) if body else (handlers._resolve_stack(value("StackName")) or {}).get("_template", {})
    except Exception:    # a template that is no YAML declares nothing
        return frozenset()
    return frozenset(name for name, declared in (template.get("Parameters") or {}).items() if is_secret(declared))
