"""Generates the JSON Schema of the files in `facts/` from the classes that they are read into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from loracfg.config.building.schema_tree import DIALECT, Schema
from loracfg.runtimes.building.texts import (
    OF_BUFFERS,
    OF_CHECK,
    OF_FACT,
    OF_FORMULA,
    OF_LAYER,
    OF_LIMIT,
    OF_LOADS,
    OF_PIN,
    OF_PROFILE,
    OF_SERVER,
    OF_WRAPPED,
)
from loracfg.runtimes.conditions import COMPARISONS, NUMBERS, WORDS
from loracfg.runtimes.features import FEATURES
from loracfg.runtimes.profile import Check, Fact, Formula, Pin, Profile, WrappedEngine
from loracfg.runtimes.server_facts import BufferFacts, LayerFacts, ServerFacts
from loracfg.urls import SITE

FILE: Final = "runtimes/facts.schema.json"
"""The name of the schema under `schema/`."""
ADDRESS: Final = f"{SITE}schema/{FILE}"

_VERSION: Final = r"\d+(\.\d+)*(\.post\d+)?"
_RANGES: Final = rf"^((>=|<|==){_VERSION}(,(?!$)|$))+$"
_LISTED: Final = rf"^\s*({_VERSION}(-\d+)?(\s+|$))+$"
_NAME: Final = r"^[a-z][a-z0-9_]*$"
_CLASSES: Final = r"^\s*([\w.-]+((>=|<)\d+(\.\d+)*(,<\d+(\.\d+)*)?)?(\s+|$))*$"
_FEATURES: Final = [f"{sign}{name}" for name in FEATURES for sign in ("", "not ")]


def facts_schema() -> Schema:
    """Return the schema of the facts about an engine."""
    own: dict[str, Schema] = {
        "name": {"pattern": "^[a-z][a-z0-9.+-]*$"},
        "checked": _DAY,
        "checks": _list(_of_tuple(Check, OF_CHECK, {"on": _DAY, "versions": _VERSIONS}))
        | {"minItems": 1},
        "releases": _VERSIONS,
        "newest": {"pattern": f"^{_VERSION}$"},
        "oldest": {"pattern": f"^{_VERSION}$"},
        "untried": {"pattern": _RANGES},
        "facts": _list(_fact()),
        "limits": _table(_limit()),
        "sets": _table(_list(_TEXT) | {"minItems": 1}),
        "architectures": _table({"type": "string", "pattern": _CLASSES}),
        "modules": {"type": "object", "additionalProperties": _TEXT},
        "aliases": _table(_TEXT, r"^\S+$"),
        "formulas": _list(_of_tuple(Formula, OF_FORMULA, _PLAIN)),
        "based_on": _of_tuple(WrappedEngine, OF_WRAPPED, {"version": {"pattern": f"^{_VERSION}$"}}),
        "server": _of_tuple(ServerFacts, OF_SERVER, {}),
        "buffers": _buffers(),
        "pins": _list(_of_tuple(Pin, OF_PIN, {**_PLAIN, "peft": {"pattern": f"^{_VERSION}$"}})),
    }
    properties = dict(_properties(get_type_hints(Profile), OF_PROFILE, own))
    properties["loads"] = _list(_loads()) | {"description": OF_PROFILE["loads"]}
    given = (f.name for f in fields(Profile) if f.default is f.default_factory is MISSING)
    required = [*given, "checks"]
    head = {"$schema": DIALECT, "$id": ADDRESS, "description": "How an engine handles adapters."}
    return head | _object(properties, required)


_DAY: Final[Schema] = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"}
_VERSIONS: Final[Schema] = {"type": "string", "pattern": _LISTED}
_TEXT: Final[Schema] = {"type": "string", "minLength": 1}
_PLAIN: Final[Mapping[str, Schema]] = {"versions": {"pattern": _RANGES}}


def _fact() -> Schema:
    own = {**_PLAIN, "when": _list(_condition())}
    return _of_tuple(Fact, OF_FACT, own) | {
        "allOf": [
            _if("raises", {"anyOf": [{"required": ["message"]}, {"required": ["what"]}]}),
            _if("differs", {"required": ["what"]}),
            _if("unknown", {"required": ["what"]}),
            _if("loads", _without("what", "message")),
            *(_if(effect, _without("message")) for effect in ("differs", "unknown")),
            *(_if(effect, _without("scale")) for effect in ("raises", "unknown", "loads")),
        ],
        "dependencies": {"other_message": ["message"]},
    }


def _loads() -> Schema:
    own: dict[str, Schema] = {
        "features": _list({"enum": list(FEATURES)}) | {"minItems": 1},
        "evidence": dict(_TEXT),
        "versions": {"type": "string", **_PLAIN["versions"]},
    }
    described = {key: {"description": OF_LOADS[key]} | schema for key, schema in own.items()}
    return _object(described, ("features", "evidence"))


def _condition() -> Schema:
    """Return the schema of a condition. It lists the features, so editors can suggest them."""
    numbers, words = "|".join(sorted(NUMBERS)), "|".join(sorted(WORDS))
    above = [sign for sign, kind in COMPARISONS.items() if kind == "above"]
    others = "|".join(sign.strip() for sign, kind in COMPARISONS.items() if kind != "above")
    forms = [f"^({numbers}){sign}([1-9][0-9]*|[a-z][a-z0-9_]*)$" for sign in above]
    forms += [f"^({words}) ({others}) [a-z][a-z0-9_]*$"]
    forms.append("^(with|without) [a-z][a-z0-9_]*(=.+)?$")
    return {"anyOf": [{"enum": _FEATURES}, *({"type": "string", "pattern": f} for f in forms)]}


def _limit() -> Schema:
    """Return the schema of a setting: its default, or a table with the default and more."""
    kinds = [{"type": kind} for kind in ("boolean", "string")]
    value: Schema = {"anyOf": [*kinds, {"type": "number", "minimum": 0}, _list(_TEXT)]}
    own: dict[str, Schema] = {
        "default": value,
        "choices": {"type": "string", "pattern": _CLASSES},
        "versions": {"type": "string", "pattern": _RANGES},
    }
    described = {key: {"description": OF_LIMIT[key]} | schema for key, schema in own.items()}
    return {"anyOf": [*value["anyOf"], _object(described, ["default"])]}


def _buffers() -> Schema:
    number: Schema = {"type": "integer", "minimum": 1}
    layer = _of_tuple(LayerFacts, OF_LAYER, {"pieces": number})
    own: dict[str, Schema] = {
        **_PLAIN,
        "architectures": {"type": "string", "pattern": _CLASSES},
        "layers": _list(layer) | {"minItems": 1},
        "padding": number,
    }
    return _of_tuple(BufferFacts, OF_BUFFERS, own)


def _if(effect: str, then: Schema) -> Schema:
    tested = {"description": "What the engine does.", "const": effect}
    return {"if": {"properties": {"effect": tested}, "required": ["effect"]}, "then": then}


def _without(*keys: str) -> Schema:
    return {"allOf": [{"not": {"required": [key]}} for key in keys]}


def _of_tuple(model: Any, texts: Mapping[str, str], own: Mapping[str, Schema]) -> Schema:
    """Return the schema of a table that is read into a named tuple."""
    required = [name for name in model._fields if name not in model._field_defaults]
    return _object(dict(_properties(get_type_hints(model), texts, own)), required)


def _properties(
    types: Mapping[str, Any], texts: Mapping[str, str], own: Mapping[str, Schema]
) -> Iterator[tuple[str, Schema]]:
    for name, annotation in types.items():
        explicit = own.get(name, {})
        inferred = {} if "type" in explicit else _type(annotation)
        yield name, {"description": texts[name]} | inferred | explicit


def _type(annotation: Any) -> Schema:
    """Return the schema that follows from an annotation alone."""
    if annotation is bool:
        return {"type": "boolean"}
    if get_origin(annotation) is Literal:
        return {"enum": list(get_args(annotation))}
    if get_origin(annotation) is tuple:
        return _list(_TEXT)
    return dict(_TEXT) if annotation in (str, str | None) else {}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _table(values: Schema, keys: str = _NAME) -> Schema:
    return {"type": "object", "propertyNames": {"pattern": keys}, "additionalProperties": values}


def _object(properties: dict[str, Schema], required: Any) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": list(required),
    }
