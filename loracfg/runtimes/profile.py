"""What is known of an engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final, Literal, NamedTuple

from loracfg.releases.release_reading import Loader
from loracfg.runtimes.server_limits import Limit, Value
from loracfg.runtimes.versions import (
    Word,
    is_in,
    is_of,
    nearest,
    newest_of,
    parts,
    pattern_of,
)

Effect = Literal["loads", "unknown", "differs", "raises"]
_KNOWN: Final = "known"
"""The set of all classes that an engine's facts name."""


class Fact(NamedTuple):
    """What an engine does with adapters for which all conditions in `when` hold.

    `loracfg.runtimes.conditions` has the language of conditions. `effect` is `loads`: as it was
    trained; `unknown`: nobody has tried `what`, and with `or_raises` it may be refused, too;
    `differs`: loads, but computes something else, `what`; `raises`: with `message`, which some
    models or modules give as `other_message`; `what` is the reason if there are no conditions.
    With `scale`, it holds only where the formula gives a module another scale than PEFT's.
    """

    when: tuple[str, ...]
    effect: Effect
    evidence: str
    versions: str = ""
    message: str = ""
    what: str = ""
    help: str = ""
    scale: bool = False
    other_message: str = ""
    or_raises: bool = False


class Formula(NamedTuple):
    """How an engine scales a module, where it does otherwise than PEFT.

    `alpha` is the `config`'s, the module's `own`, or its `rank`, so that the scale is 1. `rank` is
    the `config`'s, the module's `own`, or `padded`: the first kind of module is scaled by the
    config's, each other by that of the profile's `ranks` which the kind before is padded to.
    """

    alpha: Literal["config", "own", "rank"]
    rank: Literal["config", "own", "padded"]
    rslora: bool
    versions: str = ""


class Pin(NamedTuple):
    """The newest release of PEFT that an engine may be installed with, which reads the config.

    `loader` is the class that it is read by. Where that keeps no key of LoRA, the engine raises
    `message`.
    """

    peft: str
    evidence: str
    versions: str = ""
    loader: Loader = "LoraConfig"
    message: str = ""


class Check(NamedTuple):
    """How some versions of an engine were looked at, when, and `what` was looked at.

    `by` tells whether it was run, or its source was read.
    """

    by: Literal["run", "read"]
    on: date
    what: str
    versions: tuple[str, ...]


