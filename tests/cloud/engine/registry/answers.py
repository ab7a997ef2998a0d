"""Results of mutations as the schema has them, and faults, of which a caller is told nothing."""


class Fault(Exception):
    """The server failed: a caller reads `Internal Server Error`, and what was stored stays."""


class Forbidden(Exception):
    """The caller is known and may not."""


class Said:
    """A result that is nothing of the registry's own: the name of its type, and its fields."""

    def __init__(self, typename, **fields):
        self.typename = typename
        vars(self).update(fields)


def ok():
    return Said("Ok")


def invalid(path, name, message, **context):
    """One thing is wrong with what was sent."""
    return Said("InvalidInput", errors=[Said("InputError", path=path, name=name, message=message, context=context or None)])


def refused(name, message, **context):
    return Said("OperationError", name=name, message=message, context=context or None)


def typename(value, info, kind):
    """The type of a value where the schema allows several."""
    return getattr(value, "typename", type(value).__name__)
