"""The one way from a path to what an adapter holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from loracfg.adapter.directory import Adapter
from loracfg.base.search import Resolved
from loracfg.errors import LoracfgError
from loracfg.inspection.contents import Engine, Inspection
from loracfg.inspection.gather import groups_of, modules_in
from loracfg.inspection.notes import notes_of
from loracfg.inspection.sizes import shares_by_dtype, shares_by_role
from loracfg.report.report import AdapterReport
from loracfg.rules.choice import choice_of
from loracfg.rules.making import Made, make, served_of
from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.profile import names
from loracfg.runtimes.verdict import judge as verdicts
from loracfg.sources.source import Source, open_source
from loracfg.validation import Options, find_base, judge


def inspect(path: str | Path, options: Options | None = None) -> Inspection:
    """Tell what the adapter in a directory holds, and what it is for.

    Of a broken adapter, that is what can be read of it.

    Raises:
        LoracfgError: if there is no directory, or nothing in it that can be read as an adapter.
    """
    options = options or Options()
    opened = open_adapter(path, options)
    adapter, made = opened.adapter, opened.made
    modules = tuple(modules_in(adapter, made))
    return Inspection(
        opened.report(options),
        modules,
        groups_of(modules),
        shares_by_role(adapter, made.plan),
        shares_by_dtype(adapter),
        tuple(_engines(opened)),
        notes_of(adapter, modules),
        adapter.named_base,
    )


@dataclass(frozen=True)
class Opened:
    """An adapter that was read, with its base and its plan."""

    source: Source
    adapter: Adapter
    resolved: Resolved
    made: Made

    def report(self, options: Options) -> AdapterReport:
        """Return what `validate` says of it."""
        choice = choice_of(options.select, options.ignore)
        name = self.source.name
        report = judge(self.adapter, self.resolved, name, options, choice, self.made)
        return self.source.placed(report)


def open_adapter(path: str | Path, options: Options) -> Opened:
    """Read the adapter that a path names, find its base and plan it.

    Raises:
        LoracfgError: if it names none, or nothing that can be read as an adapter.
    """
    source = open_source(path)
    adapter = source.read(with_values=options.data)
    if adapter.reading is None and adapter.header is None and adapter.method is None:
        message = f"`{path}` has no config and no weights of a LoRA adapter that can be read"
        raise LoracfgError(message, "`loracfg validate` says what is wrong with it")
    resolved = find_base(adapter, options)
    made = make(adapter, resolved.architecture, options.for_adapter()[1])
    return Opened(source, adapter, resolved, made)


def _engines(opened: Opened) -> list[Engine]:
    adapter = opened.adapter
    if adapter.reading is None or adapter.header is None:
        return []
    served = served_of(adapter, opened.made, opened.resolved)
    return [
        Engine(v.runtime.shown, v.answer, v.assumed)
        for v in verdicts(served, map(find_runtime, names()))
    ]
