"""Adapters of other tools as PEFT's, where both compute the same.

- mlx-lm (0.32): `y + scale · (x A) B` with A `(in, rank)`, B `(rank, out)`; `scale` stands in its
  config, whatever the rank (`mlx_lm/tuner/lora.py`).
- kohya's scripts: paths with `_` for every dot, and for each module a number `alpha`, without which
  the scale is 1 (`networks/lora.py`).
- diffusers: PEFT's factors under the name of a part of the pipeline; the scale is 1 unless the
  metadata hold the config (`get_peft_kwargs`, 0.42).
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from loracfg.adapter.diffusers_metadata import config_in
from loracfg.adapter.names import PREFIX
from loracfg.adapter.read import SAFETENSORS_NAME
from loracfg.adapter.safetensors import bytes_of, read_safetensors
from loracfg.adapter.scalars import number_in
from loracfg.adapter.sniff import read_exactly
from loracfg.base.architecture import Architecture
from loracfg.config.model import LoraConfig
from loracfg.repair.change import Change, as_written
from loracfg.repair.draft import PEFT_METADATA, Draft, stored_tensors
from loracfg.repair.tensors import Source, Stored, transposed
from loracfg.rules.rule import Finding
from loracfg.rules.subject import Subject

_A: Final = "lora_A.weight"
_B: Final = "lora_B.weight"
_MLX_NAME: Final = "adapters.safetensors"
_MLX: Final = re.compile(r"(?P<path>.+)\.(?P<part>lora_a|lora_b|m)")
_KOHYA: Final = re.compile(
    r"(?P<model>lora_(?:unet|te\d?|transformer))_(?P<path>.+?)\."
    r"(?P<part>lora_down\.weight|lora_up\.weight|alpha)"
)
_DIFFUSERS: Final = re.compile(
    r"(?P<model>unet|transformer|text_encoder(?:_\d)?)\.(?P<path>.+?)\."
    r"(?P<part>lora_A\.weight|lora_B\.weight|lora_B\.bias|lora\.down\.weight|lora\.up\.weight"
    r"|lora_magnitude_vector)"
)
_PARTS: Final = {
    "lora_a": "lora_A.weight",
    "lora_b": "lora_B.weight",
    "m": "lora_magnitude_vector",
    "lora_down.weight": "lora_A.weight",
    "lora_up.weight": "lora_B.weight",
    "lora.down.weight": "lora_A.weight",
    "lora.up.weight": "lora_B.weight",
}
"""The parts of other tools by PEFT's names, where they differ."""


class _Weights(NamedTuple):
    """A file of another tool: its tensors by module path and part, and what it says in numbers."""

    file: str
    tensors: dict[tuple[str, str], Source]
    alphas: dict[str, float]
    settings: dict[str, Any]
    title: str
    why: str


