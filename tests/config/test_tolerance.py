"""Odd values in every field: our findings agree with what PEFT does on loading."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from typing import TYPE_CHECKING, Any, Final

import peft
import pytest
from peft.tuners.lora import LoraLayer
from torch import nn

from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.reading.config_reading import ConfigReading
from loracfg.config.reading.plain_config import read_with_models
from loracfg.config.reading.with_models import LOADS, NESTED
from loracfg.document.json_document import read_document
from tests.config.tiny import TinyModel, create, quiet, run, save_adapter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VALUES: Final[list[Any]] = [
    *(None, True, False, 0, 2, -1, 8.0, 1.5, 0.0, math.nan, math.inf, 10**400),
    *("", "x", "2", "none", "false", "(("),
    *([], ["x"], ["lin1", ""], ["(("], [1], [None], [1.0], [1, 1.5], [True], [[0, 1]], [[0, True]]),
    *({}, {"lin0": 2}, {"lin0": "2"}, {"lin0": None}, {"lin0": 2.0}, {"lin0": 0}, {"lin0": True}),
    *({"((": 2}, {"embed_tokens": [1]}, {"embed_tokens": 3}),
]
"""JSON values of every type, among them what looks like another type or names part of the base."""

FALSY: Final[list[Any]] = [None, False, 0, 0.0, "", [], {}]

NESTED_VALUES: Final[list[Any]] = [
    *(None, True, False, 0, 2, -1, 8.0, 1.5, 0.5, math.nan, math.inf, -math.inf, 10**400),
    *("", "x", "ipm", "random", "stable", "batch_average"),
    *([], ["lin0"], ["lin1"], [1], [None], {}, {"a": 1}),
]

NESTED_BASES: Final[dict[str, dict[str, Any]]] = {
    "eva_config": {"init_lora_weights": "eva", "eva_config": {}},
    "corda_config": {"corda_config": {}},
    "lora_ga_config": {"init_lora_weights": "lora_ga", "lora_ga_config": {}},
    "loftq_config": {"loftq_config": {"loftq_bits": 4, "loftq_iter": 1}},
    "velora_config": {"velora_config": {"num_groups": 3}},
    "monteclora_config": {"monteclora_config": {"buffer_size": 3, "num_samples": 2}},
    "use_bdlora": {
        "use_bdlora": {
            "target_modules_bd_a": ["lin0"],
            "target_modules_bd_b": ["lin1"],
            "nblocks": 2,
        }
    },
    "kasa_config": {"kasa_config": {}},
    "arrow_config": {"arrow_config": {}},
}

NESTED_FIELDS: Final = [
    (field, key) for field in NESTED_BASES for key in NESTED[field].model_fields
]

OF_THE_BASE: Final = re.compile(
    # What is fine on another base, or on another machine; the rules that know the base find it.
    r"Target modules .+ not found in the base model"
    r"|Target module .* is not supported"
    r"|modules_to_save cannot be applied to modules of type"
    r"|trainable_token_indices cannot be applied to modules of type"
    r"|matches neither A nor B block-diagonal patterns"
    r"|not divisible by"
    r"|No module named 'megatron'"
    r"|bitsandbytes is not available"
    r"|Overflow when unpacking",
    re.DOTALL,
)

WEIGHTS_MISFIT: Final = re.compile(r"size mismatch for|^'base_model\.model\..*'$", re.DOTALL)


def items(value: Any) -> list[Any]:
    """Return a value and everything inside it."""
    inner = list(value.values()) if isinstance(value, dict) else value
    found = [value]
    if isinstance(inner, list):
        for item in inner:
            found += items(item)
    return found


def has_bool(value: Any) -> bool:
    return any(isinstance(item, bool) for item in items(value))


def is_not_finite(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def is_no_pattern_for_targets(value: Any) -> bool:
    return isinstance(value, dict) and any(isinstance(one, list | str) for one in value.values())


STRICTER: Final[dict[str, Callable[[Any], bool]]] = {
    # true counts as 1 and false as 0; NaN and infinities make every output NaN.
    "lora_alpha": lambda value: has_bool(value) or is_not_finite(value),
    # The same; and a value for a module that is not targeted is never looked at, until it is.
    "alpha_pattern": lambda value: has_bool(value) or is_no_pattern_for_targets(value),
    "rank_pattern": is_no_pattern_for_targets,
    # true means layer 1 and false layer 0, where the author will have meant all or none; a
    # fraction or a text is the number of no layer.
    "layers_to_transform": lambda value: (
        has_bool(value) or 1.5 in value or any(isinstance(one, str) for one in [*value])
    ),
    "layer_replication": lambda value: value and has_bool(value),
    # The letters of a string are walked through: "none" saves what ends with n, o or e.
    "modules_to_save": lambda value: value and isinstance(value, str),
    # true counts as 1, a fraction is cut off, and a list in the list is in no text; what is no list
    # is never looked at without a `task_type`.
    "alora_invocation_tokens": lambda value: (
        value
        and (
            not isinstance(value, list)
            or has_bool(value)
            or 1.5 in value
            or isinstance(value[0], list)
        )
    ),
    "velora_config.num_groups": has_bool,
    "use_bdlora.nblocks": has_bool,
}
"""Values that PEFT loads and we refuse: it takes them for what their author cannot have meant."""


@dataclasses.dataclass
class Peft:
    """PEFT and an adapter that it saved, whose config is replaced at will."""

    directory: Path
    config: dict[str, Any]
    seen: dict[str, str]

    def load(self, config: dict[str, Any]) -> str:
        """Load the adapter with a config, run it, and return what was built.

        Tensors that are not in the weight file are no matter of the config: the adapter is then
        created instead.
        """
        text = json.dumps(config)
        if text not in self.seen:
            (self.directory / "adapter_config.json").write_text(text)
            model = self._load()
            run(model)
            self.seen[text] = describe(model)
        return self.seen[text]

    def _load(self) -> peft.PeftModel:
        try:
            with quiet():
                return peft.PeftModel.from_pretrained(TinyModel(), str(self.directory))
        except (RuntimeError, KeyError) as error:
            if not WEIGHTS_MISFIT.search(str(error)):
                raise
        with quiet():
            return create(peft.LoraConfig.from_pretrained(str(self.directory)))


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Peft:
    directory = tmp_path_factory.mktemp("adapter")
    return Peft(directory, save_adapter(directory), {})


def describe(model: nn.Module) -> str:
    """Return everything about a model that a config decides."""
    layers = [
        (
            name,
            layer.r,
            layer.scaling,
            {key: bool(flag) for key, flag in layer.use_rslora.items()},
            {key: bool(flag) for key, flag in layer.lora_bias.items()},
            [type(variant).__name__ for variant in layer.lora_variant.values()],
        )
        for name, layer in model.named_modules()
        if isinstance(layer, LoraLayer)
    ]
    kinds = [type(module).__name__ for module in model.modules()]
    dropouts = [float(m.p) for m in model.modules() if isinstance(m, nn.Dropout)]
    shapes = {key: tuple(tensor.shape) for key, tensor in model.state_dict().items()}
    trained = [name for name, parameter in model.named_parameters() if parameter.requires_grad]
    return repr((layers, kinds, dropouts, shapes, trained))


def read(config: dict[str, Any]) -> tuple[ConfigReading, list[str]]:
    """Return our reading of a config and the reasons why we say that PEFT fails on it."""
    document, _ = read_document(json.dumps(config).encode(), "adapter_config.json")
    assert document is not None
    reading = read_with_models(document)
    reasons = [fault.message for fault in reading.faults if fault.kind not in LOADS]
    reasons += [conflict.message for conflict in reading.conflicts]
    return reading, reasons


def disagreement(oracle: Peft, config: dict[str, Any], is_stricter: bool) -> str:
    """Return how our verdict and PEFT's differ, or nothing."""
    reading, reasons = read(config)
    try:
        built = oracle.load(config)
    except Exception as error:
        message = f"{type(error).__name__}: {error}"
        return "" if reasons or OF_THE_BASE.search(message) else f"PEFT fails: {message}"
    if reasons:
        return "" if is_stricter else f"PEFT loads what we refuse: {reasons}"
    if is_stricter:
        return "we do not refuse it"
    assert isinstance(reading.config, LoraConfig)
    return "" if oracle.load(reading.config.to_dict()) == built else "PEFT works with another value"


