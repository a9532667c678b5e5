"""The grammar of tensor names in an adapter file.

A name is a prefix, the path of a module in the base, and a part: `base_model.model.` +
`model.layers.0.self_attn.q_proj` + `lora_A.weight`. Source: `get_peft_model_state_dict` in
`peft/utils/save_and_load.py`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from loracfg.named_tuple import NamedTuple

PREFIX: Final = "base_model.model."
"""The prefix of every tensor name in a PEFT adapter."""
WRAPPERS: Final = {
    "_orig_mod": "`torch.compile`",
    "_fsdp_wrapped_module": "FSDP",
    "_checkpoint_wrapped_module": "activation checkpointing",
}
"""The steps that PyTorch wrappers add to names, and what adds them."""

DEFAULT: Final = "default"
"""The name that PEFT gives an adapter by default."""

_PART: Final = (
    r"(?P<path>.+?)\.(?P<part>"
    r"lora_(?P<factor>[AB])(?:\.(?P<in_factor>[^.]+))?\.(?P<kind>weight|bias)"
    r"|lora_embedding_(?P<embedding>[AB])(?:\.weight|\.(?P<in_embedding>[^.]+))?"
    r"|lora_magnitude_vector(?:\.weight|\.(?P<in_vector>[^.]+)(?:\.weight)?)?"
    r"|lora_(?P<variant>diag|velora_embed)(?:\.(?P<in_variant>[^.]+))?"
    r"|lora_monteclora_sampler\.(?:(?P<in_sampler>[^.]+)\.)?(?P<sampler>[^.]+)"
    r"|token_adapter\.trainable_tokens_delta(?:\.(?P<in_tokens>[^.]+))?"
    r")"
)
_ADAPTERS: Final = (
    "in_factor",
    "in_embedding",
    "in_vector",
    "in_variant",
    "in_sampler",
    "in_tokens",
)
"""The groups that match the name of an adapter; a pattern cannot repeat the name of a group."""
_SAVED: Final = r".+?\.modules_to_save\.(?P<adapter>[^.]+)\."


class Part(StrEnum):
    """The part of an adapted module that a tensor is for."""

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
"""The ends of almost all names."""

_END: Final = len(".lora_A.weight")


class TensorName(NamedTuple):
    """A parsed tensor name.

    `prefix` is `base_model.model.` or empty. `path` may contain `base_layer` steps, which nested
    adapters insert. For `Part.BASE`, `path` is the module and `rest` is the parameter. `adapter` is
    an adapter name in the tensor name; for a module that is saved whole, it may also be a step of
    the path.
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

    @property
    def bare(self) -> str:
        """The name with which PEFT saves the tensor, without an adapter name."""
        if self.part is Part.MAGNITUDE:  # in a model it ends with `.weight`, in a file it does not
            return f"{self.prefix}{self.path}.{self.part}"
        if self.adapter is None:
            return self.name
        if self.part is Part.BASE:
            before, _, after = self.name.partition(f".modules_to_save.{self.adapter}.")
            return f"{before}.{after}"
        steps = self.rest.split(".")
        del steps[2 if self.part is Part.TOKENS else 1]
        return f"{self.prefix}{self.path}.{'.'.join(steps)}"


def without_base_layer(path: str) -> str:
    """Return a path without the `base_layer` steps that nested adapters insert."""
    if "base_layer" not in path:
        return path
    return ".".join(step for step in path.split(".") if step != "base_layer")


def wrappers_in(name: str) -> list[str]:
    """Return the steps of a name that PyTorch wrappers added."""
    if "_mod" not in name:
        return []
    steps = name.split(".")
    return [step for step in WRAPPERS if step in steps]


def without_wrappers(name: str) -> str:
    """Return a name without the steps that PyTorch wrappers added."""
    return ".".join(step for step in name.split(".") if step not in WRAPPERS)


def parse_name(name: str) -> TensorName:
    """Parse a tensor name; this works for every name."""
    prefix = PREFIX if name.startswith(PREFIX) else ""
    part = _USUAL.get(name[-_END:])
    if part is not None and _is_plain(path := name[len(prefix) : -_END]):
        return TensorName(name, prefix, path, part, name[1 - _END :])
    return parse_by_grammar(name, prefix)


def parse_by_grammar(name: str, prefix: str) -> TensorName:
    """Parse a tensor name that begins with a prefix, using the full grammar."""
    match = re.compile(_PART).fullmatch(name, len(prefix))
    if match is None:
        path, _, rest = name[len(prefix) :].rpartition(".")
        saved = re.compile(_SAVED).match(name, len(prefix))
        return TensorName(name, prefix, path, Part.BASE, rest, saved and saved["adapter"])
    adapter = next(filter(None, match.group(*_ADAPTERS)), None)
    return TensorName(name, prefix, match["path"], _part(match), match["part"], adapter)


def _is_plain(path: str) -> bool:
    """Tell whether a path is not empty and contains nothing that could be a part."""
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
    """Return the name with which PEFT saves a tensor, without anything added to it."""
    bare = without_wrappers(name)
    before, prefix, after = bare.partition(PREFIX)
    bare = prefix + after if prefix else before
    return parse_name(bare).bare
