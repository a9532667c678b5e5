"""Baselines: files with findings that are accepted, so that only new ones count.

An entry matches a finding with the same adapter, rule, place and data (a digest of it is kept), so
a later release of loracfg may word the finding differently.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from hashlib import sha256
from pathlib import Path
from typing import Final

from loracfg.adapter.files import kind_at
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import CRASH, AdapterReport, Diagnostic, HiddenFindings, Report
from loracfg.rules.choice import UNREADABLE
from loracfg.sources.local import on_disk
from loracfg.urls import is_url

VERSION: Final = 1
_KEYS: Final = {"baseline_version", "findings"}
_NEVER: Final = UNREADABLE | {CRASH}
"""Rules whose findings are never accepted: nothing was judged."""
_WORDING: Final = frozenset({"message", "evidence", "wanted", "problem", "error"})
"""Fields of data that are words for people."""
_DIGITS: Final = 16
_WRITE_AGAIN: Final = "delete it, and write it again with `--write-baseline`"
_OTHER_FILE: Final = f"pass a different file; if this was a baseline, {_WRITE_AGAIN}"


class BaselineEntry(NamedTuple):
    """What identifies an accepted finding.

    Attributes:
        path: the adapter, relative to the folder of the baseline.
        code: the rule.
        file: the file, in the adapter.
        place: the pointer or tensor in it.
        count: how many tensors or values show it.
        data: a digest of its data.
    """

    path: str
    code: str
    file: str
    place: str
    count: int  # type: ignore[assignment]  # in the place of `tuple.count`
    data: str

    def __str__(self) -> str:
        """Return it for people."""
        place = f" {self.place}" if self.place else ""
        return f"{self.code} in {self.path}: {self.file or 'the folder'}{place}"


Lists = Callable[[str, str], bool]
"""Tells for the path of an adapter whether findings of a rule are listed."""


class Baseline:
    """The accepted findings, some of which may have been matched already."""

    def __init__(self, path: Path, entries: Iterable[BaselineEntry] = ()) -> None:
        """Create a baseline for a file."""
        self.path = path
        self._entries = Counter(entries)
        self._left = self._entries.copy()
        self._seen: set[str] = set()

    def accept(self, report: AdapterReport) -> AdapterReport:
        """Return a report without the findings that the baseline has."""
        path = path_from(report.path, self.path.parent)
        self._seen.add(path)
        kept = []
        for diagnostic in report.diagnostics:
            entry = entry_for(path, diagnostic)
            if self._left[entry]:
                self._left[entry] -= 1
            else:
                kept.append(diagnostic)
        return _accepting(report, tuple(kept))

    def stale(self, lists: Lists) -> list[BaselineEntry]:
        """Return the entries that match nothing any more, of adapters that were judged or are gone.

        Args:
            lists: what is listed; an entry of a rule that is not says nothing.
        """
        return sorted(one for one in self._left.elements() if not self._may_match(one, lists))

    def renewed(self, report: Report, lists: Lists) -> Baseline:
        """Return a baseline that also accepts everything in a report, without stale entries."""
        found = [
            entry_for(path_from(adapter.path, self.path.parent), diagnostic)
            for adapter in report.adapters
            for diagnostic in adapter.diagnostics
            if diagnostic.code not in _NEVER
        ]
        self._seen |= {path_from(adapter.path, self.path.parent) for adapter in report.adapters}
        kept = [one for one in self._entries.elements() if self._may_match(one, lists)]
        return Baseline(self.path, [*kept, *found])

    def text(self) -> str:
        """Return the content of the file, with a line for each entry."""
        lines = [json.dumps(one._asdict()) for one in sorted(self._entries.elements())]
        body = "".join(f"\n    {line}," for line in lines).removesuffix(",")
        end = "\n  ]" if lines else "]"
        return f'{{\n  "baseline_version": {VERSION},\n  "findings": [{body}{end}\n}}\n'

    def __len__(self) -> int:
        """Return the number of entries."""
        return self._entries.total()

    def _may_match(self, entry: BaselineEntry, lists: Lists) -> bool:
        """Tell whether an entry may match a finding that was not looked for."""
        if entry.path in self._seen:
            return not lists(str(self.path.parent / entry.path), entry.code)
        return not _is_path(entry.path) or os.path.lexists(on_disk(self.path.parent / entry.path))


def read_baseline(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        LoracfgError: it cannot be read, or is no baseline.
    """
    if kind := kind_at(path):
        raise LoracfgError(f"the baseline `{path}` is {kind}, not a file", "pass a file")
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        message = f"cannot read the baseline `{path}`: {error.strerror or error}"
        raise LoracfgError(message, "create it with `--write-baseline`") from None
    except (ValueError, RecursionError) as error:
        message = f"`{path}` is not a baseline, since it is not JSON: {error}"
        raise LoracfgError(message, _OTHER_FILE) from None
    if not isinstance(data, dict) or data.keys() != _KEYS:
        raise LoracfgError(f"`{path}` is not a baseline", _OTHER_FILE)
    if data["baseline_version"] != VERSION:
        version = json.dumps(data["baseline_version"])
        message = f"`{path}` has the version `{version}`, and this loracfg reads `{VERSION}`"
        raise LoracfgError(message, _WRITE_AGAIN)
    return Baseline(path, _entries_in(data["findings"], path))


def _entries_in(data: object, path: Path) -> Iterator[BaselineEntry]:
    for index, one in enumerate(data if isinstance(data, list) else [data]):
        if not isinstance(one, dict) or one.keys() != {*BaselineEntry._fields}:
            raise LoracfgError(f"`{path}`: entry {index} is not one of a baseline", _WRITE_AGAIN)
        for name, value in one.items():
            if type(value) is not (int if name == "count" else str):
                what = f"`{path}`: `{name}` of entry {index} has the wrong type"
                raise LoracfgError(what, _WRITE_AGAIN)
        yield BaselineEntry(**one)


def entry_for(path: str, found: Diagnostic) -> BaselineEntry:
    """Return what identifies a finding in the adapter at a path."""
    place = found.location
    file = Path(place.file).name if place.elsewhere else place.file
    spot = place.pointer if place.pointer is not None else place.tensor
    return BaselineEntry(path, found.code, file, spot or "", found.count, _digest(found))


def path_from(path: str, folder: Path) -> str:
    """Return the path of an adapter from a folder, with `/`; URLs and ids stay as they are."""
    if not _is_path(path) or not os.path.lexists(on_disk(Path(path))):
        return path
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on a different drive
        return Path(path).absolute().as_posix()


def _is_path(text: str) -> bool:
    return not is_url(text) and text != "-"


def _digest(found: Diagnostic) -> str:
    if found.data is None:
        return ""
    members = found.data._asdict().items()
    plain = [_plain(value) for name, value in members if name not in _WORDING]
    return sha256(json.dumps(plain).encode()).hexdigest()[:_DIGITS]


def _plain(value: object) -> object:
    """Return a value of data as JSON, in an order that is always the same."""
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, frozenset):
        return sorted((_plain(one) for one in value), key=json.dumps)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _accepting(report: AdapterReport, kept: tuple[Diagnostic, ...]) -> AdapterReport:
    accepted = HiddenFindings.between(report.diagnostics, kept)
    if not accepted.total:
        return report
    hidden = HiddenFindings(*map(sum, zip(report.hidden, accepted, strict=True)))
    return report._replace(diagnostics=kept, hidden=hidden, accepted=accepted)
