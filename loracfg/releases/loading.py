"""In which releases an adapter loads, and what is lost there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from loracfg.adapter.names import Part
from loracfg.adapter.read import Adapter
from loracfg.base.architecture import Architecture
from loracfg.config.fields import fields_of
from loracfg.config.model import LoraConfig
from loracfg.config.problems import show
from loracfg.config.read import NESTED
from loracfg.config.releases import FIRST_TO_SAVE, at_least, between, specifier
from loracfg.config.types import compile_pattern, find_init
from loracfg.plan.patterns import Budget
from loracfg.releases.layers import (
    SETTING,
    Layer,
    Matching,
    layers,
    matching,
    relevant,
    same_scaling,
)
from loracfg.releases.outcome import Effect, Outcome, Reason
from loracfg.releases.reading import is_set, reading_reasons
from loracfg.releases.tensors import Weights, tensor_reasons, weights_of

_PLAIN_NAME: Final = re.compile(r"[\w.]+")
_NO_DEFAULT_BEFORE: Final = "0.4.0"
_WORDS: Final = {
    Effect.DROPS: "dropping",
    Effect.DIFFERS: "differing",
    Effect.RAISES: "failing",
}


def loads_in(
    adapter: Adapter, writer: str, budget: Budget, base: Architecture | None = None
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
    given = _Layers(adapter.reading.config, adapted_paths(adapter), budget)
    weights = weights_of(adapter, writer, base)
    return {
        release: Outcome(tuple(_reasons(adapter, given, weights, release, writer)))
        for release in between(FIRST_TO_SAVE)
    }


def summary(outcomes: Mapping[str, Outcome]) -> dict[str, str]:
    """Return the entry of a report: ranges of releases, by what they make of the adapter.

    `peft` are those in which it loads and computes what it was saved for; of these, `dropping`
    are those that drop keys.
    """
    by_effect = {
        effect: [release for release, outcome in outcomes.items() if outcome.effect is effect]
        for effect in Effect
    }
    fine = [release for release, outcome in outcomes.items() if outcome.effect <= Effect.DROPS]
    others = {word: specifier(by_effect[e]) for e, word in _WORDS.items() if by_effect[e]}
    return {"peft": specifier(fine)} | others


def reasons_in(adapter: Adapter, release: str, writer: str, budget: Budget) -> list[Reason]:
    """Return why an adapter with a config does not simply load in a release.

    Raises:
        PatternTimeoutError: if the patterns take longer than the budget.
        re.error: if one does not compile.
    """
    assert adapter.reading is not None
    given = _Layers(adapter.reading.config, adapted_paths(adapter), budget)
    return list(_reasons(adapter, given, weights_of(adapter, writer), release, writer))


@dataclass(frozen=True)
class _Layers:
    """What the layers of a weight file get by a config, found once for each way of reading it."""

    config: LoraConfig
    paths: Sequence[str]
    budget: Budget
    known: dict[Matching, dict[str, Layer]] = field(default_factory=dict)

    def by(self, how: Matching) -> dict[str, Layer]:
        if how not in self.known:
            self.known[how] = layers(self.config, how, self.paths, self.budget)
        return self.known[how]


def _reasons(
    adapter: Adapter, given: _Layers, weights: Weights, release: str, writer: str
) -> Iterator[Reason]:
    document, reading = adapter.document, adapter.reading
    assert document is not None
    assert reading is not None
    values: dict[str, Any] = document.value
    read = list(reading_reasons(values, reading, release))
    yield from read
    yield from _init_reasons(values, release)
    yield from _absent_values(values, release)
    yield from _unusable(reading.unusable, {reason.pointer for reason in read}, release)
    yield from tensor_reasons(weights, release, writer)
    if reading.usable("r", "lora_alpha", "rank_pattern", "alpha_pattern", "target_modules"):
        yield from _layer_reasons(values, given, release, writer)


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
    """Yield values on which every release fails that has the field."""
    for name in sorted(fields):
        elsewhere = name in ("task_type", "peft_type") or name in NESTED
        if name == "init_lora_weights" and not at_least(release, "0.7.0"):
            continue
        if elsewhere or name not in fields_of(release) or f"/{name}" in seen:
            continue
        yield Reason(Effect.RAISES, f"it fails on the value of `{name}`", f"/{name}")


def _layer_reasons(
    values: Mapping[str, Any], given: _Layers, release: str, writer: str
) -> Iterator[Reason]:
    config = given.config
    if isinstance(config.target_modules, str) and not matching(release).text_is_pattern:
        message = "it takes the text of `target_modules` for a list of characters"
        yield Reason(Effect.RAISES, message, "/target_modules", error="AttributeError")
        return
    if matching(release).numbers not in ("none", "first-or-start") and _captures(config):
        message = "it takes the group in `layers_pattern` for the number of a layer"
        yield Reason(Effect.RAISES, message, "/layers_pattern", error="ValueError")
        return
    if not given.paths:
        for key in SETTING:
            if key not in fields_of(release) and is_set(key, values.get(key)):
                message = f"it drops `{key}`, which changes what the adapter computes"
                yield Reason(Effect.DIFFERS, message, f"/{key}")
        return
    meant, found = relevant(config, matching(writer)), relevant(config, matching(release))
    if meant.names == "steps" and _are_plain(config.target_modules):
        found = replace(found, names="steps")  # ends of text, and patterns, match no less
    if meant != found:
        yield from _differences(given.by(meant), given.by(found), release)


def _captures(config: LoraConfig) -> bool:
    """Tell whether a pattern that layers are counted by has a group, read instead of the number."""
    names = config.layers_pattern or []
    patterns = [names] if isinstance(names, str) else names
    return config.layers_to_transform not in (None, []) and any(
        compile_pattern(pattern).groups for pattern in patterns
    )


def _are_plain(targets: list[str] | str | None) -> bool:
    return isinstance(targets, list) and all(map(_PLAIN_NAME.fullmatch, targets))


def adapted_paths(adapter: Adapter) -> list[str]:
    """Return the paths of modules that have factors of their own in the file, sorted."""
    factors = (Part.A, Part.EMBEDDING_A)
    return sorted({t.module for t in adapter.names.values() if t.prefix and t.part in factors})


def _differences(
    meant: Mapping[str, Layer], found: Mapping[str, Layer], release: str
) -> Iterator[Reason]:
    lost = [path for path in meant if path not in found]
    if lost:
        message = _with_others(f"it does not adapt `{lost[0]}`", lost)
        effect, error = (Effect.DIFFERS, "") if found else (Effect.RAISES, _no_layers(release))
        yield Reason(effect, message, "/target_modules", error=error, count=len(lost))
    both = [path for path in meant if path in found]
    ranks = [path for path in both if meant[path].rank != found[path].rank]
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
    scaled = [
        path for path in both if path not in ranks and not same_scaling(meant[path], found[path])
    ]
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
