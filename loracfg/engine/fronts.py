"""Functions that do the most common things with an engine in one call."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Unpack

from loracfg.adapter.directory import check_method
from loracfg.config.history.releases import loading_release
from loracfg.engine.caches import Caches
from loracfg.engine.engine import Engine
from loracfg.engine.options import OptionArguments, Options, text_argument, texts_argument
from loracfg.errors import LoracfgError
from loracfg.report.report import Report

if TYPE_CHECKING:
    from os import PathLike

    from loracfg.engine.case import Case
    from loracfg.releases.migration.migration import Migration
    from loracfg.runtimes.verdict import Verdict


_ENGINES: Final = 64
"""How many engines are kept; a run has one for each set of options."""


@cache
def _shared() -> Caches:
    """Return the caches that all calls in this process share."""
    return Caches()


@lru_cache(_ENGINES)
def shared_engine(options: Options) -> Engine:
    """Return the engine that all calls with these options share."""
    return Engine(options, caches=_shared())


def engine_for(options: Options | None = None, **arguments: Unpack[OptionArguments]) -> Engine:
    """Return an engine, the same for the same options, with caches that all in this process share.

    Args:
        options: how to validate adapters.
        arguments: fields of `Options`, which override those of `options`.

    Raises:
        LoracfgError: an argument is unknown or has the wrong type, or the options name a rule,
            release or engine that does not exist.
    """
    return shared_engine((options or Options()).with_arguments(**arguments))


def validate(
    paths: str | Path | Iterable[str | Path],
    options: Options | None = None,
    *,
    jobs: int = 1,
    **arguments: Unpack[OptionArguments],
) -> Report:
    """Validate adapters, each on its own, in directories, weight files or archives, or at URLs.

    The config or weight file of an adapter names its directory. A directory without an adapter is
    searched for some. An adapter that is named twice is validated once. The content of an adapter
    never raises; see `AdapterReport.status`.

    Args:
        paths: one or several paths or URLs.
        options: how to validate.
        jobs: the number of processes; 0 for one per core.
        arguments: fields of `Options`, which override those of `options`.

    Raises:
        LoracfgError: the options name a rule, release or engine that does not exist.
    """
    return engine_for(options, **arguments).validate(paths, jobs=jobs)


def compat(
    path: str | Path,
    runtimes: str | Iterable[str] = (),
    options: Options | None = None,
    *,
    base: str | PathLike[str] | None = None,
    online: bool = False,
) -> tuple[Verdict, ...]:
    """Return how inference engines handle an adapter.

    This does not check whether the adapter fits its base; `validate` does.

    Args:
        path: the adapter.
        runtimes: the engine or engines, such as `vllm==0.33,max_lora_rank=64` (default: all).
        options: how to find the base; other options have no effect.
        base: the base, instead of the one in the options.
        online: whether to read ids from the Hub.

    Raises:
        LoracfgError: there is no LoRA adapter, an engine is unknown, or the base cannot be used.
    """
    from loracfg.runtimes.asked import find_runtime
    from loracfg.runtimes.profile_files import names
    from loracfg.urls import visible_url

    named = dict.fromkeys(texts_argument("runtimes", runtimes))
    found = [find_runtime(text) for text in named or names()]
    options = options or Options()
    base, online = base or options.base, online or options.online
    case = engine_for(options, base=base, online=online).open(path)
    check_method(case.adapter)
    if case.config is None or case.weights is None:
        message = f"cannot read the config and weights of a LoRA adapter in `{case.name}`"
        raise LoracfgError(message, "run `loracfg validate` to see what is wrong with it")
    if case.options.base is not None and case.base.architecture is None:
        why = "; ".join(case.base.not_checked) or "it cannot be read"
        message = f"cannot use the base `{visible_url(case.options.base)}`: {why}"
        raise LoracfgError(message, "pass a different base")
    return case.verdicts(found)


def migrate(
    path: str | Path, to: str, source: str | None = None, options: Options | None = None
) -> Migration:
    """Plan the migration of an adapter's config to a different release of PEFT; writes nothing.

    Args:
        path: the adapter.
        to: the release to write for.
        source: treat the file as written by this release (default: detected).
        options: how to read the adapter.

    Raises:
        LoracfgError: there is no adapter, a release does not exist, or the config cannot be
            understood.
    """
    return plan_migration_of(engine_for(options).open(path), to, source)


def plan_migration_of(case: Case, to: str, source: str | None = None) -> Migration:
    """Plan the migration of an open adapter; see `migrate`."""
    from loracfg.releases.migration.migration import plan_migration

    target = loading_release(text_argument("to", to))
    given = None if source is None else loading_release(text_argument("source", source))
    return plan_migration(case.adapter, target, given, case.budget)
