"""Which fields each release has, and their defaults, looked up in the table without pydantic."""

from __future__ import annotations

from functools import cache
from typing import Final

from loracfg.config.history.field_table import ACCEPTED, DEFAULTS, SINCE, UNTIL
from loracfg.config.history.releases import at_least
from loracfg.document.json_value import Json

FLAGS: Final = frozenset(name for name, kinds in ACCEPTED.items() if kinds == (("flag",),))
"""The fields of the newest release that can only be true or false."""


@cache
def fields_of(release: str) -> frozenset[str]:
    """Return the names of the fields that a release's config has."""
    return frozenset(
        name
        for name, first in SINCE.items()
        if at_least(release, first) and not (name in UNTIL and at_least(release, UNTIL[name]))
    )


def default_of(field: str) -> Json:
    """Return a fresh default of a field of the newest release, as plain JSON data."""
    default = DEFAULTS[field]
    return dict(default) if isinstance(default, dict) else default
