"""The numbers of a plan are those of PEFT's model and of the file that it saves."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.adapter.directory import read_adapter
from loracfg.adapter.files import Folder
from loracfg.training.planned import Training
from tests.planning.models import architecture
from tests.planning.real import save
from tests.training.plan.drawn import outcomes, types
from tests.training.plan.drawn_configs import drawn_config
from tests.training.plan.tiny import adapted, planned

pytest.importorskip("peft", reason="plans are compared with PEFT")

LONG: Final = os.environ.get("LORACFG_PROFILE") == "long"
Q: Final = {"r": 4, "target_modules": ["q_proj"]}

CASES: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "plain": ("llama", Q),
    "all linear": ("llama", {"r": 4, "target_modules": "all-linear"}),
    "tied": ("llama-tied", {**Q, "modules_to_save": ["lm_head", "embed_tokens"]}),
    "tied together": (
        "llama-tied",
        {**Q, "modules_to_save": ["embed_tokens"], "ensure_weight_tying": True},
    ),
    "embedding": ("llama", {"r": 4, "target_modules": ["embed_tokens", "q_proj"]}),
    "tokens": ("llama-tied", {**Q, "trainable_token_indices": [1, 5]}),
    "tokens in a saved embedding": (
        "llama",
        {**Q, "trainable_token_indices": [1], "modules_to_save": ["embed_tokens"]},
    ),
    "replicated": ("llama-3-layers", {**Q, "layer_replication": [[0, 2], [0, 2]]}),
    "all biases": ("bert-tokens", {"r": 4, "target_modules": ["query"], "bias": "all"}),
    "biases of saved modules": (
        "bert-tokens",
        {"r": 4, "target_modules": ["query"], "bias": "all", "modules_to_save": ["key"]},
    ),
    "own biases": ("bert-tokens", {"r": 4, "target_modules": ["query"], "bias": "lora_only"}),
    "heads": ("llama-labels", {**Q, "task_type": "SEQ_CLS"}),
    "dora": ("llama", {**Q, "use_dora": True}),
    "biases of factors": ("llama", {**Q, "lora_bias": True}),
    "mica": ("llama", {"r": 4, "target_modules": "all-linear", "init_lora_weights": "mica"}),
    "kasa": ("llama", {**Q, "kasa_config": {}}),
    "velora": ("llama", {**Q, "velora_config": {"num_groups": 3}}),
    "monteclora": ("llama", {**Q, "monteclora_config": {"num_samples": 2}}),
    "experts": ("qwen3_moe", {**Q, "target_parameters": ["experts.gate_up_proj"]}),
    "conv1d": ("gpt2", {"r": 4, "target_modules": ["c_attn"]}),
    "shared": ("t5", {"r": 4, "target_modules": ["q"], "modules_to_save": ["shared"]}),
    "kinds": ("modules", {"r": 4, "target_modules": ["lin", "mha", "plane", "emb", "line"]}),
    "parts of buffers": (
        "modules",
        {"r": 4, "target_modules": ["lin"], "modules_to_save": ["norm"]},
    ),
}


def check(model: str, values: dict[str, Any], folder: Path, dtype: str = "float32") -> None:
    """Compare the plan of a config with what PEFT makes and saves."""
    theirs = adapted(model, values, dtype)
    trainable, whole = theirs.get_nb_trainable_parameters()
    save(theirs, folder)
    sizes = planned(model, values, Training(dtype)).sizes
    assert sizes is not None
    file = folder / "adapter_model.safetensors"
    header = read_adapter(Folder(folder)).header
    assert header is not None
    tuner = theirs.base_model
    assert sizes == (
        len(tuner.targeted_module_names) + len(tuner.targeted_parameter_names),
        len(header.shapes),
        trainable,
        whole,
        file.stat().st_size,
    )


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_case(name: str, dtype: str, tmp_path: Path) -> None:
    model, values = CASES[name]
    check(model, values, tmp_path, dtype)


def test_targets_and_others_add_up() -> None:
    plan = planned(*CASES["biases of saved modules"])
    assert plan.sizes is not None
    parts = [one.parameters for one in plan.targets] + [one.parameters for one in plan.others]
    assert sum(parts) == plan.sizes.trainable_parameters
    assert {one.what for one in plan.others} == {"saved modules", "biases"}


def test_parameters_are_targets_of_their_own() -> None:
    plan = planned(*CASES["experts"])
    named = {one.name: one.modules for one in plan.targets}
    assert named == {"q_proj": 2, "experts.gate_up_proj": 1}


@pytest.mark.parametrize("number", range(150 if LONG else 8))
def test_drawn_config_on_a_tiny_model(number: int, tmp_path: Path) -> None:
    seed = random.randrange(10**9)  # noqa: S311  # draws examples, no secrets
    rng = random.Random(seed)  # noqa: S311
    model = rng.choice(("llama", "llama-tied", "gpt2", "bert-tokens", "t5", "qwen3_moe", "whisper"))
    values = drawn_config(architecture(model), rng)
    values.pop("task_type", None)
    plan = planned(model, values)
    if plan.sizes is None:
        assert plan.report.status == "invalid", seed
        return
    check(model, values, tmp_path, rng.choice(("float32", "float16")))


@pytest.mark.slow
def test_drawn_bases() -> None:
    seed = random.randrange(10**9)  # noqa: S311
    known = types()
    names = random.sample(known, len(known) if LONG else 2)
    found = [one for name in names for one in outcomes(name, seed, 8 if LONG else 4)]
    assert [one for one in found if one.result == "differs"] == [], seed
