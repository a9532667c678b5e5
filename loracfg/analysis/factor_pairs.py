"""Pairs of factors, A and B, and the rank that their shapes show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Literal

from loracfg.adapter.header.tensor import Shape
from loracfg.adapter.name_table import LayerTensors, Pair
from loracfg.adapter.tensor_names import Part
from loracfg.analysis.subject import Subject
from loracfg.named_tuple import NamedTuple
from loracfg.planning.layer_tensors import capped_rank
from loracfg.planning.targets import suffixes
from loracfg.planning.widening import may_hold_experts


class FactorPair(NamedTuple):
    """Both factors of a layer, with their names and shapes.

    A is `(rank, in)` and B is `(out, rank)`, followed by kernel sizes for convolutions. In a stack
    of experts, `rank` is the total of all experts.
    """

    layer: LayerTensors
    a: str
    b: str
    a_shape: Shape
    b_shape: Shape

    @property
    def module(self) -> str:
        """The path of the module in the base."""
        return self.layer.module

    @property
    def names(self) -> tuple[str, ...]:
        """All tensors of the layer."""
        return self.layer.names

    @property
    def rank(self) -> int:
        """The rank, from the shape of A."""
        return self.a_shape[0]

    @property
    def agree(self) -> bool:
        """Whether A and B have the same rank."""
        return self.a_shape[0] == self.b_shape[1]

    @property
    def is_convolution(self) -> bool:
        """Whether the factors are those of a convolution."""
        return len(self.a_shape) > 2

    def has_rank(self, rank: int, subject: Subject) -> bool:
        """Tell whether a layer with this rank in the config has factors of this size."""
        assert subject.config is not None  # it gives the rank
        if self.is_convolution or Part.EMBEDDING_A in self.layer.parts:  # never decomposed
            return self.rank == rank
        into, out = self.a_shape[1], self.b_shape[0]
        field = "init_lora_weights"
        if not subject.gives(field) or subject.conflicts(field):
            return self.rank in (rank, min(rank, into, out))
        return self.rank == capped_rank(rank, into, out, subject.config)


def is_transposed(pair: FactorPair, subject: Subject) -> bool:
    """Tell whether a pair has the rank in the config only if it is transposed or swapped.

    `orientation` finds out which of the two it is.
    """
    settings = subject.settings.get(pair.module)
    if settings is None or is_stack(subject, pair.module):
        return False
    assert subject.config is not None  # it gives the settings
    if subject.config.use_bdlora:  # a block-diagonal factor is narrower
        return False
    has_matrices = len(pair.a_shape) == len(pair.b_shape) == 2
    return has_matrices and pair.a_shape[1] == pair.b_shape[0] == settings.rank != pair.rank


def transposed_stacks(subject: Subject, others: Collection[FactorPair]) -> list[FactorPair]:
    """Return the stacks whose factors are transposed, according to the base or like `others`.

    A and B of such a stack only agree on a rank, the total of all experts, when transposed back.
    """
    if not (subject.plan or others):
        return []
    shapes = subject.plan.shapes if subject.plan else {}
    stacks = (p for p in pairs_where(_agrees_transposed, subject) if is_stack(subject, p.module))
    return [
        pair
        for pair in stacks
        if shapes.get(pair.a, pair.a_shape[::-1]) == pair.a_shape[::-1]
        and shapes.get(pair.b, pair.b_shape[::-1]) == pair.b_shape[::-1]
    ]


def swapped_stacks(subject: Subject) -> list[LayerTensors]:
    """Return the layers of parameters in which A and B have each other's outer size."""
    modules = subject.plan.modules if subject.plan else ()
    stacks = {module.path for module in modules if module.parameter}
    layers = subject.layers.values()
    return [layer for layer in layers if layer.module in stacks and _is_swapped(layer, subject)]


def _is_swapped(layer: LayerTensors, subject: Subject) -> bool:
    wrong = subject.mismatched
    a, b = layer.parts.get(Part.A, ""), layer.parts.get(Part.B, "")
    if a not in wrong or b not in wrong:
        return False
    (width, into), (out, _) = wrong[a].shape, wrong[b].shape
    return subject.shape(a) == (width, out) and subject.shape(b) == (into, width)


def _agrees_transposed(pair: FactorPair, _: Subject) -> bool:
    return not pair.agree and pair.a_shape[1] == pair.b_shape[0]


def orientation(
    pairs: Iterable[FactorPair], subject: Subject
) -> Literal["transposed", "swapped"] | None:
    """Return whether A and B are transposed or swapped; None if the base does not show it.

    Both fit a square layer, and any layer without a base. One layer that is not square decides.
    """
    shapes = subject.plan.shapes if subject.plan else {}
    transposed = swapped = True
    for pair in pairs:
        wanted = shapes.get(pair.a), shapes.get(pair.b)
        transposed = transposed and wanted == (pair.a_shape[::-1], pair.b_shape[::-1])
        swapped = swapped and wanted == (pair.b_shape, pair.a_shape)
    if transposed == swapped:
        return None
    return "transposed" if transposed else "swapped"


class ReversedFactors(NamedTuple):
    """Layers, by A and B, whose factors are transposed or swapped; `how` is None if unknown."""

    pairs: tuple[tuple[str, str], ...]
    how: Literal["transposed", "swapped"] | None


def reversed_factors(pairs: Sequence[FactorPair], subject: Subject) -> ReversedFactors:
    """Return the data for pairs that are transposed or swapped."""
    return ReversedFactors(tuple((pair.a, pair.b) for pair in pairs), orientation(pairs, subject))


class SwappedStacks(NamedTuple):
    """Stacks of experts whose A and B are swapped, by module, A and B."""

    stacks: tuple[tuple[str, str, str], ...]


def factors(subject: Subject) -> Iterator[FactorPair]:
    """Yield the complete factor pairs of unexplained tensors with at least 2 dimensions."""
    return _matrices(subject.pairs, subject)


def pairs_where(fail: Callable[[FactorPair, Subject], bool], subject: Subject) -> list[FactorPair]:
    """Return the pairs for which a test is true, in order.

    The test must give the same answer for all pairs of a kind (see `Subject.kinds`). It is tried on
    one pair of each kind first, since most files have few kinds and nothing wrong.
    """
    if not any(fail(pair, subject) for pair in _matrices(subject.kinds, subject)):
        return []
    return [pair for pair in factors(subject) if fail(pair, subject)]


def _matrices(pairs: Iterable[Pair], subject: Subject) -> Iterator[FactorPair]:
    for pair in pairs:
        a_shape, b_shape = subject.shape(pair.a), subject.shape(pair.b)
        if len(a_shape) > 1 and len(b_shape) > 1:
            yield FactorPair(pair.layer, pair.a, pair.b, a_shape, b_shape)


def is_stack(subject: Subject, module: str) -> bool:
    """Tell whether a module's factors may belong to a parameter, with a rank for each expert.

    PEFT applies patterns and `all-linear` that select experts to the parameters of their stack.
    """
    config = subject.plan.config if subject.plan else subject.config
    assert config is not None  # callers check it
    if not subject.plan and may_hold_experts(module, config):
        return True
    if not config.target_parameters:
        return False
    if subject.plan and module not in subject.lost_paths:
        return any(m.path == module and m.parameter for m in subject.plan.modules)
    holders = {target.rpartition(".")[0] for target in config.target_parameters}
    if not holders.isdisjoint(suffixes(module)):
        return True
    return subject.selection is None or module not in subject.selection.matched
