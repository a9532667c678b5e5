"""What most callers want of an engine, each in one call."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from loracfg.adapter.directory import check_method
from loracfg.config.history.releases import loading_release
from loracfg.engine.caches import Caches
from loracfg.engine.engine import Engine
from loracfg.engine.options import OptionArguments, Options
from loracfg.errors import LoracfgError
from loracfg.report.report import Report

if TYPE_CHECKING:
    from loracfg.releases.migration.migration import Migration
    from loracfg.runtimes.verdict import Verdict


@cache
def _shared() -> Caches:
    """Return the caches of all calls in this process."""
    return Caches()


def engine_for(options: Options | None = None, **arguments: Unpack[OptionArguments]) -> Engine:
    """Return an engine with the caches of all calls in this process.

    Args:
        options: how adapters are judged.
        arguments: fields of `Options`, which go before those of `options`.

    Raises:
        LoracfgError: if they name a rule, release or engine that does not exist.
    """
    return Engine((options or Options())._replace(**arguments), caches=_shared())


def validate(
    paths: str | Path | Iterable[str | Path],
    options: Options | None = None,
    **arguments: Unpack[OptionArguments],
) -> Report:
    """Judge adapters, each on its own, by their directories, weight files or archives.

    An adapter's config or weights stand for their directory; one that is named twice is judged
    once. What an adapter holds never raises; see `AdapterReport.status`.

    Raises:
        LoracfgError: if the options name a rule, release or engine that does not exist.
    """
    return engine_for(options, **arguments).validate(paths)


def compat(
    path: str | Path,
    runtimes: Iterable[str] = (),
    options: Options | None = None,
    *,
    base: str | None = None,
    online: bool = False,
) -> tuple[Verdict, ...]:
    """Return what inference engines do with an adapter, by default all that are known.

    Whether the adapter fits its base is for `validate`.

    Args:
        path: the adapter.
        runtimes: the engines, such as `vllm==0.33,max_lora_rank=64`.
        options: how it is judged; those that name the base count.
        base: the base, before that of the options.
        online: whether an id of the base may be fetched.

    Raises:
        LoracfgError: if there is no config of a LoRA adapter, an engine is not known, or the base
            that is named cannot be used.
    """
    from loracfg.runtimes.asked import find_runtime
    from loracfg.runtimes.profile_files import names

    found = [find_runtime(text) for text in dict.fromkeys(runtimes) or names()]
    options = options or Options()
    base, online = base or options.base, online or options.online
    case = engine_for(options, base=base, online=online).open(path)
    check_method(case.adapter)
    if case.config is None or case.weights is None:
        message = f"`{path}` has no config and weights of a LoRA adapter that can be read"
        raise LoracfgError(message, "`loracfg validate` says what is wrong with it")
    if case.options.base is not None and case.base.architecture is None:
        why = "; ".join(case.base.not_checked) or "it cannot be read"
        raise LoracfgError(f"the base `{case.options.base}` is not known: {why}", "give another")
    return case.verdicts(found)


def migrate(
    path: str | Path, to: str, source: str | None = None, options: Options | None = None
) -> Migration:
    """Plan how the config of an adapter becomes one for the release `to`; nothing is written.

    Args:
        path: the adapter.
        to: the release of PEFT to write for.
        source: the release by whose rules the file is understood; by default the file is dated.
        options: how it is judged.

    Raises:
        LoracfgError: if there is no adapter, a release does not exist, or the config cannot be
            understood.
    """
    from loracfg.releases.migration.migration import plan_migration

    case = engine_for(options).open(path)
    target = loading_release(to)
    given = None if source is None else loading_release(source)
    return plan_migration(case.adapter, target, given, case.budget)
