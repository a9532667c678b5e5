"""What an engine makes of an adapter, by the facts for its features, and what is not known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from loracfg.adapter.read import Adapter
from loracfg.plan.settings import Settings
from loracfg.runtimes.features import FEATURES, features_of, numbers_of
from loracfg.runtimes.profile import Fact, Runtime, Scale

if TYPE_CHECKING:
    from loracfg.config.model import LoraConfig

Answer = Literal["loads", "differs", "raises", "unknown"]

_HARMLESS: Final = frozenset({"zero_alpha", "modules_to_save", "several_weight_files", "lora_bias"})
"""Features of which nothing needs to be known where no fact is for them: others tell of them."""
_RANKING: Final[tuple[Answer, ...]] = ("loads", "unknown", "differs", "raises")


class Verdict(NamedTuple):
    """What an engine does with an adapter, for all of its features.

    `facts` are those that speak against it, `unknown` the features that nothing is known of, and
    `factors` by how much the scales of modules differ from PEFT's, smallest and largest.
    """

    runtime: Runtime
    answer: Answer
    facts: tuple[Fact, ...] = ()
    unknown: tuple[str, ...] = ()
    factors: tuple[float, float] | None = None


def judge(adapter: Adapter, settings: Mapping[str, Settings], runtime: Runtime) -> Verdict:
    """Return what an engine makes of an adapter; `settings` are those of its modules."""
    config, features = adapter.config, features_of(adapter, settings)
    numbers = numbers_of(settings, config)
    held = [fact for fact in runtime.facts() if _holds(fact, features, numbers, runtime.limits)]
    against = tuple(fact for fact in held if fact.effect != "loads")
    covered = {feature for fact in held for feature in fact.when}
    unknown = tuple(f for f in features if f not in covered and f not in _HARMLESS)
    if not runtime.is_known:
        unknown = unknown or ("version",)
    answers: list[Answer] = [fact.effect for fact in against]
    answers += ["unknown"] if unknown else ["loads"]
    worst = max(answers, key=_RANKING.index)
    return Verdict(runtime, worst, against, unknown, _factors(against, settings, config))


def reason(verdict: Verdict, fact: Fact) -> str:
    """Return in one clause what speaks against an engine."""
    if fact.effect == "differs":
        return f"{fact.what}{_scaled_words(verdict, fact)}"
    why = ", ".join(_condition(one, verdict.runtime) for one in fact.when)
    return f"raises `{fact.message}`: {why}"


def _condition(condition: str, runtime: Runtime) -> str:
    number, larger, limit = condition.partition(" > ")
    if not larger:
        return FEATURES[condition]
    return f"the {number.replace('_', ' ')} is above the `{runtime.limits[limit]}` of `{limit}`"


def _scaled_words(verdict: Verdict, fact: Fact) -> str:
    """Return by how much an engine's scales are off."""
    if fact.scale is None or verdict.factors is None:
        return ""
    least, most = verdict.factors
    if math.isclose(least, most):
        return f", so its scale is `{least:.3g}` times PEFT's"
    return f", so its scales are `{least:.3g}` to `{most:.3g}` times PEFT's"


def shown_unknown(verdict: Verdict) -> list[str]:
    """Return in words what is not known."""
    return [
        f"version {verdict.runtime.version}" if name == "version" else FEATURES[name]
        for name in verdict.unknown
    ]


def _holds(
    fact: Fact, features: tuple[str, ...], numbers: Mapping[str, int], limits: Mapping[str, int]
) -> bool:
    for condition in fact.when:
        number, larger, limit = condition.partition(" > ")
        if larger:
            if number not in numbers or numbers[number] <= limits[limit]:
                return False
        elif condition not in features:
            return False
    return True


def _factors(
    facts: tuple[Fact, ...], settings: Mapping[str, Settings], config: LoraConfig | None
) -> tuple[float, float] | None:
    """Return by how much an engine's scales are PEFT's, if it scales otherwise."""
    scales = [fact.scale for fact in facts if fact.scale]
    if config is None or not scales:
        return None
    found = [
        _scaled(scale, one, config) / one.scaling
        for one in settings.values()
        for scale in scales
        if one.scaling and math.isfinite(one.scaling)
    ]
    return (min(found), max(found)) if found else None


def _scaled(scale: Scale, one: Settings, config: LoraConfig) -> float:
    """Return the scale that an engine gives a module."""
    alpha = float(config.lora_alpha)
    match scale:
        case "without_rslora":
            return one.alpha / one.rank
        case "of_config":
            return alpha / (math.sqrt(config.r) if config.use_rslora else config.r)
        case "of_config_without_rslora":
            return alpha / config.r
        case "own_rank_alpha_of_config":
            return alpha / one.rank