def disagreements(
    oracle: Peft, name: str, values: list[Any], changed: Callable[[Any], dict[str, Any]]
) -> dict[str, str]:
    """Return for each value on which we and PEFT differ, how."""
    stricter = STRICTER.get(name, lambda _: False)
    found = {}
    for value in values:
        try:
            is_stricter = bool(stricter(value))
        except (IndexError, KeyError, TypeError):
            is_stricter = False
        found[repr(value)[:30]] = disagreement(oracle, changed(value), is_stricter)
    return {value: how for value, how in found.items() if how}


@pytest.mark.parametrize("name", sorted(set(LoraConfig.model_fields) - {"runtime_config"}))
def test_we_refuse_what_peft_fails_on_and_read_what_it_works_with(oracle: Peft, name: str) -> None:
    assert disagreements(oracle, name, VALUES, lambda value: {**oracle.config, name: value}) == {}


@pytest.mark.parametrize(("name", "key"), NESTED_FIELDS)
def test_nested_values_are_judged_as_by_peft(oracle: Peft, name: str, key: str) -> None:
    base = oracle.config | NESTED_BASES[name]

    def changed(value: Any) -> dict[str, Any]:
        return {**base, name: {**base[name], key: value}}

    assert disagreements(oracle, f"{name}.{key}", NESTED_VALUES, changed) == {}


