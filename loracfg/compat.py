"""The one way from a path to what each engine makes of an adapter."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from loracfg.adapter.directory import check_method
from loracfg.errors import LoracfgError
from loracfg.rules.making import make, served_of
from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.profile import names
from loracfg.runtimes.verdict import Verdict, judge
from loracfg.sources.source import open_source
from loracfg.validation import Options, find_base


def compat(
    path: str | Path, runtimes: Iterable[str] = (), options: Options | None = None
) -> tuple[Verdict, ...]:
    """Return what engines make of an adapter; of all that are known by default.

    Of `options`, those that name the base count. Whether the adapter fits it is for `validate`.

    Raises:
        LoracfgError: if there is no config of a LoRA adapter, an engine is not known, or the base
            that is named cannot be used.
    """
    options = options or Options()
    found = [find_runtime(text) for text in dict.fromkeys(runtimes) or names()]
    adapter = open_source(path).read()
    check_method(adapter)
    if adapter.reading is None or adapter.header is None:
        message = f"`{path}` has no config and weights of a LoRA adapter that can be read"
        raise LoracfgError(message, "`loracfg validate` says what is wrong with it")
    resolved = find_base(adapter, options)
    if options.base is not None and resolved.architecture is None:
        why = "; ".join(resolved.not_checked) or "it cannot be read"
        raise LoracfgError(f"the base `{options.base}` is not known: {why}", "give another")
    made = make(adapter, resolved.architecture, options.for_adapter()[1])
    return judge(served_of(adapter, made, resolved), found)