def as_peft(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Convert an adapter of mlx-lm, kohya's scripts or diffusers (LC002, LC003, LC021)."""
    if subject.adapter.reading is not None:
        return None  # rank and alpha of a PEFT config may be for these tensors, or not
    for read in (_read_mlx, _read_kohya, _read_diffusers):
        found = read(subject, draft)
        if found is not None:
            return _converted(found, draft)
    return None


def _converted(found: _Weights, draft: Draft) -> Change | None:
    ranks = {path: t.shape[0] for (path, part), t in found.tensors.items() if part == _A}
    outs = {path for path, part in found.tensors if part == _B}
    if not ranks or ranks.keys() != outs:
        return None
    config = _config(ranks, found)
    if config is None:
        return None
    tensors = {f"{PREFIX}{path}.{part}": one for (path, part), one in found.tensors.items()}
    text = json.dumps(config.to_dict(), indent=2, sort_keys=True)
    changed = draft.leaving_out([found.file]).with_tensors(tensors, PEFT_METADATA)
    return Change(changed.with_config(text), found.title, True, found.why)


def _config(ranks: Mapping[str, int], found: _Weights) -> LoraConfig | None:
    """Return the config by which each module has its rank and its alpha."""
    alphas = {path: found.alphas.get(path, float(rank)) for path, rank in ranks.items()}
    rank = Counter(ranks.values()).most_common(1)[0][0]
    alpha = Counter(alphas.values()).most_common(1)[0][0]
    values: dict[str, Any] = {
        "r": rank,
        "lora_alpha": as_written(alpha),
        "target_modules": sorted(ranks),
        "rank_pattern": {p: other for p, other in ranks.items() if other != rank},
        "alpha_pattern": {p: as_written(other) for p, other in alphas.items() if other != alpha},
        "use_dora": any(part == "lora_magnitude_vector" for _, part in found.tensors),
        "lora_bias": any(part == "lora_B.bias" for _, part in found.tensors),
        "inference_mode": True,
    }
    try:
        return LoraConfig.model_validate(values | found.settings)
    except ValueError:
        return None


def _read_mlx(subject: Subject, draft: Draft) -> _Weights | None:
    document = subject.adapter.document
    given = document.value if document and isinstance(document.value, dict) else {}
    settings, kind = given.get("lora_parameters"), given.get("fine_tune_type", "lora")
    file = _opened(draft, (_MLX_NAME, SAFETENSORS_NAME))
    if file is None or not isinstance(settings, dict) or kind not in ("lora", "dora"):
        return None
    scale = settings.get("scale")
    if not isinstance(scale, int | float) or "alpha" in settings:
        return None  # older releases divided `alpha` by the rank
    found = _taken_apart(file, _MLX, lambda match: match["path"])
    if found is None or any(len(one.shape) > 2 for one in found.values()):
        return None
    tensors = {key: transposed(one) if len(one.shape) == 2 else one for key, one in found.items()}
    alphas = {path: scale * one.shape[0] for (path, part), one in tensors.items() if part == _A}
    named = {
        "base_model_name_or_path": given.get("model"),
        "lora_dropout": settings.get("dropout", 0.0),
        "task_type": "CAUSAL_LM",
    }
    title = "converts the adapter of mlx-lm: transposes A and B, and alpha is scale times rank"
    return _Weights(file.name, tensors, alphas, named, title, "both compute `y + scale · B A x`")


def _read_kohya(subject: Subject, draft: Draft) -> _Weights | None:
    file = _opened(draft)
    if subject.base is None or file is None:
        return None
    paths = _flat_paths(subject.base)
    found = _taken_apart(file, _KOHYA, lambda match: paths.get(match["path"]))
    if found is None:
        return None
    alphas = {}
    for path in [path for path, part in found if part == "alpha"]:
        one = found.pop((path, "alpha"))
        value = _number(one, draft) if isinstance(one, Stored) else None
        if value is None:
            return None
        alphas[path] = value
    title = "converts the adapter of kohya's scripts to PEFT's names, with an alpha for each module"
    why = "each name stands for one module of the base"
    return _Weights(file.name, found, alphas, {}, title, why)


def _number(stored: Stored, draft: Draft) -> float | None:
    """Return the value of a tensor of one element, None if it has more or is no finite number."""
    with draft.files.open(stored.file) as stream:
        stream.seek(stored.begin)
        data = read_exactly(stream, bytes_of(stored.dtype, ()))
    return number_in(data, stored.dtype) if math.prod(stored.shape) == 1 else None


def _flat_paths(base: Architecture) -> dict[str, str]:
    """Return the paths of a base by their flat form, those that no other path shares."""
    places: dict[str, list[str]] = {}
    for path in base.paths():
        places.setdefault(path.replace(".", "_"), []).append(path)
    return {flat: paths[0] for flat, paths in places.items() if len(paths) == 1}


def _read_diffusers(_: Subject, draft: Draft) -> _Weights | None:
    file = _opened(draft)
    found = file and _taken_apart(file, _DIFFUSERS, lambda match: match["path"])
    if file is None or not found:
        return None
    title = "converts the adapter of diffusers to PEFT's names"
    own = config_in(file.metadata)
    told = "the config is that of the metadata" if own else "diffusers gives it the scale 1"
    return _Weights(file.name, found, {}, own, title, told)


class _File(NamedTuple):
    """A weight file: its tensors and metadata."""

    name: str
    tensors: Mapping[str, Source]
    metadata: Mapping[str, str]


def _opened(draft: Draft, names: tuple[str, ...] = ()) -> _File | None:
    """Return the first of these files, or the only safetensors file that there is."""
    sizes = draft.sizes()
    every = [name for name in sizes if name.endswith(".safetensors") and not name.count("/")]
    there = [name for name in names if name in sizes] if names else every
    if not there or (not names and len(there) > 1):
        return None
    name = there[0]
    with draft.files.open(name) as stream:
        header, faults = read_safetensors(stream, sizes[name], name)
    if header is None or faults:
        return None
    return _File(name, stored_tensors(draft.files, name, header), header.metadata)


def _taken_apart(
    file: _File, pattern: re.Pattern[str], path_of: Callable[[re.Match[str]], str | None]
) -> dict[tuple[str, str], Source] | None:
    """Return tensors by module path and part; None if one is named otherwise, or for two models."""
    found: dict[tuple[str, str], Source] = {}
    models = set()
    for name, one in file.tensors.items():
        match = pattern.fullmatch(name)
        path = path_of(match) if match else None
        if match is None or path is None:
            return None
        models.add(match.groupdict().get("model"))
        found[path, _PARTS.get(match["part"], match["part"])] = one
    return found if len(models) == 1 and len(found) == len(file.tensors) else None
