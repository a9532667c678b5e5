"""The open schema of a release, which accepts everything that the release loads.

It accepts unknown keys and the values in `tolerance.py`. These were observed with the newest
release; older ones check no more. Schemas do not express constraints between fields.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from loracfg.config.building.release import file_properties, required_keys, whole
from loracfg.config.building.schema_tree import Schema, constraints, described, types
from loracfg.config.history.field_facts import FLAGS
from loracfg.config.reading.tolerance import (
    COMPARED_NESTED,
    EMPTY_NAMES,
    FALSY_IS_UNSET,
    FATAL_KEYS,
    NAMES,
    PUT_INTO_TEXT,
    TRUTH_NESTED,
    UNREAD,
    UNREAD_NESTED,
    WHOLE_NUMBERS,
)
from loracfg.config.schema.schema_files import file_name

_FALSY: Final[list[Any]] = [None, False, 0, "", [], {}]


def open_schema(release: str) -> Schema:
    """Return the schema of the files that a release loads."""
    properties = file_properties(release)
    return whole(
        file_name(release, "open"),
        f"The adapter_config.json of a LoRA adapter that PEFT {release} loads. Unknown keys are "
        "allowed.",
        {
            "type": "object",
            "properties": {name: _open(name, schema) for name, schema in properties.items()},
            "required": required_keys(release),
        },
    )


def open_nested(field: str, schema: Schema) -> Schema:
    """Return the schema of a field, allowing unknown keys in a nested config if PEFT drops them."""
    if "properties" not in schema or field in FATAL_KEYS:
        return schema
    return {key: value for key, value in schema.items() if key != "additionalProperties"}


def _open(name: str, schema: Schema) -> Schema:
    return described(schema) | _loosened(name, constraints(schema))


def _loosened(name: str, judged: Schema) -> Schema:
    untested = name == "init_lora_weights" and types(judged) == ["boolean"]
    if name in FLAGS or name in UNREAD or untested:
        return {}
    if "properties" in judged:
        judged = open_nested(name, judged)
        nested = {key: _open_value(name, key, item) for key, item in judged["properties"].items()}
        judged = judged | {"properties": nested}
    if name in NAMES:
        judged = _names(name, judged)
    if name in WHOLE_NUMBERS:
        judged = judged | {"items": {"type": "number", "multipleOf": 1}}
    if name == "lora_dropout":
        judged = {"type": ["number", "boolean"], "maximum": 1}
    if name in FALSY_IS_UNSET:
        unset = [value for value in _FALSY if (name, value) != ("target_parameters", "")]
        judged = {"if": {"enum": unset}, "else": judged}
    return judged


def _names(name: str, judged: Schema) -> Schema:
    """Allow an object's keys as names, and empty names where PEFT ignores them."""
    item = dict(judged.get("items", {"type": "string"}))
    if name in EMPTY_NAMES:
        item.pop("minLength", None)
    loose = judged | {
        "type": list(dict.fromkeys([*types(judged), "array", "object"])),
        "items": item,
        "propertyNames": constraints(item),
    }
    if name == "target_parameters":  # PEFT sorts them
        del loose["items"]
        others = ({"type": ["number", "boolean"]}, {"type": "null"})
        return loose | {"anyOf": [{"items": one} for one in (item, *others)]}
    if name in PUT_INTO_TEXT:
        loose["items"] = item | {"type": ["string", "number", "boolean", "null"]}
    return loose


def _open_value(field: str, key: str, schema: Schema) -> Schema:
    """Return the schema of a value in a nested config."""
    if key in UNREAD_NESTED.get(field, ()) or (field, key) in TRUTH_NESTED:
        return described(schema)
    passes = COMPARED_NESTED.get((field, key))
    return schema if passes is None else _with_flags(schema, passes)


def _with_flags(schema: Schema, passes: Callable[[float], bool]) -> Schema:
    """Allow true and false as the numbers 1 and 0, as in Python, if they are in the range."""
    refused = [flag for flag in (False, True) if not passes(flag)]
    loose = schema | {"type": [*types(schema), "boolean"]}
    return loose | {"not": {"enum": refused}} if refused else loose
