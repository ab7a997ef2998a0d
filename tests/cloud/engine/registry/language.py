"""The schema that the provider's operations are written against, read from the provider's own sources; on an older platform what came later is missing."""

import functools
import pathlib

from graphql import FieldDefinitionNode, InputValueDefinitionNode, REMOVE, Visitor, build_ast_schema, parse, visit

FILE = pathlib.Path(__file__).resolve().parents[4] / "src" / "catalog" / "schema.graphql"


@functools.lru_cache(maxsize=None)
def schema(platform):
    """The schema of a platform, as `1.64.2`."""
    return build_ast_schema(visit(parse(FILE.read_text()), _Older(version(platform))))


def fields(platform):
    """The names of the fields of every type, for the tests."""
    return {name: sorted(type.fields) for name, type in schema(platform).type_map.items() if hasattr(type, "fields") and not name.startswith("__")}


def version(platform):
    return tuple(int(part) for part in platform.split(".")[:2])


def is_for_admins(field):
    """Whether a field of the schema is asked of administrators alone."""
    return _directive(field, "admin") is not None


class _Older(Visitor):
    """Takes out what came after a platform."""

    def __init__(self, platform):
        super().__init__()
        self.platform = platform

    def enter(self, node, *_):
        if isinstance(node, (FieldDefinitionNode, InputValueDefinitionNode)):
            since = _directive(node, "since")
            if since and version(since.arguments[0].value.value) > self.platform:
                return REMOVE
        return None


def _directive(node, name):
    return next((directive for directive in node.directives or () if directive.name.value == name), None)
