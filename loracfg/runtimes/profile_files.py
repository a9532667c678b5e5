"""The files of facts, one for each engine, read when it is asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final

from loracfg.document.packed_texts import unpacked
from loracfg.runtimes.profile import Check, Fact, Formula, Pin, Profile, WrappedEngine
from loracfg.runtimes.server_limits import limit_of
from loracfg.runtimes.versions import listed, words_of
from loracfg.runtimes.wrapping import on_top

ARCHIVE: Final = "facts.xz"
"""What is installed of the facts of engines."""
_PACKAGE: Final = "loracfg.runtimes"


@cache
def names() -> tuple[str, ...]:
    """Return the engines that there are facts of."""
    return tuple(sorted(texts()))


@cache
def texts() -> dict[str, str]:
    """Return the facts of all engines, of the source tree or as they are installed."""
    folder = files(_PACKAGE) / "facts"
    if not folder.is_dir():
        return read_archive()
    found = (one for one in folder.iterdir() if one.name.endswith(".toml"))
    return {one.name[:-5]: one.read_text("utf-8") for one in found}


def read_archive() -> dict[str, str]:
    """Return the facts of all engines from the one file that is installed."""
    return unpacked((files(_PACKAGE) / ARCHIVE).read_bytes())


@cache
def profile_of(name: str) -> Profile:
    """Return what is known of an engine."""
    data = tomllib.loads(texts()[name])
    data["facts"] = tuple(_facts(data["facts"], data.pop("loads", ())))
    data["formulas"] = tuple(Formula(**one) for one in data.get("formulas", ()))
    checks = (one | {"versions": tuple(listed(one["versions"]))} for one in data.get("checks", ()))
    data["checks"] = tuple(Check(**one) for one in checks)
    data["releases"] = tuple(listed(data.get("releases", "")))
    data["pins"] = tuple(Pin(**one) for one in data.get("pins", ()))
    data["limits"] = {key: limit_of(value) for key, value in data.get("limits", {}).items()}
    known = data.get("architectures", {}).items()
    data["architectures"] = {key: tuple(words_of(text)) for key, text in known}
    data["modules"] = dict(_modules(data.get("modules", {})))
    data |= {key: tuple(data.get(key, ())) for key in ("suffixes", "chosen_among")}
    data["sets"] = {key: tuple(words) for key, words in data.get("sets", {}).items()}
    wrapped = data.get("based_on")
    if wrapped is None:
        return Profile(**data)
    under = WrappedEngine(**wrapped | {"without": tuple(wrapped.get("without", ()))})
    return on_top(Profile(**data | {"based_on": under}), profile_of(under.engine), under)


def _facts(facts: list[dict[str, Any]], loads: Iterable[dict[str, Any]]) -> Iterator[Fact]:
    """Yield the facts of a file; each of its `loads` is one for each of the `features`."""
    for one in facts:
        yield Fact(**{**one, "when": tuple(one["when"])})
    for one in loads:
        for feature in one["features"]:
            yield Fact((feature,), "loads", one["evidence"], one.get("versions", ""))


def _modules(classes: dict[str, str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield classes with their modules, of a table of classes by the modules that they share."""
    for names, architectures in classes.items():
        shared = frozenset(names.split())
        yield from ((name, shared) for name in architectures.split())
