"""The adapters that loaders are asked about: what PEFT makes them with, and how they are patched.

Each is named after a row of the matrix in the project's notes. What a loader ought to compute is
what PEFT computed with the adapter before it was patched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    import torch

Patch = Callable[[Path], None]
Tensors = dict[str, "torch.Tensor"]

CONFIG: Final = "adapter_config.json"
WEIGHTS: Final = "adapter_model.safetensors"

ATTENTION: Final = ["q_proj", "k_proj", "v_proj", "o_proj"]
LINEAR: Final = [*ATTENTION, "gate_proj", "up_proj", "down_proj"]
_TEXT: Final[dict[str, Any]] = {
    "r": 8,
    "lora_alpha": 16,
    "lora_dropout": 0.0,
    "target_modules": LINEAR,
    "task_type": "CAUSAL_LM",
}
_IMAGES: Final[dict[str, Any]] = {
    "r": 4,
    "lora_alpha": 16,
    "target_modules": ["to_q", "to_k", "to_v", "to_out.0"],
}


class Case(NamedTuple):
    """An adapter: how its config differs, what is done to its folder, and its base."""

    config: Mapping[str, Any] = MappingProxyType({})
    patches: tuple[Patch, ...] = ()
    base: str = "llama"

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of `LoraConfig`, with those that most adapters of such a base have."""
        return (_IMAGES if self.base == "flux" else _TEXT) | dict(self.config)


def _config(**values: Any) -> Patch:
    """Set keys of the config; `None` for a value is written as `null`."""

    def patch(folder: Path) -> None:
        path = folder / CONFIG
        path.write_text(json.dumps(json.loads(path.read_text()) | values))

    return patch


def _without(key: str) -> Patch:
    def patch(folder: Path) -> None:
        path = folder / CONFIG
        data = json.loads(path.read_text())
        del data[key]
        path.write_text(json.dumps(data))

    return patch


def _tensors(change: Callable[[Tensors], Tensors]) -> Patch:
    """Write the weights anew as `change` returns them."""

    def patch(folder: Path) -> None:
        from safetensors.torch import load_file, save_file

        before = load_file(folder / WEIGHTS)
        after = change(before)
        if after.keys() == before.keys() and all(after[n] is before[n] for n in after):
            raise ValueError(f"nothing is changed in {folder}")
        save_file(after, folder / WEIGHTS, {"format": "pt"})

    return patch


def _rename(pattern: str, text: str) -> Patch:
    return _tensors(lambda tensors: {re.sub(pattern, text, n): t for n, t in tensors.items()})


_PREFIX: Final = _rename(r"^base_model\.model\.", "")
"""Leaves out the prefix of names."""


def _drop(pattern: str) -> Patch:
    return _tensors(lambda tensors: {n: t for n, t in tensors.items() if not re.search(pattern, n)})


def _cast(dtype: str) -> Patch:
    """Convert to another dtype, in which the values of adapters are exact."""

    def change(tensors: Tensors) -> Tensors:
        import torch

        return {name: tensor.to(getattr(torch, dtype)) for name, tensor in tensors.items()}

    return _tensors(change)


def _narrow(tensors: Tensors) -> Tensors:
    """Leave out the last 8 inputs of each `lora_A` of `q_proj`."""
    return {
        name: t[:, :-8].contiguous() if name.endswith("q_proj.lora_A.weight") else t
        for name, t in tensors.items()
    }


def _one_layer_more(tensors: Tensors) -> Tensors:
    last = {n.replace("layers.1.", "layers.2."): t for n, t in tensors.items() if "layers.1." in n}
    return tensors | {name: tensor.clone() for name, tensor in last.items()}


def _pickle(folder: Path) -> None:
    import torch
    from safetensors.torch import load_file

    torch.save(load_file(folder / WEIGHTS), folder / "adapter_model.bin")
    (folder / WEIGHTS).unlink()


def _pickle_beside(folder: Path) -> None:
    """Put an `adapter_model.bin` beside the weights that says something else."""
    import torch
    from safetensors.torch import load_file

    tensors = load_file(folder / WEIGHTS)
    torch.save({name: 2 * tensor for name, tensor in tensors.items()}, folder / "adapter_model.bin")


def _second_file(folder: Path) -> None:
    """Put another file of weights beside them that says something else."""
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / WEIGHTS)
    save_file({name: 2 * t for name, t in tensors.items()}, folder / "other.safetensors")


def _metadata(**values: Any) -> Patch:
    """Write keys of the config into the metadata of the weights, as diffusers does."""

    def patch(folder: Path) -> None:
        from safetensors.torch import load_file, save_file

        config = json.loads((folder / CONFIG).read_text()) | values
        tensors = load_file(folder / WEIGHTS)
        save_file(tensors, folder / WEIGHTS, {"lora_adapter_metadata": json.dumps(config)})

    return patch


def _added_tokens(folder: Path) -> None:
    (folder / "added_tokens.json").write_text(json.dumps({"<new>": 10_000}))


