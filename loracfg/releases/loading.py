"""In which releases an adapter loads, and what is lost there."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

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
from loracfg.plan.patterns import PatternBudget
from loracfg.releases.adapted_layers import (
    SETTING,
    LayerScaling,
    Matching,
    first_alike,
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

_KEPT: Final = Cache[dict[str, Outcome]](64)
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
    """Return what each release that can load adapters makes of this one.

    `writer` is the release by whose rules the adapter is understood. Empty where the config cannot
    be read.

    Raises:
        PatternTimeoutError: if the patterns take longer than the budget.
        re.error: if one does not compile.
    """
    if adapter.reading is None:
        return {}
    given = _Given.of(adapter, writer, budget, base)
    features = given.features()
    if features is None:
        outcomes = _without_layers(given)
    else:
        outcomes = _KEPT.get(features, lambda: _without_layers(given))
    found = {release: tuple(_layer_reasons(given, release)) for release in given.differing()}
    by_layers = {release: reasons for release, reasons in found.items() if reasons}
    if not by_layers:
        return outcomes
    return outcomes | {r: Outcome((*outcomes[r].reasons, *new)) for r, new in by_layers.items()}


def _without_layers(given: _Given) -> dict[str, Outcome]:
    """Return what releases make of the keys, values and tensors, whatever the layers get."""
    return {release: Outcome(tuple(_reasons(given, release))) for release in between(FIRST_TO_SAVE)}


def summary(outcomes: Mapping[str, Outcome]) -> dict[str, str]:
    """Return the entry of a report: ranges of releases, by what they make of the adapter.

    `peft` are those in which it loads and computes what it was saved for; of these, `dropping`
    are those that drop keys.
    """
    return dict(_summary(tuple([(release, one.effect) for release, one in outcomes.items()])))


@lru_cache(64)
def _summary(effects: tuple[tuple[str, Effect], ...]) -> dict[str, str]:
    by_effect: dict[Effect, list[str]] = {effect: [] for effect in Effect}
    for release, effect in effects:
        by_effect[effect].append(release)
    fine = (*by_effect[Effect.LOADS], *by_effect[Effect.DROPS])
    others = {word: specifier(by_effect[e]) for e, word in _WORDS.items() if by_effect[e]}
    return {"peft": specifier(fine)} | others


def reasons_in(adapter: Adapter, release: str, writer: str, budget: PatternBudget) -> list[Reason]:
    """Return why an adapter with a config does not simply load in a release.

    Raises:
        PatternTimeoutError: if the patterns take longer than the budget.
        re.error: if one does not compile.
    """
    given = _Given.of(adapter, writer, budget)
    return [*_reasons(given, release), *_layer_reasons(given, release)]


class _Layers:
    """What the layers of a weight file get by a config, found once for each way of reading it.

    `writer` is the release by whose way it is meant. `ways` are those of releases, by the first
    release of each, and `known` and `compared` what the layers get in one, and how it differs.
    """

    def __init__(
        self, config: ConfigValues, paths: Sequence[str], writer: str, budget: PatternBudget
    ) -> None:
        self.config = config
        self.paths = paths
        self.writer = writer
        self.budget = budget
        self.ways: dict[str, Matching] = {}
        self.known: dict[Matching, dict[str, LayerScaling]] = {}
        self.compared: dict[Matching, _Difference] = {}

    @cached_property
    def meant(self) -> Matching:
        """The way in which the config is meant."""
        return relevant(self.config, matching(self.writer))

    def way(self, release: str) -> Matching:
        """Return the way in which a release reads the config."""
        first = first_alike(release)
        if first not in self.ways:
            found = relevant(self.config, matching(first))
            if self.meant.names == "steps" and self.targets_are_plain:
                found = found._replace(names="steps")  # ends of text, and patterns, match no less
            self.ways[first] = found
        return self.ways[first]

    def by(self, how: Matching) -> dict[str, LayerScaling]:
        if how not in self.known:
            self.known[how] = layers(self.config, how, self.paths, self.budget)
        return self.known[how]

    def difference(self, found: Matching) -> _Difference:
        if found not in self.compared:
            self.compared[found] = _difference(self.by(self.meant), self.by(found))
        return self.compared[found]

    @cached_property
    def is_read_alike(self) -> bool:
        """Whether all releases read the config alike; the first and the newest share no way."""
        return self.way(FIRST_TO_SAVE) == self.way(PEFT_RELEASE) == self.meant

    @cached_property
    def targets_are_plain(self) -> bool:
        """Whether the targets match alike as ends of text, as patterns and as steps."""
        targets = self.config.target_modules
        return isinstance(targets, list) and all(map(_PLAIN_NAME.fullmatch, targets))

    @cached_property
    def captures(self) -> bool:
        """Whether a pattern that layers are counted by has a group, read instead of the number."""
        names = self.config.layers_pattern or []
        patterns = [names] if isinstance(names, str) else names
        return self.config.layers_to_transform not in (None, []) and any(
            compile_pattern(pattern).groups for pattern in patterns
        )


class _Difference(NamedTuple):
    lost: list[str]
    ranks: list[str]
    scaled: list[str]


class _Given(NamedTuple):
    """An adapter as all releases get it."""

    reader: ReleaseReading
    layers: _Layers
    weights: Weights

    @classmethod
    def of(
        cls, adapter: Adapter, writer: str, budget: PatternBudget, base: Architecture | None = None
    ) -> _Given:
        document, reading = adapter.document, adapter.reading
        assert document is not None
        assert reading is not None
        return cls(
            ReleaseReading(document.value, reading),
            _Layers(reading.config, adapter.table.adapted_paths, writer, budget),
            weights_of(adapter, writer, base),
        )

    def features(self) -> Hashable:
        """Return all that releases look at but the layers, or None if it is more than these.

        Most adapters are plain: few things about them matter, and many share them.
        """
        reading = self.reader.reading
        if reading.unusable or reading.at_stake or not self.weights.is_plain:
            return None
        return (self.reader.looked_at, self.weights.file) if self.reader.is_plain else None

    def differing(self) -> tuple[str, ...]:
        """Return the releases that may adapt other layers than those that are meant."""
        layers = self.layers
        return () if layers.paths and layers.is_read_alike else between(FIRST_TO_SAVE)


def _reasons(given: _Given, release: str) -> Iterator[Reason]:
    values, reading = given.reader.values, given.reader.reading
    read = list(given.reader.reasons(release))
    yield from read
    yield from _init_reasons(values, release)
    yield from _absent_values(values, release)
    if reading.unusable:
        yield from _unusable(reading.unusable, {reason.pointer for reason in read}, release)
    yield from tensor_reasons(given.weights, release, given.layers.writer)


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
            message = f"it has no default for `{key}`, which the file does not give"
            yield Reason(Effect.RAISES, message, "", error="TypeError")


def _unusable(fields: Iterable[str], seen: set[str | None], release: str) -> Iterator[Reason]:
    """Yield values on which every release fails that has the field, or that it cannot mean."""
    for name in sorted(fields):
        elsewhere = name in ("task_type", "peft_type") or name in NESTED
        if name == "init_lora_weights" and not at_least(release, "0.7.0"):
            continue
        if elsewhere or name not in fields_of(release) or f"/{name}" in seen:
            continue
        message = f"it fails on the value of `{name}`, or reads it as something unintended"
        yield Reason(Effect.RAISES, message, f"/{name}")


def _layer_reasons(given: _Given, release: str) -> Iterator[Reason]:
    if given.reader.reading.usable(*_LAYER_FIELDS):
        yield from _reasons_by_layers(given.reader.values, given.layers, release)


def _reasons_by_layers(values: Mapping[str, Any], given: _Layers, release: str) -> Iterator[Reason]:
    config = given.config
    if isinstance(config.target_modules, str) and not matching(release).text_is_pattern:
        message = "it takes the text of `target_modules` for a list of characters"
        yield Reason(Effect.RAISES, message, "/target_modules", error="AttributeError")
        return
    if matching(release).numbers not in ("none", "first-or-start") and given.captures:
        message = "it takes the group in `layers_pattern` for the number of a layer"
        yield Reason(Effect.RAISES, message, "/layers_pattern", error="ValueError")
        return
    if not given.paths:
        for key in SETTING:
            if key not in fields_of(release) and is_set(key, values.get(key)):
                message = f"it drops `{key}`, which changes what the adapter computes"
                yield Reason(Effect.DIFFERS, message, f"/{key}")
        return
    way = given.way(release)
    if way != given.meant:
        yield from _differences(given, way, release)


def _difference(
    meant: Mapping[str, LayerScaling], found: Mapping[str, LayerScaling]
) -> _Difference:
    lost = [path for path in meant if path not in found]
    changed = [path for path in meant if path in found and meant[path] != found[path]]
    ranks = [path for path in changed if meant[path].rank != found[path].rank]
    kept = [path for path in changed if meant[path].rank == found[path].rank]
    scaled = [path for path in kept if not same_scaling(meant[path], found[path])]
    return _Difference(lost, ranks, scaled)


def _differences(given: _Layers, way: Matching, release: str) -> Iterator[Reason]:
    meant, found = given.by(given.meant), given.by(way)
    lost, ranks, scaled = given.difference(way)
    if lost:
        message = _with_others(f"it does not adapt `{lost[0]}`", lost)
        effect, error = (Effect.DIFFERS, "") if found else (Effect.RAISES, _no_layers(release))
        yield Reason(effect, message, "/target_modules", error=error, count=len(lost))
    if ranks:
        first = ranks[0]
        message = (
            f"it takes the rank of `{first}` for {show(found[first].rank)}, not "
            f"{show(meant[first].rank)}"
        )
        yield Reason(
            Effect.RAISES,
            _with_others(message, ranks),
            "/rank_pattern",
            error="RuntimeError",
            count=len(ranks),
        )
    if scaled:
        first = scaled[0]
        message = (
            f"it scales `{first}` by `{found[first].scaling:g}`, not `{meant[first].scaling:g}`"
        )
        pointer = "/alpha_pattern" if at_least(release, "0.8.0") else "/lora_alpha"
        yield Reason(Effect.DIFFERS, _with_others(message, scaled), pointer, count=len(scaled))


def _no_layers(release: str) -> str:
    """Return what a release raises if it finds none of the targets."""
    return "NoMatchingPeftModuleError" if at_least(release, "0.21.0") else "ValueError"


def _with_others(message: str, paths: list[str]) -> str:
    if len(paths) == 1:
        return message
    return f"{message}, and {len(paths) - 1} more {'layer' if len(paths) == 2 else 'layers'} alike"
