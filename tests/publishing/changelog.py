"""The sections of CHANGELOG.md: what a release says of itself."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_HEADING: Final = re.compile(r"^## (?P<version>\S+)(?: \((?P<when>[^)]+)\))?$", re.MULTILINE)
UNRELEASED: Final = "unreleased"


class Section(NamedTuple):
    """What changed in a version; `when` is a date, or `unreleased`."""

    version: str
    when: str
    text: str


def sections(changelog: str) -> list[Section]:
    """Return the sections of a changelog, the newest first."""
    found = list(_HEADING.finditer(changelog))
    ends = [*(one.start() for one in found[1:]), len(changelog)]
    return [
        Section(one["version"], one["when"] or "", changelog[one.end() : end].strip())
        for one, end in zip(found, ends, strict=True)
    ]
