"""The schema for editors: the branch for a file, and the texts that editors show."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loracfg.config.building.schema_tree import subschemas
from loracfg.config.history.all_fields import FIELDS
from loracfg.config.history.derived_models import model_at
from loracfg.config.history.releases import RELEASES
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.schema.schema_files import EDITOR
from loracfg.testing.arguments import arguments
from tests.schema.drawing import Document, documents
from tests.schema.published import published
from tests.schema.reading import committed, editor, errors, of_release, properties

SCHEMA: Final = committed(EDITOR)
DEFINITIONS: Final[dict[str, Any]] = SCHEMA["definitions"]
LORA: Final = {"peft_type": "LORA"}


def branch_keys(version: Any) -> set[str]:
    """Return the keys that are proposed for a file with this `peft_version`."""
    for branch in SCHEMA["then"]["allOf"]:
        condition = branch["if"].get("properties", {}).get("peft_version")
        if condition is None:
            continue
        met = isinstance(version, str) and re.search(condition["pattern"], version)
        chosen = branch.get("then" if met else "else")
        if chosen:
            return set(chosen["properties"])
    raise AssertionError(f"no branch for {version}")


def proposed(keys: set[str]) -> set[str]:
    hidden = ("doNotSuggest", "deprecationMessage")
    return {key for key in keys if not any(word in DEFINITIONS[key] for word in hidden)}


def test_published_files_that_peft_loads_are_accepted() -> None:
    loading = [file for file in published() if file.loads]
    assert {f.number: found for f in loading if (found := errors(editor(), f.document))} == {}


def test_published_files_of_others_are_left_alone() -> None:
    others = [file for file in published() if not file.loads]
    assert others
    assert {f.number: found for f in others if (found := errors(editor(), f.document))} == {}


@pytest.mark.parametrize("release", RELEASES)
def test_keys_follow_the_release(release: str) -> None:
    assert branch_keys(release) == {*model_at(release).model_fields, "runtime_config"}
    assert branch_keys(f"{release}.dev0") == branch_keys(release)


@pytest.mark.parametrize("version", [None, 3, "", "banana", "0.99.0", "1.0.0", "0.180.0"])
def test_other_versions_have_the_keys_of_all_releases(version: Any) -> None:
    assert branch_keys(version) == FIELDS.keys()


@pytest.mark.parametrize("release", RELEASES)
def test_values_follow_the_release(release: str) -> None:
    document = {**LORA, "peft_version": release, "r": 8}
    of_0_20 = {"init_lora_weights": "mica"}
    known = of_release(release, "strict").is_valid(
        {**LORA, "lora_alpha": 1, "lora_dropout": 0, **of_0_20}
    )
    has_field = "init_lora_weights" in model_at(release).model_fields
    assert editor().is_valid(document)
    assert editor().is_valid(document | of_0_20) == (known or not has_field)


@settings(deadline=None)
@given(st.sampled_from([None, *RELEASES]), documents())
def test_a_strictly_right_file_is_accepted(release: str | None, document: Document) -> None:
    """Given its own version, a newer one, or none."""
    if of_release(release or RELEASES[-1], "strict").is_valid(document):
        document.pop("peft_version", None)
        assert errors(editor(), document) == []
        if release is not None:
            assert errors(editor(), document | {"peft_version": release}) == []


@settings(deadline=None, max_examples=50)
@given(arguments())
def test_what_loracfg_writes_is_accepted(given: dict[str, Any]) -> None:
    data = LoraConfig.model_validate(given | {"peft_version": None}).to_dict()
    assert errors(editor(), json.loads(json.dumps(data))) == []


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"peft_type": "IA3", "r": "eight"},
        {"fine_tune_type": "lora", "num_layers": 8},
        {**LORA, "fan_in_fan_out": None, "unheard_of": 1, "eva_config": {"unheard_of": 1}},
        {**LORA, "enable_lora": [True, False], "merge_weights": False},
        {**LORA, "peft_version": "0.3.0", "kasa_config": {"beta": "x"}},
    ],
    ids=str,
)
def test_file_is_left_alone(document: Document) -> None:
    assert errors(editor(), document) == []


def test_config_without_its_method_is_marked() -> None:
    assert errors(editor(), {"r": 8}) == [("", "'peft_type' is a required property")]


def test_typing_error_lists_what_is_valid() -> None:
    ((pointer, message),) = errors(editor(), {**LORA, "bias": "lora"})
    assert (pointer, message) == ("/bias", "'lora' is not one of ['none', 'all', 'lora_only']")


def test_only_keys_that_people_write_are_proposed() -> None:
    unproposed = set(FIELDS) - proposed(set(FIELDS))
    assert unproposed == {
        *("auto_mapping", "inference_mode", "peft_version"),
        *("runtime_config", "merge_weights", "enable_lora"),
    }


def test_conditions_propose_nothing() -> None:
    conditions = [
        inner["if"] for inner in subschemas(SCHEMA) if "properties" in inner.get("if", ())
    ]
    assert len(conditions) > 10
    for condition in conditions:
        assert all(inner["doNotSuggest"] for inner in condition["properties"].values())


def test_texts_stand_in_all_forms() -> None:
    spoken = 0
    for inner in subschemas(SCHEMA):
        if "description" in inner:
            spoken += 1
            markdown = inner["markdownDescription"]
            assert inner["description"] == markdown.replace("`", "")
            html = inner["x-intellij-html-description"]
            assert html.count("<code>") == html.count("</code>") == markdown.count("`") / 2
        if "enumDescriptions" in inner:
            assert len(inner["markdownEnumDescriptions"]) == len(inner["enum"])
            assert len(inner["x-intellij-enum-metadata"]) == len(inner["enum"])
    assert spoken > 70


def test_only_keys_without_a_default_have_examples() -> None:
    kept = {name for name, inner in DEFINITIONS.items() if "examples" in inner}
    assert {"target_modules", "modules_to_save", "rank_pattern", "layer_replication"} <= kept
    assert not any(DEFINITIONS[name].get("default") for name in kept)
    assert DEFINITIONS["r"]["default"] == 8


def test_removed_keys_are_called_deprecated() -> None:
    for name in ("merge_weights", "enable_lora", "runtime_config"):
        assert DEFINITIONS[name]["description"].startswith("Deprecated. ")
        assert DEFINITIONS[name]["deprecationMessage"]


def test_a_nested_key_says_since_when_it_is() -> None:
    texts = dict(properties(SCHEMA))
    assert texts["/eva_config/rho"]["description"].endswith(" Since PEFT 0.14.0.")


@pytest.mark.parametrize("snippet", SCHEMA["defaultSnippets"], ids=lambda one: str(one["label"]))
def test_snippet_is_a_valid_config(snippet: dict[str, Any]) -> None:
    text = json.dumps(snippet["body"])
    text = re.sub(r'"\^(\$\{\d+:[^}]*\})"', r"\1", text)  # what follows a caret is no string
    text = re.sub(r"\$\{\d+\|(\w+)[^|]*\|\}", r"\1", text)
    text = re.sub(r"\$\{\d+:([^}]*)\}|\$\d+", r"\1", text)
    document = json.loads(text)
    assert errors(editor(), document) == []
    config = LoraConfig.model_validate(document)
    assert (config.r, config.task_type) == (16, "CAUSAL_LM")
    assert config.use_dora == (snippet["label"] == "DoRA")
    assert config.use_rslora == (snippet["label"] == "rsLoRA")
