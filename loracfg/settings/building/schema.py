"""Generates the JSON Schema of `loracfg.toml` from the declarations of its keys."""

from __future__ import annotations

from collections.abc import Mapping

from loracfg.config.building.schema_tree import DIALECT, Schema
from loracfg.config.schema.schema_files import SETTINGS, URL
from loracfg.settings.keys import GLOBS, OF_FILE, OF_PATHS, OF_POLICY, PATHS, POLICY, Key, ValueKind


def settings_schema() -> Schema:
    """Return the schema of `loracfg.toml`, and of `[tool.loracfg]` in `pyproject.toml`."""
    about = "The settings of loracfg: loracfg.toml, or [tool.loracfg] in pyproject.toml."
    whole = _table(about, OF_FILE)
    whole["properties"][PATHS] = {
        "description": "Settings for the adapters whose path matches a pattern; the last wins.",
        "type": "object",
        "propertyNames": {"pattern": GLOBS},
        "additionalProperties": _table("Settings for these adapters.", OF_PATHS),
    }
    whole["properties"][POLICY] = _table("What adapters may have.", OF_POLICY)
    return {"$schema": DIALECT, "$id": URL + SETTINGS} | whole


def _table(description: str, keys: Mapping[str, Key]) -> Schema:
    return {
        "description": description,
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _property(key) for name, key in keys.items()},
    }


def _property(key: Key) -> Schema:
    value = _value(key.kind)
    schema = {"type": "array", "items": value} if key.kind.is_list else value
    default = list(key.default) if isinstance(key.default, tuple) else key.default
    described = {"description": key.help.replace("`", "")} | schema
    return described if default is None else described | {"default": default}


def _value(kind: ValueKind) -> Schema:
    if kind.choices:
        return {"enum": list(kind.choices)}
    if kind.type == "integer":
        return {"type": "integer", "minimum": 1}
    return {"type": kind.type} | ({"pattern": kind.pattern} if kind.type == "string" else {})
