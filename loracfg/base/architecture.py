"""The module tree of a base model as plain data, as PEFT sees it through `named_modules()`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from loracfg.adapter.header.tensor import Shape

Source = Literal["catalogue", "checkpoint", "facts", "transformers"]
"""Where a tree is from: `facts` are a file of the user's own, `transformers` is installed."""
Parameter = tuple[str, str]
"""The first path of a module, and the name of a parameter of its own."""


class Kind(StrEnum):
    """What PEFT tells modules apart by (`peft/tuners/lora/layer.py`, `dispatch_default`)."""

    LINEAR = "Linear"
    """`torch.nn.Linear` and subclasses; weight `(out, in)`."""
    CONV1D_GPT2 = "Conv1D"
    """`transformers.pytorch_utils.Conv1D`, GPT-2's linear layer; weight `(in, out)`."""
    EMBEDDING = "Embedding"
    """`torch.nn.Embedding` and subclasses; weight `(rows, dim)`."""
    CONV1D = "Conv1d"
    """`torch.nn.Conv1d`; weight `(out, in / groups, k)`."""
    CONV2D = "Conv2d"
    """`torch.nn.Conv2d`; weight `(out, in / groups, kh, kw)`."""
    CONV3D = "Conv3d"
    """`torch.nn.Conv3d`; weight `(out, in / groups, kd, kh, kw)`."""
    ATTENTION = "MultiheadAttention"
    """`torch.nn.MultiheadAttention`; `in_proj_weight` `(3 * dim, dim)`, child `out_proj`."""
    OTHER = "other"
    """Anything that PEFT cannot wrap with `target_modules`."""


CONVOLUTIONS = (Kind.CONV1D, Kind.CONV2D, Kind.CONV3D)

_DIMENSIONS: Final = {Kind.CONV1D: 3, Kind.CONV2D: 4, Kind.CONV3D: 5}


def has_dimensions(kind: Kind, weight: Shape) -> bool:
    """Tell whether the weight of a kind of layer has as many dimensions as this one."""
    return len(weight) == _DIMENSIONS.get(kind, 2)


def computed_weight(own: Mapping[str, Shape], inside: Mapping[str, Shape]) -> Shape | None:
    """Return the shape of a weight that torch computes, None if none is known.

    Args:
        own: the parameters of the layer, where the older `weight_norm` keeps direction and length.
        inside: those of `parametrizations.weight` in it.
    """
    return own.get("weight_v") or inside.get("original1")


class Module(NamedTuple):
    """One module of the tree.

    `parameters` and `buffers` (persistent ones) are those registered on the module itself, by
    local name, in registration order. `is_transposed` is the attribute of the same name on expert
    stacks: their parameters are `(experts, in, out)` then, else `(experts, out, in)`. `computed`
    is the shape of a weight that is made of other parameters, as weight norm does; PEFT adapts such
    a layer like any other.
    """

    path: str
    kind: Kind
    class_name: str
    parameters: Mapping[str, Shape] = MappingProxyType({})
    buffers: Mapping[str, Shape] = MappingProxyType({})
    groups: int = 1
    is_transposed: bool = False
    computed: Shape | None = None

    @property
    def weight(self) -> Shape:
        """The shape of the weight, stored or computed.

        Raises:
            KeyError: if there is none.
        """
        return self.computed or self.parameters["weight"]

    @property
    def features(self) -> tuple[int, int]:
        """The (in, out) features that PEFT derives (`peft/tuners/tuners_utils.py`, 0.21.2)."""
        match self.kind:
            case Kind.LINEAR:
                out, into = self.weight
            case Kind.CONV1D_GPT2 | Kind.EMBEDDING:
                into, out = self.weight
            case Kind.CONV1D | Kind.CONV2D | Kind.CONV3D:
                out, into = self.weight[:2]
                into *= self.groups
            case Kind.ATTENTION:
                out, into = self.parameters["in_proj_weight"]
            case Kind.OTHER:
                raise ValueError(f"`{self.path}` ({self.class_name}) has no features")
        return into, out


@dataclass(frozen=True)
class Architecture:
    """The tree of one model class for one model config.

    `modules` holds every module once, the root under `""`, in the order of `named_modules()`;
    a module that stands in several places (T5's `shared` is also `encoder.embed_tokens`) is there
    under its first path, and `aliases` maps its other paths to that one. `tied` names the modules
    whose weight is the input embedding's (`lm_head`), as PEFT's
    `_get_module_names_tied_with_embedding` gives them; `tie_word_embeddings` is the config's
    value. `is_transformers` is false for other libraries' modules, where `all-linear` takes heads
    along. `notes` are sentences on how the tree was found, for the report. `renames` are the
    rules by which PEFT takes names of transformers 4 for those of the tree (`base/renaming.py`).
    `library` is the release that the installed library has, which the tree is of. `shared` names
    the parameters that ties make the same as another one, None where only `tied` is known. With
    `hides_embeddings`, PEFT raises on the model: it asks for the input embedding, which the class
    does not give (`base/tying.py`).
    """

    source: Source
    model_type: str | None
    class_name: str | None
    modules: dict[str, Module]
    aliases: dict[str, str] = field(default_factory=dict)
    input_embeddings: str | None = None
    output_embeddings: str | None = None
    tied: tuple[str, ...] = ()
    tie_word_embeddings: bool = False
    vocab_size: int | None = None
    is_transformers: bool = True
    notes: tuple[str, ...] = ()
    renames: tuple[tuple[str, str], ...] = ()
    library: str | None = field(default=None, compare=False)
    shared: tuple[Parameter, ...] | None = field(default=None, compare=False)
    hides_embeddings: bool = field(default=False, compare=False)

    @cached_property
    def with_parameters(self) -> frozenset[str]:
        """The paths of modules that have parameters of their own."""
        return frozenset([path for path, module in self.modules.items() if module.parameters])

    def find(self, path: str) -> Module | None:
        """Return the module at a path or alias."""
        return self.modules.get(self.aliases.get(path, path))

    def paths(self) -> Iterator[str]:
        """Yield every path but the root's, aliases too, as `named_modules` with duplicates does."""
        yield from (path for path in self.modules if path)
        yield from self.aliases
