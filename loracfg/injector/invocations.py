"""Where the invocation of an aLoRA begins in each row of a batch.

PEFT only looks for it in causal language models (`PeftModelForCausalLM.forward`): with a
`task_type` other than `CAUSAL_LM`, such an adapter has no effect.

Source: `calculate_alora_offsets` in `peft/tuners/lora/variants.py`, 0.21.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from torch import Tensor, nn

from loracfg.injector.adapters import LoraAdapter
from loracfg.injector.variants import ActivatedLora

_WATCHED: Final = "watches_invocations"


def watch_invocations(model: nn.Module) -> None:
    """Make a model look for invocations whenever it is called."""
    if not hasattr(model, _WATCHED):
        handle = model.register_forward_pre_hook(_find_invocations, with_kwargs=True)
        setattr(model, _WATCHED, handle)


def stop_watching(model: nn.Module) -> None:
    """Stop a model from looking for invocations."""
    if hasattr(model, _WATCHED):
        getattr(model, _WATCHED).remove()
        delattr(model, _WATCHED)


def _find_invocations(model: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Set where the adapters begin to act; without tokens, they do not act."""
    tokens = kwargs.get("input_ids", args[0] if args else None)
    for option in _options(model):
        if isinstance(tokens, Tensor) and not tokens.is_floating_point():
            option.offsets = offsets(tokens, option.config.alora_invocation_tokens or [])
        else:
            option.offsets = None


def _options(model: nn.Module) -> Iterator[ActivatedLora]:
    adapters = (module for module in model.modules() if isinstance(module, LoraAdapter))
    return (one.option for one in adapters if isinstance(one.option, ActivatedLora))


def offsets(tokens: Tensor, wanted: Sequence[int]) -> list[int | None]:
    """Return, for each row `(tokens,)`, the number of tokens from the last invocation on."""
    size = len(wanted)
    found: list[int | None] = []
    for row in tokens.reshape(-1, tokens.shape[-1]).tolist():
        starts = [i for i in range(len(row) - size + 1) if row[i : i + size] == list(wanted)]
        found.append(len(row) - starts[-1] if starts else None)
    return found
