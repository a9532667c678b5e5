"""Plans a server for a set of adapters: its settings, its memory, and who cannot share it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from loracfg.errors import LoracfgError
from loracfg.runtimes.server_limits import Value
from loracfg.serving.deployment.adapter_needs import (
    AdapterNeeds,
    Names,
    judged_with,
    needs_of,
    numbers_for,
    reasons_of,
)
from loracfg.serving.deployment.buffer_bytes import BufferSettings, Bytes, bytes_of
from loracfg.serving.deployment.buffer_layers import (
    BufferLayer,
    UnknownLayersError,
    buffer_layers,
)

if TYPE_CHECKING:
    from loracfg.engine.case import Case
    from loracfg.runtimes.profile import Runtime
    from loracfg.runtimes.server_facts import ServerFacts

Dtype = Literal["auto", "float16", "bfloat16", "float32"]
DTYPES: Final[Mapping[Dtype, int]] = {"auto": 2, "float16": 2, "bfloat16": 2, "float32": 4}
"""Bytes of a number; `auto` makes float32 half as wide (`_get_and_verify_dtype` of vLLM)."""


class Memory(NamedTuple):
    """The memory of buffers, in bytes on each device.

    `slot` is for each adapter in a batch, of which there are `slots`, and `fixed` once for all.
    """

    slot: int
    fixed: int
    slots: int
    devices: int

    @property
    def device(self) -> int:
        """The bytes on one device."""
        return Bytes(self.slot, self.fixed).of(self.slots)

    @property
    def total(self) -> int:
        """The bytes on all devices."""
        return self.device * self.devices


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
    memory: Memory | None = None
    unknown: str = ""
    most_expensive: Expensive | None = None


class Hardware(NamedTuple):
    """What the server runs on: how many devices share each layer, and the dtype of the base."""

    devices: int = 1
    dtype: Dtype = "auto"


def plan_deployment(
    cases: Sequence[Case], runtime: Runtime, base: str, hardware: Hardware = Hardware()
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
    return _Planner(cases, runtime, server, base, hardware).plan()


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
        self.layers: tuple[BufferLayer, ...] | None = None
        self.unknown = ""
        self.config = cases[0].base.config
        self.model_type = cases[0].served.base.model_type if cases[0].served.base else None
        try:
            self.layers = _layers_of(cases[0], runtime)
        except UnknownLayersError as error:
            self.unknown = f"{error}"
        names: Names = {path: one.name for one in self.layers or () for path in one.paths}
        self.needs = [needs_of(case, runtime, server, names) for case in cases]

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
        memory = self._memory(together, settings)
        costly = self._most_expensive(together, memory) if memory else None
        return replace(plan, settings=settings, memory=memory, most_expensive=costly)

    def _flags(self) -> frozenset[str]:
        """Return the flags with which most adapters can be served together, the fewest of these."""
        own = {needs.flags for needs in self.needs}
        candidates = sorted(
            {*own, frozenset[str]().union(*own)}, key=lambda one: (len(one), sorted(one))
        )
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
            against = (*needs.misfits, *reasons_of(verdict))
            if against and (needs.misfits or verdict.answer != "unknown"):
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
        active = limits[server.active] if server.active in self.runtime.given else number
        if server.kept and isinstance(active, int) and number > active:
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
        return self.hardware.devices if self._is_on(self.server.sharded) else 1

    def _has(self, name: str) -> bool:
        """Return whether this version of the engine has a setting."""
        from loracfg.runtimes.versions import is_in

        return is_in(self.runtime.version, self.runtime.profile.limits[name].versions)

    def _is_on(self, name: str, settings: Mapping[str, Value] | None = None) -> bool:
        return bool(name and ((settings or {}).get(name) or self.runtime.limits[name]))

    def _memory(
        self, together: Sequence[AdapterNeeds], settings: Mapping[str, Value]
    ) -> Memory | None:
        slots = settings[self.server.active]
        if self.layers is None or not isinstance(slots, int):
            return None
        targets = settings.get(self.server.targets)
        names = set(targets) if isinstance(targets, tuple) else None
        chosen = [one for one in self.layers if names is None or _is_target(one, names)]
        found = bytes_of(chosen, self._buffer_settings(settings))
        return Memory(found.slot, found.fixed, slots, self.hardware.devices)

    def _buffer_settings(self, settings: Mapping[str, Value]) -> BufferSettings:
        server, facts, rank = self.server, self.runtime.buffers, settings[self.server.rank]
        assert facts is not None
        assert isinstance(rank, int)
        shares = self._is_on(server.shared_experts, settings)
        joins = self.model_type in self.runtime.words(facts.stacked) if facts.stacked else False
        heads = _number(self.config, "num_attention_heads")
        return BufferSettings(
            rank,
            DTYPES[self.hardware.dtype],
            self.hardware.devices,
            self._is_on(server.sharded, settings),
            shares,
            joins and not shares and not self._is_on(server.mixed_experts, settings),
            _number(self.config, "num_key_value_heads") or heads,
            heads,
            facts.padding,
        )

    def _most_expensive(self, together: Sequence[AdapterNeeds], memory: Memory) -> Expensive | None:
        """Return the adapter without which the server needs least, if there are several."""
        best: Expensive | None = None
        for others, name in _each_without(together):
            settings = self._settings(others)
            without = self._memory(others, settings)
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


def _is_target(layer: BufferLayer, names: Iterable[str]) -> bool:
    """Return whether some words select a layer, by its own name or that of a part of it."""
    from loracfg.planning.targets import leaf_of

    return not {layer.name, *map(leaf_of, layer.paths)}.isdisjoint(names)


def _layers_of(case: Case, runtime: Runtime) -> tuple[BufferLayer, ...]:
    served = case.served
    architecture = runtime.class_of(served.architectures)
    if architecture is None or served.base is None:
        raise UnknownLayersError("the base names no class")
    tree = case.base.architecture
    if served.trees.get(architecture) is not None or tree is None:
        tree = served.built_as(architecture).base
    if tree is None:
        raise UnknownLayersError("the base has no known modules")
    return buffer_layers(tree, architecture, runtime)


def _number(config: Mapping[str, object], key: str) -> int | None:
    value = config.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
