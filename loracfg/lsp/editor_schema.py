"""The schema for editors, as what it says about keys and values of a config."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from loracfg.config.schema.schema_files import EDITOR, read_file
from loracfg.named_tuple import NamedTuple

if TYPE_CHECKING:
    from loracfg.document.json_value import Json, JsonObject

_REFERENCE: Final = "#/definitions/"
_BOOLEANS: Final = (True, False)


class KnownKey(NamedTuple):
    """A key that a config can have.

    Attributes:
        name: the key.
        text: what it means, as Markdown.
        default: its default.
        is_offered: whether a user would write it; PEFT writes some itself and has removed others.
        values: the values that it takes, if they are few.
        keys: the keys of its object, if it is one.
    """

    name: str
    text: str
    default: Json
    is_offered: bool
    values: tuple[KnownValue, ...] = ()
    keys: tuple[KnownKey, ...] = ()


class KnownValue(NamedTuple):
    """A value that a key takes, and what it means, as Markdown."""

    value: Json
    text: str = ""


class WholeConfig(NamedTuple):
    """A whole config to start from, with the stops of editors."""

    label: str
    text: str
    body: str


@cache
def known_keys(version: str | None) -> tuple[KnownKey, ...]:
    """Return the keys of a release of PEFT, or of any if the version is not a known one."""
    schema = _schema()
    parts = _list(_object(schema["then"])["allOf"])
    for part in parts:
        condition, branch = _object(part).get("if"), _object(part).get("then")
        if branch is not None and version is not None and _is_version(condition, version):
            return tuple(_keys(_object(branch)))
    every = next(_object(one)["else"] for one in parts if "else" in _object(one))
    return tuple(_keys(_object(every)))


@cache
def whole_configs() -> tuple[WholeConfig, ...]:
    """Return the configs to start from."""
    return tuple(_whole_config(_object(one)) for one in _list(_schema()["defaultSnippets"]))


@cache
def _schema() -> JsonObject:
    return _object(json.loads(read_file(EDITOR)))


def _is_version(condition: Json, version: str) -> bool:
    """Tell whether a condition on `peft_version`, and on nothing else, holds."""
    properties = _object(_object(condition).get("properties"))
    pattern = _object(properties.get("peft_version")).get("pattern")
    return isinstance(pattern, str) and re.search(pattern, version) is not None


def _keys(holder: JsonObject) -> Iterator[KnownKey]:
    for name, schema in _object(holder.get("properties")).items():
        found = _resolved(_object(schema))
        yield KnownKey(
            name,
            str(found.get("markdownDescription", "")),
            found.get("const", found.get("default")),
            not ("doNotSuggest" in found or "deprecationMessage" in found),
            tuple(_values(found)),
            tuple(_keys(found)),
        )


def _resolved(schema: JsonObject) -> JsonObject:
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    name = reference.removeprefix(_REFERENCE)
    return _object(_object(_schema()["definitions"])[name])


def _values(schema: JsonObject) -> Iterator[KnownValue]:
    """Yield the values that a schema lists, and those of the types that have few."""
    if "const" in schema:
        yield KnownValue(schema["const"])
    listed = _list(schema.get("enum"))
    texts = _list(schema.get("markdownEnumDescriptions")) or [""] * len(listed)
    yield from (KnownValue(*one) for one in zip(listed, map(str, texts), strict=True))
    kind = schema.get("type")
    kinds = [kind] if isinstance(kind, str) else _list(kind)
    if "boolean" in kinds:
        yield from map(KnownValue, _BOOLEANS)
    if "null" in kinds:
        yield KnownValue(None)
    for option in _list(schema.get("anyOf")):
        yield from _values(_object(option))


def _whole_config(schema: JsonObject) -> WholeConfig:
    text = json.dumps(schema["body"], indent=2)
    body = re.sub(r'"\^([^"]*)"', r"\1", text)
    return WholeConfig(str(schema["label"]), str(schema["description"]), body)


def _object(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
