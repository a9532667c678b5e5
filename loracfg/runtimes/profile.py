"""The facts about an engine and its settings, as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final, Literal

from loracfg.named_tuple import NamedTuple
from loracfg.releases.release_reading import Loader
from loracfg.runtimes.server_facts import BufferFacts, ServerFacts
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
"""The set of all classes in the facts about an engine."""


class Fact(NamedTuple):
    """What an engine does with adapters that meet all conditions in `when`.

    Attributes:
        when: the conditions, in the language of `loracfg.runtimes.conditions`.
        effect: `loads`: it computes what was trained; `differs`: it computes something different,
            see `what`; `raises`: it rejects the adapter with `message`; `unknown`: nobody has tried
            `what`.
        evidence: the source of the fact.
        versions: the versions that it applies to.
        message: the error message of the engine.
        what: see `effect`; for `raises`, the reason if there are no conditions.
        help: what to do about it.
        scale: whether it only applies if the formula gives a module a different scale than PEFT.
        other_message: the error message for some models or modules.
        or_raises: whether an adapter with the effect `unknown` may also be rejected.
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
    """How an engine scales a module, if not as PEFT does.

    `alpha` is that of the `config`, the module's `own`, or its `rank`, which gives a scale of 1.
    `rank` is that of the `config`, the module's `own`, or `padded`: the first kind of module uses
    the config's rank, and each other kind the one of `ranks` that the kind before it is padded to.
    """

    alpha: Literal["config", "own", "rank"]
    rank: Literal["config", "own", "padded"]
    rslora: bool
    versions: str = ""


class Pin(NamedTuple):
    """The newest release of PEFT that an engine can be installed with, which reads the config.

    `loader` is the class that reads it. If that class drops all keys of LoRA, the engine raises
    `message`.
    """

    peft: str
    evidence: str
    versions: str = ""
    loader: Loader = "LoraConfig"
    message: str = ""


class Check(NamedTuple):
    """A check of some versions of an engine.

    `by` says whether the engine was run or its source was read, and `what` what was checked.
    """

    by: Literal["run", "read"]
    on: date
    what: str
    versions: tuple[str, ...]


