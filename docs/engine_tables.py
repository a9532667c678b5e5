"""The tables of the page on engines: which there are, how each was checked, and their settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from config_page import cell

from loracfg.runtimes.conditions import parse
from loracfg.runtimes.profile import Profile
from loracfg.runtimes.profile_files import names, profile_of
from loracfg.runtimes.server_limits import Limit, Value

_KINDS: Final = {bool: "`true`, `false`", str: "a name", tuple: "words"}
"""The values that a setting takes, by the type of its default; all others are numbers."""


def engine_rows() -> Iterator[str]:
    """Yield the table of engines."""
    yield "| `--for` | Engine | Versions | Settings |"
    yield "|---|---|---|---|"
    for profile in map(profile_of, names()):
        settings = f"[{len(profile.limits)}](#settings)" if profile.limits else ""
        yield f"| `{profile.name}` | {profile.title} | {_versions(profile)} | {settings} |"


def _versions(profile: Profile) -> str:
    """Return the versions of an engine that were checked."""
    if profile.oldest in (None, profile.newest):
        return profile.by_date or profile.newest
    return f"{profile.oldest} {'and' if profile.untried else 'to'} {profile.newest}"


def check_rows() -> Iterator[str]:
    """Yield the table of checks."""
    yield "| Engine | Releases | On | Run or read | What |"
    yield "|---|---|---|---|---|"
    for profile in map(profile_of, names()):
        for check in profile.checks:
            versions = profile.by_date or ", ".join(check.versions)
            cells = (profile.title, versions, f"{check.on}", f"**{check.by}**", check.what)
            yield f"| {' | '.join(map(cell, cells))} |"


def setting_rows() -> Iterator[str]:
    """Yield the table of the settings of servers."""
    yield "| Engine | Setting | Values | Default | Versions | Changes an answer |"
    yield "|---|---|---|---|---|---|"
    for profile in map(profile_of, names()):
        tested = {parse(text).setting for fact in profile.facts for text in fact.when}
        for name, limit in profile.limits.items():
            versions = f"`{limit.versions}`" if limit.versions else ""
            cells = (f"`{name}`", _values(limit), _default(limit.default), versions)
            row = " | ".join(map(cell, cells))
            yield f"| {profile.title} | {row} | {'yes' if name in tested else 'no'} |"


def _values(limit: Limit) -> str:
    """Return the values that a setting takes."""
    if limit.choices:
        return ", ".join(f"`{one.text}{one.versions}`" for one in limit.choices)
    return _KINDS.get(type(limit.default), "a number")


def _default(value: Value) -> str:
    """Return a default, which is none if it is 0, an empty text or no words."""
    match value:
        case bool():
            return f"`{value}`".lower()
        case tuple():
            return " ".join(f"`{word}`" for word in value) or "none"
    return f"`{value}`" if value else "none"


def matrix_rows(folder: Path) -> Iterator[str]:
    """Yield the table of the cells of the matrix, from the folder with a file for each engine."""
    yield "| Engine | Architectures | Cells run | Cells read | Open |"
    yield "|---|---|---|---|---|"
    for path in sorted(folder.glob("*.tsv")):
        _, *lines = path.read_text("utf-8").splitlines()
        cells = [line.split("\t") for line in lines]
        settled = [
            (architecture, how) for architecture, *_, answer, how in cells if answer != "unsettled"
        ]
        run = sum(how == "run" for _, how in settled)
        numbers = (len(dict(settled)), run, len(settled) - run, len(cells) - len(settled))
        title = f"{profile_of(path.stem).title} {cells[0][2]}"
        yield f"| {title} | {' | '.join(map(str, numbers))} |"