CASES: Final[dict[str, Case]] = {
    "plain": Case(),
    "rslora": Case({"use_rslora": True}),
    "alpha-pattern": Case({"alpha_pattern": {"v_proj": 64}}),
    "alpha-pattern-rslora": Case({"alpha_pattern": {"v_proj": 64}, "use_rslora": True}),
    "rank-pattern": Case({"rank_pattern": {"down_proj": 4}}),
    "rank-pattern-fused": Case({"rank_pattern": {"v_proj": 4}}),
    "both-patterns": Case({"rank_pattern": {"o_proj": 4}, "alpha_pattern": {"o_proj": 4}}),
    "large-rank": Case({"r": 32}),
    "dora": Case({"use_dora": True}),
    "dora-flag-off": Case({"use_dora": True}, (_config(use_dora=False),)),
    "lora-bias": Case({"lora_bias": True, "target_modules": ATTENTION}),
    "bias-all": Case({"bias": "all"}),
    "bias-lora-only": Case({"bias": "lora_only"}),
    "saved-head": Case({"modules_to_save": ["lm_head"]}),
    "saved-embeddings": Case({"modules_to_save": ["embed_tokens"]}),
    "saved-norms": Case({"modules_to_save": ["input_layernorm", "post_attention_layernorm"]}),
    "trained-tokens": Case({"trainable_token_indices": [1, 2]}),
    "embedding": Case({"target_modules": [*LINEAR, "embed_tokens"]}),
    "lm-head": Case({"target_modules": [*LINEAR, "lm_head"]}),
    "lm-head-tied": Case({"target_modules": [*LINEAR, "lm_head"]}, base="llama-tied"),
    "regex": Case({"target_modules": r".*\.(q_proj|v_proj)"}),
    "all-linear": Case({"target_modules": "all-linear"}),
    "one-layer": Case({"layers_to_transform": [0]}),
    "q-only": Case({"target_modules": ["q_proj"]}),
    "k-and-v-only": Case({"target_modules": ["k_proj", "v_proj"]}),
    "up-only": Case({"target_modules": ["up_proj"]}),
    "replicated": Case({"layer_replication": [[0, 2], [1, 2]]}),
    "alora": Case({"alora_invocation_tokens": [1, 2]}),
    "pissa": Case({"init_lora_weights": "pissa"}),
    "olora": Case({"init_lora_weights": "olora"}),
    "gaussian": Case({"init_lora_weights": "gaussian"}),
    "wrong-prefix": Case({}, (_rename(r"\.model\.layers\.", ".other.layers."),)),
    "no-prefix": Case({}, (_PREFIX,)),
    "adapter-name": Case({}, (_rename(r"\.weight$", ".default.weight"),)),
    "smaller-r": Case({}, (_config(r=4),)),
    "larger-r": Case({}, (_config(r=16),)),
    "narrow-tensors": Case({}, (_tensors(_narrow),)),
    "narrower-targets": Case({}, (_config(target_modules=ATTENTION),)),
    "layer-too-many": Case({}, (_tensors(_one_layer_more),)),
    "no-lora-b": Case({}, (_drop(r"layers\.1\.self_attn\.o_proj\.lora_B"),)),
    "no-alpha": Case({}, (_without("lora_alpha"),)),
    "no-peft-type": Case({}, (_without("peft_type"),)),
    "unknown-key": Case({}, (_config(not_a_key=1),)),
    "small-r": Case({"r": 4}),
    "float-alpha": Case({"lora_alpha": 16.0}),
    "zero-alpha": Case({"lora_alpha": 0}),
    "pickled": Case({}, (_pickle,)),
    "pickled-too": Case({}, (_pickle_beside,)),
    "second-file": Case({}, (_second_file,)),
    "float8": Case({}, (_cast("float8_e4m3fn"),)),
    "added-tokens": Case({}, (_added_tokens,)),
    "qalora": Case({"use_qalora": True, "qalora_group_size": 16}),
    "experts-attention": Case({"target_modules": ATTENTION}, base="qwen3-moe"),
    "experts": Case(
        {
            "target_modules": ATTENTION,
            "target_parameters": ["mlp.experts.gate_up_proj", "mlp.experts.down_proj"],
        },
        base="qwen3-moe",
    ),
    "flux-plain": Case(base="flux"),
    "flux-alpha-is-r": Case({"lora_alpha": 4}, base="flux"),
    "flux-rslora": Case({"use_rslora": True}, base="flux"),
    "flux-alpha-pattern": Case({"alpha_pattern": {"to_v": 8}}, base="flux"),
    "flux-rank-pattern": Case({"rank_pattern": {"to_v": 2}}, base="flux"),
    "flux-dora": Case({"lora_alpha": 4, "use_dora": True}, base="flux"),
    "flux-dora-flag-off": Case(
        {"lora_alpha": 4, "use_dora": True}, (_config(use_dora=False),), "flux"
    ),
    "flux-lora-bias": Case({"lora_alpha": 4, "lora_bias": True}, base="flux"),
    "flux-saved": Case({"lora_alpha": 4, "modules_to_save": ["proj_out"]}, base="flux"),
    "flux-one-layer": Case(
        {"lora_alpha": 4, "target_modules": r"transformer_blocks\..*to_q"}, base="flux"
    ),
    "flux-metadata": Case({}, (_PREFIX, _metadata()), "flux"),
    "flux-metadata-of-other-names": Case({}, (_metadata(),), "flux"),
    "flux-unknown-metadata": Case({}, (_PREFIX, _metadata(not_a_key=1)), "flux"),
    "flux-other-metadata": Case({}, (_PREFIX, _metadata(r=8)), "flux"),
    "flux-wrong-path": Case(
        {"lora_alpha": 4}, (_rename(r"^base_model\.model\.", "base_model.model.other."),), "flux"
    ),
    "flux-pickled": Case({"lora_alpha": 4}, (_pickle,), "flux"),
}
