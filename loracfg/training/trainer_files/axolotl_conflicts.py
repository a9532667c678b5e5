"""Options that axolotl's schemas reject together, or with LoRA (`utils/schemas` of 0.19.0)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from loracfg.config.model.regexes import compile_pattern

if TYPE_CHECKING:
    from loracfg.training.trainer_files.options import TrainerOption, TrainerOptions

_KERNELS: Final = ("lora_mlp_kernel", "lora_qkv_kernel", "lora_o_kernel")
_NEVER: Final = (
    *(("flash_attn_fuse_mlp", "it cannot be used with LoRA"),),
    *(("use_onebitllms", "it cannot be used with LoRA"),),
    *((f"unsloth_{one.removesuffix('_kernel')}", f"`{one}` replaces it") for one in _KERNELS),
)
"""Options that are always rejected, and why."""
_TOGETHER: Final = (
    ("unfrozen_parameters", "peft_layers_to_transform"),
    ("lora_target_linear", "quantize_moe_experts"),
    *((kernel, "trust_remote_code") for kernel in _KERNELS),
)
"""Options that are rejected beside another one."""
_WITHOUT: Final = (
    ("peft_layers_pattern", ("peft_layers_to_transform",)),
    ("quantize_moe_experts", ("load_in_4bit", "load_in_8bit")),
)
"""Options that need one of others."""
_NOT_WITH_POLORA: Final = (
    *("lora_modules_to_save", "unfrozen_parameters", "peft_use_dora", "lisa_step_interval"),
    *("peft_trainable_token_indices", "reward_model", "process_reward_model", "lr_groups"),
    *("loraplus_lr_ratio", "embedding_lr", "embedding_lr_scale", "relora_steps", "deepspeed"),
)
"""What the optimizer `polora` does not train or ignores."""


def conflicts(options: TrainerOptions) -> Iterator[tuple[TrainerOption, str]]:
    """Yield the options that axolotl rejects whatever their own value, and why."""
    for name, why in _NEVER:
        if option := _set(name, options):
            yield option, why
    for name, other in _TOGETHER:
        if (option := _set(name, options)) and _set(other, options):
            yield option, f"`{other}` is set"
    for name, others in _WITHOUT:
        if (option := _set(name, options)) and not any(_may_be_set(one, options) for one in others):
            yield option, f"it needs {' or '.join(f'`{one}`' for one in others)}"
    if _is(options, "adapter", "lora") and _set("load_in_8bit", options):
        for option in filter(None, (_set(name, options) for name in _KERNELS)):
            yield option, "`load_in_8bit` is set"
    yield from _of_optimizer(options)
    yield from _wrong_patterns(options)


def _of_optimizer(options: TrainerOptions) -> Iterator[tuple[TrainerOption, str]]:
    optimizer = options.get("optimizer")
    if optimizer and _is(options, "optimizer", "q_galore_adamw8bit"):
        yield optimizer, "it cannot be used with LoRA"
    if _is(options, "optimizer", "polora"):
        for option in filter(None, (_set(name, options) for name in _NOT_WITH_POLORA)):
            yield option, "`optimizer` is `polora`"


def _wrong_patterns(options: TrainerOptions) -> Iterator[tuple[TrainerOption, str]]:
    """Yield `lora_target_modules` for each name that is no regular expression."""
    option = options.get("lora_target_modules")
    if option is None or not isinstance(option.value, list):
        return
    for name in option.value:
        try:
            compile_pattern(str(name))
        except re.error as error:
            yield option, f"`{name}` is no regular expression ({error})"


def _set(name: str, options: TrainerOptions) -> TrainerOption | None:
    """Return an option if it certainly has a value that counts as true."""
    option = options.get(name)
    return option if option and option.value and not option.is_odd else None


def _may_be_set(name: str, options: TrainerOptions) -> bool:
    option = options.get(name)
    return option is not None and (bool(option.value) or option.is_odd)


def _is(options: TrainerOptions, name: str, value: str) -> bool:
    option = options.get(name)
    return option is not None and not option.is_odd and option.value == value
