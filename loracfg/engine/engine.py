"""Open adapters as cases that share options and caches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from loracfg.adapter.directory import Adapter, planned_adapter, read_adapter
from loracfg.adapter.files import Files, LoneConfig
from loracfg.base.search import ResolvedBase, UploadedBase
from loracfg.config import CONFIG_NAME
from loracfg.crash import show_traceback
from loracfg.document.json_document import Document
from loracfg.engine import many
from loracfg.engine.base_request import base_request
from loracfg.engine.caches import Caches
from loracfg.engine.case import Case
from loracfg.engine.options import Options, check_options, path_argument
from loracfg.errors import LoracfgError
from loracfg.planning.patterns import PatternBudget
from loracfg.report.fault import Fault
from loracfg.report.report import AdapterReport, Report
from loracfg.rules.unjudged import crash_report, unreadable_report
from loracfg.sources.address import Address
from loracfg.sources.opening import addresses_of, open_source, open_sources
from loracfg.sources.source import NO_SUCH_PATH, Source, SourceError
from loracfg.version import __version__

if TYPE_CHECKING:
    from loracfg.analysis.live_facts import LiveFacts
    from loracfg.config.model.lora_config import LoraConfig

T = TypeVar("T")

ADAPTER = "adapter"
"""The name in reports of an adapter that has none."""


class Engine:
    """Opens adapters as `Case`s: from a path, from files in memory, or from only a config.

    Several threads can use an engine at the same time if it has no `budget`.
    """

    def __init__(
        self,
        options: Options | None = None,
        *,
        caches: Caches | None = None,
        budget: PatternBudget | None = None,
        folders: bool = True,
    ) -> None:
        """Create an engine.

        Args:
            options: how to validate adapters.
            caches: the caches to use; engines may share them.
            budget: the time that all adapters share for matching patterns, one after another. By
                default, each adapter has `options.pattern_seconds`.
            folders: whether an adapter in a folder may name a folder as its base, besides ids.

        Raises:
            LoracfgError: the options name a rule, release or engine that does not exist.
        """
        self.options = options or Options()
        self.caches = caches or Caches()
        self._budget = budget
        self._folders = folders
        check_options(self.options)

    def open(self, path: str | Path) -> Case:
        """Open the adapter at a path or URL: a folder, a weight file or an archive.

        Raises:
            LoracfgError: there is no adapter, or more than one.
        """
        source = open_source(_place("path", path), online=self.options.online)
        return self.open_source(source)

    def open_source(self, source: Source) -> Case:
        """Open an adapter whose files have been found.

        Raises:
            LoracfgError: a file that the policy is about cannot be downloaded.
        """
        if self.options.policy is not None:
            source = source.with_asked(self.options.policy.files)
        read = partial(source.read, with_values=self.options.data, kept=self.caches.files)
        return self._case(source.name, read, source=source)

    def open_files(
        self,
        files: Files | Mapping[str, bytes],
        name: str = ADAPTER,
        base: UploadedBase | None = None,
    ) -> Case:
        """Open an adapter from its files, which may be in memory.

        Args:
            files: the files of its directory, or their contents by name.
            name: the adapter's name in reports.
            base: a base that was read already, to use instead of the one in the options.
        """
        if isinstance(files, Mapping):
            from loracfg.sources.archive.held import HeldFile, HeldFiles

            files = HeldFiles({name: HeldFile(len(data), data) for name, data in files.items()})
        read = partial(read_adapter, files, with_values=self.options.data, kept=self.caches.files)
        return self._case(name, read, base)

    def open_config(self, config: LoraConfig | Mapping[str, object], name: str = ADAPTER) -> Case:
        """Open an adapter that is only a config, for example before training."""
        return self.open_files(LoneConfig(_written(config).text.encode()), name)

    def open_planned(
        self,
        config: Document | LoraConfig | Mapping[str, object] | None,
        name: str = ADAPTER,
        base: UploadedBase | ResolvedBase | None = None,
        *,
        faults: Iterable[Fault] = (),
        dtype: str | None = None,
        local: bool = True,
    ) -> Case:
        """Open a config that has not been trained yet.

        Args:
            config: the config, or its document; None if it cannot be read.
            name: the adapter's name in reports.
            base: a base that was read or found already, to use instead of the one in the options.
            faults: what is wrong with the file that the config is from.
            dtype: the dtype in which the base is trained (default: the one in its config).
            local: whether the config is from this machine, so that it may name a folder here.
        """
        document = config if config is None or isinstance(config, Document) else _written(config)
        adapter = planned_adapter(document, faults)
        if isinstance(base, ResolvedBase):
            find_base = _returning(base)
        else:
            find_base = self._finder(base, local=local)
        options, caches, budget = self.options, self.caches, self._budget_of_next()
        return Case(name, lambda: adapter, find_base, options, caches, budget, dtype=dtype)

    def open_read(
        self,
        adapter: Adapter,
        base: ResolvedBase,
        name: str = ADAPTER,
        live: LiveFacts | None = None,
    ) -> Case:
        """Open an adapter that was read already, on a base that was found already.

        Args:
            adapter: the adapter.
            base: its base.
            name: the adapter's name in reports.
            live: what is true of the adapter in a live model, if it is in one.
        """
        budget = self._budget_of_next()
        options, caches = self.options, self.caches
        return Case(name, lambda: adapter, _returning(base), options, caches, budget, live=live)

    def open_on(self, path: str | Path, base: ResolvedBase, *, with_fixes: bool = True) -> Case:
        """Open the adapter at a path on a base that was found already.

        Args:
            path: the adapter.
            base: its base.
            with_fixes: whether findings get their fixes; importing repairs takes a while.

        Raises:
            LoracfgError: there is no adapter, or more than one.
        """
        source = open_source(_place("path", path), online=self.options.online)

        def read() -> Adapter:
            adapter = source.read(with_values=self.options.data, kept=self.caches.files)
            return adapter if with_fixes else adapter._replace(source=None)

        budget = self._budget_of_next()
        find_base = _returning(base)
        return Case(source.name, read, find_base, self.options, self.caches, budget, source)

    def cases(self, path: str | Address) -> Iterator[Case]:
        """Open the adapters at a path or URL: one, or all in an archive.

        Raises:
            LoracfgError: there can be no adapter at the path.
            OSError: the path cannot be read.
        """
        (address,) = addresses_of([path])
        return map(self.open_source, open_sources(address, online=self.options.online))

    def validate(self, paths: str | Path | Iterable[str | Address], *, jobs: int = 1) -> Report:
        """Validate adapters, each on its own, in directories, weight files or archives.

        The config or weight file of an adapter names its directory. A directory without an adapter
        is searched for some. An adapter that is named twice is validated once. The content of an
        adapter never raises; see `AdapterReport.status`.

        Args:
            paths: one or several paths or URLs.
            jobs: the number of processes; 0 for one per core.

        Raises:
            LoracfgError: a pattern cannot be understood.
        """
        return Report(__version__, tuple(self.reports(paths, jobs=jobs)))

    def reports(
        self, paths: str | Path | Iterable[str | Address], *, jobs: int = 1
    ) -> Iterator[AdapterReport]:
        """Validate adapters like `validate`, and return their reports as they come, in order."""
        addresses = addresses_of(named_paths(paths))
        search = many.AdapterSearch(tuple(addresses), self.options.exclude)
        jobs = jobs if self._budget is None else 1  # all share it
        return many.reports(search, lambda _: self, jobs=jobs)

    def reports_at(self, address: Address) -> Iterator[AdapterReport]:
        """Validate the adapters at an address."""
        return for_each_source(address, self._report, self.options)

    def _report(self, source: Source) -> AdapterReport:
        return self.open_source(source).report

    def _case(
        self,
        name: str,
        read: partial[Adapter],
        base: UploadedBase | None = None,
        source: Source | None = None,
    ) -> Case:
        budget = self._budget_of_next()
        return Case(name, read, self._finder(base), self.options, self.caches, budget, source)

    def _finder(
        self, base: UploadedBase | None, *, local: bool = True
    ) -> Callable[[Adapter], ResolvedBase]:
        def find_base(adapter: Adapter) -> ResolvedBase:
            local_base = local and self._folders
            request = base_request(adapter, self.options, base, local=local_base)
            return self.caches.base_for(request)

        return find_base

    def _budget_of_next(self) -> PatternBudget:
        """Return the time for matching the patterns of the next adapter."""
        if self._budget is None:
            return PatternBudget(self.options.pattern_seconds)
        self._budget.begin_adapter()
        return self._budget


def _returning(base: ResolvedBase) -> Callable[[Adapter], ResolvedBase]:
    """Return a function that finds a base that was found already."""
    return lambda _: base


def _written(config: LoraConfig | Mapping[str, object]) -> Document:
    """Return a config as the file that has it."""
    import json

    value = config if isinstance(config, Mapping) else config.to_dict()
    text = json.dumps(value, indent=2)
    return Document(CONFIG_NAME, text, json.loads(text))


def named_paths(paths: str | Path | Iterable[str | Address]) -> list[str | Path]:
    """Return what an argument names, which can be one path or several.

    Raises:
        LoracfgError: something is not a path.
    """
    named = paths if isinstance(paths, Iterable) and not isinstance(paths, str) else [paths]
    return [_place("paths", one) for one in named]


def _place(name: str, value: object) -> str | Path:
    """Return what names an adapter; a `Path` is never the id of one on the Hub."""
    return value if isinstance(value, Path) else path_argument(name, value)


def for_each_source(
    address: Address, work: Callable[[Source], T], options: Options
) -> Iterator[T | AdapterReport]:
    """Yield the result of `work` for each adapter at an address, or a report on why there is none.

    A crash on one adapter must not affect the others.
    """
    name = str(address)
    try:
        for source in open_sources(address, online=options.online):
            name = source.name
            yield work(source)
    except OSError as error:
        message = f"`{name}` cannot be read: {error.strerror or error}"
        yield unreadable_report(NO_SUCH_PATH, name, message, "check the path and its permissions")
    except LoracfgError as error:
        code = error.code if isinstance(error, SourceError) else NO_SUCH_PATH
        yield unreadable_report(code, name, error.message, error.help or "check the path")
    except Exception as error:
        show_traceback(error)
        yield crash_report(name, error, options.choice)
