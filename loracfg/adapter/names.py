"""The grammar of tensor names in an adapter file.

A name is a prefix, the path of a module in the base, and a part: `base_model.model.` +
`model.layers.0.self_attn.q_proj` + `lora_A.weight`. Source: `get_peft_model_state_dict` in
`peft/utils/save_and_load.py`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, NamedTuple

PREFIX: Final = "base_model.model."
"""What every tensor name of a PEFT adapter begins with."""
WRAPPERS: Final = {
    "_orig_mod": "`torch.compile`",
    "_fsdp_wrapped_module": "FSDP",
    "_checkpoint_wrapped_module": "activation checkpointing",
}
"""The steps that wrappers of PyTorch put into the names of what they wrap, and what does so."""

_ADAPTER_NAME: Final = r"(?:\.(?P<adapter>[^.]+))?"
_PART: Final = (
    r"(?P<path>.+?)\.(?P<part>"
    rf"lora_(?P<factor>[AB]){_ADAPTER_NAME}\.(?P<kind>weight|bias)"
    r"|lora_embedding_(?P<embedding>[AB])(?:\.[^.]+)?"
    r"|lora_magnitude_vector(?:\.[^.]+)?(?:\.weight)?"
    r"|lora_(?P<variant>diag|velora_embed)(?:\.[^.]+)?"
    r"|lora_monteclora_sampler\.(?:[^.]+\.)?(?P<sampler>[^.]+)"
    r"|token_adapter\.trainable_tokens_delta(?:\.[^.]+)?"
    r")"
)


class Part(StrEnum):
    """Which tensor of an adapted module a name is for."""

    A = "lora_A"
    B = "lora_B"
    BIAS = "lora_B.bias"
    EMBEDDING_A = "lora_embedding_A"
    EMBEDDING_B = "lora_embedding_B"
    MAGNITUDE = "lora_magnitude_vector"
    DIAGONAL = "lora_diag"
    VELORA = "lora_velora_embed"
    SAMPLER = "lora_monteclora_sampler"
    TOKENS = "trainable_tokens_delta"
    BASE = "base"
    """A tensor of the base itself: a saved module, embedding or bias."""


FACTORS: Final = frozenset({Part.A, Part.B, Part.EMBEDDING_A, Part.EMBEDDING_B})
"""The factors of LoRA, of layers and of embeddings."""

_USUAL: Final = {".lora_A.weight": Part.A, ".lora_B.weight": Part.B}
"""The ends of nearly all names."""

_END: Final = len(".lora_A.weight")


class TensorName(NamedTuple):
    """A name taken apart.

    `prefix` is what stands before the module path and is usually `base_model.model.`; `path` may
    hold `base_layer` steps, which nested adapters insert. For `Part.BASE`, `path` is the module
    and `rest` the parameter. `adapter` is an adapter name that was left in.
    """

    name: str
    prefix: str
    path: str
    part: Part
    rest: str = ""
    adapter: str | None = None

    @property
    def module(self) -> str:
        """The path in the base, without `base_layer` steps."""
        return without_base_layer(self.path)

    @property
    def is_adapter(self) -> bool:
        """Whether the tensor belongs to an adapter layer rather than to the base."""
        return self.part is not Part.BASE


def without_base_layer(path: str) -> str:
    """Return a path without the `base_layer` steps that nested adapters insert."""
    if "base_layer" not in path:
        return path
    return ".".join(step for step in path.split(".") if step != "base_layer")


def wrappers_in(name: str) -> list[str]:
    """Return the steps of a name that wrappers of PyTorch put there."""
    if "_mod" not in name:
        return []
    steps = name.split(".")
    return [step for step in WRAPPERS if step in steps]


def without_wrappers(name: str) -> str:
    """Return a name without the steps that wrappers of PyTorch put there."""
    return ".".join(step for step in name.split(".") if step not in WRAPPERS)


def without_adapter(name: str, adapter: str) -> str:
    """Return a tensor's name without the last step that is the adapter's name."""
    before, _, after = name.rpartition(f".{adapter}.")
    return f"{before}.{after}"


def parse_name(name: str) -> TensorName:
    """Take a tensor name apart; every name parses."""
    prefix = PREFIX if name.startswith(PREFIX) else ""
    part = _USUAL.get(name[-_END:])
    if part is not None and _is_plain(path := name[len(prefix) : -_END]):
        return TensorName(name, prefix, path, part, name[1 - _END :])
    return parse_by_grammar(name, prefix)


def parse_by_grammar(name: str, prefix: str) -> TensorName:
    """Take a tensor name apart that begins with a prefix, by all that PEFT may have written."""
    match = re.compile(_PART).fullmatch(name, len(prefix))
    if match is None:
        path, _, rest = name[len(prefix) :].rpartition(".")
        return TensorName(name, prefix, path, Part.BASE, rest)
    return TensorName(name, prefix, match["path"], _part(match), match["part"], match["adapter"])


def _is_plain(path: str) -> bool:
    """Tell whether a path is one, and nothing in it could be the part of a tensor."""
    parts = "lora_" in path or "token_adapter" in path
    return bool(path) and not parts and "\n" not in path


def _part(match: re.Match[str]) -> Part:
    if match["factor"]:
        if match["kind"] == "bias":
            return Part.BIAS
        return Part.A if match["factor"] == "A" else Part.B
    if match["embedding"]:
        return Part.EMBEDDING_A if match["embedding"] == "A" else Part.EMBEDDING_B
    if match["variant"]:
        return Part.DIAGONAL if match["variant"] == "diag" else Part.VELORA
    if match["sampler"]:
        return Part.SAMPLER
    return Part.TOKENS if match["part"].startswith("token_adapter") else Part.MAGNITUDE


def as_saved(name: str) -> str:
    """Return the name that PEFT saves a tensor under, without what came into this one."""
    bare = without_wrappers(name)
    before, prefix, after = bare.partition(PREFIX)
    bare = prefix + after if prefix else before
    adapter = parse_name(bare).adapter
    return bare if adapter is None else without_adapter(bare, adapter)
