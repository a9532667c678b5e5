"""Cells of lists: which name adapters, and which revisions they have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from loracfg.errors import LoracfgError
from loracfg.sources.address import HubAddress, parse_address

if TYPE_CHECKING:
    import pyarrow

COLUMNS: Final = ("source", "repo_id", "repo", "id", "modelId", "model_id", "url", "path")
"""The columns that may name adapters; in each row, the first with a text does."""
REVISION: Final = "revision"
WRITE_AGAIN: Final = "write it again, or use a list of lines"


def name_columns(path: Path, found: Sequence[str]) -> list[str]:
    """Return the columns of a list that may name adapters.

    Raises:
        LoracfgError: there are none.
    """
    columns = [name for name in COLUMNS if name in found]
    if not columns:
        named = "`, `".join(COLUMNS)
        message = f"the list `{path}` has no column that names adapters"
        raise LoracfgError(message, f"call one of them `{named}`")
    return columns


def named_in_cells(cells: Iterable[object], revision: object) -> Iterator[str]:
    """Yield what the first cell with a text names, with its revision."""
    yield from named_in_row(next(filter(text_in, cells), None), revision)


def is_text(type_: pyarrow.DataType) -> bool:
    """Whether the cells of a column of Arrow may be names: text, or its bytes."""
    from pyarrow import types

    value = type_.value_type if types.is_dictionary(type_) else type_
    tests = (
        types.is_string,
        types.is_large_string,
        types.is_string_view,
        types.is_binary,
        types.is_large_binary,
        types.is_binary_view,
        types.is_null,
    )
    return any(test(value) for test in tests)


def is_revision(type_: pyarrow.DataType) -> bool:
    """Whether the cells of a column of Arrow may be revisions: text, or whole numbers."""
    from pyarrow import types

    return is_text(type_) or types.is_integer(type_)


def named_in_row(name: object, revision: object = None) -> Iterator[str]:
    """Yield what a row names, with its revision; nothing if it names nothing.

    Args:
        name: the cell that names it; what is neither text nor bytes names nothing.
        revision: the cell of its revision: text, bytes, a whole number, or anything for none.
    """
    if text := text_in(name):
        yield _revised(text, text_in(revision, numbers=True))


def text_in(cell: object, *, numbers: bool = False) -> str:
    """Return the text of a cell without space around it; an empty one if it has none.

    Args:
        cell: the cell.
        numbers: whether a whole number is text, too.
    """
    if isinstance(cell, bytes):
        return cell.decode(errors="surrogateescape").strip()
    if isinstance(cell, str):
        return cell.strip()
    is_number = numbers and isinstance(cell, int) and not isinstance(cell, bool)
    return f"{cell}" if is_number else ""


def _revised(name: str, revision: str) -> str:
    """Return the name of a revision; only repositories on the Hub have any, and no two."""
    if not revision:
        return name
    try:
        address = parse_address(name)
    except LoracfgError:  # it is reported as what it is
        return name
    if not isinstance(address, HubAddress) or address.revision:
        return name
    scheme = "hf://" if address.is_explicit else ""
    inside = f"/{address.inside}" if address.inside else ""
    return f"{scheme}{address.repo}@{revision.replace('/', '%2F')}{inside}"
