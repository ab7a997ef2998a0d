"""DescribeStacks as AWS answers it: members that have no value are left out, what a request asked for is echoed."""


from engine import history

_catalogued = {}    # stack id -> the tags that Service Catalog has set, which no update takes away


def catalogue(stack_id, product):
    """Has Service Catalog have launched a stack, as this provisioned product."""
    region, account = stack_id.split(":")[3:5]
    arn = f"arn:aws:servicecatalog:{region}:{account}:stack/quilt/{product}"
    _catalogued[stack_id] = [{"Key": "aws:servicecatalog:provisionedProductArn", "Value": arn}]
    return {}


def install():
    from ministack.services.cloudformation import handlers
    handlers._ACTION_HANDLERS["DescribeStacks"] = describe
    template = handlers._ACTION_HANDLERS["GetTemplate"]
    handlers._ACTION_HANDLERS["GetTemplate"] = lambda params: _ascii(template(params))


def _ascii(answer):
    """An answer with `?` for what is not ASCII, as AWS gives templates, descriptions, parameters and outputs back (cloudformation-coverage-roadmap 814)."""
    status, headers, body = answer
    text = body.decode() if isinstance(body, bytes) else body
    plain = text.encode("ascii", "replace").decode()
    return status, headers, plain.encode() if isinstance(body, bytes) else plain


def describe(params):
    from ministack.services.cloudformation import _stacks, handlers, helpers
    name = helpers._p(params, "StackName")
    if name:
        stack = handlers._resolve_stack(name)
        if not stack or (stack["StackStatus"] == "DELETE_COMPLETE" and name != stack["StackId"]):
            return helpers._error("ValidationError", f"Stack with id {name} does not exist")
        found = [stack]
    else:
        found = [stack for stack in _stacks.values() if stack["StackStatus"] != "DELETE_COMPLETE"]
    page, more, refusal = helpers._page(found, params, "DescribeStacks")
    return refusal or _ascii(helpers._xml(200, "DescribeStacksResponse", f"<DescribeStacksResult><Stacks>{''.join(map(_stack, page))}</Stacks>{more}</DescribeStacksResult>"))


def _stack(stack):
    from ministack.services.cloudformation import handlers
    flag = lambda name: str(bool(stack.get(name))).lower()
    return ("<member>" + _one("StackId", stack["StackId"]) + _one("StackName", stack["StackName"]) + _one("Description", stack.get("Description"))
            + _one("StackStatus", stack["StackStatus"]) + _one("StackStatusReason", stack.get("StackStatusReason"))
            + _one("CreationTime", stack["CreationTime"]) + _one("LastUpdatedTime", stack["LastUpdatedTime"] if stack.get("_updated") else None)
            + _one("DeletionTime", stack.get("DeletionTime")) + _one("DisableRollback", flag("DisableRollback"))
            + _one("EnableTerminationProtection", flag("EnableTerminationProtection")) + _one("DeletionMode", stack.get("DeletionMode"))
            + _one("TimeoutInMinutes", stack.get("_minutes")) + _one("RoleARN", stack.get("_role"))
            + _many("NotificationARNs", map(_text, stack.get("_topics", []))) + _many("Capabilities", map(_text, stack.get("Capabilities", [])))
            + _many("Parameters", map(_parameter, stack.get("Parameters", []))) + _many("Outputs", map(_output, stack.get("Outputs", [])))
            + _many("Tags", (_one("Key", tag["Key"]) + _one("Value", tag.get("Value", ""), True) for tag in [*stack.get("Tags", []), *_catalogued.get(stack["StackId"], [])]))
            + _many("LastOperations", history.last_operations(stack)) + handlers._stack_drift_information_xml(stack) + "</member>")


def _parameter(parameter):
    value = "****" if parameter.get("NoEcho") else parameter.get("ParameterValue", "")
    return _one("ParameterKey", parameter["ParameterKey"]) + _one("ParameterValue", value, True)


def _output(output):
    return (_one("OutputKey", output["OutputKey"]) + _one("OutputValue", output["OutputValue"], True)
            + _one("Description", output.get("Description")) + _one("ExportName", output.get("ExportName")))


def _one(name, value, even_empty=False):
    return f"<{name}>{_text(value)}</{name}>" if value or even_empty else ""


def _many(name, members):
    """A list the API always sends, empty or not."""
    return f"<{name}>" + "".join(f"<member>{member}</member>" for member in members) + f"</{name}>"


def _text(value):
    from ministack.services.cloudformation import helpers
    return helpers._esc(str(value))
