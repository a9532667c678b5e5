"""Determines the kinds of modules from the names and shapes of their parameters.

A checkpoint does not show which class a parameter belongs to. The rules here were checked against
every model class of transformers 4.57.6 and 5.23.0 that can be built from its default config: they
give the right kind or none. A module without a certain kind is left out of the tree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from loracfg.adapter.header.tensor import Shape
from loracfg.base.architecture import Kind

CONV1D_NAMES: Final = frozenset(("c_attn", "c_fc", "c_proj", "q_attn"))
"""Names of `Conv1D` layers in gpt2, openai-gpt, imagegpt, decision_transformer and clvp."""

CUSTOM_TYPES: Final = frozenset(("ibert", "jukebox"))
"""Model types that use their own layer classes under common names."""

_CHANGED: Final = re.compile(r"(.*\.)?(gate|router|router\.layer|embed_out)")
"""Modules with a different class or name in transformers 5 than in transformers 4."""

_LINEAR: Final = re.compile(r"\w*(_proj|_projection|_projector|_dense)")
_EMBEDDING: Final = re.compile(
    r"(?!.*patch)(\w+_)?(emb|embed|embeds|embedding|embeddings)(_layers?|_table|s?_\d+)?"
    r"|embed_(tokens|positions|in|timestep|global|char|text_tokens|audio_tokens)"
    r"|shared|wte|wpe|tokens_embed|positions_embed|relative_attention_bias|(row|column)_embedder"
)
_DOUBTFUL: Final = re.compile(
    r"(?=\w*(emb|token|table|codebook|reference_point|queries|query_feat))\w+"
    r"|\w*_(pos|edge|dis|atom|degree)_encoder|(atom|edge)_encoder|w|pe_k|bias_values",
    re.IGNORECASE,
)
_TRANSPOSED: Final = re.compile(r".*(upsampl|upscale|transpose|convt|conv_t|deconv).*")
_DEPTHWISE: Final = re.compile(r".*(dw_?conv|dw$|depth_?wise|conv_?1d|convs_dilated).*")
_CONVOLUTION: Final = re.compile(r".*(conv|patch|proj|point_?wise|depth_?wise).*")
_GROUPED_TYPES: Final = frozenset(("squeezebert", "regnet", "mgp-str", "zaya", "data2vec-audio"))
_MAX_KERNEL: Final = 16

_CONVOLUTIONS: Final = {3: Kind.CONV1D, 4: Kind.CONV2D, 5: Kind.CONV3D}


def kind_of(
    path: str, parameters: Mapping[str, Shape], *, transposed: bool | None, model_type: str | None
) -> tuple[Kind, int] | None:
    """Return the kind of a module and the groups of its convolution, or None if not certain.

    Args:
        path: the path of the module in the tree.
        parameters: the shapes of its own parameters.
        transposed: whether GPT-2's names stand for `Conv1D` in this checkpoint (see
            `holds_conv1d`), or None if that is unknown.
        model_type: the model type in the config, if there is one.
    """
    weight = parameters.get("weight", ())
    if "in_proj_weight" in parameters:
        rows, columns = (*parameters["in_proj_weight"], 0, 0)[:2]
        return (Kind.ATTENTION, 1) if rows == 3 * columns else None
    if len(weight) < 2:  # a layer with only a bias has a weight that is tied and saved elsewhere
        return None if tuple(parameters) == ("bias",) else (Kind.OTHER, 1)
    if model_type in CUSTOM_TYPES:
        return None
    if len(weight) == 2:
        if _CHANGED.fullmatch(path):
            return None
        kind = _matrix_kind(_name(path), weight, parameters.get("bias"), transposed)
        return (kind, 1) if kind else None
    if len(weight) in _CONVOLUTIONS:
        return _convolution(path, weight, parameters.get("bias"), model_type)
    return None


def holds_conv1d(modules: Mapping[str, Mapping[str, Shape]]) -> bool | None:
    """Return whether layers with GPT-2's names are `Conv1D`, with biases of the second size."""
    verdicts = set()
    for path, parameters in modules.items():
        weight, bias = parameters.get("weight", ()), parameters.get("bias", ())
        sized = len(weight) == 2 and len(bias) == 1 and weight[0] != weight[1]
        if sized and bias[0] in weight and _name(path) in CONV1D_NAMES:
            verdicts.add(bias[0] == weight[1])
    return verdicts.pop() if len(verdicts) == 1 else None


def _name(path: str) -> str:
    """Return the last name of a path, or for an element of a list the name of the list."""
    *before, last = path.split(".")
    return before[-1] if last.isdigit() and before else last


def _matrix_kind(
    name: str, weight: Shape, bias: Shape | None, transposed: bool | None
) -> Kind | None:
    if name in CONV1D_NAMES:
        if transposed is None:
            return None
        rows = weight[1] if transposed else weight[0]
        kind = Kind.CONV1D_GPT2 if transposed else Kind.LINEAR
        return kind if bias in (None, (rows,)) else None
    if bias is not None:
        return Kind.LINEAR if bias == weight[:1] else None
    if name == "decoder":  # BERT's head, with a bias that is saved under another name
        return None
    if _LINEAR.fullmatch(name):
        return Kind.LINEAR
    if _EMBEDDING.fullmatch(name):
        return Kind.EMBEDDING
    return None if _DOUBTFUL.fullmatch(name) else Kind.LINEAR


def _convolution(
    path: str, weight: Shape, bias: Shape | None, model_type: str | None
) -> tuple[Kind, int] | None:
    name = _name(path)
    if model_type in _GROUPED_TYPES or _TRANSPOSED.match(path):
        return None
    if bias is not None and bias != weight[:1]:
        return None
    if bias is None and (not _CONVOLUTION.match(name) or max(weight[2:]) > _MAX_KERNEL):
        return None
    kind = _CONVOLUTIONS[len(weight)]
    if weight[1] != 1:
        return kind, 1
    return (kind, weight[0]) if _DEPTHWISE.match(name) else None
