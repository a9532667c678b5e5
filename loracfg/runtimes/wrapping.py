"""Engines that wrap another one: they have its facts in the version that they bring along."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from loracfg.runtimes.profile import Fact, Profile, WrappedEngine
from loracfg.runtimes.server_limits import WITH, WITHOUT
from loracfg.runtimes.versions import Word, is_in


def on_top(own: Profile, under: Profile, wrapped: WrappedEngine) -> Profile:
    """Return what is known of an engine, with all that is known of the one that it wraps."""
    version = wrapped.version
    limits = {
        name: limit._replace(versions="", choices=_of(limit.choices, version))
        for name, limit in under.limits.items()
        if is_in(version, limit.versions) and name not in wrapped.without
    }
    facts = [fact for fact in under.facts if is_in(version, fact.versions)]
    return replace(
        own,
        facts=(*own.facts, *_passed_on(facts, limits)),
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


def _passed_on(facts: Iterable[Fact], limits: Container[str]) -> Iterator[Fact]:
    """Yield facts as they are where only some settings can be given; others are as by default."""
    for fact in facts:
        gone = {text for text in fact.when if (name := _setting(text)) and name not in limits}
        if all(text.startswith(WITHOUT) for text in gone):
            when = tuple(text for text in fact.when if text not in gone)
            yield fact._replace(when=when, versions="")


def _setting(text: str) -> str | None:
    """Return the setting that a condition asks for."""
    start = next((one for one in (WITH, WITHOUT) if text.startswith(one)), None)
    return text.removeprefix(start).partition("=")[0] if start else None
