"""The JSON Schema of facts: every file is valid, and what is often mistyped is found."""

from __future__ import annotations

import copy
import json
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from loracfg.config.building.generate import schema_text
from loracfg.config.building.schema_tree import subschemas
from loracfg.runtimes.building import texts
from loracfg.runtimes.building.schema import FILE, facts_schema
from loracfg.runtimes.profile import Check, Fact, Formula, Pin, Profile
from tests.schema.reading import SCHEMAS, errors, properties

FACTS: Final = SCHEMAS.parent / "loracfg" / "runtimes" / "facts"
FILES: Final = sorted(FACTS.glob("*.toml"))
VALIDATOR: Final = Draft7Validator(facts_schema())


def read(path: Path) -> dict[str, Any]:
    """Return a file as editors see it: a date is a text."""
    return dict(json.loads(json.dumps(tomllib.loads(path.read_text("utf-8")), default=str)))


FACT: Final = {"when": ["use_dora"], "effect": "differs", "what": "does", "evidence": "a.py"}
CHECK: Final = {"by": "run", "on": "2026-11-26", "versions": "1.2.0 1.1.0-3", "what": "all"}
SMALL: Final[dict[str, Any]] = {
    "name": "engine",
    "title": "Engine",
    "checked": "2026-11-26",
    "newest": "1.2.0",
    "facts": [FACT],
    "checks": [CHECK],
}


def test_schema_is_up_to_date() -> None:
    assert (SCHEMAS / FILE).read_text("utf-8") == schema_text(facts_schema())
    Draft7Validator.check_schema(VALIDATOR.schema)


def test_schema_describes_all_keys() -> None:
    assert texts.OF_PROFILE.keys() == {"loads", *(one.name for one in fields(Profile))}
    for model, described in (
        (Check, texts.OF_CHECK),
        (Fact, texts.OF_FACT),
        (Formula, texts.OF_FORMULA),
        (Pin, texts.OF_PIN),
    ):
        assert described.keys() == set(model._fields)
    for place, inner in properties(VALIDATOR.schema):
        assert len(inner["description"]) > 3, place
        assert "`" not in inner["description"], place
    assert not any(inner.keys() & {"title", "$ref"} for inner in subschemas(VALIDATOR.schema))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files_are_valid_and_name_the_schema(path: Path) -> None:
    assert errors(VALIDATOR, read(path)) == []
    first = path.read_text("utf-8").partition("\n")[0]
    assert first.startswith("#:schema ")
    assert (FACTS / first.removeprefix("#:schema ")).resolve() == (SCHEMAS / FILE).resolve()


WRONG: Final[list[tuple[str, dict[str, Any]]]] = [
    ("/facts/0/effect", {"facts": [FACT | {"effect": "refuses"}]}),
    ("/facts/0/when/0", {"facts": [FACT | {"when": ["use_dorra"]}]}),
    ("/facts/0/when/0", {"facts": [FACT | {"when": ["not  use_dora"]}]}),
    ("/facts/0/when/0", {"facts": [FACT | {"when": ["largest_rank >= max_lora_rank"]}]}),
    ("/facts/0/when/0", {"facts": [FACT | {"when": ["rank > 16"]}]}),
    ("/facts/0/when/0", {"facts": [FACT | {"when": ["leaves in target_modules"]}]}),
    ("/facts/0/when/0", {"facts": [FACT | {"when": ["architecture > 16"]}]}),
    ("/facts/0/when", {"facts": [FACT | {"when": "use_dora"}]}),
    ("/facts/0/versions", {"facts": [FACT | {"versions": "<=0.12"}]}),
    ("/facts/0/versions", {"facts": [FACT | {"versions": "0.12"}]}),
    ("/facts/0/versions", {"facts": [FACT | {"versions": ">=0.12 <0.32"}]}),
    ("/facts/0/versions", {"facts": [FACT | {"versions": ">=0.12,"}]}),
    ("/facts/0/evidence", {"facts": [FACT | {"evidence": ""}]}),
    ("/facts/0", {"facts": [FACT | {"version": ">=0.12"}]}),
    ("/facts/0", {"facts": [{k: v for k, v in FACT.items() if k != "evidence"}]}),
    ("/facts/0", {"facts": [{k: v for k, v in FACT.items() if k != "what"}]}),
    ("/facts/0", {"facts": [FACT | {"message": "an error"}]}),
    ("/facts/0", {"facts": [FACT | {"effect": "loads"}]}),
    ("/facts/0", {"facts": [FACT | {"effect": "raises", "scale": True}]}),
    ("/facts/0", {"facts": [FACT | {"other_message": "an error"}]}),
    ("/loads/0/features/0", {"loads": [{"features": ["use_lora"], "evidence": "a.py"}]}),
    ("/loads/0", {"loads": [{"features": ["use_dora"], "evidence": "a.py", "effect": "loads"}]}),
    ("/newest", {"newest": "v1.2"}),
    ("/newest", {"newest": 1}),
    ("/checked", {"checked": "26.11.2026"}),
    ("/checks", {"checks": []}),
    ("/checks/0/by", {"checks": [CHECK | {"by": "tried"}]}),
    ("/checks/0/on", {"checks": [CHECK | {"on": "today"}]}),
    ("/checks/0/versions", {"checks": [CHECK | {"versions": "1.2.x"}]}),
    ("/checks/0/versions", {"checks": [CHECK | {"versions": ["1.2.0"]}]}),
    ("/checks/0/versions", {"checks": [CHECK | {"versions": ""}]}),
    ("/releases", {"releases": "1.2.0, 1.3.0"}),
    ("/limits/max_lora_rank", {"limits": {"max_lora_rank": -1}}),
    ("/limits", {"limits": {"max-lora-rank": 16}}),
    ("/sets/experts", {"sets": {"experts": "w1"}}),
    ("/architectures/takes", {"architectures": {"takes": "LlamaForCausalLM <0.12"}}),
    ("/architectures/takes", {"architectures": {"takes": "LlamaForCausalLM<=0.12"}}),
    ("/modules/q_proj", {"modules": {"q_proj": ""}}),
    ("/formulas/0/alpha", {"formulas": [{"alpha": "r", "rank": "own", "rslora": True}]}),
    ("/pins/0/peft", {"pins": [{"peft": ">=0.15", "evidence": "a.py"}]}),
    ("", {"fact": []}),
]


@pytest.mark.parametrize(("place", "edit"), WRONG, ids=[str(edit) for _, edit in WRONG])
def test_mistakes_are_located(place: str, edit: dict[str, Any]) -> None:
    assert errors(VALIDATOR, SMALL) == []
    found = errors(VALIDATOR, copy.deepcopy(SMALL) | edit)
    assert {where for where, _ in found} == {place}, json.dumps(found)


@pytest.mark.parametrize("key", ["name", "title", "checked", "newest", "facts", "checks"])
def test_missing_keys_are_found(key: str) -> None:
    found = errors(VALIDATOR, {name: value for name, value in SMALL.items() if name != key})
    assert [where for where, _ in found] == [""]
