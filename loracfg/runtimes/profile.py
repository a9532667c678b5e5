"""What is known of each engine: one file in `facts/`, read when it is asked for."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple

from loracfg.errors import LoracfgError

Effect = Literal["loads", "differs", "raises"]
Scale = Literal[
    "without_rslora", "of_config", "of_config_without_rslora", "own_rank_alpha_of_config"
]
"""How an engine scales a module that PEFT scales otherwise: by its own rank and alpha without the
root, by those of the config for all, or by its own rank and the config's alpha."""

_PACKAGE: Final = "loracfg.runtimes"
_BOUND: Final = re.compile(r"(>=|<|==)(\d+(?:\.\d+)*)")
_NAMED: Final = re.compile(
    r"([a-z][a-z0-9.+-]*)(?:==(\d{1,9}(?:\.\d{1,9}){0,9}))?((?:,[a-z_]+=\d{1,9})*)"
)


class Fact(NamedTuple):
    """What an engine does with adapters that have all features in `when`.

    A condition `a > b` compares a number of the adapter with a limit of the engine. `effect` is
    `loads`: as PEFT does; `differs`: loads, but computes something else (`what` says which), by
    another scale if `scale` is given; `raises`: with `message`, so far as it is known, or with
    `other_message`, where that depends on the model or on which modules it is.
    """

    when: tuple[str, ...]
    effect: Effect
    evidence: str
    versions: str = ""
    message: str = ""
    what: str = ""
    help: str = ""
    scale: Scale | None = None
    other_message: str = ""


@dataclass(frozen=True)
class Profile:
    """An engine: its facts, when they were checked, and for which versions."""

    name: str
    title: str
    checked: date
    newest: str
    facts: tuple[Fact, ...]
    oldest: str | None = None
    by_date: str | None = None
    limits: dict[str, int] = field(default_factory=dict)


class Runtime(NamedTuple):
    """An engine that was named, with its version and limits."""

    profile: Profile
    version: str
    limits: dict[str, int]

    @property
    def shown(self) -> str:
        """The engine with its version."""
        if self.profile.by_date and self.version == self.profile.newest:
            return f"{self.profile.title} ({self.profile.by_date})"
        return f"{self.profile.title} {self.version}"

    @property
    def is_known(self) -> bool:
        """Whether the facts were checked for this version or ones around it."""
        version, newest = parts(self.version), parts(self.profile.newest)
        oldest = parts(self.profile.oldest) if self.profile.oldest else newest
        return oldest <= version <= newest

    def facts(self) -> list[Fact]:
        """Return the facts that are for this version."""
        return [fact for fact in self.profile.facts if is_in(self.version, fact.versions)]


@cache
def names() -> tuple[str, ...]:
    """Return the engines that there are facts of."""
    found = (files(_PACKAGE) / "facts").iterdir()
    return tuple(sorted(one.name[:-5] for one in found if one.name.endswith(".toml")))


@cache
def profile_of(name: str) -> Profile:
    """Return what is known of an engine."""
    data = tomllib.loads((files(_PACKAGE) / "facts" / f"{name}.toml").read_text("utf-8"))
    facts = [_fact(one) for one in data.pop("facts")]
    return Profile(**data, facts=tuple(facts))


def _fact(data: dict[str, Any]) -> Fact:
    return Fact(**{**data, "when": tuple(data["when"])})


def find_runtime(text: str) -> Runtime:
    """Return the engine that is named: `vllm`, `vllm==0.33`, `vllm==0.33,max_lora_rank=64`.

    Without a version, it is the newest that is known.

    Raises:
        LoracfgError: if there is no such engine, or it has no such limit.
    """
    match = _NAMED.fullmatch(text.strip().lower())
    if match is None or match[1] not in names():
        known = ", ".join(f"`{name}`" for name in names())
        raise LoracfgError(f"`{text}` is no runtime that is known here", f"give one of {known}")
    profile = profile_of(match[1])
    given = dict(entry.split("=") for entry in match[3].split(",") if entry)
    for key in given:
        if key not in profile.limits:
            raise LoracfgError(f"`{profile.name}` has no limit `{key}`", "leave it out")
    limits = profile.limits | {key: int(value) for key, value in given.items()}
    return Runtime(profile, match[2] or profile.newest, limits)


def text_pattern() -> str:
    """Return a regular expression of what `find_runtime` takes."""
    number = r"\d{1,9}"
    each = []
    for name in names():
        limits = "|".join(profile_of(name).limits)
        given = f"(,({limits})={number})*" if limits else ""
        each.append(f"{re.escape(name)}(=={number}(\\.{number}){{0,9}})?{given}")
    return f"^({'|'.join(each)})$"


def is_in(version: str, ranges: str) -> bool:
    """Tell whether a version is in all ranges, such as `>=0.12,<0.32`; none are all versions."""
    own = parts(version)
    tests = {"<": own.__lt__, ">=": own.__ge__, "==": own.__eq__}
    return all(tests[sign](parts(bound)) for sign, bound in _BOUND.findall(ranges))


def parts(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, without zeros at its end."""
    found = [int(part) for part in version.split(".")]
    while len(found) > 1 and not found[-1]:
        found.pop()
    return tuple(found)
