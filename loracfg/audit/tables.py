"""Rows as Arrow tables, and the files that have them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from loracfg.audit.packages import import_pyarrow
from loracfg.audit.result_row import Row, unicode_row
from loracfg.audit.result_schema import arrow_schema
from loracfg.errors import LoracfgError
from loracfg.new_files import replacing

if TYPE_CHECKING:
    import pyarrow

_COMPRESSION: Final = "zstd"


def table_of(rows: Sequence[Row]) -> pyarrow.Table:
    """Return rows as a table with the columns of results.

    Raises:
        LoracfgError: pyarrow is not installed.
    """
    try:
        return _table_of(rows)
    except UnicodeEncodeError:
        return _table_of(list(map(unicode_row, rows)))


def _table_of(rows: Sequence[Row]) -> pyarrow.Table:
    arrow, schema = import_pyarrow(), arrow_schema()
    columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
    arrays = [
        arrow.array(list(values), field.type) for values, field in zip(columns, schema, strict=True)
    ]
    return arrow.Table.from_arrays(arrays, schema=schema)


def write_part(table: pyarrow.Table, path: Path) -> None:
    """Write a table so that the file is whole or absent, also if the machine stops.

    Raises:
        LoracfgError: it cannot be written.
    """
    from pyarrow import parquet

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as stream:
            parquet.write_table(table, stream, compression=_COMPRESSION)
            stream.flush()
            os.fsync(stream.fileno())
        sync_folder(path.parent)
    except OSError as error:
        raise not_written(path, error) from None


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last."""
    if os.name == "nt":
        return  # folders cannot be opened there
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def not_written(path: Path, error: OSError) -> LoracfgError:
    """Return the error of a file that cannot be written."""
    message = f"cannot write `{path}`: {error.strerror or error}"
    advice = "make room or fix the permissions, then run the same command again"
    return LoracfgError(message, advice)
