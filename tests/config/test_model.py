from __future__ import annotations

import dataclasses
import enum
import json
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import peft
import pytest
from peft.tuners.lora import config as peft_configs
from pydantic import ValidationError

from loracfg.config.history.annotations import Since
from loracfg.config.history.field_table import UNTIL
from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.nested import BdLoraConfig, EvaConfig, LoftQConfig
from loracfg.config.reading.with_models import NESTED
from tests.corpus import shared

if TYPE_CHECKING:
    from pydantic import BaseModel

MODELS: dict[str, tuple[type[BaseModel], Any]] = {
    "LoraConfig": (LoraConfig, peft.LoraConfig),
    **{m.__name__: (m, getattr(peft_configs, m.__name__)) for m in NESTED.values()},
}
FIELDS = [
    (model, name, info) for model, _ in MODELS.values() for name, info in model.model_fields.items()
]


@pytest.mark.parametrize(
    "arguments",
    [
        {
            "r": 16,
            "lora_alpha": 32,
            "target_modules": ["q_proj", "v_proj"],
            "lora_dropout": 0.05,
            "bias": "none",
            "task_type": "CAUSAL_LM",
        },
        {
            "r": 64,
            "lora_alpha": 16,
            "target_modules": None,
            "lora_dropout": 0.1,
            "bias": "none",
            "task_type": "CAUSAL_LM",
        },
        {
            "r": 8,
            "lora_alpha": 16,
            "target_modules": ["q_proj", "k_proj", "v_proj", "o_proj"],
            "modules_to_save": ["embed_tokens", "lm_head"],
            "task_type": "CAUSAL_LM",
        },
    ],
)
def test_the_calls_that_users_of_peft_know_work(arguments: dict[str, Any]) -> None:
    config = LoraConfig(**arguments)
    assert {name: getattr(config, name) for name in arguments} == arguments
    assert config.model_fields_set == arguments.keys()


def test_the_release_is_the_installed_one() -> None:
    assert peft.__version__ == PEFT_RELEASE


@pytest.mark.parametrize("name", MODELS)
def test_the_fields_are_those_of_peft(name: str) -> None:
    ours, theirs = MODELS[name]
    assert ours.model_fields.keys() == {field.name for field in dataclasses.fields(theirs)}


@pytest.mark.parametrize("name", MODELS)
def test_the_defaults_are_those_of_peft(name: str) -> None:
    ours, theirs = MODELS[name]
    defaults = {
        name: info.get_default(call_default_factory=True)
        for name, info in ours.model_fields.items()
    }
    defaults |= {k: v.model_dump() for k, v in defaults.items() if hasattr(v, "model_dump")}
    expected = dataclasses.asdict(theirs())
    if name == "LoraConfig":
        # PEFT's __post_init__ sets these two.
        assert expected.pop("peft_version") == PEFT_RELEASE
        assert defaults.pop("peft_version") is None
        assert expected.pop("peft_type").value == defaults.pop("peft_type")
    assert repr(sorted(defaults.items())) == repr(sorted(expected.items()))


def test_the_ten_nested_configs_are_all_there() -> None:
    assert len(NESTED) == 10
    annotations = {f.name: str(f.type) for f in dataclasses.fields(peft.LoraConfig)}
    for field, model in NESTED.items():
        assert model.__name__ in annotations[field]


def since(info: Any) -> str:
    (found,) = [note for note in info.metadata if isinstance(note, Since)]
    return str(found.release)


@pytest.mark.parametrize(("model", "name", "info"), FIELDS)
def test_every_field_says_what_it_is_and_since_when(
    model: type[BaseModel], name: str, info: Any
) -> None:
    assert since(info)
    description = info.description
    assert description
    assert description[0].isupper() or description[0] == "`"
    assert description.endswith(".")
    for example in info.examples or ():
        model.model_validate({name: example})


