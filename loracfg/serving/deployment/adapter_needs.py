"""What one adapter needs of an engine's server."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

from loracfg.base.renaming import renamed
from loracfg.planning.experts import LAYOUTS
from loracfg.planning.targets import leaf_of
from loracfg.runtimes.conditions import number_compared, parse
from loracfg.runtimes.server_limits import Value
from loracfg.runtimes.verdict import Verdict, reason
from loracfg.runtimes.versions import is_in

if TYPE_CHECKING:
    from loracfg.engine.case import Case
    from loracfg.runtimes.profile import Runtime
    from loracfg.runtimes.served import ServedAdapter
    from loracfg.runtimes.server_facts import ServerFacts

_EXPERTS: Final = ".experts."
_FIT: Final = "LC6"
"""The codes of findings on tensors that do not fit the base."""
_SECOND: Final = frozenset(layout.down for layout in LAYOUTS.values())
"""The layers of an expert after the first step."""
_SHOWN: Final = 3


@dataclass(frozen=True, eq=False)
class AdapterNeeds:
    """What an adapter needs of a server.

    Attributes:
        case: the adapter on the base.
        rank: the rank that the engine compares with its limit.
        targets: the layers of the engine that it has factors for.
        expert_ranks: the ranks of its factors for the first step of experts.
        labels: the labels of a classification head that it brings, or 0.
        flags: the settings that must be on.
        requested: the settings of the request that loads it.
        misfits: why it does not fit the base.
    """

    case: Case
    rank: int
    targets: frozenset[str]
    expert_ranks: frozenset[int]
    labels: int
    flags: frozenset[str]
    requested: frozenset[str]
    misfits: tuple[str, ...]


def needs_of(
    case: Case,
    runtime: Runtime,
    server: ServerFacts,
    names: Names,
    experts: Container[str] = (),
) -> AdapterNeeds:
    """Return what an adapter needs of a server.

    Args:
        case: the adapter on the base of the set.
        runtime: the engine, with the settings that the user set.
        server: the facts about its server.
        names: the layers of the engine by the modules of the base, if they are known.
        experts: those of the layers that have experts.
    """
    served = case.served
    rank = number_compared(served, server.rank, runtime)
    labels = number_compared(served, server.labels, runtime)
    settings = numbers_for(runtime, server, rank, labels)
    chosen = _flags_for(case, runtime, server, settings)
    targets = {path: _target(path, served, names) for path in served.adapted}
    ranks = frozenset(
        served.settings[path].rank
        for path, target in targets.items()
        if target in experts and leaf_of(path) not in _SECOND
    )
    requested = chosen & frozenset(server.of_request)
    return AdapterNeeds(
        case,
        rank,
        frozenset(targets.values()),
        ranks,
        labels,
        chosen - requested,
        requested,
        tuple(_misfits(case)),
    )


Names = Mapping[str, str]
"""The layer of the engine that each module of a base is in, by path."""


def numbers_for(
    runtime: Runtime, server: ServerFacts, rank: int, labels: int, devices: int = 1
) -> dict[str, Value]:
    """Return the smallest limits for a rank and a number of labels, but those that the user set.

    If the engine takes no such rank, the limit is the largest that it takes.

    Args:
        runtime: the engine, with the settings that the user set.
        server: the facts about its server.
        rank: the largest rank of some adapters.
        labels: the most labels of their classification heads, or 0.
        devices: what a limit on the rank must be a multiple of.
    """
    found: dict[str, Value] = {server.rank: _limit_for(rank, runtime, server, devices)}
    if server.labels and labels:
        found[server.labels] = labels
    return {name: value for name, value in found.items() if name not in runtime.given}


def _limit_for(rank: int, runtime: Runtime, server: ServerFacts, devices: int) -> int:
    limit = runtime.profile.limits[server.rank]
    choices = [int(one.text) for one in limit.choices if is_in(runtime.version, one.versions)]
    choices = [one for one in choices if one % devices == 0] or choices
    enough = [one for one in sorted(choices) if one >= rank]
    return next(iter(enough), max(choices, default=-(-rank // devices) * devices))


def with_settings(runtime: Runtime, *settings: Mapping[str, Value]) -> Runtime:
    """Return an engine with other settings, which do not count as set by the user."""
    limits = runtime.limits
    for some in settings:
        limits = {**limits, **some}
    return runtime._replace(limits=limits)


def judged_with(
    case: Case, runtime: Runtime, settings: Mapping[str, Value], flags: frozenset[str]
) -> Verdict:
    """Return what an engine does with an adapter, with some settings and flags."""
    (verdict,) = case.verdicts([with_settings(runtime, settings, dict.fromkeys(flags, True))])
    return verdict


def reasons_of(verdict: Verdict) -> Iterator[str]:
    """Yield why an engine does not handle an adapter as PEFT does, as clauses."""
    yield from (reason(verdict, fact) for fact in verdict.facts)


def _flags_for(
    case: Case, runtime: Runtime, server: ServerFacts, settings: Mapping[str, Value]
) -> frozenset[str]:
    """Return the fewest flags with which an engine takes an adapter; none if it never does."""
    limits = runtime.profile.limits
    known = [
        name
        for name in (*server.flags, *server.of_request)
        if name not in runtime.given and is_in(runtime.version, limits[name].versions)
    ]
    for number in range(len(known) + 1):
        for flags in combinations(known, number):
            verdict = judged_with(case, runtime, settings, frozenset(flags))
            if verdict.answer not in ("raises", "differs"):
                return frozenset(flags)
            if not number and not _asks_for(verdict, known):
                return frozenset()
    return frozenset()


def _asks_for(verdict: Verdict, flags: Sequence[str]) -> bool:
    """Return whether a reason against an adapter may depend on one of some flags."""
    tested = {parse(text).setting for fact in verdict.facts for text in fact.when}
    return not tested.isdisjoint(flags)


def _target(path: str, served: ServedAdapter, names: Names) -> str:
    """Return the layer of the engine that a module belongs to, or else its own last name."""
    base = served.base
    found = renamed(path, base.renames) if base else path
    start, experts, _ = found.partition(_EXPERTS)
    if experts and found not in names:  # one of several experts
        found = start + _EXPERTS.rstrip(".")
    return names.get(found) or leaf_of(path)


def _misfits(case: Case) -> Iterator[str]:
    """Yield why an adapter does not fit its base."""
    found = [
        one.message
        for one in case.report.diagnostics
        if one.severity == "error" and one.code.startswith(_FIT)
    ]
    yield from found[:_SHOWN]
