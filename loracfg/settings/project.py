"""Which values hold for an adapter: those of the command line, variables, the file, defaults."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from loracfg.engine.engine import named_paths
from loracfg.engine.fronts import shared_engine
from loracfg.engine.many import AdapterSearch, reports
from loracfg.engine.options import Options
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import Location, Region, Report
from loracfg.settings.chosen import Chosen, Origin
from loracfg.settings.find import came_along, find_file
from loracfg.settings.keys import KEYS, OF_POLICY, Value
from loracfg.sources.address import HubAddress
from loracfg.sources.globs import escaped, is_path, matches
from loracfg.sources.hub.repo_id import parse_id
from loracfg.sources.local import on_disk
from loracfg.sources.opening import addresses_of
from loracfg.urls import is_url
from loracfg.version import __version__

if TYPE_CHECKING:
    from loracfg.analysis.policy import Policy
    from loracfg.engine.engine import Engine
    from loracfg.settings.reading import SettingsFile
    from loracfg.sources.address import Address

_DEFAULTS: Final = {name: Chosen(key.default, (Origin("default"),)) for name, key in KEYS.items()}
_PLACES: Final = ("base", "baseline")
"""The keys whose values can be paths."""
_ADDS_UP: Final = "ignore"
"""The key whose lists in `[paths]` are added to the one for all paths."""


class ProjectSettings(NamedTuple):
    """A project's choices.

    Attributes:
        file: the file; None if there is none.
        given: the values from options and variables, which override the file.
        came_along: whether the file came with an adapter, so that its author wrote it. It does not
            allow the network, and it names a base as the adapter's config does.
    """

    file: SettingsFile | None
    given: Mapping[str, Chosen]
    came_along: bool = False

    def values_for(self, path: str | Address | None = None) -> dict[str, Chosen]:
        """Return the value of each key for an adapter, or those that no path changes."""
        found = _DEFAULTS | (dict(self.file.values) if self.file else {})
        tables = self.file.tables if self.file else ()
        steps = self._steps(path) if tables and path is not None else None
        for table in tables:
            if steps is not None and matches(table.pattern, steps):
                for name, chosen in table.values.items():
                    old = found[name]
                    found[name] = old.joined(chosen) if name == _ADDS_UP else chosen
        if self.came_along:
            found["online"] = _DEFAULTS["online"]
        found |= self.given
        return found | {name: self._located(name, found[name]) for name in _PLACES}

    def options_for(self, path: str | Address | None = None) -> Options:
        """Return the options with which to validate an adapter."""
        chosen = self.values_for(path)
        values = {name: one.value for name, one in chosen.items()}
        base, base_place = _text(values["base"]), self._place_in_file(chosen["base"])
        is_ours = not self.came_along and (values["online"] is True or not is_url(base or ""))
        return Options(
            base=base,
            class_name=_text(values["class"]),
            peft=_text(values["peft"]),
            select=_texts(values["select"]),
            ignore=_texts(values["ignore"]),
            online=values["online"] is True,
            data=values["data"] is True,
            runtimes=_texts(values["for"]),
            preview=values["preview"] is True,
            policy=_policy(values, self.file.folder) if self.file else None,
            base_place=base_place,
            base_by_adapter=base_place is not None and not is_ours,
        )

    @property
    def fail_on(self) -> str:
        """The lowest severity that exits with status 1."""
        return _text(self.values_for()["fail-on"].value) or "error"

    @property
    def baseline(self) -> Path | None:
        """The file of accepted findings."""
        path = _text(self.values_for()["baseline"].value)
        return Path(path) if path else None

    @property
    def strict(self) -> bool:
        """Whether what is undetermined exits with status 1, too."""
        return self.values_for()["strict"].value is True

    def engine_for(self, path: str | Address | None = None) -> Engine:
        """Return an engine with these options.

        Raises:
            LoracfgError: the options name a rule, release or engine that does not exist.
        """
        return shared_engine(self.options_for(path))

    def search(self, paths: Iterable[str | Address]) -> AdapterSearch:
        """Return what finds the adapters that paths name, without excluded folders."""
        return AdapterSearch(tuple(addresses_of(paths)), self._excluded())

    def validate(self, paths: str | Path | Iterable[str | Address], *, jobs: int = 1) -> Report:
        """Validate adapters, each with the options that hold for it.

        Args:
            paths: one or several paths or URLs.
            jobs: the number of processes; 0 for one per core.

        Raises:
            LoracfgError: the options name a rule, release or engine that does not exist.
        """
        found = reports(self.search(named_paths(paths)), self.engine_for, jobs=jobs)
        return Report(__version__, tuple(found))

    def _excluded(self) -> tuple[str, ...]:
        """Return the patterns of excluded folders; those of paths in the file, from its folder."""
        patterns, origins = self.values_for()["exclude"]
        if self.file is None or origins[0].kind != "file":
            return _texts(patterns)
        home = escaped(str(self.file.folder))
        return tuple(f"{home}/{one}" if is_path(one) else one for one in _texts(patterns))

    def _steps(self, path: str | Address) -> tuple[str, ...] | None:
        """Return the names on the way from the folder of the file to a path; None if not below."""
        (address,) = addresses_of([path])
        if isinstance(address, HubAddress) and address.named:
            address = Path(address.named)  # an id, or a path where nothing is
        if self.file is None or not isinstance(address, Path):
            return None
        named = os.path.abspath(on_disk(address))  # noqa: PTH100  # no links
        home = f"{self.file.folder}"
        if not _is_below(named, home):
            home, named = os.path.realpath(home), os.path.realpath(named)
        if not _is_below(named, home):
            return None
        return Path(named).relative_to(home).parts

    def _place_in_file(self, chosen: Chosen) -> Location | None:
        """Return where a value is in the file; None if it does not come from there."""
        at = chosen.origins[0].place
        if self.file is None or at is None:
            return None
        region = Region(at.line, at.column, at.line, at.column + 1)
        return Location(str(self.file.path), region=region, elsewhere=True)

    def _located(self, name: str, chosen: Chosen) -> Chosen:
        """Return a path in the file as a path from here."""
        value, origins = chosen
        if self.file is None or origins[0].kind != "file" or not isinstance(value, str):
            return chosen
        folder = self.file.folder
        is_base = name == "base"
        here = _base_from_here(value, folder) if is_base else _from_here(folder / value)
        return Chosen(here, origins)


def read_settings(path: str | Path | None = None) -> ProjectSettings:
    """Return the settings in a project's file. Environment variables are not read.

    Args:
        path: a `loracfg.toml` or `pyproject.toml` (default: the nearest for the current directory,
            or no file if there is none).

    Raises:
        LoracfgError: the file cannot be read, or is wrong.
    """
    from loracfg.settings.reading import read_file

    found = find_file(Path.cwd()) if path is None else Path(path)
    if found is None:
        return ProjectSettings(None, {})
    return ProjectSettings(read_file(found), {}, path is None and came_along(found))


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _base_from_here(text: str, folder: Path) -> str:
    """Return the base that a file in a folder names; ids and URLs stay as they are."""
    if is_url(text):
        return text
    path = folder / os.path.expanduser(text)  # noqa: PTH111  # never raises
    is_path = text.startswith((".", "~", "/")) or parse_id(text) is None
    return _from_here(path) if is_path or os.path.lexists(path) else text


def _from_here(path: Path) -> str:
    try:
        return os.path.relpath(path)
    except (OSError, ValueError):  # the current directory is gone, or on a different drive
        return str(path)


def _policy(values: Mapping[str, Value], folder: Path) -> Policy | None:
    given = {name: values[key.name] for name, key in OF_POLICY.items()}
    if not any(value not in (None, False) for value in given.values()):
        return None
    from loracfg.analysis.policy import Policy

    bases, licenses, rank = given["bases"], given["licenses"], given["max-rank"]
    return Policy(
        bases=None if bases is None else _texts(bases),
        licenses=None if licenses is None else _texts(licenses),
        max_rank=rank if isinstance(rank, int) else None,
        pinned_revision=given["pinned-revision"] is True,
        no_pickles=given["no-pickles"] is True,
        no_modules_to_save=given["no-modules-to-save"] is True,
        folder=str(folder),
    )


def _text(value: object) -> str | None:
    assert value is None or isinstance(value, str)
    return value


def _texts(value: object) -> tuple[str, ...]:
    assert isinstance(value, tuple)
    return value
