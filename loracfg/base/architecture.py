"""The module tree of a base model as data, as PEFT sees it through `named_modules()`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Final, Literal

from loracfg.adapter.header.tensor import Shape
from loracfg.named_tuple import NamedTuple

Source = Literal["catalogue", "checkpoint", "facts", "transformers"]
"""Where a tree comes from: `facts` is a user's file, `transformers` the installed library."""
Parameter = tuple[str, str]
"""The first path of a module, and the name of one of its own parameters."""


class Kind(StrEnum):
    """The kinds of modules that PEFT distinguishes (`dispatch_default` in `lora/layer.py`)."""

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
    """Return whether a weight has the number of dimensions that its kind of layer needs."""
    return len(weight) == _DIMENSIONS.get(kind, 2)


def computed_weight(own: Mapping[str, Shape], inside: Mapping[str, Shape]) -> Shape | None:
    """Return the shape of a weight that torch computes, or None if there is none.

    Args:
        own: the parameters of the layer, where the older `weight_norm` stores direction and norm.
        inside: the parameters of its `parametrizations.weight`.
    """
    return own.get("weight_v") or inside.get("original1")


class Module(NamedTuple):
    """A module of the tree.

    Attributes:
        path: its first path, empty for the model itself.
        kind: what kind of layer PEFT treats it as.
        class_name: its class.
        parameters: the parameters registered on the module itself, in order of registration.
        buffers: the persistent buffers registered on it.
        groups: the number of groups of a convolution.
        is_transposed: the attribute of expert stacks. If true, their parameters are
            `(experts, in, out)`, otherwise `(experts, out, in)`.
        computed: the shape of a weight that is computed from other parameters, as by weight norm,
            or that the layer declares while it has another one, as after some ties. PEFT adapts
            such a layer like any other.
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
            KeyError: if the module has no weight.
        """
        return self.computed or self.parameters["weight"]

    @property
    def features(self) -> tuple[int, int]:
        """The numbers of input and output features, as PEFT derives them (`tuners_utils.py`)."""
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


def parents_of(path: str) -> Iterator[str]:
    """Yield the paths of the modules around a module, outermost first, without the root."""
    end = path.find(".")
    while end != -1:
        yield path[:end]
        end = path.find(".", end + 1)


@dataclass(frozen=True, repr=False)
class Architecture:
    """The module tree of one model class for one model config.

    Attributes:
        source: where the tree comes from.
        model_type: the `model_type` of the config.
        class_name: the model class.
        modules: every module once, in the order of `named_modules()`; the root is under `""`. A
            module in several places, such as T5's `shared`, is under its first path.
        aliases: the other paths of such modules, each with the first one.
        input_embeddings: the path of the input embedding.
        output_embeddings: the path of the output embedding.
        tied: the modules that share the weight of the input embedding, such as `lm_head`, as
            returned by PEFT's `_get_module_names_tied_with_embedding`.
        tie_word_embeddings: the value in the config.
        vocab_size: the value in the config.
        is_transformers: false for modules of other libraries, for which `all-linear` includes
            heads.
        notes: sentences on how the tree was made, for the report.
        renames: the rules by which PEFT translates names of transformers 4 (`base/renaming.py`).
        library: the installed library and its release, if the tree comes from it.
        shared: the parameters that are tied to another one, or None if only `tied` is known.
        hides_embeddings: whether PEFT raises because the class does not return its input embedding
            (`base/tying.py`).
        raises_for_embeddings: whether the class raises if it is asked for its input embedding.
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
    raises_for_embeddings: bool = field(default=False, compare=False)

    @cached_property
    def with_parameters(self) -> frozenset[str]:
        """The paths of modules that have parameters themselves."""
        return frozenset([path for path, module in self.modules.items() if module.parameters])

    @cached_property
    def inside(self) -> Mapping[str, list[str]]:
        """The paths around others, each with those inside it in their order."""
        inside: dict[str, list[str]] = {}
        for path in dict.fromkeys(self.paths()):
            for parent in parents_of(path):
                inside.setdefault(parent, []).append(path)
        return inside

    def find(self, path: str) -> Module | None:
        """Return the module at a path or alias."""
        return self.modules.get(self.aliases.get(path, path))

    def paths(self) -> Iterator[str]:
        """Yield every path except the root's, including aliases."""
        yield from (path for path in self.modules if path)
        yield from self.aliases
