"""Collect the faults of a weight file, with one fault per cause for all its tensors."""

from __future__ import annotations

import json
from typing import Final

from loracfg.report.fault import Fault
from loracfg.report.report import Location

_SHOWN_LENGTH: Final = 120


class _Group:
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.count = 1


class Notes:
    """Collects the faults of a file by kind and cause; the message names only the first tensor."""

    def __init__(self, file: str) -> None:
        """Start without faults."""
        self.file = file
        self._groups: dict[tuple[str, str], _Group] = {}

    def add(
        self, kind: str, message: str, advice: str, *, tensor: str | None = None, cause: str = ""
    ) -> None:
        """Note a fault; more with the same kind and cause are only counted."""
        group = self._groups.get((kind, cause))
        if group is None:
            fault = Fault(kind, message, Location(self.file, tensor=tensor), advice)
            self._groups[kind, cause] = _Group(fault)
        else:
            group.count += 1

    def faults(self) -> list[Fault]:
        """Return the faults, in the order in which each cause was first noted."""
        return [_counted(group) for group in self._groups.values()]


def _counted(group: _Group) -> Fault:
    fault = group.fault
    if group.count == 1:
        return fault
    message = f"{fault.message} ({group.count} tensors)"
    return fault._replace(message=message, count=group.count)


def quoted(text: str) -> str:
    """Return a name in backticks, without its middle if it is long."""
    if len(text) > _SHOWN_LENGTH:
        text = f"{text[: _SHOWN_LENGTH // 2]}…{text[-_SHOWN_LENGTH // 2 + 1 :]}"
    return f"`{text}`"


def shown(value: object) -> str:
    """Return a JSON value in backticks, without its middle if it is long."""
    return quoted(json.dumps(value, ensure_ascii=False))
