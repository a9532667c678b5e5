"""Lists of adapters: lines of text, columns of CSV or Parquet files, standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from loracfg.audit.packages import import_pyarrow
from loracfg.errors import LoracfgError

SUFFIXES: Final = frozenset({".txt", ".csv", ".parquet"})
"""The extensions of lists; other files are adapters or archives."""
COLUMNS: Final = ("source", "repo_id", "repo", "id", "modelId", "model_id", "url", "path")
"""The columns that may name adapters; the first that a file has does."""
REVISION: Final = "revision"
_ROWS: Final = 4096


def names_in_list(path: Path) -> Iterator[str]:
    """Yield the names in a list, as they are read.

    Raises:
        LoracfgError: it cannot be read, or has no column with names.
    """
    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            yield from _in_parquet(path)
        elif suffix == ".csv":
            yield from _in_csv(path)
        else:
            with path.open(encoding="utf-8", errors="surrogateescape") as lines:
                yield from _in_lines(lines)
    except OSError as error:
        message = f"the list `{path}` cannot be read: {error.strerror or error}"
        raise LoracfgError(message, "check the path") from None


def names_on_input() -> Iterator[str]:
    """Yield the names on standard input, one a line.

    Raises:
        LoracfgError: it is closed.
    """
    if sys.stdin is None:
        raise LoracfgError("standard input is closed", "redirect a list to it")
    yield from _in_lines(sys.stdin)


def _in_lines(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        name = line.strip()
        if name and not name.startswith("#"):
            yield name


def _in_csv(path: Path) -> Iterator[str]:
    import csv

    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        rows = csv.DictReader(lines)
        column, has_revision = _columns(path, rows.fieldnames or ())
        try:
            for row in rows:
                yield from named_in_row(
                    row.get(column), row.get(REVISION) if has_revision else None
                )
        except csv.Error as error:
            message = f"the list `{path}` is not CSV: {error}"
            raise LoracfgError(message, "write it again, or use a list of lines") from None


def _in_parquet(path: Path) -> Iterator[str]:
    arrow = import_pyarrow()
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
        column, has_revision = _columns(path, file.schema_arrow.names)
        wanted = [column, REVISION] if has_revision else [column]
        for batch in file.iter_batches(_ROWS, columns=wanted):
            values = batch.to_pydict()
            names = values[column]
            revisions = values[REVISION] if has_revision else [None] * len(names)
            for name, revision in zip(names, revisions, strict=True):
                yield from named_in_row(name, revision)
    except arrow.ArrowInvalid as error:
        message = f"the list `{path}` is not a Parquet file: {error}"
        raise LoracfgError(message, "write it again, or use a list of lines") from None


def _columns(path: Path, found: Sequence[str]) -> tuple[str, bool]:
    column = next((name for name in COLUMNS if name in found), None)
    if column is None:
        named = "`, `".join(COLUMNS)
        message = f"the list `{path}` has no column that names adapters"
        raise LoracfgError(message, f"call one of them `{named}`")
    return column, REVISION in found


def named_in_row(name: object, revision: object = None) -> Iterator[str]:
    """Yield what a row names, with its revision; nothing if it names nothing."""
    if not isinstance(name, str) or not name.strip():
        return
    name = name.strip()
    is_revised = isinstance(revision, str) and revision.strip() and "@" not in name
    yield f"{name}@{str(revision).strip().replace('/', '%2F')}" if is_revised else name
