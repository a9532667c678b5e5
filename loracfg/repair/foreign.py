"""Convert adapters of other tools to PEFT adapters if both compute the same.

- mlx-lm (0.32) and mlx-vlm (0.7): `y + scale · (x A) B` with A `(in, rank)`, B `(rank, out)`;
  `scale` is in the config and does not depend on the rank (`mlx_lm/tuner/lora.py`). They reject
  tensors whose rank differs from the config's.
- kohya's scripts: paths with `_` for every dot, and a number `alpha` for each module; without it,
  the scale is 1 (`networks/lora.py`).
- diffusers, ComfyUI: factors with several spellings, under the name of a part of the pipeline; the
  scale is 1 unless there is a number `alpha` or a config in the metadata (`get_peft_kwargs`, 0.42).
- DoRA: `dora_scale` and `magnitude` are the norms of the weight's rows, like PEFT's magnitudes
  (LyCORIS with `wd_on_output`, ai-toolkit's `toolkit/models/DoRA.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from math import isclose
from statistics import mode
from typing import Any, Final

from loracfg.adapter.dialects import COMFYUI, DIFFUSERS, OLD_DIFFUSERS, dialect_of
from loracfg.adapter.diffusers_metadata import config_in
from loracfg.adapter.directory import SAFETENSORS_NAME
from loracfg.adapter.tensor_names import PREFIX
from loracfg.analysis.subject import Subject
from loracfg.base.architecture import Architecture, Kind
from loracfg.config.model.config_values import ConfigValues
from loracfg.config.model.lora_config import LoraConfig
from loracfg.named_tuple import NamedTuple
from loracfg.planning.layer_settings import settings_of
from loracfg.planning.patterns import PatternBudget
from loracfg.repair.change import Change, as_config_number
from loracfg.repair.draft import PEFT_METADATA, Draft
from loracfg.repair.foreign_names import (
    MAGNITUDE,
    A,
    B,
    File,
    ForeignTensors,
    open_weight_file,
    split_dotted_names,
    split_flat_names,
)
from loracfg.repair.tensor_data import TensorSource, transposed
from loracfg.rules.rule import Finding

_MLX_NAME: Final = "adapters.safetensors"
_MLX: Final = re.compile(r"(?P<path>.+)\.(?P<part>lora_a|lora_b|m)")
_OF_MLX: Final = {"lora_a": A, "lora_b": B, "m": MAGNITUDE}
_TO_PEFT_NAMES: Final = " to PEFT's names"
_ALPHA_KEY: Final = "alpha"
_EQUAL: Final = 1e-6
"""The relative difference up to which two scales are equal; one may have only 32 bits."""
_LARGEST: Final = 3.4e38
"""The largest scale: mlx-lm computes in 32 bits."""
_BIAS: Final = "lora_B.bias"
_EMBEDDING: Final = re.compile(r"(.*\.)?(embed_tokens|wte|word_embeddings|embed_in|shared)")


class _Weights(NamedTuple):
    """A weight file of another tool, with its tensors by module path and part.

    `settings` are the values that it gives for the config. `how` completes the title of the change,
    and `why` says why both tools compute the same.
    """

    tool: str
    file: str
    parts: ForeignTensors
    settings: dict[str, Any]
    how: str
    why: str


def convert_to_peft(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Convert an adapter of mlx-lm, kohya's scripts, diffusers or ComfyUI."""
    for read in (_read_mlx, _read_flat, _read_dotted):
        found = read(subject, draft)
        if found is not None:
            return _convert(found, subject, draft)
    return None


def _convert(found: _Weights, subject: Subject, draft: Draft) -> Change | None:
    tensors, others, ranks = found.parts.tensors, found.parts.others, found.parts.ranks
    outs = {path for path, part in tensors if part == B}
    if not ranks or ranks.keys() != outs or not ranks.keys() >= {path for path, _ in tensors}:
        return None
    alphas = {p: found.parts.alphas.get(p, float(rank)) for p, rank in ranks.items()}
    config = _config(ranks, alphas, found)
    if config is None:
        return None
    named = {f"{PREFIX}{path}.{part}": one for (path, part), one in tensors.items()}
    changed = draft.without_files([found.file]).with_tensors(named, PEFT_METADATA)
    title, why, safe = f"convert the {found.tool} adapter{found.how}", found.why, not others
    if others:
        listed = " and ".join(f"`{other}`" for other in others)
        title, why = f"{title}; drop the tensors for {listed}", "an adapter is for one model"
    if subject.config is None:
        text = json.dumps(config.to_dict(), indent=2, sort_keys=True)
        return Change(changed.with_config(text), title, safe, why)
    if _has_settings(subject.config, ranks, alphas):
        return Change(changed, title, safe, why)
    why = f"the config gives these tensors a different rank or scale than {found.tool}"
    return Change(changed, title, False, why)


