"""Plans a server for a set of adapters: its settings, its memory, and who cannot share it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.runtimes.server_limits import Value
from loracfg.runtimes.versions import is_in
from loracfg.serving.deployment.adapter_needs import (
    AdapterNeeds,
    Names,
    judged_with,
    needs_of,
    numbers_for,
    reasons_of,
)
from loracfg.serving.deployment.buffer_layers import UnknownLayersError
from loracfg.serving.deployment.server_memory import (
    BufferMemory,
    Dtype,
    Hardware,
    ServedBase,
    memory_of,
    served_base,
)

if TYPE_CHECKING:
    from loracfg.engine.case import Case
    from loracfg.runtimes.profile import Runtime
    from loracfg.runtimes.server_facts import ServerFacts


class Apart(NamedTuple):
    """An adapter that cannot be served with the others, with the reasons as clauses."""

    name: str
    reasons: tuple[str, ...]


class Shared(NamedTuple):
    """An adapter that is served with the others.

    `requested` are the settings of the request that loads it, and `unknown` what nobody knows about
    it, as clauses.
    """

    name: str
    rank: int
    targets: tuple[str, ...]
    requested: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class Expensive(NamedTuple):
    """The adapter without which a server needs least, and what it needs then.

    `saved` are bytes on all devices.
    """

    name: str
    saved: int
    settings: Mapping[str, Value]


@dataclass(frozen=True)
class Deployment:
    """A server for a set of adapters.

    Attributes:
        runtime: the engine.
        server: the facts about its server.
        base: the base, as the user named it.
        dtype: the dtype of the base, as the engine is told.
        devices: how many devices share each layer.
        shared: the adapters that share the server.
        apart: the adapters that cannot, with reasons.
        settings: the smallest settings, by the names of limits, but those that keep their default.
        memory: the memory of the buffers, if it is known.
        unknown: why the memory is not known, as a clause.
        most_expensive: the adapter that costs most, if leaving one out saves anything.
    """

    runtime: Runtime
    server: ServerFacts
    base: str
    dtype: Dtype
    devices: int
    shared: tuple[Shared, ...] = ()
    apart: tuple[Apart, ...] = ()
    settings: Mapping[str, Value] = field(default_factory=dict)
    memory: BufferMemory | None = None
    unknown: str = ""
    most_expensive: Expensive | None = None


ONE_DEVICE: Final = Hardware()


def plan_deployment(
    cases: Sequence[Case], runtime: Runtime, base: str, hardware: Hardware = ONE_DEVICE
) -> Deployment:
    """Return the server that a set of adapters needs.

    Args:
        cases: the adapters, all opened on the same base.
        runtime: the engine, with the settings that the user set, which are kept.
        base: the base, as the user named it.
        hardware: what it runs on.

    Raises:
        LoracfgError: there are no facts about the engine's server, there are no adapters, or the
            engine cannot divide a layer over so many devices.
    """
    server = runtime.profile.server
    if server is None:
        message = f"there are no facts about the server of {runtime.profile.title}"
        raise LoracfgError(message, "use `vllm` or `sglang`")
    if not cases:
        raise LoracfgError("there are no adapters", "pass at least one")
    _check_numbers(runtime, server)
    return _Planner(cases, runtime, server, base, hardware).plan()


def _check_numbers(runtime: Runtime, server: ServerFacts) -> None:
    """Raise if no server can have the numbers of adapters that the user set."""
    active, kept = _given(server.active, runtime), _given(server.kept, runtime)
    if active == 0:
        message = f"`{server.active}` is `0`, but a server needs a slot for an adapter"
        raise LoracfgError(message, f"write it as in `{server.active}=1`")
    if active and kept and kept < active:
        message = f"`{server.kept}` is `{kept}`, but must be at least `{server.active}`, `{active}`"
        raise LoracfgError(message, "leave one of them out")


def _given(name: str, runtime: Runtime) -> int | None:
    """Return a number that the user set, or None."""
    value = runtime.limits[name] if name in runtime.given else None
    return value if isinstance(value, int) else None


class _Planner:
    """The parts of a plan that are computed once for a set."""

    def __init__(
        self,
        cases: Sequence[Case],
        runtime: Runtime,
        server: ServerFacts,
        base: str,
        hardware: Hardware,
    ) -> None:
        self.runtime, self.server, self.base, self.hardware = runtime, server, base, hardware
        self.served: ServedBase | None = None
        self.unknown = ""
        try:
            self.served = served_base(cases[0], runtime)
        except UnknownLayersError as error:
            self.unknown = f"{error}"
        names: Names = self.served.names if self.served else {}
        experts = self.served.experts if self.served else frozenset[str]()
        self.needs = [needs_of(case, runtime, server, names, experts) for case in cases]

    def plan(self) -> Deployment:
        flags = self._flags()
        shared, apart = self._parted(flags)
        hardware = self.hardware
        plan = Deployment(
            self.runtime,
            self.server,
            self.base,
            hardware.dtype,
            hardware.devices,
            tuple(one for one, _ in shared),
            apart,
            unknown=self.unknown,
        )
        if not shared:
            return replace(plan, unknown="")
        together = [needs for _, needs in shared]
        settings = self._settings(together)
        try:
            memory = self._memory(settings)
        except UnknownLayersError as error:
            return replace(plan, settings=settings, unknown=f"{error}")
        costly = self._most_expensive(together, memory) if memory else None
        return replace(plan, settings=settings, memory=memory, most_expensive=costly)

    def _flags(self) -> frozenset[str]:
        """Return the flags with which most adapters can be served together, the fewest of these."""
        own = {needs.flags for needs in self.needs}
        every = frozenset[str]().union(*own)
        candidates = sorted({*own, every}, key=lambda one: (len(one), sorted(one)))
        if len(candidates) == 1:
            return candidates[0]
        return max(candidates, key=lambda flags: len(self._parted(flags)[0]))

    def _parted(
        self, flags: frozenset[str]
    ) -> tuple[list[tuple[Shared, AdapterNeeds]], tuple[Apart, ...]]:
        """Return the adapters that can be served with some flags, and the others."""
        shared: list[tuple[Shared, AdapterNeeds]] = []
        apart: list[Apart] = []
        for needs in self.needs:
            name = needs.case.name
            numbers = numbers_for(self.runtime, self.server, needs.rank, needs.labels)
            requested = self._requested(needs, numbers, flags)
            verdict = judged_with(needs.case, self.runtime, numbers, flags | requested)
            is_refused = verdict.answer in ("raises", "differs")
            certain = needs.misfits if is_refused else (*needs.misfits, *self._undivided(needs))
            against = (*certain, *reasons_of(verdict))
            if against and (certain or verdict.answer != "unknown"):
                apart.append(Apart(name, against))
                continue
            one = Shared(
                name,
                needs.rank,
                tuple(sorted(needs.targets)),
                tuple(sorted(requested)),
                verdict.unknown,
            )
            shared.append((one, replace(needs, flags=flags)))
        return shared, tuple(apart)

    def _requested(
        self, needs: AdapterNeeds, numbers: Mapping[str, Value], flags: frozenset[str]
    ) -> frozenset[str]:
        """Return the settings of the request that an adapter needs next to flags of the server."""
        if needs.flags == flags:
            return needs.requested
        for some in (frozenset[str](), frozenset(self.server.of_request)):
            if judged_with(needs.case, self.runtime, numbers, flags | some).answer != "raises":
                return some
        return needs.requested

    def _settings(self, together: Sequence[AdapterNeeds]) -> dict[str, Value]:
        """Return the smallest settings for some adapters, with those that the user set."""
        server, limits = self.server, self.runtime.limits
        number, kept = len(together), dict[str, Value]()
        rank = max(needs.rank for needs in together)
        labels = max(needs.labels for needs in together)
        in_host = _given(server.kept, self.runtime) or number
        active = _given(server.active, self.runtime) or min(number, in_host)
        if server.kept and number > active:
            kept[server.kept] = number
        targets = sorted(frozenset[str]().union(*(needs.targets for needs in together)))
        found: dict[str, Value] = {
            **numbers_for(self.runtime, server, rank, labels, self._rank_step),
            server.active: active,
            **kept,
            **dict.fromkeys(sorted(together[0].flags), True),
        }
        if server.targets and self._has(server.targets) and targets:
            found[server.targets] = tuple(targets)
        own = {name: limits[name] for name in self.runtime.given}
        return found | own

    @property
    def _rank_step(self) -> int:
        """What the largest rank must be a multiple of."""
        name = self.server.sharded
        return self.hardware.devices if name and self.runtime.limits[name] else 1

    def _undivided(self, needs: AdapterNeeds) -> Iterator[str]:
        """Yield why the experts of an adapter cannot be divided over the devices.

        Source: `_slice_w13_a` in `vllm/lora/layers/fused_moe.py`, 0.33; other layers take any rank.
        """
        for rank in sorted(needs.expert_ranks):
            if rank % self._rank_step:
                devices = self.hardware.devices
                yield (
                    f"raises, since `{self.server.sharded}` divides rank `{rank}` of its experts "
                    f"over `{devices}` devices"
                )

    def _has(self, name: str) -> bool:
        """Return whether this version of the engine has a setting."""
        return is_in(self.runtime.version, self.runtime.profile.limits[name].versions)

    def _memory(self, settings: Mapping[str, Value]) -> BufferMemory | None:
        if self.served is None:
            return None
        return memory_of(self.served, self.runtime, self.server, settings, self.hardware)

    def _most_expensive(
        self, together: Sequence[AdapterNeeds], memory: BufferMemory
    ) -> Expensive | None:
        """Return the adapter without which the server needs least, if there are several."""
        best: Expensive | None = None
        for others, name in _each_without(together):
            settings = self._settings(others)
            without = self._memory(settings)
            saved = memory.total - without.total if without else 0
            if saved > (best.saved if best else 0):
                best = Expensive(name, saved, settings)
        return best


def _each_without(together: Sequence[AdapterNeeds]) -> Iterator[tuple[list[AdapterNeeds], str]]:
    """Yield the other adapters without each one, but only once for those with equal needs."""
    if len(together) < 2:
        return
    seen = set[object]()
    for at, needs in enumerate(together):
        key = needs.rank, needs.targets, needs.labels
        if key not in seen:
            seen.add(key)
            yield [*together[:at], *together[at + 1 :]], needs.case.name