class WrappedEngine(NamedTuple):
    """The engine that another one wraps, its version there, and settings that it is not given."""

    engine: str
    version: str
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Profile:
    """An engine: its facts, when they were checked, and for which versions.

    `checks` say how, and `releases` are all that there were on that day, without pre-releases; of
    an engine without them, none are known. `package` is what pip installs.

    `untried` are versions between `oldest` and `newest` that nobody looked at. `limits` are the
    settings that a server may be started with, `sets` are fixed. `aliases` are words that count
    as others, `ranks` those that factors are padded to, `kinds` the modules in the order in which
    they are read. With `by_architectures`, the engine builds the class that the config of
    the base names, whatever the adapter is for: of several the first, or the first that is in the
    sets `chosen_among`. `architectures` are sets of such classes, by what
    it does with adapters on them, and a class that is in none of them counts as the one that has
    another of the `suffixes`. `modules` are the modules that a class has in the engine, where they
    were looked at. An engine that is `based_on` another has its facts, too.
    """

    name: str
    title: str
    checked: date
    newest: str
    facts: tuple[Fact, ...]
    oldest: str | None = None
    untried: str = ""
    checks: tuple[Check, ...] = ()
    package: str = ""
    releases: tuple[str, ...] = ()
    by_architectures: bool = False
    chosen_among: tuple[str, ...] = ()
    by_date: str | None = None
    limits: dict[str, Limit] = field(default_factory=dict)
    sets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    architectures: dict[str, tuple[Word, ...]] = field(default_factory=dict)
    suffixes: tuple[str, ...] = ()
    modules: dict[str, frozenset[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    formulas: tuple[Formula, ...] = ()
    pins: tuple[Pin, ...] = ()
    based_on: WrappedEngine | None = None

    @cached_property
    def looked_at(self) -> tuple[str, ...]:
        """The versions that were run or read, oldest first."""
        return tuple(sorted({one for c in self.checks for one in c.versions}, key=parts))

    @property
    def values(self) -> dict[str, Value]:
        """The settings as they are if nobody gives them."""
        return {name: limit.default for name, limit in self.limits.items()}

    @property
    def last_check(self) -> date:
        """The day on which something of the engine was last looked at."""
        return max(self.checked, *(check.on for check in self.checks))

    @property
    def tried(self) -> str:
        """The versions that were run or read, in words."""
        if self.by_date:
            return self.by_date
        looked_at = self.looked_at
        if len(looked_at) <= 2:
            return " and ".join(looked_at) or self.newest
        return f"{len(looked_at)} releases from {looked_at[0]} to {looked_at[-1]}"

    @property
    def versions_pattern(self) -> str:
        """A regular expression of the versions that may be asked for."""
        return pattern_of(self.releases)

    def classes(self, name: str, version: str) -> tuple[str, ...]:
        """Return the classes of a set in one version, or of all sets."""
        found = self._classes.get((name, version))
        if found is None:
            sets = self.architectures if name == _KNOWN else [name]
            words = (word for one in sets for word in self.architectures[one])
            found = tuple(text for text, versions in words if is_in(version, versions))
            found = (*found, *self.modules) if name == _KNOWN else found
            self._classes[name, version] = found
        return found

    @cached_property
    def _classes(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """What `classes` found, by its arguments."""
        return {}


class Runtime(NamedTuple):
    """An engine that was named, with its version and settings, and which of these were given."""

    profile: Profile
    version: str
    limits: dict[str, Value]
    given: tuple[str, ...] = ()

    @property
    def state(self) -> str | None:
        """What to say in place of the version, if that has no name."""
        return self.profile.by_date if self.version == self.profile.newest else None

    @property
    def shown(self) -> str:
        """The engine with its version."""
        title, state = self.profile.title, self.state
        return f"{title} ({state})" if state else f"{title} {self.version}"

    @property
    def subject(self) -> str:
        """The engine, with its version, as the subject of what it does."""
        return f"{self.shown}, which nobody has tried," if self.untried else self.shown

    @property
    def untried(self) -> str:
        """What to say first of a version that nobody tried; nothing of one that somebody did."""
        profile, version = self.profile, self.version
        looked_at = profile.looked_at
        is_tried = any(is_of(one, version) or parts(one) == parts(version) for one in looked_at)
        if is_tried and self.is_known:
            return ""
        if self.is_known and looked_at:
            about = nearest(version, looked_at)[0]
            return f"nobody has tried it, and the answer is that for {about}"
        newest = newest_of(profile.releases) if profile.releases else profile.newest
        if parts(version) > parts(newest):
            return f"nobody has tried it, and {newest} is the newest release that is known"
        return f"nobody has tried it, only {profile.tried}"

    @property
    def is_known(self) -> bool:
        """Whether the facts were checked for this version or ones around it."""
        profile = self.profile
        if profile.untried and is_in(self.version, profile.untried):
            return False
        version, newest = parts(self.version), parts(profile.newest)
        oldest = parts(profile.oldest) if profile.oldest else newest
        return oldest <= version <= newest

    def facts(self) -> list[Fact]:
        """Return the facts that are for this version."""
        own = [fact for fact in self.profile.facts if is_in(self.version, fact.versions)]
        return [*own, *self._lacking()] if self.is_known else own

    def _lacking(self) -> Iterator[Fact]:
        """Yield that this version does not start with settings that only others have."""
        for name in self.given:
            limit, value = self.profile.limits[name], self.limits[name]
            chosen = (one for one in limit.choices if one.text == str(value))
            if not is_in(self.version, limit.versions):
                what, ranges = name, limit.versions
            elif other := next((c for c in chosen if not is_in(self.version, c.versions)), None):
                what, ranges = f"{name}={value}", other.versions
            else:
                continue
            why = f"it has no `{what}`, which versions {ranges} have"
            yield Fact((), "raises", "the settings of the release", what=why, help="leave it out")

    @property
    def formula(self) -> Formula | None:
        """How this version scales modules, None if as PEFT does."""
        return next((f for f in self.profile.formulas if is_in(self.version, f.versions)), None)

    @property
    def pin(self) -> Pin | None:
        """The release of PEFT that this version needs."""
        return next((pin for pin in self.profile.pins if is_in(self.version, pin.versions)), None)

    def words(self, name: str) -> tuple[str, ...]:
        """Return the words of a setting or a set."""
        profile = self.profile
        if name == _KNOWN or name in profile.architectures:
            return profile.classes(name, self.version)
        found = self.limits.get(name, profile.sets.get(name, ()))
        if isinstance(found, str):
            return (found,) if found else ()
        return found if isinstance(found, tuple) else ()

    def class_of(self, named: Sequence[str]) -> str | None:
        """Return the class that is built of those that the config of a base names."""
        sets = self.profile.chosen_among
        known = {*self.profile.modules, *(word for one in sets for word in self.words(one))}
        chosen = (one for one in named if sets and self.known_as(one) in known)
        return next(chosen, None) or next(iter(named), None)

    def known_as(self, architecture: str) -> str:
        """Return the class by whose facts one is judged that the config of a base names."""
        known, suffixes = self.words(_KNOWN), self.profile.suffixes
        own = next((s for s in suffixes if architecture.endswith(s)), None)
        if architecture in known or own is None:
            return architecture
        stem = architecture.removesuffix(own)
        return next((stem + s for s in suffixes if stem + s in known), architecture)
