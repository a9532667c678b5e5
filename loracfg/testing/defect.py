"""Named defects of adapters, and helpers to create them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from loracfg.testing.copies import Copy

A: Final = r"\.lora_A\.weight$"
B: Final = r"\.lora_B\.weight$"
FACTOR: Final = r"\.lora_[AB]\.weight$"
OF_PARAMETERS: Final = r"\.(experts|gate)\.(base_layer\.)*lora_"
"""Factors that may belong to parameters: of stacked experts, or of their router."""


LFS: Final = b"version https://git-lfs.github.com/spec/v1\noid sha256:0000\nsize 123\n"


@dataclass(frozen=True)
class Defect:
    """A defect by name, the code of its rule, and a function that adds it if that is possible."""

    name: str
    code: str
    apply: Callable[[Copy], bool]


def set_key(**values: object) -> Callable[[Copy], bool]:
    """Return a function that sets keys of the config."""

    def apply(copy: Copy) -> bool:
        copy.config |= values
        return True

    return apply


def set_file(name: str, data: bytes | None) -> Callable[[Copy], bool]:
    """Return a function that replaces or removes a file."""

    def apply(copy: Copy) -> bool:
        copy.files[name] = data
        return True

    return apply


def is_plain_lora(copy: Copy) -> bool:
    """Tell whether every tensor is a factor of an ordinary layer."""
    config = copy.config
    special = ("use_bdlora", "target_parameters", "trainable_token_indices", "layer_replication")
    return len(copy.named(FACTOR)) == len(copy.tensors) and not any(map(config.get, special))


def has_no_variant(copy: Copy) -> bool:
    """Tell whether any LoRA variant could be enabled for the config and its layers."""
    config = copy.config
    if copy.named(OF_PARAMETERS):  # PEFT adapts a parameter
        return False
    if config["init_lora_weights"] == "mica" or config["lora_bias"] or config["use_dora"]:
        return False
    return is_plain_lora(copy) and config["alora_invocation_tokens"] is None


def if_plain_lora(apply: Callable[[Copy], bool]) -> Callable[[Copy], bool]:
    """Return a function that only adds a defect to plain LoRA adapters."""
    return lambda copy: is_plain_lora(copy) and apply(copy)
