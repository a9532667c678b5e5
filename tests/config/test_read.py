from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.config.model.constraints import conflicts
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.nested import LoftQConfig, LoraRuntimeConfig
from loracfg.config.reading.plain_config import read_with_models
from loracfg.config.reading.with_models import LOADS, NESTED, load_config
from loracfg.document.json_document import read_document
from loracfg.errors import LoracfgError
from loracfg.report.report import Location, Region
from tests.config.reading import FILE, reading_of

if TYPE_CHECKING:
    from pathlib import Path


def test_places_are_those_of_the_value_or_of_the_key() -> None:
    reading = reading_of('{\n  "r": 0,\n  "lora_aplha": 1,\n  "rank_pattern": {"a(": 1}\n}')
    places = {fault.location.pointer: fault.location for fault in reading.faults}
    assert places == {
        "/r": Location(FILE, "/r", Region(2, 8, 2, 9)),
        "/lora_aplha": Location(FILE, "/lora_aplha", Region(3, 3, 3, 15)),
        "/rank_pattern/a(": Location(FILE, "/rank_pattern/a(", Region(4, 20, 4, 24)),
    }


def test_all_faults_come_at_once_and_the_rest_is_read() -> None:
    reading = reading_of(
        {
            "r": 16,
            "lora_alpha": "32",
            "lora_dropout": 3,
            "fan_in_fan_out": None,
            "rank_pattern": {"a": 0, "(": 1},
            "eva_config": {"rho": 0, "tau": 2, "extra": 1},
            "target_modules": ["q_proj"],
            "unknown": 1,
        }
    )
    kinds = sorted((fault.location.pointer, fault.kind) for fault in reading.faults)
    assert kinds == [
        ("/eva_config/extra", "unknown-key"),
        ("/eva_config/rho", "out-of-range"),
        ("/eva_config/tau", "out-of-range"),
        ("/fan_in_fan_out", "loose-value"),
        ("/lora_alpha", "wrong-type"),
        ("/lora_dropout", "out-of-range"),
        ("/rank_pattern/(", "invalid-pattern"),
        ("/rank_pattern/a", "out-of-range"),
        ("/unknown", "unknown-key"),
    ]
    assert reading.unusable == {"lora_alpha", "lora_dropout", "rank_pattern", "eva_config"}
    assert reading.config == LoraConfig(r=16, target_modules=["q_proj"])
    assert reading.usable("r", "target_modules", "fan_in_fan_out")
    assert "eva_config" in reading.present


def test_conflicts_are_noted_unless_a_side_is_unusable() -> None:
    (conflict,) = reading_of({"use_dora": True, "lora_bias": True}).conflicts
    assert (conflict.name, conflict.field) == ("lora-bias-with-dora", "lora_bias")
    assert reading_of({"target_modules": 1, "layers_pattern": "h"}).conflicts[0].name == (
        "pattern-without-layers"
    )
    assert reading_of({"layers_to_transform": "x", "layers_pattern": "h"}).conflicts == ()


@pytest.mark.parametrize(
    ("config", "name", "field", "message"),
    [
        (
            {"arrow_config": {}},
            "router-in-file",
            "arrow_config",
            "`arrow_config` is set, but PEFT cannot load a router from a file: the list of "
            "adapters to route among is lost",
        ),
        (
            {"init_lora_weights": "corda"},
            "corda-in-file",
            "init_lora_weights",
            '`init_lora_weights` is `"corda"`, which PEFT repeats on loading, but the '
            "covariances that it needs are not saved",
        ),
        (
            {"init_lora_weights": "loftq", "loftq_config": {"loftq_bits": 4}},
            "loftq-without-setting",
            "loftq_config",
            "`loftq_config` has no `loftq_iter`, and PEFT fails without it",
        ),
    ],
)
def test_what_can_be_created_but_not_loaded(
    config: dict[str, Any], name: str, field: str, message: str, tmp_path: Path
) -> None:
    (conflict,) = reading_of(config).conflicts
    assert (conflict.name, conflict.field, conflict.message) == (name, field, message)
    created = LoraConfig(**config)
    created.save_pretrained(tmp_path)
    assert LoraConfig.from_pretrained(tmp_path).to_dict() == created.to_dict()


def test_runtime_config_of_a_file_is_not_used() -> None:
    reading = reading_of({"runtime_config": {"ephemeral_gpu_offload": True}})
    assert reading.config.runtime_config == LoraRuntimeConfig()


def test_given_settings_of_loftq_are_kept() -> None:
    reading = reading_of(
        {"init_lora_weights": "loftq", "loftq_config": {"loftq_bits": 2, "loftq_iter": 3}}
    )
    assert reading.faults == ()
    assert reading.conflicts == ()
    assert reading.config.loftq_config == LoftQConfig(loftq_bits=2, loftq_iter=3)


