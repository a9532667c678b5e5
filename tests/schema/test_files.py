"""Every generated file is valid, self-contained draft-07 with a description of each key."""

from __future__ import annotations

import hashlib
import json

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from loracfg.config.building.generate import schema_files
from loracfg.config.building.schema_tree import subschemas
from loracfg.config.history.derived_models import model_at
from loracfg.config.history.releases import RELEASES
from loracfg.config.schema.catalog import catalog_text, read_catalog
from loracfg.config.schema.schema_files import (
    ARCHITECTURE,
    CATALOG,
    EDITOR,
    PLAN,
    REPORT,
    SETTINGS,
    URL,
    file_name,
    read_file,
)
from loracfg.runtimes.building.schema import FILE
from loracfg.settings.building.schema import settings_schema
from loracfg.training.building.plan_schema import plan_schema
from tests.schema.reading import SCHEMAS, committed, properties

RELEASE_FILES = [file_name(release, v) for release in RELEASES for v in ("strict", "open")]
SCHEMA_FILES = [*RELEASE_FILES, EDITOR, REPORT, PLAN, ARCHITECTURE, SETTINGS]


def test_files_are_up_to_date() -> None:
    wanted = schema_files(settings_schema(), plan_schema())
    present = {path.relative_to(SCHEMAS).as_posix(): path for path in SCHEMAS.rglob("*.json")}
    present.pop(FILE)  # tests/runtimes/test_schema.py is about it
    assert present.keys() == wanted.keys()
    stale = [name for name, path in present.items() if path.read_bytes() != wanted[name].encode()]
    assert stale == [], "run docs/generate.py"


def test_file_names_differ_in_more_than_case() -> None:
    names = [path.as_posix().lower() for path in SCHEMAS.rglob("*.json")]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", SCHEMA_FILES)
def test_file_is_self_contained_draft_07(name: str) -> None:
    schema = committed(name)
    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert schema["$id"] == URL + name
    definitions = schema.get("definitions", {})
    used = set()
    for inner in subschemas(schema):
        assert not inner.keys() & {"prefixItems", "$defs", "title", "$anchor", "$dynamicRef"}
        assert not isinstance(inner.get("items"), list)
        if "$ref" in inner:
            assert inner.keys() == {"$ref"}
            used.add(inner["$ref"].removeprefix("#/definitions/"))
    assert used == definitions.keys()


@pytest.mark.parametrize("name", SCHEMA_FILES)
def test_every_property_says_what_it_is(name: str) -> None:
    schema = committed(name)
    found = 0
    for place, inner in properties(schema):
        if "$ref" in inner:
            inner = schema["definitions"][inner["$ref"].removeprefix("#/definitions/")]
        found += 1
        assert len(inner["description"]) > 3, place
        assert "`" not in inner["description"], place
    assert found > 10


@pytest.mark.parametrize("name", SCHEMA_FILES)
def test_every_listed_value_says_what_it_means(name: str) -> None:
    for inner in subschemas(committed(name)):
        if "enumDescriptions" in inner:
            assert len(inner["enumDescriptions"]) == len(inner["enum"])
            assert len(set(inner["enumDescriptions"])) == len(inner["enum"])


@pytest.mark.parametrize("release", RELEASES)
def test_defaults_are_those_of_the_model(release: str) -> None:
    schema = committed(file_name(release, "strict"))
    model = model_at(release)
    assert model.model_fields.keys() - {"runtime_config"} == schema["properties"].keys()
    for name, inner in schema["properties"].items():
        info = model.model_fields[name]
        if name == "peft_type" or info.is_required():
            assert name in schema["required"]
            assert "default" not in inner
        else:
            assert inner["default"] == info.get_default(call_default_factory=True)
            assert (
                committed(file_name(release, "open"))["properties"][name]["default"]
                == (inner["default"])
            )


@pytest.mark.parametrize("name", RELEASE_FILES)
def test_defaults_and_examples_are_valid(name: str) -> None:
    schema = committed(name)
    for _, inner in properties(schema):
        for value in [
            *inner.get("examples", []),
            *([inner["default"]] if "default" in inner else []),
        ]:
            assert Draft7Validator(inner).is_valid(value)


def test_catalog_has_the_digest_of_every_schema() -> None:
    catalog = read_catalog()
    assert list(catalog["releases"]) == list(RELEASES)
    assert catalog["newest"] == RELEASES[-1]
    others = catalog["editor"], catalog["report"], catalog["plan"]
    listed = [*others, catalog["architecture"], catalog["settings"]]
    for release in catalog["releases"].values():
        listed += [release["strict"], release["open"]]
    assert {entry["file"] for entry in listed} == set(SCHEMA_FILES)
    for entry in listed:
        assert hashlib.sha256(read_file(entry["file"])).hexdigest() == entry["sha256"]


def test_releases_of_a_generation_have_the_same_schema() -> None:
    releases = read_catalog()["releases"]
    contents = {}
    for release, entry in releases.items():
        both = [committed(entry[variant]["file"]) for variant in ("strict", "open")]
        kept = [{k: v for k, v in one.items() if k not in ("$id", "description")} for one in both]
        assert entry["keys"] == len(kept[0]["properties"])
        contents[release] = json.dumps(kept)
    for release, entry in releases.items():
        assert contents[release] == contents[entry["generation"]]
    named = [entry["generation"] for entry in releases.values()]
    assert len(set(contents.values())) == len(set(named))
    assert named == sorted(named, key=RELEASES.index)


@pytest.mark.parametrize("name", SCHEMA_FILES)
def test_installed_file_is_the_committed_one(name: str) -> None:
    assert read_file(name) == (SCHEMAS / name).read_bytes()


def test_catalog_of_the_installed_files_is_the_committed_one() -> None:
    assert catalog_text() == (SCHEMAS / CATALOG).read_text("utf-8")
