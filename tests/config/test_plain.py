"""The fast reader of configs gives the same result as the models, or leaves it to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from loracfg.adapter.directory import Adapter
from loracfg.base.search import ResolvedBase
from loracfg.config import CONFIG_NAME
from loracfg.config.history.all_fields import FIELDS, has_field
from loracfg.config.history.field_facts import default_of, fields_of
from loracfg.config.history.releases import RELEASES
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.reading.config_reading import ConfigReading
from loracfg.config.reading.plain_config import MAX_CHARACTERS, read_plainly, read_with_models
from loracfg.document.json_document import Document, read_document
from loracfg.engine.engine import Engine
from loracfg.testing import arguments
from loracfg.testing.llama import BASE, llama
from tests.config.test_read import CONFIGS, JSON
from tests.corpus import shared

SHARE = 0.75
"""The least share of published configs without a fault, which are read plainly."""


SOME_WRONG = st.sets(st.sampled_from(sorted(arguments.FIELDS)), max_size=8).flatmap(
    lambda names: st.fixed_dictionaries({n: arguments.FIELDS[n] | JSON for n in sorted(names)})
)


def document_of(config: dict[str, Any]) -> Document:
    document, _ = read_document(json.dumps(config).encode(), CONFIG_NAME)
    assert document is not None
    return document


def values(reading: ConfigReading) -> dict[str, str]:
    """Return all values of a config as text that tells types apart."""
    return {name: repr(getattr(reading.config, name)) for name in LoraConfig.model_fields}


def same(document: Document) -> bool:
    """Compare both ways, and tell whether there was anything to compare."""
    plain = read_plainly(document)
    if plain is None:
        return False
    full = read_with_models(document)
    assert values(plain) == values(full)
    assert (plain.present, plain.unusable, plain.faults) == (full.present, frozenset(), ())
    assert full.unusable == frozenset()
    assert full.faults == ()
    assert (plain.conflicts, plain.at_stake) == (full.conflicts, full.at_stake)
    return True


def reports(document: Document) -> Iterator[dict[str, Any]]:
    """Yield the report on a config without weights by both ways, if there is a plain one."""
    base = ResolvedBase(llama(dict(BASE)))
    for reading in (read_plainly(document), read_with_models(document)):
        adapter = Adapter({CONFIG_NAME: len(document.text)}, document, reading)
        if reading:
            yield Engine().open_read(adapter, base).report.to_dict()


@given(CONFIGS | SOME_WRONG | arguments.arguments())
@example({"r": 2**53, "lora_alpha": 2**53 - 1})
@example({"r": True, "use_dora": 1})
@example({"lora_dropout": 1, "bias": "None"})
@example({"lora_dropout": -0.0, "lora_alpha": -1e308})
@example({"target_modules": "(", "rank_pattern": {"(?P<n>x)|(?P<n>y)": 1}})
@example({"modules_to_save": ["(?i)[a-z]"], "layers_pattern": "(?P<idx>h)"})
@example({"target_modules": "(" * 5000})
@example({"revision": "\ud800", "auto_mapping": {"\udfff": "x"}})
@example({"auto_mapping": {"base_model_class": "ä", "parent_library": None}})
@example({"auto_mapping": {"x": "\ud800"}})
@example({"loftq_config": [], "megatron_config": {}, "init_lora_weights": "GAUSSIAN"})
@example({"init_lora_weights": "pissa_niter_N", "task_type": "causal_lm"})
@example({"runtime_config": None, "enable_lora": None})
def test_both_ways_give_the_same(config: dict[str, Any]) -> None:
    same(document_of(config))


@given(arguments.arguments())
def test_what_is_plainly_right_is_read_plainly(config: dict[str, Any]) -> None:
    rare = {*arguments.NESTED, "auto_mapping", "megatron_config", "layer_replication"}
    usual = {key: value for key, value in config.items() if key not in rare}
    large = any(type(v) is int and abs(v) >= 2**53 for v in usual.values())
    emoji = any("\U0001f917" in str(value) for value in usual.values())
    assert large or emoji or same(document_of(usual))


@given(CONFIGS | SOME_WRONG | arguments.arguments())
def test_both_ways_give_the_same_report(config: dict[str, Any]) -> None:
    found = list(reports(document_of(config | {"peft_type": "LORA"})))
    assert all(report == found[0] for report in found)


def test_a_numbers_type_is_kept() -> None:
    plain = read_plainly(document_of({"lora_alpha": 16.0, "alpha_pattern": {"q_proj": 8}}))
    assert plain is not None
    assert (repr(plain.config.lora_alpha), plain.config.alpha_pattern) == ("16.0", {"q_proj": 8})


def test_a_long_text_is_left_to_the_models() -> None:
    names = [f"model.layers.{number}.self_attn.q_proj" for number in range(2000)]
    document = document_of({"target_modules": names})
    assert len(document.text) > MAX_CHARACTERS
    assert read_plainly(document) is None


def test_configs_share_no_default() -> None:
    one, other = (read_plainly(document_of({})) for _ in range(2))
    assert one is not None
    assert other is not None
    assert one.config.rank_pattern == {}
    assert one.config.rank_pattern is not other.config.rank_pattern


def test_a_copy_has_the_other_values() -> None:
    plain = read_plainly(document_of({"r": 4, "use_dora": True}))
    assert plain is not None
    copy = plain.config.model_copy(update={"r": 2})
    assert (copy.r, copy.use_dora, plain.config.r) == (2, True, 4)


@pytest.mark.parametrize("release", RELEASES)
def test_the_table_has_the_fields_of_every_release(release: str) -> None:
    assert fields_of(release) == {n for n, info in FIELDS.items() if has_field(release, info)}


@pytest.mark.parametrize("name", sorted(LoraConfig.model_fields.keys() - {"runtime_config"}))
def test_the_table_has_the_defaults(name: str) -> None:
    assert repr(default_of(name)) == repr(getattr(LoraConfig(), name))


def test_published_configs_without_faults_are_read_plainly() -> None:
    documents = []
    for path in sorted(shared("corpus").glob("configs/*.json")):
        document, faults = read_document(path.read_bytes(), CONFIG_NAME)
        if document and not faults and document.value.get("peft_type") == "LORA":
            documents.append(document)
    plain = [document for document in documents if same(document)]
    assert len(plain) == sum(not read_with_models(document).faults for document in documents)
    assert len(plain) / len(documents) > SHARE
    for document in plain:
        one, other = reports(document)
        assert one == other