def test_every_field_is_as_old_as_in_the_released_wheels() -> None:
    releases = json.loads(shared("facts/peft_fields.json").read_text())
    first: dict[tuple[str, str], str] = {}
    for release, facts in releases.items():
        for field in facts["fields"]:
            first.setdefault(("LoraConfig", field["name"]), release)
        for nested, details in facts["nested"].items():
            for field in details["fields"]:
                first.setdefault((nested, field["name"]), release)
    ours = {(model.__name__, name): since(info) for model, name, info in FIELDS}
    known = {key: release for key, release in ours.items() if release in releases}
    assert known == {key: release for key, release in first.items() if key[1] not in UNTIL}


def test_removed_fields_are_those_of_the_released_wheels() -> None:
    releases = json.loads(shared("facts/peft_fields.json").read_text())
    last: dict[str, str] = {}
    for release, facts in releases.items():
        last |= {field["name"]: release for field in facts["fields"]}
    names = list(releases)
    gone = {n: names[names.index(r) + 1] for n, r in last.items() if r != names[-1]}
    assert gone == UNTIL


class Method(enum.StrEnum):
    CAUSAL = "CAUSAL_LM"
    OTHER = "CAUSAL"


REFUSED: list[tuple[str, Any]] = [
    ("r", True),
    ("r", 8.0),
    ("r", "8"),
    ("r", None),
    ("r", 0),
    ("r", -1),
    ("r", np.int64(8)),
    ("lora_alpha", "16"),
    ("lora_alpha", True),
    ("lora_alpha", None),
    ("lora_alpha", math.nan),
    ("lora_alpha", -math.inf),
    ("lora_alpha", 10**400),
    ("lora_alpha", Decimal(16)),
    ("lora_alpha", np.float32(16)),
    ("lora_dropout", -0.1),
    ("lora_dropout", 1),
    ("lora_dropout", 1.0),
    ("lora_dropout", False),
    ("lora_dropout", math.nan),
    ("target_modules", {"q_proj": 1}),
    ("target_modules", {"q_proj", 1}),
    ("target_modules", ("q_proj", 1)),
    ("target_modules", ["q_proj", 1]),
    ("target_modules", [""]),
    ("target_modules", ["q_proj", None]),
    ("target_modules", "(q_proj"),
    ("target_modules", "(" * 5000 + ")" * 5000),
    ("target_modules", "(?:[a-z])" * 5000),
    ("target_modules", 5),
    ("exclude_modules", [1]),
    ("exclude_modules", "*"),
    ("modules_to_save", "lm_head"),
    ("modules_to_save", ["lm_head("]),
    ("modules_to_save", [""]),
    ("use_dora", 1),
    ("use_dora", "true"),
    ("use_dora", None),
    ("fan_in_fan_out", None),
    ("bias", "some"),
    ("bias", None),
    ("task_type", "causal_lm"),
    ("task_type", Method.OTHER),
    ("peft_type", "IA3"),
    ("peft_type", None),
    ("init_lora_weights", "zero"),
    ("init_lora_weights", "pissa_niter_N"),
    ("init_lora_weights", "pissa_niter_"),
    ("init_lora_weights", "Pissa"),
    ("init_lora_weights", "lora-ga"),
    ("init_lora_weights", 1),
    ("init_lora_weights", None),
    ("layers_to_transform", "0"),
    ("layers_to_transform", True),
    ("layers_to_transform", [0.0]),
    ("layers_to_transform", (0, 1.0)),
    ("layers_to_transform", range(2)),
    ("rank_pattern", None),
    ("rank_pattern", {"q_proj": 0}),
    ("rank_pattern", {"q_proj": 8.0}),
    ("rank_pattern", {"q_proj": True}),
    ("rank_pattern", {"q_proj(": 8}),
    ("rank_pattern", {"(?i)q_proj": 8}),
    ("rank_pattern", {1: 8}),
    ("alpha_pattern", {"q_proj": "8"}),
    ("alpha_pattern", {"q_proj": math.inf}),
    ("alpha_pattern", []),
    ("trainable_token_indices", []),
    ("trainable_token_indices", [-1]),
    ("trainable_token_indices", [1.0]),
    ("trainable_token_indices", 1),
    ("trainable_token_indices", {"embed_tokens": 1}),
    ("trainable_token_indices", {"embed_tokens": []}),
    ("loftq_config", None),
    ("loftq_config", {"loftq_bits": 3}),
    ("loftq_config", {"loftq_bits": 4.0}),
    ("loftq_config", {"loftq_iter": 0}),
    ("loftq_config", {"bits": 4}),
    ("eva_config", {"rho": 0.9}),
    ("eva_config", {"tau": 1.1}),
    ("eva_config", {"tau": math.nan}),
    ("eva_config", {"whiten": 0}),
    ("eva_config", LoftQConfig()),
    ("eva_config", True),
    ("corda_config", {"corda_method": "abc"}),
    ("lora_ga_config", {"scale": "none"}),
    ("velora_config", {"num_groups": 0}),
    ("velora_config", {"scale": 0}),
    ("velora_config", {"init_type": "zero"}),
    ("monteclora_config", {"num_samples": 0}),
    ("monteclora_config", {"dirichlet_prior": 0.0}),
    ("monteclora_config", {"buffer_size": -1}),
    ("kasa_config", {"beta": -1e-9}),
    ("kasa_config", {"gamma": -1}),
    ("arrow_config", {"top_k": 0}),
    ("arrow_config", {"router_temperature": 0}),
    ("use_bdlora", True),
    ("use_bdlora", {"nblocks": 0}),
    ("use_bdlora", {"target_modules_bd_a": ["x"], "target_modules_bd_b": ["y", "x"]}),
    ("alora_invocation_tokens", "hello"),
    ("alora_invocation_tokens", [True]),
    ("alora_invocation_tokens", {1, 2}),
    ("trainable_token_indices", (1, 2)),
    ("qalora_group_size", 0),
    ("layer_replication", [[0]]),
    ("layer_replication", [[0, 1, 2]]),
    ("layer_replication", [{0, 1}]),
    ("layer_replication", {(0, 1)}),
    ("layer_replication", [[0, True]]),
    ("layer_replication", [["0", "1"]]),
    ("layer_replication", ["01"]),
    ("auto_mapping", {"a": math.nan}),
    ("auto_mapping", {"a": [{"b": -math.inf}]}),
    ("auto_mapping", {1: "a"}),
    ("megatron_config", {"dtype": object()}),
    ("runtime_config", None),
    ("runtime_config", {"ephemeral_gpu_offload": 1}),
    ("lora_alpah", 16),
]

