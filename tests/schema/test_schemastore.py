"""The files for SchemaStore follow its rules; negative files have exactly one fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from loracfg.config.building.schema_tree import Schema
from loracfg.config.building.schemastore import CONFIGS, FAULTS, negative_files, positive_files
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.validation_context import FIELDS_ONLY
from loracfg.config.schema.schema_files import EDITOR, URL
from tests.schema.reading import SCHEMAS, committed, editor, errors

STORE: Final = SCHEMAS / "schemastore"
DEFINITIONS: Final[dict[str, Schema]] = committed(EDITOR)["definitions"]
NEWEST: Final = {name: schema for name, schema in DEFINITIONS.items() if "-" not in name}
POSITIVE: Final = sorted((STORE / "test" / "adapter-config").glob("*.json"))
NEGATIVE: Final = sorted((STORE / "negative_test" / "adapter-config").glob("*.json"))


def test_entry_keeps_the_rules_of_the_catalogue() -> None:
    entry = json.loads((STORE / "catalog_entry.json").read_text())
    assert entry.keys() == {"name", "description", "fileMatch", "url"}
    assert entry["url"] == URL + EDITOR == committed(EDITOR)["$id"]
    for text in (entry["name"], entry["description"]):
        assert "schema" not in text.lower()
        assert text[-1].isalnum()
        assert "\n" not in text
    assert entry["fileMatch"] == ["**/adapter_config.json"]


@pytest.mark.parametrize("path", POSITIVE, ids=lambda path: path.stem)
def test_positive_file_passes(path: Any) -> None:
    assert errors(editor(), json.loads(path.read_bytes())) == []


@pytest.mark.parametrize("path", NEGATIVE, ids=lambda path: path.stem)
def test_negative_file_has_one_fault_in_the_right_place(path: Any) -> None:
    pointer, document = negative_files()[path.stem]
    assert json.loads(path.read_bytes()) == document
    assert [at for at, _ in errors(editor(), document)] == [pointer]


def test_all_files_are_there() -> None:
    assert {path.stem for path in POSITIVE} == positive_files().keys()
    assert {path.stem for path in NEGATIVE} == negative_files().keys()


@pytest.mark.parametrize("name", CONFIGS)
def test_positive_file_is_a_config(name: str) -> None:
    LoraConfig.model_validate({"target_modules": ["q_proj"], **CONFIGS[name]}, context=FIELDS_ONLY)


def test_every_key_has_a_positive_file_with_another_value_than_the_default() -> None:
    shown: set[str] = set()
    for document in positive_files().values():
        shown |= {place for place, value, schema in judged(document) if value != default(schema)}
    assert every_key() - shown == {"/runtime_config"}


def test_every_listed_value_is_in_a_positive_file() -> None:
    found: dict[str, list[Any]] = {}
    for document in positive_files().values():
        for place, value, _ in judged(document):
            found.setdefault(place, []).append(value)
    for place, schema in keys():
        for value in listed(schema):
            assert any(value is one or (value == one != (one is True)) for one in found[place]), (
                place,
                value,
            )


def test_every_key_and_every_list_of_values_has_a_negative_file() -> None:
    blamed = {"/" + "/".join(pointer.strip("/").split("/")[:2]) for pointer in FAULTS}
    blamed |= {"/" + pointer.strip("/").split("/")[0] for pointer in FAULTS}
    assert {f"/{name}" for name in NEWEST} - blamed == {"/peft_type", "/runtime_config"}
    bound = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum")
    for place, schema in keys():
        if any(keyword in schema for keyword in bound):
            assert place in blamed


def keys() -> Iterator[tuple[str, Schema]]:
    """Yield the keys of the newest release and the removed ones, nested ones too."""
    for name, schema in NEWEST.items():
        yield f"/{name}", schema
        for key, inner in schema.get("properties", {}).items():
            yield f"/{name}/{key}", inner


def every_key() -> set[str]:
    return {place for place, _ in keys()}


def judged(document: dict[str, Any]) -> Iterator[tuple[str, Any, Schema]]:
    """Yield the place, the value and the schema of each key of a document that the schema has."""
    if document.get("peft_type") != "LORA":
        return
    for place, schema in keys():
        _, name, *rest = place.split("/")
        value = document.get(name, ...)
        if rest:
            value = value.get(rest[0], ...) if isinstance(value, dict) else ...
        if value is not ...:
            yield place, value, schema


def default(schema: Schema) -> Any:
    return schema.get("default", ...)


def listed(schema: Schema) -> list[Any]:
    values: list[Any] = schema.get("anyOf", [schema])[0].get("enum", [])
    return values
