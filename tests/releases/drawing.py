"""Draw random adapters that a PEFT release may have written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

from loracfg.adapter.directory import Adapter, read_adapter
from loracfg.adapter.header.tensor import Tensor
from loracfg.config.history.releases import between
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.validation_context import FIELDS_ONLY
from loracfg.planning.patterns import PatternBudget
from loracfg.releases.adapted_layers import layers, matching
from loracfg.testing.arguments import NUMBERS, accepted_values, arguments, with_all_keys
from loracfg.testing.memory_files import MemoryFiles, torch_bytes

RELEASES: Final = st.sampled_from(between("0.1.0"))

PATHS: Final = (
    "lm_head",
    "model.embed_tokens",
    "model.layers.0.mlp.experts.1.up_proj",
    "model.layers.0.mlp.up_proj",
    "model.layers.0.self_attn.q_proj",
    "model.layers.0.self_attn.v_proj",
    "model.layers.1.mlp.experts.0.up_proj",
    "model.layers.1.mlp.up_proj",
    "model.layers.1.self_attn.q_proj",
    "model.layers.1.self_attn.v_proj",
)
"""The modules of the model that drawn adapters are for."""

KEYS: Final = st.sampled_from(
    [
        "q_proj",
        "up_proj",
        "lm_head",
        "layers.0.self_attn.q_proj",
        "model.layers.1.mlp.up_proj",
        "^model.layers.0.mlp.up_proj",
        r"^model\.layers\.1\.self_attn\.v_proj$",
        "q_proj|v_proj",
        r"layers\.0\..*_proj",
        r"experts\.[01]\.up_proj",
    ]
)
TARGETS: Final = st.lists(
    st.sampled_from(
        ["q_proj", "v_proj", "proj", "up_proj", "lm_head", "model.layers.0.mlp.up_proj", "_proj"]
    ),
    min_size=1,
    max_size=3,
    unique=True,
)


@dataclass(frozen=True)
class Drawn:
    """An adapter, the release that it is one of, and the values of its config."""

    release: str
    values: dict[str, Any]
    adapter: Adapter


@st.composite
def drawn_adapters(draw: st.DrawFn, *, weights: bool | None = None) -> Drawn:
    """Draw a release and an adapter whose config it accepts, with or without weights."""
    release = draw(RELEASES)
    values = {"peft_type": "LORA", "lora_alpha": 16, "lora_dropout": 0.0} | draw(arguments())
    values["target_modules"] = draw(TARGETS | st.just(r".*\.[qv]_proj"))
    if draw(st.booleans()):
        values["rank_pattern"] = draw(st.dictionaries(KEYS, st.sampled_from([8, 16]), max_size=2))
        values["alpha_pattern"] = draw(st.dictionaries(KEYS, NUMBERS, max_size=2))
    values = json.loads(json.dumps(accepted_values(values, release)))
    if draw(st.booleans()):
        values = with_all_keys(values, release)
    with_weights = draw(st.booleans()) if weights is None else weights
    return Drawn(release, values, adapter(values, release, with_weights=with_weights))


def config_of(values: dict[str, Any]) -> LoraConfig:
    """Return what decides about layers in the values of any release."""
    known = {key: value for key, value in values.items() if key in LoraConfig.model_fields}
    return LoraConfig.model_validate_json(json.dumps(known), context=FIELDS_ONLY)


def adapter(values: dict[str, Any], release: str, *, with_weights: bool) -> Adapter:
    """Return the adapter of a config, with factors for what the release adapts by it."""
    contents = {"adapter_config.json": json.dumps(values, indent=2, sort_keys=True).encode()}
    if with_weights:
        found = layers(config_of(values), matching(release), PATHS, PatternBudget())
        tensors = [
            Tensor(f"base_model.model.{path}.lora_A.weight", "F32", (layer.rank, 8))
            for path, layer in found.items()
        ]
        saved = frozenset(values.get("modules_to_save") or ())
        tensors += [
            Tensor(f"base_model.model.{path}.weight", "F32", (8, 8))
            for path in PATHS
            if path not in found and not saved.isdisjoint(path.split("."))
        ]
        contents["adapter_model.bin"] = torch_bytes(tensors, data=False)
    return read_adapter(MemoryFiles(contents))
