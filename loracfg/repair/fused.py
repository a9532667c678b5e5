"""Split factors of fused layers: all parts share A, and each has its own rows of B."""

from __future__ import annotations

from typing import Final

from loracfg.adapter.tensor_names import PREFIX, Part
from loracfg.analysis.phrases import listed, plural
from loracfg.analysis.subject import Subject
from loracfg.repair.change import Change, config_change
from loracfg.repair.draft import Draft
from loracfg.repair.tensor_data import RowSlice, TensorSource
from loracfg.rules.rule import Finding

_FUSED: Final = {
    "qkv_proj": ("q_proj", "k_proj", "v_proj"),
    "gate_up_proj": ("gate_proj", "up_proj"),
}
"""The order in which transformers' Phi-3 and vLLM's `packed_modules_mapping` fuse layers."""


def split_fused_layers(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Split factors of fused layers for a base with separate layers (LC601, LC604)."""
    config, tensors = subject.config, draft.tensors
    if config is None or tensors is None or config.use_dora or config.lora_bias:
        return None
    if config.rank_pattern or config.alpha_pattern or not isinstance(config.target_modules, list):
        return None
    new: dict[str, TensorSource] = {}
    removed: dict[str, str] = {}
    for layer in subject.layers.values():
        if layer.module not in subject.lost_paths:
            continue
        a, b = layer.parts.get(Part.A), layer.parts.get(Part.B)
        parts = None if b is None else _parts(layer.module, tensors[b], subject)
        if a is None or parts is None or len(layer.names) != 2:
            return None
        for path, rows in parts.items():
            new |= {f"{PREFIX}{path}.lora_A.weight": tensors[a]}
            new |= {f"{PREFIX}{path}.lora_B.weight": rows}
        removed |= dict.fromkeys(layer.names, layer.module.rpartition(".")[2])
    if not new or new.keys() & tensors.keys():
        return None
    kept = {name: one for name, one in tensors.items() if name not in removed}
    fused = dict.fromkeys(removed.values())
    targets = [
        name
        for target in config.target_modules
        for name in (_FUSED[target] if target in fused else (target,))
    ]
    title = f"split {listed(fused)} of {plural(len(removed) // 2, 'layer')} into the base's layers"
    why = "their sizes add up, but this assumes that the parts have the order of Phi-3"
    values = {"target_modules": list(dict.fromkeys(targets))}
    return config_change(draft.with_tensors(kept | new), values, title, safe=False, why=why)


def _parts(path: str, b: TensorSource, subject: Subject) -> dict[str, RowSlice] | None:
    """Return the rows of B for each layer of the base; None if the sizes do not add up."""
    parent, _, leaf = path.rpartition(".")
    found: dict[str, RowSlice] = {}
    first = 0
    for name in _FUSED.get(leaf, ()):
        module = subject.tree.find(f"{parent}.{name}") if subject.tree else None
        if module is None or "weight" not in module.parameters:
            return None
        out = module.weight[0]
        found[module.path] = RowSlice(b, first, first + out)
        first += out
    return found if found and b.shape[:1] == (first,) else None
