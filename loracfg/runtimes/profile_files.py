"""Reads the facts about engines, with one file for each engine.

Engines that wrap another one also have the facts about the version that they include.
"""

from __future__ import annotations

import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

from loracfg.document.packed_texts import unpack_texts
from loracfg.runtimes.profile import Check, Fact, Formula, Pin, Profile, WrappedEngine
from loracfg.runtimes.server_facts import BufferFacts, LayerFacts, ServerFacts
from loracfg.runtimes.server_limits import WITH, WITHOUT, limit_of
from loracfg.runtimes.versions import Word, is_in, listed, words_of

ARCHIVE: Final = "facts.xz"
"""The installed file with the facts about all engines."""
_PACKAGE: Final = "loracfg.runtimes"


@cache
def names() -> tuple[str, ...]:
    """Return the engines that there are facts about."""
    return tuple(sorted(texts()))


@cache
def texts() -> dict[str, str]:
    """Return the facts about all engines, from the source tree or the installed file."""
    folder = files(_PACKAGE) / "facts"
    if not folder.is_dir():
        return read_archive()
    found = (one for one in folder.iterdir() if one.name.endswith(".toml"))
    return {one.name[:-5]: one.read_text("utf-8") for one in found}


def read_archive() -> dict[str, str]:
    """Return the facts about all engines from the installed file."""
    return unpack_texts((files(_PACKAGE) / ARCHIVE).read_bytes())


@cache
def profile_of(name: str) -> Profile:
    """Return the profile of an engine."""
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
    if server := data.get("server"):
        data["server"] = ServerFacts(**_with_tuples(server))
    data["buffers"] = _buffers(data.get("buffers"))
    wrapped = data.get("based_on")
    if wrapped is None:
        return Profile(**data)
    under = WrappedEngine(**wrapped | {"without": tuple(wrapped.get("without", ()))})
    return on_top(Profile(**data | {"based_on": under}), profile_of(under.engine), under)


def _buffers(data: dict[str, Any] | None) -> BufferFacts | None:
    if data is None:
        return None
    layers = tuple(LayerFacts(**_with_tuples(one)) for one in data["layers"])
    classes = tuple(data["architectures"].split())
    return BufferFacts(**_with_tuples(data | {"layers": layers, "architectures": classes}))


def _with_tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(one) if isinstance(one, list) else one for key, one in data.items()}


def _facts(facts: list[dict[str, Any]], loads: Iterable[dict[str, Any]]) -> Iterator[Fact]:
    """Yield the facts in a file; each of the `loads` gives one for each of its `features`."""
    for one in facts:
        yield Fact(**{**one, "when": tuple(one["when"])})
    for one in loads:
        for feature in one["features"]:
            yield Fact((feature,), "loads", one["evidence"], one.get("versions", ""))


def _modules(classes: dict[str, str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each class with its modules, from a table of classes by shared modules."""
    for names, architectures in classes.items():
        shared = frozenset(names.split())
        yield from ((name, shared) for name in architectures.split())


def on_top(own: Profile, under: Profile, wrapped: WrappedEngine) -> Profile:
    """Return the profile of an engine combined with that of the engine that it wraps."""
    version = wrapped.version
    limits = {
        name: limit._replace(versions="", choices=_of(limit.choices, version))
        for name, limit in under.limits.items()
        if is_in(version, limit.versions) and name not in wrapped.without
    }
    facts = [fact for fact in under.facts if is_in(version, fact.versions)]
    return replace(
        own,
        facts=(*own.facts, *_inherited(facts, limits)),
        limits=limits | own.limits,
        formulas=tuple(
            one._replace(versions="") for one in under.formulas if is_in(version, one.versions)
        ),
        architectures={name: _of(words, version) for name, words in under.architectures.items()},
        by_architectures=under.by_architectures,
        chosen_among=under.chosen_among,
        suffixes=under.suffixes,
        modules=under.modules,
        aliases=under.aliases,
        sets=under.sets,
    )


def _of(words: Iterable[Word], version: str) -> tuple[Word, ...]:
    return tuple(Word(one.text) for one in words if is_in(version, one.versions))


def _inherited(facts: Iterable[Fact], limits: Container[str]) -> Iterator[Fact]:
    """Yield the facts that apply if only these settings can be set and others have defaults."""
    for fact in facts:
        fixed = {text for text in fact.when if (name := _setting(text)) and name not in limits}
        if all(text.startswith(WITHOUT) for text in fixed):
            when = tuple(text for text in fact.when if text not in fixed)
            yield fact._replace(when=when, versions="")


def _setting(text: str) -> str | None:
    """Return the setting that a condition tests, if it tests one."""
    start = next((one for one in (WITH, WITHOUT) if text.startswith(one)), None)
    return text.removeprefix(start).partition("=")[0] if start else None
