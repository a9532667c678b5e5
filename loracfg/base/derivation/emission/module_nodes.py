"""Converts nodes of single modules into those of named layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.architecture import Kind
from loracfg.base.catalogue.trees.layers import LAYERS
from loracfg.base.derivation.stand_ins import convolutions, layers, sequences

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Node


_KINDS: Final = (
    (layers.Embedding, Kind.EMBEDDING),
    (convolutions.Conv2d, Kind.CONV2D),
    (convolutions.Conv3d, Kind.CONV3D),
    (convolutions.Conv1d, Kind.CONV1D),
    (sequences.MultiheadAttention, Kind.ATTENTION),
    (layers.Linear, Kind.LINEAR),
)


def kind_of(cls: type) -> Kind:
    """Return the kind of layer that PEFT sees in instances of a class."""
    if any(
        one.__name__ == "Conv1D" and one.__module__.endswith("pytorch_utils") for one in cls.__mro__
    ):
        return Kind.CONV1D_GPT2
    return next((kind for base, kind in _KINDS if issubclass(cls, base)), Kind.OTHER)


def named_layer(node: Node) -> Node:
    """Return the shorter node of a named layer if a node is exactly one; else the node itself."""
    if not {"class", "kind", "parameters", "buffers", "groups"} >= node.keys():
        return node
    own: Mapping[str, Any] = node
    entries = [*own.get("parameters", ()), *own.get("buffers", ())]
    if not all(len(one) == 2 and type(one[0]) is str for one in entries):
        return node
    parameters = dict(own.get("parameters", ()))
    if list(parameters) not in (["weight"], ["weight", "bias"]) or type(node["class"]) is not str:
        return node
    sizes, bias = parameters["weight"], parameters.get("bias")
    if not _is_plain(sizes):
        return node
    name = _name(node, sizes)
    layer = LAYERS.get(name)
    if layer is None or (layer.running and bias is None):
        return node
    found: Node = {"layer": name, "sizes": sizes}
    if node["class"] != name:
        found["class"] = node["class"]
    if bias is not None:
        condition = _condition(bias, sizes[layer.bias])
        if condition is None:
            return node
        found["bias"] = condition
    if "groups" in node:
        found["groups"] = node["groups"]
    return found


def _name(node: dict[str, Any], sizes: Any) -> str:
    kind = node.get("kind")
    buffers = node.get("buffers")
    if kind is not None:
        return "" if buffers else str(kind)
    if not buffers:
        return "Norm"
    running = [["running_mean", sizes], ["running_var", sizes], ["num_batches_tracked", []]]
    return "BatchNorm" if buffers == running else ""


def _is_plain(shape: Any) -> bool:
    return type(shape) is list and bool(shape) and shape[0] != "if"


def _condition(bias: Any, wanted: Any) -> Any:
    """Return when a bias of the wanted shape exists: True, a condition, or None if never."""
    if bias == wanted:
        return True
    if type(bias) is list and len(bias) == 4 and bias[0] == "if":
        return bias[1] if bias[2] == wanted and bias[3] is None else None
    return None