@pytest.mark.parametrize("name", NESTED_BASES)
def test_unknown_nested_keys_are_judged_as_by_peft(oracle: Peft, name: str) -> None:
    config = oracle.config | NESTED_BASES[name]
    config[name] = {**config[name], "unknown": 1}
    assert disagreement(oracle, config, is_stricter=False) == ""


@pytest.mark.parametrize(
    "init",
    [
        *(
            "gaussian",
            "Gaussian",
            "eva",
            "EVA",
            "olora",
            "OLORA",
            "pissa",
            "Pissa",
            "pissa_niter_2",
        ),
        *("pissa_niter_", "pissa_niter_N", "pissa_niter_2_niter_3", "pissa_2", "corda", "cordax"),
        *("loftq", "orthogonal", "Orthogonal", "lora_ga", "lora-ga", "mica", "MiCA", "random"),
    ],
)
def test_initialisations_are_known_as_to_peft(oracle: Peft, init: str) -> None:
    assert disagreement(oracle, {**oracle.config, "init_lora_weights": init}, False) == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"rank_pattern": {"(?i)LIN0": 2}},
        {"rank_pattern": {"lin0)|(lin1": 2}},
        {"alpha_pattern": {"(?P<a>lin0)": 2, "[": 1}},
        {"layers_to_transform": [0], "layers_pattern": "layers"},
        {"layers_to_transform": [0], "layers_pattern": "(?i)LAYERS"},
        {"layers_to_transform": [0], "layers_pattern": "(?P<idx>layers)"},
        {"layers_to_transform": [0], "layers_pattern": ["layers", "*"]},
        {"layers_to_transform": [0], "layers_pattern": {"layers": 1}},
        {"layers_to_transform": [1.0, 0]},
        {"layer_replication": [[0, 2], [1, 2]]},
        {"layer_replication": [[0, 2, 1]]},
        {"layer_replication": [[0.0, 2.0]]},
        {"layer_replication": [["0", "2"]]},
        {"layer_replication": [[None, 2]]},
        {"modules_to_save": ["he(a)d"]},
        {"modules_to_save": ["head)"]},
        {"modules_to_save": {"head": 1}},
        {"modules_to_save": ["", "head"]},
        {"target_modules": {"lin0": 1, "lin1": 2}},
        {"target_modules": "ALL-linear"},
        {"target_modules": [], "trainable_token_indices": [1]},
        {"target_modules": [], "modules_to_save": ["head"]},
        {"target_modules": "", "target_parameters": []},
        {"target_modules": [], "target_parameters": ["lin0.weight", ""]},
        {"target_modules": ["lin0"], "target_parameters": {"lin1.weight": 1}},
        {"exclude_modules": {"lin0": 1}},
        *({"exclude_modules": ["lin1", item]} for item in (99, None, True, 1.5, [1])),
        *({"target_parameters": value} for value in ([0, 1], [0, True], [None, None], [[1]])),
        *({"target_parameters": ["lin1.weight", item]} for item in (5, None)),
        *({"target_parameters": [0, item]} for item in (None, "")),
        *({"target_modules": ["lin0", item]} for item in (99, None)),
        *({"modules_to_save": ["head", item]} for item in (0, None)),
        {"layers_to_transform": [0], "layers_pattern": ["layers", 0]},
        {"layers_to_transform": [0], "layers_pattern": [None, "layers"]},
        {"trainable_token_indices": [1, 1]},
        {"trainable_token_indices": {"embed_tokens": []}},
        {"trainable_token_indices": {"embed_tokens": [-1]}},
        {"trainable_token_indices": {"embed_tokens": "1"}},
        {"trainable_token_indices": {"embed_tokens": [1]}, "modules_to_save": ["embed_tokens"]},
        {"alora_invocation_tokens": [1, 2.0]},
        {"alora_invocation_tokens": [1, "2"]},
        {"init_lora_weights": "loftq", "loftq_config": {"loftq_bits": 4}},
        {"init_lora_weights": "loftq", "loftq_config": {"loftq_iter": 4}},
        {"init_lora_weights": "loftq", "loftq_config": [4, 1]},
        {"init_lora_weights": "pissa", "loftq_config": {"loftq_bits": "x"}},
        {"use_bdlora": {"target_modules_bd_a": ["lin0"], "match_strict": 0}},
        {"use_bdlora": {"target_modules_bd_a": ["lin0"], "match_strict": "no"}},
        {"lora_bias": 1, "use_dora": "no"},
        {"lora_bias": 0.5, "init_lora_weights": "pissa"},
        {"lora_bias": "true", "init_lora_weights": 0},
        {"use_dora": {}, "kasa_config": {}},
        {"use_dora": "false", "kasa_config": {}},
        {"monteclora_config": False, "velora_config": {}},
        {"lora_bias": True, "init_lora_weights": None},
        {"lora_bias": 1, "init_lora_weights": ""},
        {"lora_bias": True, "init_lora_weights": []},
        {"lora_bias": True, "init_lora_weights": {}},
        {"lora_bias": True, "init_lora_weights": 0.0},
        {"lora_bias": 0, "init_lora_weights": None},
        *({"target_modules": "lin0", "layers_pattern": value} for value in FALSY),
        {"target_modules": ["lin0"], "layers_pattern": False},
        *({"layers_to_transform": [0], "layers_pattern": value} for value in FALSY),
        *({"layers_to_transform": value, "layers_pattern": 0} for value in FALSY),
        *({"trainable_token_indices": [1], "modules_to_save": value} for value in FALSY),
        {"megatron_config": {"hidden_size": 8}, "megatron_core": 0},
        {"megatron_config": {}, "megatron_core": 0},
    ],
)
def test_values_of_several_fields_are_judged_as_by_peft(
    oracle: Peft, changes: dict[str, Any]
) -> None:
    assert disagreement(oracle, oracle.config | changes, is_stricter=False) == ""


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("inference_mode", True, "unknown-key"),
        ("lora_dropout", 0.5, "unknown-key"),
        ("init_lora_weights", "gaussian", "unknown-key"),
        ("init_lora_weights", False, "unknown-key"),
        ("init_lora_weights", "pissa", "misspelt-key"),
        ("use_rslora", False, "unknown-key"),
        ("use_rslora", True, "misspelt-key"),
        ("lora_alpha", 32, "misspelt-key"),
    ],
)
def test_only_what_changes_the_result_is_missed(field: str, value: Any, kind: str) -> None:
    config = {"peft_type": "LORA", "target_modules": ["lin0"], f"{field}s": value}
    reading, _ = read(config)
    assert [fault.kind for fault in reading.faults] == [kind]


def test_loading_needs_no_key_but_the_method(oracle: Peft) -> None:
    config = {"peft_type": "LORA", "target_modules": ["lin0", "lin1"], "r": 2}
    assert disagreement(oracle, config, is_stricter=False) == ""
