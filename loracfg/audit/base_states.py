"""Whether bases are what they were when rows were judged."""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path
from typing import Final, Protocol

from loracfg.base.finding.adapter_named import find_base_of_adapter
from loracfg.base.finding.base_folder import BaseFiles, exists
from loracfg.base.finding.hub import find_base
from loracfg.report.fault import Fault
from loracfg.urls import is_url

_LENGTH: Final = 16
_LONGEST: Final = 60.0
"""The seconds that a run waits for bases that the Hub does not deliver, before it stops asking."""


class _Find(Protocol):
    def __call__(
        self, named: str, revision: str | None, *, online: bool = False
    ) -> tuple[BaseFiles | None, list[Fault]]: ...


class BaseStates:
    """Digests of bases as they are on this machine, each computed once in a run.

    A base that an earlier run did not get from the Hub is asked for again. The config of a base at
    a URL is not looked at again: a row on it holds until something else changes.
    """

    def __init__(self) -> None:
        """Create it without looking at a base."""
        self._found: dict[tuple[str | None, str | None, bool, bool], str] = {}
        self._waited = 0.0

    def state_of(
        self, named: str | None, revision: str | None, *, is_users: bool, online: bool = False
    ) -> str:
        """Return a digest of what is found of a base.

        Args:
            named: its folder, file, id or URL; None if none is named.
            revision: the revision that the config of an adapter names, or None.
            is_users: whether the user named it, not an adapter.
            online: whether its config may be fetched if it is not on this machine.
        """
        key = named, revision, is_users, online
        if key not in self._found:
            find = find_base if is_users else find_base_of_adapter
            self._found[key] = self._state(find, named, revision, online)
        return self._found[key]

    def _state(self, find: _Find, named: str | None, revision: str | None, online: bool) -> str:
        if not named or is_url(named):
            return ""
        files, faults = find(named, revision)
        if files is None and online and self._waited < _LONGEST:
            start = time.monotonic()
            files, _ = find(named, revision, online=True)
            self._waited += 0.0 if files else time.monotonic() - start
        if files is None:
            return _digest([fault.kind for fault in faults])
        entries = _entries(files.folder or Path(named))
        if not exists(named):  # the commit in the name stands for times, which a new cache changes
            entries = [(name, size, 0) for name, size, _ in entries]
        return _digest([files.name, files.config, entries])


def _entries(path: Path) -> list[tuple[str, int, int]]:
    """Return the names, sizes and times of files in a folder, or of one file."""
    try:
        if not path.is_dir():
            state = path.stat()
            return [(path.name, state.st_size, state.st_mtime_ns)]
        with os.scandir(path) as entries:
            found = [(one.name, one.stat()) for one in entries if one.is_file()]
        return sorted((name, state.st_size, state.st_mtime_ns) for name, state in found)
    except OSError:
        return []


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]
