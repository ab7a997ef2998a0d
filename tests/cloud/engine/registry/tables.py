"""Tabulator tables of buckets."""

import re

import yaml

from engine.registry.answers import invalid, refused

TYPES = {"BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "STRING", "BINARY", "DATE", "TIMESTAMP"}


def put(registry, bucket, name, config):
    """Null takes the table away."""
    held = registry.buckets.get(bucket)
    if not held:
        return refused("BucketNotFound", "Bucket not found")
    if config is None:
        held.tables.pop(name, None)
        return held
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]{0,254}", name):
        return invalid("tableName", "ValueError", "Invalid table name")
    fault = _fault(config)
    if fault:
        return invalid("config", "ValueError", fault)
    held.tables[name] = config
    return held


def rename(registry, bucket, name, wanted):
    held = registry.buckets.get(bucket)
    if not held:
        return refused("BucketNotFound", "Bucket not found")
    if name not in held.tables:
        return invalid("tableName", "NotFound", "Table not found")
    if wanted in held.tables:
        return invalid("newTableName", "Conflict", "Table with this name already exists")
    held.tables[wanted] = held.tables.pop(name)
    return held


def _fault(config):
    """What is wrong with a table's text, or None."""
    try:
        said = yaml.safe_load(config)
    except yaml.YAMLError as wrong:
        return str(wrong)
    if not isinstance(said, dict) or not {"schema", "source", "parser"} <= set(said) or set(said) - {"schema", "source", "parser", "continue_on_error"}:
        return "config has schema, source and parser"
    columns = said["schema"]
    if not isinstance(columns, list) or not columns or any(column.get("type") not in TYPES or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,254}", column.get("name", ""))
                                                           for column in columns):
        return "config.schema: wrong columns"
    if said["source"].get("type") != "quilt-packages" or not {"package_name", "logical_key"} <= set(said["source"]):
        return "config.source: wrong source"
    return None if said["parser"].get("format") in ("csv", "parquet") else "config.parser.format: csv or parquet"
