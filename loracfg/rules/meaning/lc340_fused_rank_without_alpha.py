r"""A fused layer has several times the rank of the others, and the same alpha.

An adapter on separate layers becomes one on the layer that fuses them by stacking its factors, so
the rank of a `qkv_proj` is three times what it was. The scaling is alpha divided by the rank; with
the alpha of the separate layers, a third of the update is left; with `use_rslora`, the rank counts
by its square root. Trained so, the adapter is right.

Fires:

    made with {"rank_pattern": {"q_proj": 12}}
    config {"rank_pattern": {"qkv_proj": 12}, "target_modules": ["qkv_proj", "v_proj"]}
    rename q_proj -> qkv_proj
    base none

Passes:

    made with {"rank_pattern": {"q_proj": 12}}
    config {"rank_pattern": {"qkv_proj": 12}, "target_modules": ["qkv_proj", "v_proj"]}
    config {"alpha_pattern": {"qkv_proj": 24}}
    rename q_proj -> qkv_proj
    base none

Passes:

    made with {"rank_pattern": {"q_proj": 12}}

Repair: if the layers were trained apart and fused, give them alpha in `alpha_pattern`, larger by as
much as their rank is, or by its square root with `use_rslora`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from loracfg.analysis.noted import changed
from loracfg.analysis.phrases import plural
from loracfg.analysis.subject import Subject
from loracfg.document.display import printable
from loracfg.document.pointer import escape
from loracfg.plan.layer_settings import LayerSettings, scaling_of
from loracfg.report.evidence import FieldValue
from loracfg.rules.rule import Finding, Noted, Rule

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues

_FUSED: Final = {
    **dict.fromkeys(("qkv_proj", "qkv", "query_key_value", "c_attn", "Wqkv", "W_pack"), (3,)),
    **dict.fromkeys(("in_proj_qkv", "to_qkv", "attn_qkv", "qkv_attn", "to_added_qkv"), (3,)),
    **dict.fromkeys(("gate_up_proj", "kv_proj", "to_kv"), (2,)),
    "linear1": (3, 4),
}
"""Layers that hold several of other models, and how many: FLUX.1's `linear1` is q, k, v and MLP."""


def check(subject: Subject) -> Iterator[Finding]:
    """Look for fused layers whose rank has a key, while their alpha has none."""
    config = subject.config
    if config is None:
        return
    layers: dict[str | None, list[str]] = {}
    for path, settings in subject.settings.items():
        if settings.alpha and not settings.alpha_keys and _is_multiple(path, settings, config):
            layers.setdefault(settings.rank_key, []).append(path)
    for key, paths in layers.items():
        assert key is not None  # `r` is no multiple of itself
        rank, alpha = config.rank_pattern[key], config.lora_alpha
        times = rank // config.r
        scaling = scaling_of(alpha, rank, config.use_rslora)
        needed = alpha * (math.sqrt(times) if config.use_rslora else times)
        yield Finding(
            f"`rank_pattern[{printable(key)}]` is `{rank}`, {times} times `r`, and alpha "
            f"is `{alpha:g}` as for other layers, so the scaling is `{scaling:.4g}`",
            subject.value(f"/rank_pattern/{escape(key)}"),
            f"give {plural(len(paths), 'layer')} alpha `{needed:g}` in `alpha_pattern` if it was "
            f"made by fusing adapters of rank `{config.r}`",
            count=len(paths),
            data=FieldValue(f"/alpha_pattern/{escape(key)}", alpha, needed, tuple(paths)),
        )


def _is_multiple(path: str, settings: LayerSettings, config: ConfigValues) -> bool:
    held = _FUSED.get(path.rpartition(".")[2], ())
    return any(settings.rank == count * config.r for count in held)


RULE = Rule(
    "LC340", "fused-rank-without-alpha", "info", Noted([changed("rank_pattern")], check), __name__
)
