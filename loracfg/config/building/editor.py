"""The schema for editors. It covers all releases and depends on `peft_type` and `peft_version`.

Keywords that are not in draft-07 are for VS Code, JetBrains and the YAML language server. Values
must match the annotations, except that null is allowed wherever PEFT loads it, and unknown keys are
allowed: editors should not mark anything that loads.
"""

from __future__ import annotations

from typing import Any, Final

from loracfg.config.building.editor_texts import with_editor_texts
from loracfg.config.building.open import open_nested
from loracfg.config.building.release import NEVER_IN_A_FILE, file_properties
from loracfg.config.building.schema_tree import DIALECT, Schema, rebuilt, types
from loracfg.config.building.snippets import SNIPPETS
from loracfg.config.history.all_fields import FIELDS, notes
from loracfg.config.history.annotations import Since, Until
from loracfg.config.history.field_table import UNTIL
from loracfg.config.history.releases import FIRST_TO_SAVE, RELEASES, at_least, find_release
from loracfg.config.reading.tolerance import UNLOADED, loaded_value
from loracfg.config.reading.with_models import NESTED
from loracfg.config.schema.schema_files import EDITOR, URL

WRITTEN_BY_PEFT: Final = frozenset(
    {
        "auto_mapping",
        "inference_mode",
        "peft_version",
        "task_adapter_names",
        "gks_adapter_names",
    }
)
"""Keys that PEFT fills in, which editors should not suggest."""


def editor_schema() -> Schema:
    """Return the schema for editors."""
    definitions = {name: _property(name, _newest(name)) for name in FIELDS}
    every_key = {"properties": {name: _reference(name) for name in definitions}}
    generations = _generations(definitions)
    known = [one for series, _ in generations for one in series]
    return rebuilt(
        {
            "$schema": DIALECT,
            "$id": URL + EDITOR,
            "description": (
                "The `adapter_config.json` of a LoRA adapter, for all releases of PEFT up to "
                f"{RELEASES[-1]}."
            ),
            "type": "object",
            "defaultSnippets": SNIPPETS,
            "if": {"properties": {"peft_type": {"const": "LORA"} | _NOT_SUGGESTED}},
            "then": {
                "allOf": [
                    _REQUIRE_METHOD,
                    {"if": _version_of(known), "else": every_key},
                    *(
                        {"if": _version_of(series), "then": {"properties": properties}}
                        for series, properties in generations
                    ),
                ]
            },
            "definitions": definitions,
        },
        with_editor_texts,
    )


_NOT_SUGGESTED: Final = {"doNotSuggest": True}
"""Keeps editors from suggesting a key that a condition mentions."""

_DEPRECATED: Final = {
    NEVER_IN_A_FILE: "PEFT ignores this key in a file.",
    **{name: f"PEFT removed this key in {release}." for name, release in UNTIL.items()},
}
"""Keys to warn about, although a file that has them loads."""

_REQUIRE_METHOD: Final = {"if": {"required": ["r"]}, "then": {"required": ["peft_type"]}}
"""PEFT requires `peft_type`. Files of other tools with the same name have neither it nor `r`."""


def _newest(name: str) -> Schema:
    """Return a field's schema in the newest release that has it."""
    if name == NEVER_IN_A_FILE:
        return {"description": FIELDS[name].description}
    gone = notes(FIELDS[name], Until)
    release = RELEASES[RELEASES.index(gone[0].release) - 1] if gone else RELEASES[-1]
    return file_properties(release)[name]


def _generations(definitions: dict[str, Schema]) -> list[tuple[list[str], dict[str, Schema]]]:
    """Return the series of each generation, such as `0.17`, with its keys, oldest first.

    A value that a generation accepts in a different form than the newest gets its own definition.
    """
    found: list[tuple[list[str], dict[str, Schema]]] = []
    for series in dict.fromkeys(release.rpartition(".")[0] for release in RELEASES):
        properties = _properties_of(series, definitions)
        if found and found[-1][1] == properties:
            found[-1][0].append(series)
        else:
            found.append(([series], properties))
    return found


def _properties_of(series: str, definitions: dict[str, Schema]) -> dict[str, Schema]:
    found = {NEVER_IN_A_FILE: _reference(NEVER_IN_A_FILE)}
    for name, schema in file_properties(find_release(series)).items():
        definition = _property(name, schema)
        alike = [
            key
            for key, known in definitions.items()
            if known == definition and key.partition("-")[0] == name
        ]
        key = alike[0] if alike else f"{name}-{series}"
        definitions[key] = definition
        found[name] = _reference(key)
    return found


def _version_of(series: list[str]) -> Schema:
    """Return the condition that `peft_version` is a release or a pre-release of these series."""
    listed = "|".join(one.replace(".", r"\.") for one in series)
    version = {"type": "string", "pattern": rf"^({listed})(\.|$)"} | _NOT_SUGGESTED
    return {"properties": {"peft_version": version}, "required": ["peft_version"]}


def _reference(definition: str) -> Schema:
    return {"$ref": f"#/definitions/{definition}"}


def _property(name: str, schema: Schema) -> Schema:
    """Return the schema of a key, with what editors show and suggest for it."""
    found = _with_guide(name, FIELDS[name], open_nested(name, schema))
    if loaded_value(name, {name: None}, None) is not UNLOADED:
        found = _with_null(found)
    if name in _DEPRECATED:
        found["description"] = f"Deprecated. {found['description']}"
        found["deprecationMessage"] = _DEPRECATED[name]
    if "properties" in found:
        inner = NESTED[name].model_fields
        found["properties"] = {
            key: _with_guide(key, inner[key], item) for key, item in found["properties"].items()
        }
    return found


def _with_guide(name: str, info: Any, schema: Schema) -> Schema:
    """Add the first release with the key, and keep either its default or its examples."""
    (since,) = notes(info, Since)
    found = dict(schema)
    if not at_least(FIRST_TO_SAVE, since.release):
        found["description"] += f" Since PEFT {since.release}."
    if name in WRITTEN_BY_PEFT:
        found |= _NOT_SUGGESTED
    if found.get("default"):
        found.pop("examples", None)
    return found


def _with_null(schema: Schema) -> Schema:
    if "anyOf" in schema:
        first, *others = schema["anyOf"]
        return schema | {"anyOf": [_with_null(first), *others]}
    if "enum" in schema:
        meanings = [*schema["enumDescriptions"], "Not set."]
        return schema | {"enum": [*schema["enum"], None], "enumDescriptions": meanings}
    kinds = types(schema)
    return schema if "null" in kinds else schema | {"type": [*kinds, "null"]}
