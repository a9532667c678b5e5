r"""A fused layer has several times the rank of the other layers, but the same alpha.

Tools that convert an adapter from separate layers to a fused layer stack the factors, so the rank
of `qkv_proj` becomes three times the original. The scaling is alpha divided by the rank (by its
square root with `use_rslora`). With the original alpha, only a third of the update is left. If the
adapter was trained on the fused layer, nothing is wrong.

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

Repair: if the layers were trained separately and then fused, set their alpha in `alpha_pattern`:
the original alpha times the same factor as the rank, or its square root with `use_rslora`.
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
from loracfg.planning.layer_settings import LayerSettings, scaling_of
from loracfg.report.evidence import FieldValue
from loracfg.rules.rule import Finding, GatedCheck, Rule

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues

_FUSED: Final = {
    **dict.fromkeys(("qkv_proj", "qkv", "query_key_value", "c_attn", "Wqkv", "W_pack"), (3,)),
    **dict.fromkeys(("in_proj_qkv", "to_qkv", "attn_qkv", "qkv_attn", "to_added_qkv"), (3,)),
    **dict.fromkeys(("gate_up_proj", "kv_proj", "to_kv"), (2,)),
    "linear1": (3, 4),
}
"""Names of fused layers, and how many layers each fuses: FLUX.1's `linear1` is q, k, v and MLP."""


def check(subject: Subject) -> Iterator[Finding]:
    """Find fused layers with a key in `rank_pattern`, but none in `alpha_pattern`."""
    config = subject.config
    if config is None:
        return
    layers: dict[str | None, list[str]] = {}
    for path, settings in subject.settings.items():
        if settings.alpha and not settings.alpha_keys and _is_multiple(path, settings, config):
            layers.setdefault(settings.rank_key, []).append(path)
    for key, paths in layers.items():
        assert key is not None  # without a key, the rank is `r`, and no multiple of it
        rank, alpha = config.rank_pattern[key], config.lora_alpha
        times = rank // config.r
        scaling = scaling_of(alpha, rank, config.use_rslora)
        needed = alpha * (math.sqrt(times) if config.use_rslora else times)
        yield Finding(
            f"`rank_pattern[{printable(key)}]` is `{rank}`, {times} times `r`, but alpha "
            f"is `{alpha:g}` as in other layers, so the scaling is `{scaling:.4g}`",
            subject.value(f"/rank_pattern/{escape(key)}"),
            f"set the alpha of {plural(len(paths), 'layer')} to `{needed:g}` in `alpha_pattern` if "
            f"the adapter was made by fusing adapters of rank `{config.r}`",
            count=len(paths),
            data=FieldValue(f"/alpha_pattern/{escape(key)}", alpha, needed, tuple(paths)),
        )


def _is_multiple(path: str, settings: LayerSettings, config: ConfigValues) -> bool:
    counts = _FUSED.get(path.rpartition(".")[2], ())
    return any(settings.rank == count * config.r for count in counts)


RULE = Rule(
    "LC340",
    "fused-rank-without-alpha",
    "info",
    GatedCheck([changed("rank_pattern")], check),
    __name__,
)
