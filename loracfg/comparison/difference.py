"""How two adapters, `A` and `B`, differ, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from loracfg.named_tuple import NamedTuple
from loracfg.report.report import AdapterReport
from loracfg.urls import redacted

if TYPE_CHECKING:
    from loracfg.document.json_value import Json, JsonObject


Effect = Literal["raises", "breaks", "differs"]
"""What a hot swap does: PEFT raises; the model fails or computes something different, depending on
the sizes (`breaks`); or it silently computes something different from the new adapter."""


class SwapObstacle(NamedTuple):
    """Something that prevents a hot swap, in one clause."""

    effect: Effect
    message: str

    def to_dict(self) -> JsonObject:
        """Return the reason as JSON data."""
        return self._asdict()


class Swap(NamedTuple):
    """What `hotswap_adapter` of PEFT does when an adapter replaces another.

    With `swaps`, the model computes the same as with the new adapter freshly loaded.
    `target_rank` is for `prepare_model_for_compiled_hotswap`, None where it is not needed.
    """

    answer: Effect | Literal["swaps"]
    reasons: tuple[SwapObstacle, ...] = ()
    target_rank: int | None = None

    def to_dict(self) -> JsonObject:
        """Return the answer as JSON data."""
        reasons: list[Json] = [reason.to_dict() for reason in self.reasons]
        return {"answer": self.answer, "reasons": reasons, "target_rank": self.target_rank}


class ModuleChange(NamedTuple):
    """Modules of one pattern that differ in the same way; a side without the module is None."""

    pattern: str
    modules: int
    first: str | None
    second: str | None

    def to_dict(self) -> JsonObject:
        """Return the change as JSON data."""
        return {
            "pattern": self.pattern,
            "modules": self.modules,
            "a": self.first,
            "b": self.second,
        }


class KeyChange(NamedTuple):
    """A config key with different values; `matters` if it can affect the result.

    A value that is not `given` is None: the default of the key is unknown.
    """

    key: str
    first: Any
    second: Any
    matters: bool
    given: tuple[bool, bool] = (True, True)

    def to_dict(self) -> JsonObject:
        """Return the key as JSON data."""
        return {"key": self.key, "a": self.first, "b": self.second, "matters": self.matters}


class Overlap(NamedTuple):
    """Tokens of one embedding that both adapters train."""

    path: str
    tokens: tuple[int, ...]

    def to_dict(self) -> JsonObject:
        """Return the overlap as JSON data."""
        return {"path": self.path, "tokens": list(self.tokens)}


class ValueCounts(NamedTuple):
    """The number of tensors with the same dtype and shape in both, and how many are equal."""

    tensors: int
    equal: int

    def to_dict(self) -> JsonObject:
        """Return the counts as JSON data."""
        return self._asdict()


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two adapters differ.

    `reports` are the results of `validate`, `bases` the bases that the configs name. `modules` and
    `others` are the changes in adapted modules and in other tensors; `unchanged` counts modules
    without a change. `values` is None unless they were compared. `swaps` are for B replacing A and
    for A replacing B.
    """

    reports: tuple[AdapterReport, AdapterReport]
    bases: tuple[str | None, str | None]
    modules: tuple[ModuleChange, ...]
    unchanged: int
    others: tuple[ModuleChange, ...]
    keys: tuple[KeyChange, ...]
    overlaps: tuple[Overlap, ...]
    values: ValueCounts | None
    swaps: tuple[Swap, Swap] | None

    @property
    def methods(self) -> tuple[str | None, str | None]:
        """The methods of both; None where unknown."""
        return self.reports[0].method, self.reports[1].method

    @property
    def is_alike(self) -> bool:
        """Whether nothing that was compared and can affect the result differs."""
        values = self.values is None or self.values.equal == self.values.tensors
        keys = any(key.matters for key in self.keys)
        same_base = self.bases[0] == self.bases[1]
        return values and same_base and not (self.modules or self.others or keys)

    def to_dict(self) -> JsonObject:
        """Return everything as JSON data."""
        into_a, into_b = self.swaps or (None, None)
        return {
            "a": self.reports[0].to_dict(),
            "b": self.reports[1].to_dict(),
            "alike": self.is_alike,
            "bases": [base and redacted(base) for base in self.bases],
            "unchanged": self.unchanged,
            "modules": [change.to_dict() for change in self.modules],
            "others": [change.to_dict() for change in self.others],
            "keys": [key.to_dict() for key in self.keys],
            "overlaps": [overlap.to_dict() for overlap in self.overlaps],
            "values": self.values.to_dict() if self.values else None,
            "swap_b_into_a": into_a.to_dict() if into_a else None,
            "swap_a_into_b": into_b.to_dict() if into_b else None,
        }