def _config(
    ranks: Mapping[str, int], alphas: Mapping[str, float], found: _Weights
) -> LoraConfig | None:
    """Return a config that gives each module its rank and alpha; None if there is none."""
    rank, alpha = mode(ranks.values()), mode(alphas.values())
    parts = {part for _, part in found.parts.tensors}
    values: dict[str, Any] = {
        "r": rank,
        "lora_alpha": as_config_number(alpha),
        "target_modules": sorted(ranks),
        "rank_pattern": {p: other for p, other in ranks.items() if other != rank},
        "alpha_pattern": {
            p: as_config_number(other) for p, other in alphas.items() if other != alpha
        },
        "use_dora": MAGNITUDE in parts,
        "lora_bias": _BIAS in parts,
        "inference_mode": True,
    }
    try:
        config = LoraConfig.model_validate(values | found.settings)
    except ValueError:
        return None
    is_given = not {"r", "lora_alpha"}.isdisjoint(found.settings)
    return config if is_given or _has_settings(config, ranks, alphas) else None


def _has_settings(
    config: ConfigValues, ranks: Mapping[str, int], alphas: Mapping[str, float]
) -> bool:
    """Tell whether a config gives every module this rank, and the scale that follows from alpha."""
    settings = settings_of(config, sorted(ranks), PatternBudget())
    return all(
        settings[path].rank == rank
        and isclose(settings[path].scaling, alphas[path] / rank, rel_tol=_EQUAL)
        for path, rank in ranks.items()
    )


def _read_mlx(subject: Subject, draft: Draft) -> _Weights | None:
    document = subject.adapter.document
    given = document.value if document and isinstance(document.value, dict) else {}
    settings, kind = given.get("lora_parameters"), given.get("fine_tune_type", "lora")
    file = open_weight_file(draft, (_MLX_NAME, SAFETENSORS_NAME))
    if file is None or not isinstance(settings, dict) or kind not in ("lora", "dora"):
        return None
    scale = settings.get("scale")
    if not isinstance(scale, int | float) or "alpha" in settings:
        return None  # older releases divided `alpha` by the rank
    tensors = _of_mlx(file, subject.base)
    if tensors is None or not abs(scale) <= _LARGEST:
        return None
    ranks = ForeignTensors(tensors, {}).ranks
    if any(rank != settings.get("rank", rank) for rank in ranks.values()):
        return None
    if kind == "dora" and MAGNITUDE not in {part for _, part in tensors}:
        return None  # mlx-lm computes missing magnitudes from the base
    named = {
        "base_model_name_or_path": given.get("model"),
        "lora_dropout": settings.get("dropout", 0.0),
        "task_type": "CAUSAL_LM",
    }
    parts = ForeignTensors(tensors, {path: scale * rank for path, rank in ranks.items()})
    how = ": transpose A and B, and set alpha to scale times rank"
    return _Weights("mlx-lm", file.name, parts, named, how, "both compute `y + scale · B A x`")


def _of_mlx(file: File, base: Architecture | None) -> dict[tuple[str, str], TensorSource] | None:
    """Return the tensors in PEFT's layout; None if any is not for a linear layer."""
    found: dict[tuple[str, str], TensorSource] = {}
    for name, one in file.tensors.items():
        match = _MLX.fullmatch(name)
        if match is None or len(one.shape) != (1 if match["part"] == "m" else 2):
            return None
        path, module = match["path"], base.find(match["path"]) if base else None
        if module.kind is Kind.EMBEDDING if module else _EMBEDDING.fullmatch(path):
            return None  # PEFT has other factors for embeddings
        found[path, _OF_MLX[match["part"]]] = one if match["part"] == "m" else transposed(one)
    return found


def _read_flat(subject: Subject, draft: Draft) -> _Weights | None:
    file = open_weight_file(draft)
    parts = split_flat_names(file, subject.base, draft) if file else None
    if file is None or parts is None:
        return None
    how = f"{_TO_PEFT_NAMES}, with an alpha for each module"
    why = "each name matches exactly one module of the base"
    return _Weights("kohya's scripts", file.name, parts, {}, how, why)


def _read_dotted(subject: Subject, draft: Draft) -> _Weights | None:
    file = open_weight_file(draft)
    parts = split_dotted_names(file, subject.base, draft) if file else None
    if file is None or parts is None or _alpha_is_open(file, parts):
        return None
    own = config_in(file.metadata)
    tool = DIFFUSERS if _is_of_diffusers(file) else COMFYUI
    why = "the config comes from the metadata" if own else f"{tool} gives it this scale"
    return _Weights(tool, file.name, parts, own, _TO_PEFT_NAMES, why)


def _alpha_is_open(file: File, parts: ForeignTensors) -> bool:
    """Tell whether tools disagree on alpha.

    diffusers uses the rank as alpha and ignores `alpha` tensors next to its own names; other tools
    use them. If only some modules or the metadata have an alpha, some tools use it for all modules.
    """
    if not parts.alphas:
        return _ALPHA_KEY in file.metadata and not config_in(file.metadata)
    ranks = parts.ranks
    is_rank = all(parts.alphas.get(path) == rank for path, rank in ranks.items())
    is_partial = parts.alphas.keys() != ranks.keys()
    return is_partial or bool(config_in(file.metadata)) or (not is_rank and _is_of_diffusers(file))


def _is_of_diffusers(file: File) -> bool:
    dialect = dialect_of(file.tensors)
    return dialect is not None and dialect.tool in (DIFFUSERS, OLD_DIFFUSERS)