ACCEPTED: list[tuple[str, Any]] = [
    ("r", 1),
    ("lora_alpha", 0),
    ("lora_alpha", -16),
    ("lora_alpha", 11.313708498984761),
    ("lora_dropout", 0),
    ("lora_dropout", 0.999),
    ("target_modules", "all-linear"),
    ("target_modules", r"model\.layers\.\d+\.(q|v)_proj"),
    ("target_modules", ["q_proj", "q_proj"]),
    ("modules_to_save", []),
    ("modules_to_save", ["lm_head", "lm_head"]),
    ("bias", "lora_only"),
    ("task_type", None),
    ("init_lora_weights", False),
    ("init_lora_weights", "pissa_niter_16"),
    ("init_lora_weights", "Gaussian"),
    ("init_lora_weights", "OLORA"),
    ("init_lora_weights", "lora_ga"),
    ("layers_to_transform", 3),
    ("layers_to_transform", []),
    ("rank_pattern", {r"layers\.0\..*q_proj": 4, "^model.a|b": 2}),
    ("alpha_pattern", {"q_proj": 0.5}),
    ("trainable_token_indices", [0, 1]),
    ("trainable_token_indices", {"embed_tokens": [3], "lm_head": [3]}),
    ("loftq_config", {}),
    ("exclude_modules", []),
    ("alora_invocation_tokens", []),
    ("auto_mapping", {"base_model_class": "M", "extra": [1, None, {"a": 2.5}]}),
    ("megatron_core", None),
    ("base_model_name_or_path", ""),
]


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_nothing_is_converted_and_nothing_out_of_range_is_taken(name: str, value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        LoraConfig(**{name: value})
    assert {error["loc"][0] for error in caught.value.errors()} == {name}


@pytest.mark.parametrize(("name", "value"), ACCEPTED)
def test_valid_values_stay_as_they_are(name: str, value: Any) -> None:
    kept = getattr(LoraConfig(**{name: value}), name)
    assert kept == value
    assert type(kept) is type(value)


def test_nested_configs_are_given_as_objects_or_as_json() -> None:
    assert LoraConfig(eva_config={"rho": 3}) == LoraConfig(eva_config=EvaConfig(rho=3))
    config = LoraConfig(loftq_config={"loftq_bits": 8})
    assert config.loftq_config == LoftQConfig(loftq_bits=8, loftq_iter=1)


def test_layer_ranges_are_given_as_tuples_or_as_json() -> None:
    config = LoraConfig(layer_replication=[(0, 2), (1, 3)])
    assert LoraConfig(layer_replication=[[0, 2], [1, 3]]) == config
    assert config.layer_replication == [(0, 2), (1, 3)]


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_a_refused_assignment_changes_nothing(name: str, value: Any) -> None:
    config = LoraConfig(r=4)
    before = config.model_copy(deep=True)
    with pytest.raises(ValidationError):
        setattr(config, name, value)
    assert config == before
    assert config.model_fields_set == {"r"}
    assert not hasattr(config, "lora_alpah")


@pytest.mark.parametrize(("name", "value"), ACCEPTED)
def test_a_valid_assignment_is_taken(name: str, value: Any) -> None:
    config = LoraConfig()
    setattr(config, name, value)
    assert getattr(config, name) == value
    assert name in config.model_fields_set


def test_an_assignment_that_breaks_a_constraint_changes_nothing() -> None:
    config = LoraConfig(use_dora=True)
    with pytest.raises(ValidationError, match="`lora_bias` does not work with `use_dora`"):
        config.lora_bias = True
    assert config == LoraConfig(use_dora=True)
    assert config.model_fields_set == {"use_dora"}
    config.use_dora = False
    config.lora_bias = True
    assert config.lora_bias is True


def test_assignments_to_nested_configs_are_validated_and_change_nothing_if_refused() -> None:
    config = LoraConfig(use_bdlora=BdLoraConfig(target_modules_bd_a=["o_proj"]))
    nested = config.use_bdlora
    assert nested is not None
    with pytest.raises(ValidationError, match="`nblocks` is `0`; pass a number above `0`"):
        nested.nblocks = 0
    with pytest.raises(ValidationError, match="`o_proj` in both `target_modules_bd_a` and"):
        nested.target_modules_bd_b = ["o_proj"]
    with pytest.raises(
        ValidationError, match=r"`blocks` is not a field of .*; did you mean `nblocks`"
    ):
        nested.blocks = 2  # type: ignore[attr-defined]
    assert config == LoraConfig(use_bdlora=BdLoraConfig(target_modules_bd_a=["o_proj"]))
    assert nested.model_fields_set == {"target_modules_bd_a"}
    nested.nblocks = 2
    assert config.use_bdlora == BdLoraConfig(target_modules_bd_a=["o_proj"], nblocks=2)


def test_defaults_are_not_shared() -> None:
    LoraConfig().rank_pattern["q_proj"] = 4
    assert LoraConfig().rank_pattern == {}


def test_patterns_that_take_long_to_compile_are_refused_within_a_second() -> None:
    wide = "(?i)" + "[\x00-\U0010ffff]" * 2000
    with pytest.raises(ValidationError, match="too many case-insensitive ranges"):
        LoraConfig(target_modules=wide)
