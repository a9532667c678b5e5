"""Split the tensor names of other tools into model, module path and part of a layer."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from loracfg.adapter.dialects import COMFYUI, DIFFUSERS, OLD_DIFFUSERS, dialect_of
from loracfg.adapter.directory import SAFETENSORS_NAME
from loracfg.adapter.header.other_formats import read_exactly
from loracfg.adapter.header.safetensors_file import bytes_of, read_safetensors
from loracfg.adapter.header.scalars import number_in
from loracfg.adapter.tensor_names import PREFIX
from loracfg.base.architecture import Architecture
from loracfg.base.from_checkpoint.as_loaded import has_module
from loracfg.named_tuple import NamedTuple
from loracfg.repair.draft import Draft, stored_tensors
from loracfg.repair.tensor_data import StoredTensor, TensorSource

A: Final = "lora_A.weight"
B: Final = "lora_B.weight"
MAGNITUDE: Final = "lora_magnitude_vector"
_ALPHA: Final = "alpha"
_FLAT: Final = re.compile(
    r"(?P<model>lora_(?:unet|te\d?|transformer|prior))_(?P<path>[^.]+)\."
    r"(?P<part>lora_down\.weight|lora_up\.weight|alpha|dora_scale)"
)
_DOTTED: Final = re.compile(
    r"(?:(?P<model>unet|transformer(?:_\d)?|text_encoder(?:_\d)?|prior|(?:model\.)?diffusion_model)\.)?"
    r"(?P<path>.+?)(?P<part>\.lora_[AB]\.weight|\.lora_B\.bias|\.lora(?:_linear_layer)?\.down\.weight"
    r"|\.lora(?:_linear_layer)?\.up\.weight|_lora\.down\.weight|_lora\.up\.weight|\.lora_down\.weight"
    r"|\.lora_up\.weight|\.alpha|\.magnitude|\.dora_scale|\.lora_magnitude_vector(?:\.weight)?)"
)
_MAGNITUDES: Final = ("magnitude", "dora_scale", "lora_magnitude_vector")
_PROCESSOR: Final = re.compile(r"\.processor\.(?P<layer>to_\w+)$")
_Place: TypeAlias = tuple[str | None, str | None]
"""The name of a model in a file, and the path of a module; None if unnamed or unknown."""


class File(NamedTuple):
    """A weight file with its tensors and metadata."""

    name: str
    tensors: Mapping[str, TensorSource]
    metadata: Mapping[str, str]


class ForeignTensors(NamedTuple):
    """The tensors of one model by module path and part, and its alphas by module path.

    `model` is the file's name for the model. `others` are the models whose tensors are left out.
    """

    tensors: dict[tuple[str, str], TensorSource]
    alphas: dict[str, float]
    others: tuple[str, ...] = ()
    model: str | None = None

    @property
    def ranks(self) -> dict[str, int]:
        """The ranks by module path."""
        return {path: one.shape[0] for (path, part), one in self.tensors.items() if part == A}


def open_weight_file(draft: Draft, names: tuple[str, ...] = ()) -> File | None:
    """Open the first of these files that exists; without names, the only safetensors file."""
    sizes = draft.sizes()
    every = [name for name in sizes if name.endswith(".safetensors") and not name.count("/")]
    found = [name for name in names if name in sizes] if names else every
    if not found or (not names and len(found) > 1):
        return None
    name = found[0]
    if name == SAFETENSORS_NAME and draft.tensors is not None:
        return File(name, draft.tensors, draft.metadata)
    with draft.files.open(name) as stream:
        header, faults = read_safetensors(stream, sizes[name], name)
    if header is None or faults:
        return None
    return File(name, stored_tensors(draft.files, name, header), header.metadata)


def split_flat_names(file: File, base: Architecture | None, draft: Draft) -> ForeignTensors | None:
    """Split names with `_` for every dot, which must each match exactly one module of the base."""
    if base is None:
        return None
    paths = _flat_paths(base)
    return _parts(file, _FLAT, lambda match: (match["model"], paths.get(match["path"])), draft)


def split_dotted_names(
    file: File, base: Architecture | None, draft: Draft
) -> ForeignTensors | None:
    """Split names with dots; without a base, only those of diffusers for a single model."""
    dialect = dialect_of(file.tensors)
    tools = {DIFFUSERS, OLD_DIFFUSERS} if base is None else {DIFFUSERS, OLD_DIFFUSERS, COMFYUI}
    if dialect is None or dialect.tool not in tools:
        return None  # such as PEFT's own names: without a config, their scale is unknown

    def place_of(match: re.Match[str]) -> _Place:
        model, path = match["model"], _PROCESSOR.sub(_layer_of, match["path"])
        if base is None or has_module(base, path):
            return model, path
        # the first step of a path may look like a part of a pipeline
        whole = _PROCESSOR.sub(_layer_of, match.string[: match.start("part")])
        return (None, whole) if has_module(base, whole) else (model, None)

    found = _parts(file, _DOTTED, place_of, draft)
    return None if found and base is None and found.model is None else found


def _layer_of(processor: re.Match[str]) -> str:
    """Return the path of the layer that an attention processor's name refers to."""
    layer = processor["layer"]
    return f".{layer}.0" if layer == "to_out" else f".{layer}"


