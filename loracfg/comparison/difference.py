"""What is told of two adapters, `A` and `B`, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from loracfg.report.report import AdapterReport

Effect = Literal["raises", "breaks", "differs"]
"""What a hot swap does: PEFT raises, or the model fails or computes something else in a way that
depends on the sizes (`breaks`), or it computes something else than the new adapter does."""


class Reason(NamedTuple):
    """Something that stands in the way of a hot swap, in one clause."""

    effect: Effect
    message: str

    def to_dict(self) -> dict[str, Any]:
        """Return the reason as JSON data."""
        return self._asdict()


class Swap(NamedTuple):
    """What `hotswap_adapter` of PEFT 0.21.2 does with an adapter in the place of another.

    `swaps` says that the model then computes what it does with the new adapter loaded afresh.
    `target_rank` is for `prepare_model_for_compiled_hotswap`, None where it is not needed.
    """

    answer: Effect | Literal["swaps"]
    reasons: tuple[Reason, ...] = ()
    target_rank: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON data."""
        reasons = [reason.to_dict() for reason in self.reasons]
        return {"answer": self.answer, "reasons": reasons, "target_rank": self.target_rank}


class Change(NamedTuple):
    """Modules of one name that differ in the same way: what each adapter has, None for nothing."""

    pattern: str
    modules: int
    first: str | None
    second: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the change as JSON data."""
        return {
            "pattern": self.pattern,
            "modules": self.modules,
            "a": self.first,
            "b": self.second,
        }


class KeyChange(NamedTuple):
    """A key of the config with two values; `matters` if the result may depend on it.

    A value that is not `given` is None: the default of the key is not known.
    """

    key: str
    first: Any
    second: Any
    matters: bool
    given: tuple[bool, bool] = (True, True)

    def to_dict(self) -> dict[str, Any]:
        """Return the key as JSON data."""
        return {"key": self.key, "a": self.first, "b": self.second, "matters": self.matters}


class Overlap(NamedTuple):
    """Tokens of one embedding that both adapters train."""

    path: str
    tokens: tuple[int, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the overlap as JSON data."""
        return {"path": self.path, "tokens": list(self.tokens)}


class Values(NamedTuple):
    """Of tensors that both have in the same form: how many there are, and how many are equal."""

    tensors: int
    equal: int

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON data."""
        return self._asdict()


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two adapters differ.

    `reports` are the answers of `validate`, `bases` the bases that the configs name. `modules` and
    `others` are the changes in adapted modules and in other tensors, by what they are for;
    `unchanged` counts modules without a change. `values` are None unless they were looked at.
    `swaps` tell of B in the place of A, and of A in the place of B.
    """

    reports: tuple[AdapterReport, AdapterReport]
    bases: tuple[str | None, str | None]
    modules: tuple[Change, ...]
    unchanged: int
    others: tuple[Change, ...]
    keys: tuple[KeyChange, ...]
    overlaps: tuple[Overlap, ...]
    values: Values | None
    swaps: tuple[Swap, Swap] | None

    @property
    def methods(self) -> tuple[str | None, str | None]:
        """The methods of both; None if one is not known."""
        return self.reports[0].method, self.reports[1].method

    @property
    def is_alike(self) -> bool:
        """Whether nothing differs that the result may depend on, as far as it was looked at."""
        values = self.values is None or self.values.equal == self.values.tensors
        keys = any(key.matters for key in self.keys)
        same_base = self.bases[0] == self.bases[1]
        return values and same_base and not (self.modules or self.others or keys)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON data."""
        into_a, into_b = self.swaps or (None, None)
        return {
            "a": self.reports[0].to_dict(),
            "b": self.reports[1].to_dict(),
            "alike": self.is_alike,
            "bases": list(self.bases),
            "unchanged": self.unchanged,
            "modules": [change.to_dict() for change in self.modules],
            "others": [change.to_dict() for change in self.others],
            "keys": [key.to_dict() for key in self.keys],
            "overlaps": [overlap.to_dict() for overlap in self.overlaps],
            "values": self.values.to_dict() if self.values else None,
            "swap_b_into_a": into_a.to_dict() if into_a else None,
            "swap_a_into_b": into_b.to_dict() if into_b else None,
        }