class WrappedEngine(NamedTuple):
    """An engine that another one wraps, with its version and the settings that cannot be set."""

    engine: str
    version: str
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Profile:
    """The facts about an engine, and when and for which versions they were checked.

    Attributes:
        name: the name of the engine in `--for`.
        title: its name in texts.
        checked: the day on which all facts were last checked; some of `checks` may be later.
        newest: the newest version that was checked.
        facts: what it does with adapters.
        oldest: the oldest version that was checked, if there are several.
        untried: versions between `oldest` and `newest` that nobody checked.
        checks: how it was checked.
        package: the package that pip installs.
        releases: all releases on that day, without pre-releases; empty if they are unknown.
        by_architectures: whether it builds the class in the config of the base, whatever the
            adapter is for.
        chosen_among: sets of classes; of several in a config, it builds the first that is in one
            of these sets, or just the first.
        by_date: what to show instead of the newest version, if it has no number.
        limits: the settings of a server.
        sets: fixed sets of words. `ranks` are those that factors are padded to, and `kinds` the
            modules in the order in which they are read.
        architectures: sets of model classes.
        suffixes: endings of classes. A class in no set counts as the one with a different ending.
        modules: the modules of a class in the engine, if they were checked.
        aliases: words, each with the word that conditions use instead.
        formulas: how it scales modules, if not as PEFT does.
        pins: the releases of PEFT that it can be installed with.
        based_on: the engine that it wraps, with facts that also apply to it.
        server: the settings of its server that depend on a set of adapters, if they are known.
        buffers: what it allocates for adapters, if that was compared.
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
    server: ServerFacts | None = None
    buffers: BufferFacts | None = None

    @cached_property
    def looked_at(self) -> tuple[str, ...]:
        """The versions that were run or read, oldest first."""
        return tuple(sorted({one for c in self.checks for one in c.versions}, key=parts))

    @property
    def values(self) -> dict[str, Value]:
        """The default settings."""
        return {name: limit.default for name, limit in self.limits.items()}

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
        """A regular expression for the versions that can be chosen."""
        return pattern_of(self.releases)

    def classes(self, name: str, version: str) -> tuple[str, ...]:
        """Return the classes of a set, or of all sets, in one version."""
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
        """The cached results of `classes`, by its arguments."""
        return {}


class Runtime(NamedTuple):
    """An engine with a version and settings; `given` are the settings that the user set."""

    profile: Profile
    version: str
    limits: dict[str, Value]
    given: tuple[str, ...] = ()

    @property
    def state(self) -> str | None:
        """What to show instead of the version, if it has no number."""
        return self.profile.by_date if self.version == self.profile.newest else None

    @property
    def shown(self) -> str:
        """The engine with its version."""
        title, state = self.profile.title, self.state
        return f"{title} ({state})" if state else f"{title} {self.version}"

    @property
    def subject(self) -> str:
        """The engine, with its version, as the subject of a sentence."""
        return f"{self.shown}, which nobody has tried," if self.untried else self.shown

    @property
    def untried(self) -> str:
        """A caveat for a version that nobody has tried, otherwise empty."""
        profile, version = self.profile, self.version
        looked_at = profile.looked_at
        is_tried = any(is_of(one, version) or parts(one) == parts(version) for one in looked_at)
        if is_tried and self.is_known:
            return ""
        if self.is_known and looked_at:
            about = nearest(version, looked_at)[0]
            return f"nobody has tried it, so the answer is the one for {about}"
        newest = newest_of(profile.releases) if profile.releases else profile.newest
        if parts(version) > parts(newest):
            return f"nobody has tried it, and the newest known release is {newest}"
        return f"nobody has tried it, only {profile.tried}"

    @property
    def is_known(self) -> bool:
        """Whether the facts were checked for this version or for older and newer ones."""
        profile = self.profile
        if profile.untried and is_in(self.version, profile.untried):
            return False
        version, newest = parts(self.version), parts(profile.newest)
        oldest = parts(profile.oldest) if profile.oldest else newest
        return oldest <= version <= newest

    def facts(self) -> list[Fact]:
        """Return the facts about this version."""
        own = [fact for fact in self.profile.facts if is_in(self.version, fact.versions)]
        return [*own, *self._missing_settings()] if self.is_known else own

    def _missing_settings(self) -> Iterator[Fact]:
        """Yield a fact for each setting that this version does not have, so it does not start."""
        for name in self.given:
            limit, value = self.profile.limits[name], self.limits[name]
            chosen = (one for one in limit.choices if one.text == str(value))
            if not is_in(self.version, limit.versions):
                what, ranges = name, limit.versions
            elif other := next((c for c in chosen if not is_in(self.version, c.versions)), None):
                what, ranges = f"{name}={value}", other.versions
            else:
                continue
            why = f"it has no `{what}`; versions {ranges} have it"
            yield Fact((), "raises", "the settings of the release", what=why, help="leave it out")

    @property
    def formula(self) -> Formula | None:
        """How this version scales modules; None if it does as PEFT does."""
        return next((f for f in self.profile.formulas if is_in(self.version, f.versions)), None)

    @property
    def buffers(self) -> BufferFacts | None:
        """What this version allocates for adapters, if that was compared."""
        found = self.profile.buffers
        return found if found and is_in(self.version, found.versions) else None

    @property
    def pin(self) -> Pin | None:
        """The newest release of PEFT that this version can be installed with."""
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
        """Return the class that the engine builds, given the classes in the config of a base."""
        sets = self.profile.chosen_among
        known = {*self.profile.modules, *(word for one in sets for word in self.words(one))}
        chosen = (one for one in named if sets and self.known_as(one) in known)
        return next(chosen, None) or next(iter(named), None)

    def known_as(self, architecture: str) -> str:
        """Return the class with the facts that apply to a class in the config of a base."""
        known, suffixes = self.words(_KNOWN), self.profile.suffixes
        own = next((s for s in suffixes if architecture.endswith(s)), None)
        if architecture in known or own is None:
            return architecture
        stem = architecture.removesuffix(own)
        return next((stem + s for s in suffixes if stem + s in known), architecture)
