"""Tiny models of transformers, and one of plain torch modules of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.architecture import Architecture
from tests.zoo import CONFIGS, tiny_model

if TYPE_CHECKING:
    from torch import nn

VARIATIONS: Final[dict[str, tuple[str, str | None, dict[str, Any]]]] = {
    "llama-3-layers": ("llama", None, {"num_hidden_layers": 3}),
    "llama-tied": ("llama", None, {"tie_word_embeddings": True}),
    "llama-labels": ("llama", "SEQ_CLS", {"num_labels": 3}),
    "bert-tokens": ("bert", "TOKEN_CLS", {}),
}
"""Models that are not just the usual class of a model type: type, head and config values."""


@cache
def model_of(name: str) -> nn.Module:
    """Return the model of a name; copy it before it is changed."""
    if name == "modules":
        return every_kind()
    if name == "normed":
        return every_normed_kind()
    if name == "roberta-labels":
        from transformers import RobertaConfig, RobertaForSequenceClassification

        return RobertaForSequenceClassification(RobertaConfig(**CONFIGS["bert"]))
    model_type, head, changes = VARIATIONS.get(name, (name, None, {}))
    return tiny_model(model_type, head, **changes)


@cache
def architecture(name: str) -> Architecture:
    """Return the tree of a model."""
    from loracfg.base.from_library.live_model import architecture_of

    return architecture_of(model_of(name))


def every_kind() -> nn.Module:
    """Return a model with every kind of layer that PEFT adapts, and some that it does not.

    `shared` stands in `first` and `second`; `experts` registers its parameters in the order of
    their use, `reversed` the other way round.
    """
    import torch
    from torch import nn

    class Experts(nn.Module):
        def __init__(self, shapes: Mapping[str, tuple[int, ...]], **attributes: bool) -> None:
            super().__init__()
            for name, shape in shapes.items():
                self.register_parameter(name, nn.Parameter(torch.zeros(shape)))
            for name, value in attributes.items():
                setattr(self, name, value)

    up, down = {"gate_up_proj": (4, 20, 6)}, {"down_proj": (4, 6, 10)}
    three = {"w_c": (4, 10, 6), "w_a": (4, 6, 10), "w_b": (4, 3, 6)}
    lin, shared = nn.Linear(6, 10), nn.Linear(10, 9)
    return nn.ModuleDict(
        {
            "line": nn.Conv1d(4, 8, 3),
            "lines": nn.Conv1d(4, 6, 3, groups=2, bias=False),
            "plane": nn.Conv2d(4, 8, (3, 5)),
            "planes": nn.Conv2d(4, 8, (3, 5), groups=2),
            "space": nn.Conv3d(4, 8, (1, 2, 3)),
            "spaces": nn.Conv3d(8, 12, (1, 2, 3), groups=4),
            "emb": nn.Embedding(11, 6),
            "lin": lin,
            "lin2": nn.Linear(10, 4, bias=False),
            "xlin2": nn.Linear(4, 7),
            "mha": nn.MultiheadAttention(8, 2),
            "cross": nn.MultiheadAttention(8, 2, kdim=6, vdim=5),
            "norm": nn.BatchNorm1d(7),
            "list": nn.ModuleList([nn.Linear(3, 5)]),
            "first": nn.ModuleDict({"shared": shared, "block": nn.Sequential(lin, nn.ReLU())}),
            "second": nn.ModuleDict({"shared": shared}),
            "experts": Experts(up | down),
            "reversed": Experts(down | up, is_transposed=False),
            "transposed": Experts(
                {"gate_up_proj": (4, 6, 20), "down_proj": (4, 10, 6)}, is_transposed=True
            ),
            "three": Experts(three),
            "flat": Experts({"w": (7, 5), "v": (9,), "four": (2, 3, 4, 5)}),
        }
    )


def every_normed_kind() -> nn.Module:
    """Return a model with layers whose weights are computed of other parameters."""
    from torch import nn
    from torch.nn.utils import spectral_norm
    from torch.nn.utils.parametrizations import orthogonal
    from torch.nn.utils.parametrizations import spectral_norm as parametrized_spectral
    from torch.nn.utils.parametrizations import weight_norm as parametrized

    return nn.ModuleDict(
        {
            "plain": nn.Linear(4, 6),
            "line": parametrized(nn.Conv1d(4, 8, 3, groups=2), dim=2),
            "plane": parametrized(nn.Conv2d(4, 8, (3, 5), bias=False)),
            "lin": parametrized(nn.Linear(6, 10)),
            "emb": parametrized(nn.Embedding(11, 6)),
            "turned": orthogonal(nn.Linear(6, 6)),
            "bounded": parametrized_spectral(nn.Linear(6, 10)),
            "older": spectral_norm(nn.Linear(6, 10)),
            "back": parametrized(nn.ConvTranspose1d(4, 8, 3)),
        }
    )
