"""The names in a Parquet file, which a process of its own reads within bounds.

A small file can unpack to gigabytes, whatever it says of its sizes: one page, a long text of a
dictionary in many rows, texts that begin with the one before.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from loracfg.audit.listing.list_cells import (
    REVISION,
    WRITE_AGAIN,
    is_revision,
    is_text,
    name_columns,
    named_in_cells,
)
from loracfg.audit.memory_bound import memory_bound
from loracfg.audit.packages import import_pyarrow
from loracfg.child_environment import child_environment
from loracfg.errors import LoracfgError

if TYPE_CHECKING:
    import pyarrow
    from pyarrow import parquet

_MODULE: Final = "loracfg.audit.listing.parquet_names"
_MEMORY: Final = 512 * 1024 * 1024
"""Bytes that reading may take on Linux."""
_LONGEST: Final = 128 * 1024
"""The longest name, as in CSV."""
_ROWS: Final = 4096
_BUFFER: Final = 1024 * 1024


def names_in_parquet(path: Path) -> Iterator[str]:
    """Yield the names in a Parquet file, as they are read.

    Raises:
        LoracfgError: it cannot be read within bounds, or has no column with names.
    """
    import_pyarrow()
    process = subprocess.Popen(  # noqa: S603  # our own module
        [sys.executable, "-m", _MODULE, str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environment() | {"ARROW_DEFAULT_MEMORY_POOL": "system"},  # it reserves nothing
        process_group=None if os.name == "nt" else 0,  # Ctrl-C ends us, and we end it
    )
    assert process.stdout
    try:
        for line in process.stdout:
            answer = json.loads(line)
            if isinstance(answer, dict):
                raise LoracfgError(answer["message"], answer["help"])
            if answer is None:
                return
            yield answer
        raise _too_large(path)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _write_names(path: Path) -> None:
    """Write the names as lines of JSON, then null, or the error that ended them."""
    end: dict[str, str] | None = None
    try:
        with memory_bound(_MEMORY):
            for name in _names(path):
                _write_line(name)
    except LoracfgError as error:
        end = {"message": error.message, "help": error.help}
    _write_line(end)
    sys.stdout.flush()


def _write_line(value: object) -> None:
    sys.stdout.write(f"{json.dumps(value)}\n")


def _names(path: Path) -> Iterator[str]:
    arrow = import_pyarrow()
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False) as file:
            yield from _in_batches(path, file)
    except MemoryError:
        raise _too_large(path) from None
    except arrow.ArrowInvalid:
        message = f"the list `{path}` is not a Parquet file, or is damaged"
        raise LoracfgError(message, WRITE_AGAIN) from None
    except OSError as error:
        message = f"the list `{path}` cannot be read: {error.strerror or error}"
        raise LoracfgError(message, "check the path") from None


def _in_batches(path: Path, file: parquet.ParquetFile) -> Iterator[str]:
    types = {field.name: field.type for field in file.schema_arrow}
    columns = _text_columns(path, types)
    has_revision = REVISION in types
    read = [*columns, *[REVISION] * has_revision]
    for batch in file.iter_batches(_ROWS, columns=read, use_threads=False):
        values = batch.to_pydict()
        revisions = values.get(REVISION, [None] * batch.num_rows)
        names = zip(*(values[column] for column in columns), strict=True)
        for some, revision in zip(names, revisions, strict=True):
            for name in named_in_cells(some, revision):
                if len(name) > _LONGEST:
                    message = f"the list `{path}` has a name of {len(name):,} characters"
                    raise LoracfgError(message, WRITE_AGAIN)
                yield name


def _text_columns(path: Path, types: Mapping[str, pyarrow.DataType]) -> list[str]:
    """Return the columns that may name adapters and have text.

    Raises:
        LoracfgError: there are none, or there are revisions that are none.
    """
    columns = name_columns(path, list(types))
    found = [column for column in columns if is_text(types[column])]
    wrong = None if found else columns[0]
    if REVISION in types and not is_revision(types[REVISION]):
        wrong = REVISION
    if wrong is not None:
        message = f"the column `{wrong}` of the list `{path}` has the type `{types[wrong]}`"
        raise LoracfgError(message, "write it as text")
    return found


def _too_large(path: Path) -> LoracfgError:
    message = f"the list `{path}` takes more than {_MEMORY >> 20} MiB of memory to read"
    return LoracfgError(message, "write it again with smaller row groups, or as a list of lines")


if __name__ == "__main__":
    _write_names(Path(sys.argv[1]))
