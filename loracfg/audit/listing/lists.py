"""Lists of adapters: lines of text, columns of CSV or Parquet files, standard input."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from loracfg.audit.listing.list_cells import REVISION, WRITE_AGAIN, name_columns, named_in_cells
from loracfg.audit.listing.parquet_names import names_in_parquet
from loracfg.errors import LoracfgError

_SUFFIXES: Final = frozenset({".txt", ".csv", ".parquet"})
"""The extensions of lists; other files are adapters or archives."""
_MARK_BYTES: Final = 4
"""What shows the encoding of a text: a byte order mark, or the zeros of UTF-16."""


def is_list(named: str) -> bool:
    """Whether a source is a list, by its extension; a folder is none."""
    if "://" in named or Path(named).suffix.lower() not in _SUFFIXES:
        return False
    return not Path(named).is_dir()


def check_list(path: Path) -> None:
    """Check that there is a list.

    Raises:
        LoracfgError: it does not exist.
    """
    if not path.exists():
        raise LoracfgError(f"the list `{path}` does not exist", "check the path")


def names_in_list(path: Path) -> Iterator[str]:
    """Yield the names in a list, as they are read.

    Raises:
        LoracfgError: it cannot be read, or has no column with names.
    """
    check_list(path)
    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            yield from names_in_parquet(path)
            return
        with path.open("rb") as stream:
            lines = _decoded(stream)
            yield from _in_csv(path, lines) if suffix == ".csv" else _in_lines(lines)
    except OSError as error:
        message = f"the list `{path}` cannot be read: {error.strerror or error}"
        raise LoracfgError(message, "check the path") from None
    except UnicodeError as error:
        message = f"the list `{path}` is not {_encoding_in(error)}"
        raise LoracfgError(message, "save it as UTF-8") from None


def names_on_input() -> Iterator[str]:
    """Yield the names on standard input, one a line.

    Raises:
        LoracfgError: it is closed, or is no text.
    """
    if sys.stdin is None:
        raise LoracfgError("standard input is closed", "redirect a list to it")
    raw = getattr(sys.stdin, "buffer", None)
    if raw is None:  # a program put a text in its place
        yield from _in_lines(sys.stdin)
        return
    lines = _decoded(raw)
    try:
        yield from _in_lines(lines)
    except UnicodeError as error:
        message = f"standard input is not {_encoding_in(error)}"
        raise LoracfgError(message, "redirect a list in UTF-8 to it") from None
    finally:
        lines.detach()


def _decoded(stream: io.BufferedReader) -> io.TextIOWrapper:
    """Return the text of a stream: UTF-8, or what its first bytes show, as PowerShell's UTF-16."""
    encoding = json.detect_encoding(stream.peek(_MARK_BYTES)[:_MARK_BYTES])
    errors = "surrogateescape" if encoding.startswith("utf-8") else "strict"
    return io.TextIOWrapper(stream, encoding, errors, newline="")


def _encoding_in(error: UnicodeError) -> str:
    return error.encoding.upper() if isinstance(error, UnicodeDecodeError) else "text"


def _in_lines(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        name = line.strip()
        if name and not name.startswith("#"):
            yield name


def _in_csv(path: Path, lines: Iterable[str]) -> Iterator[str]:
    import csv

    rows = csv.DictReader(lines, strict=True)
    try:
        columns = name_columns(path, rows.fieldnames or ())
        for row in rows:
            yield from named_in_cells([row.get(column) for column in columns], row.get(REVISION))
    except csv.Error as error:
        message = f"the list `{path}` is not CSV: {error}"
        raise LoracfgError(message, WRITE_AGAIN) from None