def _parts(
    file: File,
    pattern: re.Pattern[str],
    place_of: Callable[[re.Match[str]], _Place],
    draft: Draft,
) -> ForeignTensors | None:
    """Return the tensors of the only model whose modules are all known; None without one."""
    models: dict[str | None, dict[tuple[str, str], TensorSource] | None] = {}
    for name, one in file.tensors.items():
        match = pattern.fullmatch(name.removeprefix(PREFIX))
        if match is None:
            return None
        model, path = place_of(match)
        found, part = models.setdefault(model, {}), _part(match["part"])
        if path is None or found is None or (path, part) in found:
            models[model] = None
        else:
            found[path, part] = one
    known = {model: found for model, found in models.items() if found}
    if len(known) != 1:
        return None
    ((model, tensors),) = known.items()
    alphas = _pop_alphas(tensors, draft)
    if alphas is None or not _flatten_magnitudes(tensors):
        return None
    if any(part in (A, B) and len(one.shape) < 2 for (_, part), one in tensors.items()):
        return None
    others = [other for other in models if other != model]
    if any(other is None for other in others):
        return None
    return ForeignTensors(tensors, alphas, tuple(filter(None, others)), model)


def _part(given: str) -> str:
    """Return PEFT's name for a part."""
    part = given.lstrip("._")
    if part.startswith(_MAGNITUDES):
        return MAGNITUDE
    if part.endswith(("down.weight", "up.weight")):
        return A if part.endswith("down.weight") else B
    return part


def _pop_alphas(
    tensors: dict[tuple[str, str], TensorSource], draft: Draft
) -> dict[str, float] | None:
    """Remove the alphas from the tensors and return them; None if one is not a number."""
    alphas = {}
    for path in [path for path, part in tensors if part == _ALPHA]:
        one = tensors.pop((path, _ALPHA))
        value = _number(one, draft) if isinstance(one, StoredTensor) else None
        if value is None:
            return None
        alphas[path] = value
    return alphas


def _number(stored: StoredTensor, draft: Draft) -> float | None:
    """Return the value of a tensor with one element; None if it has more or is not finite."""
    with draft.files.open(stored.file) as stream:
        stream.seek(stored.begin)
        data = read_exactly(stream, bytes_of(stored.dtype, ()))
    return number_in(data, stored.dtype) if math.prod(stored.shape) == 1 else None


def _flatten_magnitudes(tensors: dict[tuple[str, str], TensorSource]) -> bool:
    """Give magnitudes PEFT's shape; return False if one does not have one number per row."""
    for key, one in tensors.items():
        if key[1] != MAGNITUDE or len(one.shape) == 1:
            continue
        count, rows = math.prod(one.shape), one.shape[:1]
        if not isinstance(one, StoredTensor) or count < 2 or math.prod(rows) != count:
            return False
        tensors[key] = one._replace(shape=rows)
    return True


def _flat_paths(base: Architecture) -> dict[str, str | None]:
    """Return the paths of a base by their flat form; None if several paths share it."""
    found: dict[str, str | None] = {}
    for path in base.paths():
        flat = path.replace(".", "_")
        found[flat] = None if flat in found else path
    return found
