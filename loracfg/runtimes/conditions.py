"""The language of the conditions of facts.

    use_dora                        the adapter has this feature (`features.py`)
    not lora_metadata               the adapter does not have this feature
    largest_rank > max_lora_rank    a number is above a limit of the engine (0: no limit) or `16`
    leaves outside target_modules   one of its words is not in a limit or a set of the engine
    leaves among scrambled          one of its words is in it
    leaves outside modules          one of them is not a module of the base's class in the engine
    with enable_lora                this setting of the engine is on or has a value
    without convert=classify        this setting does not have this value

If a condition depends on the base and the base is unknown, the answer is None.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, cached_property
from typing import Final, Literal

from loracfg.document.display import printable
from loracfg.named_tuple import NamedTuple
from loracfg.planning.targets import leaf_of
from loracfg.runtimes.features import FEATURES, features_of
from loracfg.runtimes.of_tensors import saved_labels, saved_modules
from loracfg.runtimes.profile import Runtime
from loracfg.runtimes.served import ServedAdapter
from loracfg.runtimes.server_limits import WITH, WITHOUT

Kind = Literal["feature", "setting", "above", "outside", "among"]
_NOT: Final = "not "
_ALL: Final = "all"
"""The word of a setting that means all words."""
_SHOWN: Final = 5
COMPARISONS: Final[Mapping[str, Kind]] = {
    " > ": "above",
    " outside ": "outside",
    " among ": "among",
}
"""The operators of comparisons."""


class Condition(NamedTuple):
    """A parsed condition. A comparison compares `subject` with `bound`."""

    kind: Kind
    subject: str
    bound: str = ""
    negated: bool = False

    @property
    def of_base(self) -> bool:
        """Whether it is only about the base."""
        if self.kind == "feature":
            return FEATURES[self.subject].of_base
        return self.subject in _OF_BASE

    @property
    def compares(self) -> bool:
        """Whether it compares a number or words."""
        return self.kind not in ("feature", "setting")

    @property
    def setting(self) -> str:
        """The setting that it tests, or the set or number that it compares with."""
        return self.subject if self.kind == "setting" else self.bound

    @property
    def key(self) -> str | None:
        """The key of the config that it is about, if any."""
        if self.kind == "feature":
            return FEATURES[self.subject].key
        return _KEYS.get(self.subject)

    def words(self, runtime: Runtime, found: Iterable[str] = ()) -> str:
        """Return the condition as a clause; `found` has the words or the number that meet it."""
        match self.kind:
            case "feature":
                return f"not: {self._feature}" if self.negated else self._feature
            case "setting":
                shown = f"{self.subject}={self.bound}" if self.bound else self.subject
                return f"it is served {'without' if self.negated else 'with'} `{shown}`"
            case "above":
                limit = number_of(self.bound, runtime)
                subject, own = self.subject.replace("_", " "), "".join(found)
                is_above = f"is `{own}`, above" if own else "is above"
                of = "" if self.bound.isdecimal() else f"the `{self.bound}` of "
                return f"the {subject} {is_above} {of}`{limit}`"
            case "outside" | "among":
                words = [f"`{printable(word)}`" for word in found or runtime.words(self.bound)]
                listed = ", ".join(words[:_SHOWN]) + (" and others" if words[_SHOWN:] else "")
                words_of = _WORDS[self.subject]
                is_own = found or self.kind == "among"
                return f"{words_of.own if is_own else words_of.others} {listed}"

    @property
    def _feature(self) -> str:
        return FEATURES[self.subject].words


class _Words(NamedTuple):
    """The words of an adapter, with the phrases that introduce them in a clause."""

    own: str
    others: str
    of: Callable[[ServedAdapter], frozenset[str] | None]


@cache
def parse(text: str) -> Condition:
    """Parse a condition."""
    for sign, kind in COMPARISONS.items():
        subject, found, bound = text.partition(sign)
        if found:
            return Condition(kind, subject, bound)
    for start, negated in ((WITH, False), (WITHOUT, True)):
        if text.startswith(start):
            name, _, value = text.removeprefix(start).partition("=")
            return Condition("setting", name, value, negated)
    return Condition("feature", text.removeprefix(_NOT), negated=text.startswith(_NOT))


def number_of(bound: str, runtime: Runtime) -> int:
    """Return the number that a condition compares with."""
    found = int(bound) if bound.isdecimal() else runtime.limits[bound]
    assert isinstance(found, int)
    return found


def _ranks(served: ServedAdapter) -> list[int]:
    if served.settings:
        return [one.rank for one in served.settings.values()]
    return [served.config.r] if served.config else []


def _config_rank(served: ServedAdapter) -> int:
    """Return the largest rank in the config, whether a module has it or not, or 0."""
    config = served.config
    return max((config.r, *(config.rank_pattern or {}).values())) if config else 0


def _targets(served: ServedAdapter) -> frozenset[str]:
    """Return the last names of adapted modules and of the targets in the config."""
    listed = served.config.target_modules if served.config else None
    names = listed if isinstance(listed, list) else ()
    return frozenset(map(leaf_of, (*names, *served.adapted)))


def _architecture(served: ServedAdapter) -> frozenset[str] | None:
    return frozenset((served.architecture,)) if served.architecture else None


def _model_type(served: ServedAdapter) -> frozenset[str] | None:
    base = served.base
    return frozenset((base.model_type or "",)) if base else None


def _base_name(served: ServedAdapter) -> frozenset[str] | None:
    name = served.config.base_model_name_or_path if served.config else None
    return frozenset((name or "null",))


_NUMBERS: Final[Mapping[str, Callable[[ServedAdapter], int | None]]] = {
    "largest_rank": lambda served: max(_ranks(served), default=0),
    "largest_config_rank": _config_rank,
    "vocabulary_size": lambda served: served.base.vocab_size if served.base else None,
    "saved_labels": saved_labels,
}
_WORDS: Final[Mapping[str, _Words]] = {
    "leaves": _Words(
        "it adapts",
        "it adapts modules other than",
        lambda served: frozenset(map(leaf_of, served.adapted)),
    ),
    "targets": _Words("it targets", "it targets modules other than", _targets),
    "saved": _Words("it saves in full", "it saves modules in full other than", saved_modules),
    "ranks": _Words(
        "its ranks include",
        "it has ranks other than",
        lambda served: frozenset(map(str, _ranks(served))),
    ),
    "model_type": _Words(
        "the model type of the base is",
        "the model type of the base is none of",
        _model_type,
    ),
    "architecture": _Words("the base is a", "the base is a model other than", _architecture),
    "base_name": _Words(
        "the config does not name the server's `model`, but",
        "the config names a different base than",
        _base_name,
    ),
}
_OF_BASE: Final = ("vocabulary_size", "model_type", "architecture")
_KEYS: Final = {
    "largest_rank": "r",
    "largest_config_rank": "r",
    "ranks": "r",
    "leaves": "target_modules",
    "targets": "target_modules",
    "saved": "modules_to_save",
    "base_name": "base_model_name_or_path",
    **dict.fromkeys(_OF_BASE, "base_model_name_or_path"),
}
"""The keys of the config that numbers and words are about."""

NUMBERS: Final = _NUMBERS.keys()
WORDS: Final = _WORDS.keys()
SUBJECTS: Final = NUMBERS | WORDS
"""What conditions can compare."""


def number_compared(served: ServedAdapter, limit: str, runtime: Runtime) -> int:
    """Return the largest number of an adapter that an engine compares with a limit, or 0."""
    conditions = (parse(text) for fact in runtime.facts() for text in fact.when)
    subjects = {one.subject for one in conditions if one.kind == "above" and one.bound == limit}
    return max((_NUMBERS[subject](served) or 0 for subject in subjects), default=0)


class AdapterConditions:
    """Evaluates conditions for an adapter."""

    def __init__(self, served: ServedAdapter) -> None:
        self.served = served

    @cached_property
    def features(self) -> dict[str, bool | None]:
        """The features that the adapter has; None for those that depend on an unknown base."""
        return features_of(self.served)

    def holds(self, condition: Condition, runtime: Runtime) -> bool | None:
        """Return whether a condition of an engine holds; None if that needs the base."""
        match condition.kind:
            case "feature":
                found = self.features.get(condition.subject, False)
                return found if found is None else found is not condition.negated
            case "setting":
                value, wanted = runtime.limits[condition.subject], condition.bound
                return (value == wanted if wanted else bool(value)) is not condition.negated
            case "above" | "outside" | "among":
                met = self.found(condition, runtime)
                return None if met is None else bool(met)

    def found(self, condition: Condition, runtime: Runtime) -> frozenset[str] | None:
        """Return the number or words that meet a condition; None if that needs the base."""
        if condition.kind == "above":
            number = _NUMBERS[condition.subject](self.served)
            if number is None:
                return None
            is_above = 0 < number_of(condition.bound, runtime) < number
            return frozenset((str(number),) if is_above else ())
        known = self._bound(condition.bound, runtime)
        words = _WORDS[condition.subject].of(self.served)
        if not known:
            return frozenset()  # an engine without such a limit
        if words is None:
            return None
        counts_as = runtime.known_as if condition.subject == "architecture" else _alias_in(runtime)
        if condition.bound in runtime.limits:
            known = {*known, *map(counts_as, known)}
        inside = frozenset(w for w in words if w in known or counts_as(w) in known)
        return inside if condition.kind == "among" else words - inside

    def _bound(self, name: str, runtime: Runtime) -> Collection[str]:
        """Return the words that a condition compares with; `modules` are those of the class."""
        architecture = self.served.architecture
        if name != "modules":
            words = runtime.words(name)
            return () if name in runtime.limits and words == (_ALL,) else words
        return runtime.profile.modules.get(runtime.known_as(architecture or ""), ())


def _alias_in(runtime: Runtime) -> Callable[[str], str]:
    return lambda word: runtime.profile.aliases.get(word, word)