TEXT = st.text(st.characters(), max_size=5)  # lone surrogates too, which JSON can spell
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
NESTED_KEYS = sorted({key for model in NESTED.values() for key in model.model_fields})
OBJECTS = st.dictionaries(st.sampled_from(NESTED_KEYS) | TEXT, JSON, max_size=4)
CONFIGS = st.dictionaries(
    st.sampled_from(sorted(LoraConfig.model_fields)) | TEXT, JSON | OBJECTS, max_size=8
)


@given(CONFIGS)
def test_no_object_raises_and_every_fault_can_be_written(config: dict[str, Any]) -> None:
    reading = reading_of(config)
    for fault in reading.faults:
        assert fault.message.isprintable()
        assert fault.help
        assert fault.location.region is not None
    for conflict in reading.conflicts:
        assert conflict.message.isprintable()
    assert reading.present == config.keys()
    refused = {fault.location.pointer for fault in reading.faults if fault.kind not in LOADS}
    assert {str(pointer).split("/")[1] for pointer in refused} >= reading.unusable


@given(CONFIGS)
def test_one_value_has_one_fault(config: dict[str, Any]) -> None:
    pointers = [fault.location.pointer for fault in reading_of(config).faults]
    assert len(pointers) == len(set(pointers))


@given(st.dictionaries(st.sampled_from(sorted(LoraConfig.model_fields)), JSON, max_size=3))
def test_a_config_without_faults_is_the_one_that_the_model_takes(config: dict[str, Any]) -> None:
    config.pop("runtime_config", None)
    reading = reading_of(config)
    if not reading.faults and not conflicts(reading.config):
        assert LoraConfig(**config) == reading.config
    else:
        with pytest.raises(ValueError, match="LoraConfig"):
            LoraConfig(**config)


@pytest.mark.slow
def test_patterns_are_compiled_within_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loracfg.config.reading.field_problems.PATTERN_SECONDS", 0.1)
    hostile = "[a-z]" * 40 + "(?:" + "[\x00-\U0010ffff]" * 2 + "){%d}"
    pattern = {"(?i:" + hostile % n + ")": 8 for n in range(1, 40_000)}
    document, _ = read_document(json.dumps({"rank_pattern": pattern}).encode(), FILE)
    assert document is not None
    (fault,) = read_with_models(document).faults
    assert fault.kind == "invalid-pattern"
    assert "was not checked: the patterns take too long to compile; " in fault.message


@pytest.mark.slow
def test_thousands_of_faults_are_found_in_linear_time() -> None:
    reading = reading_of(
        {"target_modules": [1] * 20_000, "rank_pattern": {str(i): 0 for i in range(20_000)}}
    )
    assert [fault.message for fault in reading.faults] == [
        "`target_modules.0` is `1`, not a string; 19999 others are invalid too",
        "`rank_pattern.0` is `0`, but must be `1` or more; 19999 others are invalid too",
    ]
    assert len(reading_of({f"lora_alpha{i}": 0 for i in range(2_000)}).faults) == 2_000


def write(directory: Path, data: bytes) -> Path:
    path = directory / FILE
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "cannot read `{path}`: the file is empty"),
        (b"[]", "cannot read `{path}`: the file does not contain a JSON object"),
        (b'{"r": 8', "cannot read `{path}`: the file ends in the middle: the text ends where"),
        (b"\xef\xbb\xbf{}", "cannot read `{path}`: the file begins with a byte order mark"),
        (
            b'{"r": 0}',
            f"PEFT {PEFT_RELEASE} does not load `{{path}}`: `r` is `0`, but must be `1` or more",
        ),
        (
            b'{"lora_bias": true, "use_dora": true, "bias": 1}',
            f"PEFT {PEFT_RELEASE} does not load `{{path}}`: `bias` is `1`, not one of `none`, "
            "`all`, `lora_only`; `lora_bias` does not work with `use_dora`",
        ),
    ],
)
def test_a_file_that_cannot_be_loaded_raises_one_clear_error(
    data: bytes, message: str, tmp_path: Path
) -> None:
    path = write(tmp_path, data)
    with pytest.raises(LoracfgError) as caught:
        LoraConfig.from_pretrained(tmp_path)
    assert caught.value.message.startswith(message.format(path=path))


def test_a_missing_file_raises_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(LoracfgError, match="No such file or directory"):
        load_config(tmp_path / FILE, LoraConfig)


def test_a_file_with_oddities_is_loaded_as_peft_takes_it(tmp_path: Path) -> None:
    text = b'{"r": 4, "r": 8, "use_rslora": 1, "unknown": NaN, "merge_weights": null}\r\n'
    assert load_config(write(tmp_path, text), LoraConfig) == LoraConfig(r=8, use_rslora=True)
