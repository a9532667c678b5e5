"""Compare the modules of a base with the tensors that an adapter has for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal

from loracfg.base.architecture import Kind
from loracfg.engine.case import Case
from loracfg.named_tuple import NamedTuple
from loracfg.planning.layer_settings import LayerSettings
from loracfg.planning.plan import Plan

State = Literal["fits", "missing", "wrong_shape", "not_targeted", "unknown"]

STATES: Final[tuple[State, ...]] = ("fits", "missing", "wrong_shape", "not_targeted", "unknown")


class CoveredModule(NamedTuple):
    """A module of the base, and what the adapter has for it.

    `rank` and `scaling` are None if the module has no adapter of its own. The state is `unknown` if
    there is no plan to compare the tensors with.
    """

    path: str
    state: State
    rank: int | None = None
    scaling: float | None = None


def covered_modules(case: Case) -> list[CoveredModule]:
    """Return the modules that can be adapted, in the order of the base."""
    plan = case.plan
    return list(_unknown(case) if plan is None or plan.failures else _planned(plan, case))


def _unknown(case: Case) -> Iterator[CoveredModule]:
    for path in case.adapter.table.adapted_paths:
        yield _module(path, "unknown", case.planning.settings.get(path))


def _planned(plan: Plan, case: Case) -> Iterator[CoveredModule]:
    settings = {module.path: module.settings for module in plan.modules}
    expected = dict.fromkeys(path for _, path, _ in plan.rows)
    compared = case.planning.compared
    missing = {one.path for one in compared.missing.values()} if case.weights else set(expected)
    wrong = {one.path for one in compared.mismatched.values()}
    own = (path for path, one in plan.base.modules.items() if one.kind is not Kind.OTHER)
    for path in _in_order(own, expected):
        if path not in expected:
            yield CoveredModule(path, "not_targeted")
        else:
            state: State = "missing" if path in missing else "fits"
            state = "wrong_shape" if path in wrong else state
            yield _module(path, state, settings.get(path))


def _in_order(own: Iterable[str], expected: Iterable[str]) -> Iterable[str]:
    """Return the base's paths, then those that only the adapter has, such as aliases."""
    return dict.fromkeys((*own, *expected))


def _module(path: str, state: State, settings: LayerSettings | None) -> CoveredModule:
    if settings is None:
        return CoveredModule(path, state)
    return CoveredModule(path, state, settings.rank, settings.scaling)
