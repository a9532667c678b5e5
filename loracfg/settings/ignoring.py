"""Add a rule to what a project ignores for one adapter, in the text of its file."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from loracfg.errors import LoracfgError
from loracfg.settings.find import OWN, SHARED
from loracfg.settings.keys import PATHS
from loracfg.settings.project import ProjectSettings
from loracfg.settings.reading import read_file
from loracfg.settings.toml_file import TABLE
from loracfg.sources.globs import escaped

NEW_TEXT: Final = ""
"""The text of a file that does not exist yet."""
_HEADER: Final = re.compile(r"^[ \t]*\[", re.MULTILINE)
_LIST: Final = r"=[ \t]*\[(?P<items>[^\]]*)\]"
_IGNORE: Final = "ignore"


def with_ignored(text: str, path: Path, adapter: Path, code: str) -> str | None:
    """Return the text of a file with a rule that is ignored for an adapter.

    The rest of the text stays as it is. Every way to write it is checked by reading the result.

    Args:
        text: the text; `NEW_TEXT` for a new file.
        path: the file, a `loracfg.toml` or `pyproject.toml`.
        adapter: the folder of the adapter.
        code: the rule.

    Returns:
        the new text, or None if there is no way that the file reads as meant.
    """
    pattern = _pattern(path.parent, adapter)
    table = (*(TABLE if path.name == SHARED else ()),)
    for changed in _ways(text, pattern, code, table):
        if _ignores(changed, path, adapter, code):
            return changed
    return None


def ignored_in(path: Path) -> Path:
    """Return the file that a project without one gets in a folder."""
    return path / OWN


def _pattern(folder: Path, adapter: Path) -> str | None:
    """Return the pattern for an adapter; None for the folder of the file itself."""
    try:
        relative = Path(os.path.relpath(adapter, folder)).as_posix()
    except ValueError:  # on a different drive
        return None
    return None if relative == "." else escaped(relative)


def _ignores(text: str, path: Path, adapter: Path, code: str) -> bool:
    try:
        settings = ProjectSettings(read_file(path, text.encode()), {})
        ignored = settings.values_for(adapter)[_IGNORE].value
    except (LoracfgError, UnicodeEncodeError):
        return False
    return isinstance(ignored, tuple) and code in ignored


def _ways(text: str, pattern: str | None, code: str, table: tuple[str, ...]) -> Iterator[str]:
    """Yield texts that may ignore a rule, those with the smallest change first."""
    if pattern is None:
        yield from _in_table(text, table, _IGNORE, code)
        yield from _at_top(text, table, code)
        return
    key = json.dumps(pattern, ensure_ascii=False)
    own = (*table, PATHS, key)
    yield from _in_table(text, own, _IGNORE, code)
    yield from _in_inline_table(text, key, code)
    line = f'{key} = {{ {_IGNORE} = ["{code}"] }}'
    yield from _after_last_line(text, (*table, PATHS), line)
    yield _appended(text, f"[{'.'.join((*table, PATHS))}]\n{line}")
    yield _appended(text, f'[{".".join(own)}]\n{_IGNORE} = ["{code}"]')


def _in_table(text: str, table: tuple[str, ...], key: str, code: str) -> Iterator[str]:
    """Yield the text with a rule added to a list in a table, or with the list in it."""
    start, end = _body(text, table)
    if start is None:
        return
    found = re.compile(rf"^[ \t]*{key}[ \t]*{_LIST}", re.MULTILINE).search(text, start, end)
    if found:
        yield _with_item(text, found, code)
    elif table:
        yield f'{text[:start]}{key} = ["{code}"]\n{text[start:]}'


def _in_inline_table(text: str, key: str, code: str) -> Iterator[str]:
    """Yield the text with a rule added to `"path" = { ignore = […] }`."""
    entry = re.compile(rf"^[ \t]*{re.escape(key)}[ \t]*=[ \t]*\{{[ \t]*", re.MULTILINE).search(text)
    if entry is None:
        return
    line_end = text.find("\n", entry.end())
    end = line_end if line_end != -1 else len(text)
    found = re.compile(rf"\b{_IGNORE}[ \t]*{_LIST}").search(text, entry.end(), end)
    if found:
        yield _with_item(text, found, code)
    else:
        comma = "" if text[entry.end() : entry.end() + 1] == "}" else ", "
        yield f'{text[: entry.end()]}{_IGNORE} = ["{code}"]{comma}{text[entry.end() :]}'


def _with_item(text: str, found: re.Match[str], code: str) -> str:
    """Return the text with an item at the end of a list."""
    start, end = found.span("items")
    items = text[start:end]
    kept = items.rstrip(" \t\r\n,")
    separator = ", " if kept.strip() else ""
    rest = items[len(items.rstrip(" \t\r\n")) :] if kept.strip() else ""
    return f'{text[:start]}{kept}{separator}"{code}"{rest}{text[end:]}'


def _at_top(text: str, table: tuple[str, ...], code: str) -> Iterator[str]:
    line = f'{_IGNORE} = ["{code}"]'
    if table:
        yield _appended(text, f"[{'.'.join(table)}]\n{line}")
        return
    first = _HEADER.search(text)
    head, rest = (text[: first.start()], text[first.start() :]) if first else (text, "")
    kept = head.rstrip("\n")
    yield f"{kept}{_break(kept)}{line}\n{_gap(rest)}{rest}"


def _after_last_line(text: str, table: tuple[str, ...], line: str) -> Iterator[str]:
    start, end = _body(text, table)
    if start is not None:
        kept = text[:end].rstrip("\n")
        rest = text[len(kept) :].lstrip("\n")
        yield f"{kept}\n{line}\n{_gap(rest)}{rest}"


def _appended(text: str, lines: str) -> str:
    kept = text.rstrip("\n")
    return f"{kept}{_break(kept)}{_break(kept)}{lines}\n"


def _break(before: str) -> str:
    return "\n" if before else ""


def _gap(rest: str) -> str:
    return "\n" if rest else ""


def _body(text: str, table: tuple[str, ...]) -> tuple[int | None, int]:
    """Return where the lines of a table begin and end; None if it has no header."""
    start: int | None = 0
    if table:
        names = r"[ \t]*\.[ \t]*".join(map(re.escape, table))
        header = re.compile(rf"^[ \t]*\[[ \t]*{names}[ \t]*\][^\n]*(?:\n|$)", re.MULTILINE)
        found = header.search(text)
        start = found.end() if found else None
    if start is None:
        return None, 0
    following = _HEADER.search(text, start)
    return start, following.start() if following else len(text)
