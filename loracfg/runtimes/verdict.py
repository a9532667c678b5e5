"""Decides how an engine handles an adapter, from the facts about the adapter's features."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, Literal

from loracfg.config.model.constraints import Stage
from loracfg.named_tuple import NamedTuple
from loracfg.releases.release_reading import ReleaseReading
from loracfg.runtimes.conditions import AdapterConditions, Condition, parse
from loracfg.runtimes.features import FEATURES
from loracfg.runtimes.profile import Fact, Runtime
from loracfg.runtimes.scales import ScaleRange, factors_of
from loracfg.runtimes.served import ServedAdapter

Answer = Literal["loads", "differs", "raises", "unknown"]

_RANKING: Final[tuple[Answer, ...]] = ("loads", "unknown", "differs", "raises")

_USUAL: Final = frozenset(
    {
        "q_proj",
        "k_proj",
        "v_proj",
        "qkv_proj",
        "o_proj",
        "gate_proj",
        "up_proj",
        "gate_up_proj",
        "down_proj",
        "lm_head",
        "embed_tokens",
    }
)
"""Modules that many classes have."""


class Verdict(NamedTuple):
    """How an engine handles an adapter.

    Attributes:
        runtime: the engine. Its `untried` says if nobody has tried this version.
        answer: the answer.
        facts: the facts that the adapter fails on.
        unknown: what is unknown, as clauses.
        factors: how the scales of modules differ from PEFT's.
        words: the words and numbers of the adapter that meet each condition.
        assumed: what the answer assumes, as clauses.
        idle: the settings that the user set and that do not affect any adapter.
    """

    runtime: Runtime
    answer: Answer
    facts: tuple[Fact, ...] = ()
    unknown: tuple[str, ...] = ()
    factors: ScaleRange | None = None
    words: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    assumed: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()


class _Facts(NamedTuple):
    """The facts about an engine that apply, and those that depend on an unknown base.

    For `open` facts, the adapter itself gives a reason to ask for the base. For `of_base`, it does
    not.
    """

    held: tuple[Fact, ...]
    open: tuple[Fact, ...]
    of_base: tuple[Fact, ...]


def judge(served: ServedAdapter, runtimes: Iterable[Runtime]) -> tuple[Verdict, ...]:
    """Return how each engine handles an adapter."""
    default = AdapterConditions(served)
    built = {name: AdapterConditions(served.built_as(name)) for name in served.architectures}

    def conditions_for(runtime: Runtime) -> AdapterConditions:
        name = runtime.class_of(served.architectures)
        return built[name] if name and runtime.profile.by_architectures else default

    return tuple(_judge(conditions_for(runtime), runtime) for runtime in runtimes)


def _judge(adapter: AdapterConditions, runtime: Runtime) -> Verdict:
    factors = factors_of(adapter.served, runtime)
    facts = _facts(adapter, runtime, factors)
    known = (f for f in facts.held if f.effect not in ("loads", "unknown"))
    against = (*_pinned(adapter.served, runtime), *known)
    answers: list[Answer] = [fact.effect for fact in against]
    unknown: tuple[str, ...] = ()
    if "raises" not in answers:
        unknown = tuple(dict.fromkeys(_unknown(adapter, runtime, facts)))
    answers += ["unknown"] if unknown else ["loads"]
    worst = max(answers, key=_RANKING.index)
    if worst == "differs" and any(fact.or_raises for fact in facts.held):
        worst = "unknown"
    scaled = factors if any(fact.scale for fact in against) else None
    words = _words(adapter, runtime, against)
    assumed = () if worst == "raises" else tuple(_assumed(facts))
    return Verdict(runtime, worst, against, unknown, scaled, words, assumed, _idle(runtime))


def _idle(runtime: Runtime) -> tuple[str, ...]:
    """Return the settings that the user set and that no fact about this version tests."""
    asked = {parse(text).setting for fact in runtime.facts() for text in fact.when}
    return tuple(name for name in runtime.given if name not in asked)


def _assumed(facts: _Facts) -> Iterator[str]:
    if any(fact.effect != "loads" for fact in facts.of_base):
        yield "it supports adapters on the base (pass the base with `--base`)"


def _words(
    adapter: AdapterConditions, runtime: Runtime, facts: Iterable[Fact]
) -> dict[str, tuple[str, ...]]:
    compared = {text for fact in facts for text in fact.when if parse(text).compares}
    found = {text: adapter.found(parse(text), runtime) for text in compared}
    return {text: tuple(sorted(words)) for text, words in found.items() if words}


def _facts(adapter: AdapterConditions, runtime: Runtime, factors: ScaleRange | None) -> _Facts:
    held: list[Fact] = []
    undecided: list[Fact] = []
    of_base: list[Fact] = []
    for given in runtime.facts():
        is_even = given.scale and factors is not None and factors.is_one
        fact = given._replace(effect="loads") if is_even else given
        found = [(one, adapter.holds(one, runtime)) for one in map(parse, fact.when)]
        answers = [answer for _, answer in found]
        if all(answers):
            held.append(fact)
        elif False not in answers:
            is_hinted = _is_hinted(found, adapter, runtime)
            (undecided if is_hinted else of_base).append(fact)
    return _Facts(tuple(held), tuple(undecided), tuple(of_base))


def _is_hinted(
    found: Iterable[tuple[Condition, bool | None]], adapter: AdapterConditions, runtime: Runtime
) -> bool:
    """Return whether the adapter itself gives a reason to ask for the base.

    Modules that many classes have are no reason to ask for the class.
    """
    found = [(condition, answer) for condition, answer in found if condition.kind != "setting"]
    of_class = any(condition.subject == "architecture" for condition, _ in found)

    def is_usual(condition: Condition) -> bool:
        if not of_class or (condition.subject, condition.kind) != ("leaves", "among"):
            return False
        return (adapter.found(condition, runtime) or frozenset()) <= _USUAL

    return any(
        answer or not condition.of_base for condition, answer in found if not is_usual(condition)
    )


def _pinned(served: ServedAdapter, runtime: Runtime) -> Iterator[Fact]:
    """Yield the reasons why the release of PEFT that an engine needs cannot read the config."""
    pin, reading = runtime.pin, served.adapter.reading
    if pin is None or reading is None:
        return
    for reason in ReleaseReading(served.given, reading, pin.loader).reasons(pin.peft):
        if reason.stage is Stage.CONFIG:
            what = f"it needs PEFT {pin.peft} or older, and {reason.message}"
            advice = f"`loracfg migrate --to {pin.peft}`"
            message = reason.error or pin.message or "an error"
            yield Fact((), "raises", pin.evidence, message=message, what=what, help=advice)


def _unknown(adapter: AdapterConditions, runtime: Runtime, facts: _Facts) -> Iterator[str]:
    if not runtime.is_known:
        yield runtime.untried
    covered = {
        condition.subject
        for fact in (*facts.held, *facts.open)
        for condition in map(parse, fact.when)
    }
    for name, feature in FEATURES.items():
        if adapter.features.get(name) and feature.notable and name not in covered:
            yield feature.words
    for fact in facts.held:
        if fact.effect == "unknown":
            yield fact.what
    for fact in facts.open:
        if fact.effect in ("loads", "unknown"):
            continue
        for condition in map(parse, fact.when):
            if adapter.holds(condition, runtime) is None:
                advice = " (pass the base with `--base`)" if adapter.served.base is None else ""
                yield f"whether {condition.words(runtime)}{advice}"


def reason(verdict: Verdict, fact: Fact) -> str:
    """Return as a clause why an engine does not handle an adapter as PEFT does."""
    if fact.effect == "differs":
        scaled = f", so {verdict.factors.words}" if fact.scale and verdict.factors else ""
        return f"{fact.what}{scaled}"
    conditions = {text: parse(text) for text in fact.when}
    telling = [t for t, one in conditions.items() if one.kind != "setting" and not one.negated]
    words = (
        conditions[text].words(verdict.runtime, verdict.words.get(text, ()))
        for text in telling or conditions
    )
    why = fact.what or ", ".join(dict.fromkeys(words))
    return f"raises `{fact.message}`: {why}" if fact.message else f"rejects it: {why}"
