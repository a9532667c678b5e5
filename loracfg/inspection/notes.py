"""Notes that answer what people ask about adapters like this one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from loracfg.adapter.directory import Adapter
from loracfg.adapter.header.safetensors_file import bytes_of
from loracfg.adapter.tensor_names import Part
from loracfg.inspection.contents import InspectedModule, Note
from loracfg.inspection.sizes import parameters_of
from loracfg.inspection.wording import alpha_words, shortened
from loracfg.report.render.words import bytes_words, counted, scale_words

UPCAST: Final = frozenset(
    {"F16", "BF16", "F8_E4M3", "F8_E4M3FNUZ", "F8_E5M2", "F8_E5M2FNUZ", "F8_E8M0"}
)
"""Dtypes that `cast_adapter_dtype` converts to float32 (`peft/tuners/tuners_utils.py`, 0.21.2)."""
USUAL: Final = (0.05, 8.0)
"""The range of common scales; notes point out modules outside it."""

_FLOAT32_BYTES: Final = 4
_MAX_NAME: Final = 160


def notes_of(adapter: Adapter, modules: Sequence[InspectedModule]) -> tuple[Note, ...]:
    """Return the notes that apply to an adapter."""
    return (*_training(adapter), *_dtypes(adapter), *_scales(adapter, modules))


def _training(adapter: Adapter) -> Iterator[Note]:
    config = adapter.config
    if config is None:
        return
    says = (
        "`true`, as PEFT saves it, so the adapter loads frozen"
        if config.inference_mode
        else "`false`, but PEFT still loads the adapter frozen"
    )
    more = "to resume training, pass `is_trainable=True` to `PeftModel.from_pretrained`"
    yield Note("training", f"`inference_mode` is {says}; {more}")


def _dtypes(adapter: Adapter) -> Iterator[Note]:
    names = adapter.names
    cast = [
        tensor
        for name, tensor in adapter.tensors.items()
        if tensor.dtype in UPCAST and names[name].part is not Part.BASE
    ]
    if not cast:
        return
    kinds = ", ".join(f"`{dtype}`" for dtype in sorted({tensor.dtype for tensor in cast}))
    saved = sum(bytes_of(tensor.dtype, tensor.shape) for tensor in cast)
    loaded = _FLOAT32_BYTES * sum(map(parameters_of, cast))
    yield Note(
        "dtype",
        f"{counted(len(cast), 'tensor')} of the adapter in {kinds}: PEFT converts to float32 on "
        f"loading ({bytes_words(loaded)} instead of {bytes_words(saved)}) unless you pass "
        "`autocast_adapter_dtype=False`",
    )


def _scales(adapter: Adapter, modules: Sequence[InspectedModule]) -> Iterator[Note]:
    least, most = USUAL
    adapted = [module for module in modules if module.is_adapted and module.scaling is not None]
    low = [module for module in adapted if abs(module.scaling or 0.0) < least]
    high = [module for module in adapted if abs(module.scaling or 0.0) > most]
    for found, beyond in ((low, f"below {least}"), (high, f"above {scale_words(most)}")):
        if found:
            yield Note("scale", _scale_message(found, beyond, adapter))


def _scale_message(found: Sequence[InspectedModule], beyond: str, adapter: Adapter) -> str:
    worst = max(found, key=lambda module: abs(math.log(abs(module.scaling or 0.0) or 1e-300)))
    root = "the root of " if adapter.config and adapter.config.use_rslora else ""
    path = shortened(worst.path, _MAX_NAME)
    alpha, scale = alpha_words(worst), scale_words(worst.scaling or 0.0)
    return (
        f"{counted(len(found), 'module')} with a scale {beyond}, e.g. `{path}`: alpha "
        f"`{alpha}` over {root}rank `{worst.rank}` is `{scale}`; check whether the tool that "
        "wrote the adapter uses alpha as the scale"
    )
