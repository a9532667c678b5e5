"""Find the releases that load an adapter, and the problems in each release."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from loracfg.adapter.directory import Adapter
from loracfg.base.architecture import Architecture
from loracfg.cache import Cache
from loracfg.config.history.field_facts import fields_of
from loracfg.config.history.field_table import NESTED
from loracfg.config.history.releases import (
    FIRST_TO_SAVE,
    PEFT_RELEASE,
    at_least,
    between,
    specifier,
)
from loracfg.config.model.known_names import find_init
from loracfg.config.model.regexes import compile_pattern
from loracfg.document.display import show
from loracfg.named_tuple import NamedTuple
from loracfg.planning.patterns import PatternBudget
from loracfg.releases.adapted_layers import (
    SETTING,
    LayerScaling,
    Matching,
    first_with_same_matching,
    layers,
    matching,
    relevant,
    same_scaling,
)
from loracfg.releases.outcome import Effect, Outcome, Reason
from loracfg.releases.release_reading import ReleaseReading, is_set
from loracfg.releases.written_tensors import Weights, tensor_reasons, weights_of

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues

_OUTCOMES: Final = Cache[dict[str, Outcome]](64)
_LAYER_FIELDS: Final = ("r", "lora_alpha", "rank_pattern", "alpha_pattern", "target_modules")
_PLAIN_NAME: Final = re.compile(r"[\w.]+")
_NO_DEFAULT_BEFORE: Final = "0.4.0"
_WORDS: Final = {
    Effect.DROPS: "dropping",
    Effect.DIFFERS: "differing",
    Effect.RAISES: "failing",
}


def loads_in(
    adapter: Adapter, writer: str, budget: PatternBudget, base: Architecture | None = None
) -> dict[str, Outcome]:
    """Return the outcome of loading an adapter with each release; empty without a readable config.

    The adapter is treated as written by the release `writer`.

    Raises:
        PatternTimeoutError: if the patterns take longer than the budget.
        re.error: if a pattern does not compile.
    """
    if adapter.reading is None:
        return {}
    inputs = _ReleaseInputs.of(adapter, writer, budget, base)
    features = inputs.features()
    if features is None:
        outcomes = _without_layers(inputs)
    else:
        outcomes = _OUTCOMES.get(features, lambda: _without_layers(inputs))
    found = {release: tuple(_layer_reasons(inputs, release)) for release in inputs.differing()}
    by_layers = {release: reasons for release, reasons in found.items() if reasons}
    if not by_layers:
        return outcomes
    return outcomes | {r: Outcome((*outcomes[r].reasons, *new)) for r, new in by_layers.items()}


def _without_layers(inputs: _ReleaseInputs) -> dict[str, Outcome]:
    """Return the outcomes that follow from keys, values and tensors, but not from layers."""
    return {
        release: Outcome(tuple(_reasons(inputs, release))) for release in between(FIRST_TO_SAVE)
    }


def summary(outcomes: Mapping[str, Outcome]) -> dict[str, str]:
    """Return the ranges of releases with each outcome, for a report.

    `peft` are the releases that load the adapter and compute what was trained. `dropping` are those
    of them that drop keys.
    """
    return dict(_summary(tuple([(release, one.effect) for release, one in outcomes.items()])))


@lru_cache(64)
def _summary(effects: tuple[tuple[str, Effect], ...]) -> dict[str, str]:
    by_effect: dict[Effect, list[str]] = {effect: [] for effect in Effect}
    for release, effect in effects:
        by_effect[effect].append(release)
    fine = (*by_effect[Effect.LOADS], *by_effect[Effect.DROPS])
    rest = {word: specifier(by_effect[e]) for e, word in _WORDS.items() if by_effect[e]}
    return {"peft": specifier(fine)} | rest


def reasons_in(adapter: Adapter, release: str, writer: str, budget: PatternBudget) -> list[Reason]:
    """Return the problems of a release with an adapter that has a config.

    Raises:
        PatternTimeoutError: if the patterns take longer than the budget.
        re.error: if a pattern does not compile.
    """
    inputs = _ReleaseInputs.of(adapter, writer, budget)
    return [*_reasons(inputs, release), *_layer_reasons(inputs, release)]


class _Layers:
    """The ranks and scalings that each release gives the layers of a weight file.

    The release `writer` gives the intended ones. Releases that interpret the config in the same way
    share one result, which is computed once.
    """

    def __init__(
        self, config: ConfigValues, paths: Sequence[str], writer: str, budget: PatternBudget
    ) -> None:
        self.config = config
        self.paths = paths
        self.writer = writer
        self.budget = budget
        self._matchings: dict[str, Matching] = {}
        self._scalings: dict[Matching, dict[str, LayerScaling]] = {}
        self._differences: dict[Matching, _Difference] = {}

    @cached_property
    def intended(self) -> Matching:
        """How the writer interprets the config."""
        return relevant(self.config, matching(self.writer))

    def matching_in(self, release: str) -> Matching:
        """Return how a release interprets the config."""
        first = first_with_same_matching(release)
        if first not in self._matchings:
            found = relevant(self.config, matching(first))
            if self.intended.names == "steps" and self.targets_are_plain:
                found = found._replace(names="steps")  # the other ways match at least as much
            self._matchings[first] = found
        return self._matchings[first]

    def scalings(self, how: Matching) -> dict[str, LayerScaling]:
        if how not in self._scalings:
            self._scalings[how] = layers(self.config, how, self.paths, self.budget)
        return self._scalings[how]

    def difference(self, how: Matching) -> _Difference:
        if how not in self._differences:
            intended = self.scalings(self.intended)
            self._differences[how] = _difference(intended, self.scalings(how))
        return self._differences[how]

    @cached_property
    def is_read_the_same(self) -> bool:
        """Whether all releases interpret the config in the same way.

        It is enough to compare the oldest and the newest, which differ in everything.
        """
        return self.matching_in(FIRST_TO_SAVE) == self.matching_in(PEFT_RELEASE) == self.intended

    @cached_property
    def targets_are_plain(self) -> bool:
        """Whether no target has a special character, so that only the end of paths matters."""
        targets = self.config.target_modules
        return isinstance(targets, list) and all(map(_PLAIN_NAME.fullmatch, targets))

    @cached_property
    def has_group(self) -> bool:
        """Whether a pattern in `layers_pattern` has a group, which PEFT reads as the number."""
        names = self.config.layers_pattern or []
        patterns = [names] if isinstance(names, str) else names
        return self.config.layers_to_transform not in (None, []) and any(
            compile_pattern(pattern).groups for pattern in patterns
        )


class _Difference(NamedTuple):
    lost: list[str]
    ranks: list[str]
    scaled: list[str]


class _ReleaseInputs(NamedTuple):
    """The parts of an adapter that releases read."""

    reader: ReleaseReading
    layers: _Layers
    weights: Weights

    @classmethod
    def of(
        cls, adapter: Adapter, writer: str, budget: PatternBudget, base: Architecture | None = None
    ) -> _ReleaseInputs:
        document, reading = adapter.document, adapter.reading
        assert document is not None
        assert reading is not None
        return cls(
            ReleaseReading(document.value, reading),
            _Layers(reading.config, adapter.table.adapted_paths, writer, budget),
            weights_of(adapter, writer, base),
        )

    def features(self) -> Hashable:
        """Return everything besides the layers that the outcomes depend on, as a cache key.

        Return None if there is too much of it. For most adapters there is little, and many share
        the same key.
        """
        reading = self.reader.reading
        if reading.unusable or reading.at_stake or not self.weights.is_plain:
            return None
        return (self.reader.looked_at, self.weights.file) if self.reader.is_plain else None

    def differing(self) -> tuple[str, ...]:
        """Return the releases that may adapt different layers than intended."""
        layers = self.layers
        return () if layers.paths and layers.is_read_the_same else between(FIRST_TO_SAVE)


def _reasons(inputs: _ReleaseInputs, release: str) -> Iterator[Reason]:
    values, reading = inputs.reader.values, inputs.reader.reading
    read = list(inputs.reader.reasons(release))
    yield from read
    yield from _init_reasons(values, release)
    yield from _absent_values(values, release)
    if reading.unusable:
        yield from _unusable(reading.unusable, {reason.pointer for reason in read}, release)
    yield from tensor_reasons(inputs.weights, release, inputs.layers.writer)


def _init_reasons(values: Mapping[str, Any], release: str) -> Iterator[Reason]:
    name = values.get("init_lora_weights")
    init = find_init(name) if isinstance(name, str) else None
    if init is None or at_least(release, init.since):
        return
    if at_least(release, "0.7.0"):
        message = f'it raises on `init_lora_weights` `"{name}"`'
        yield Reason(Effect.RAISES, message, "/init_lora_weights", error="ValueError")
    elif init.changes_base:
        message = f"it does not change the base weights, as `{name}` does"
        yield Reason(Effect.DIFFERS, message, "/init_lora_weights")


def _absent_values(values: Mapping[str, Any], release: str) -> Iterator[Reason]:
    if at_least(release, _NO_DEFAULT_BEFORE):
        return
    for key in ("lora_alpha", "lora_dropout"):
        if key not in values:
            message = f"it has no default for `{key}`, which is missing"
            yield Reason(Effect.RAISES, message, "", error="TypeError")


def _unusable(fields: Iterable[str], seen: set[str | None], release: str) -> Iterator[Reason]:
    """Yield values on which every release with the field fails, or which it misinterprets."""
    for name in sorted(fields):
        elsewhere = name in ("task_type", "peft_type") or name in NESTED
        if name == "init_lora_weights" and not at_least(release, "0.7.0"):
            continue
        if elsewhere or name not in fields_of(release) or f"/{name}" in seen:
            continue
        message = f"it fails on the value of `{name}`, or reads it as something unintended"
        yield Reason(Effect.RAISES, message, f"/{name}")


def _layer_reasons(inputs: _ReleaseInputs, release: str) -> Iterator[Reason]:
    if inputs.reader.reading.usable(*_LAYER_FIELDS):
        yield from _reasons_by_layers(inputs.reader.values, inputs.layers, release)


def _reasons_by_layers(
    values: Mapping[str, Any], layers: _Layers, release: str
) -> Iterator[Reason]:
    config = layers.config
    if isinstance(config.target_modules, str) and not matching(release).text_is_pattern:
        message = "it reads the string in `target_modules` as a list of characters"
        yield Reason(Effect.RAISES, message, "/target_modules", error="AttributeError")
        return
    if matching(release).numbers not in ("none", "first-or-start") and layers.has_group:
        message = "it reads the group in `layers_pattern` as the number of a layer"
        yield Reason(Effect.RAISES, message, "/layers_pattern", error="ValueError")
        return
    if not layers.paths:
        for key in SETTING:
            if key not in fields_of(release) and is_set(key, values.get(key)):
                message = f"it drops `{key}`, which changes what the adapter computes"
                yield Reason(Effect.DIFFERS, message, f"/{key}")
        return
    how = layers.matching_in(release)
    if how != layers.intended:
        yield from _differences(layers, how, release)


def _difference(
    intended: Mapping[str, LayerScaling], found: Mapping[str, LayerScaling]
) -> _Difference:
    lost = [path for path in intended if path not in found]
    changed = [path for path in intended if path in found and intended[path] != found[path]]
    ranks = [path for path in changed if intended[path].rank != found[path].rank]
    same_rank = [path for path in changed if intended[path].rank == found[path].rank]
    scaled = [path for path in same_rank if not same_scaling(intended[path], found[path])]
    return _Difference(lost, ranks, scaled)


def _differences(layers: _Layers, how: Matching, release: str) -> Iterator[Reason]:
    intended, found = layers.scalings(layers.intended), layers.scalings(how)
    lost, ranks, scaled = layers.difference(how)
    if lost:
        message = _with_count(f"it does not adapt `{lost[0]}`", lost)
        effect, error = (Effect.DIFFERS, "") if found else (Effect.RAISES, _no_layers(release))
        yield Reason(effect, message, "/target_modules", error=error, count=len(lost))
    if ranks:
        first = ranks[0]
        message = (
            f"it gives `{first}` the rank {show(found[first].rank)}, not "
            f"{show(intended[first].rank)}"
        )
        yield Reason(
            Effect.RAISES,
            _with_count(message, ranks),
            "/rank_pattern",
            error="RuntimeError",
            count=len(ranks),
        )
    if scaled:
        first = scaled[0]
        message = (
            f"it scales `{first}` by `{found[first].scaling:g}`, not `{intended[first].scaling:g}`"
        )
        pointer = "/alpha_pattern" if at_least(release, "0.8.0") else "/lora_alpha"
        yield Reason(Effect.DIFFERS, _with_count(message, scaled), pointer, count=len(scaled))


def _no_layers(release: str) -> str:
    """Return the exception that a release raises if it finds none of the targets."""
    return "NoMatchingPeftModuleError" if at_least(release, "0.21.0") else "ValueError"


def _with_count(message: str, paths: list[str]) -> str:
    if len(paths) == 1:
        return message
    return f"{message}, and likewise for {len(paths) - 1} more layer{'s' * (len(paths) > 2)}"
