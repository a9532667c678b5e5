"""A user's own query over the results: it reads nothing else and changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from loracfg.audit.packages import import_duckdb
from loracfg.audit.report.database import Database, Selected, first_line
from loracfg.audit.report.question import AuditTable, Kind, TableColumn
from loracfg.errors import LoracfgError

_TITLE: Final = "Your query"
_NAME: Final = "query"
_BYTES: Final = "bytes"
"""The column that holds sizes."""
_MAX_DEPTH: Final = 100
"""The maximum levels of lists and structs in a value."""


def ask_own(database: Database, sql: str, limit: int, seconds: float) -> AuditTable:
    """Return at most `limit` rows that a query selects.

    Args:
        database: results that were opened for users.
        sql: one `SELECT` statement, over `results` and what else `database` has.
        limit: the most rows.
        seconds: how long it may take.

    Raises:
        LoracfgError: the query is not a `SELECT`, is wrong, or takes longer.
    """
    duckdb = import_duckdb()

    def select() -> Selected:
        statements = database.connection.extract_statements(sql)
        if [one.type for one in statements] != [duckdb.StatementType.SELECT]:
            raise LoracfgError("`--sql` takes one `SELECT` statement", "pass nothing else")
        cursor = database.connection.execute(statements[0])
        names = tuple(f"{column[0]}" for column in cursor.description or ())
        return Selected(names, tuple(cursor.fetchmany(limit + 1)))

    try:
        found = database.within(seconds, select, "ask for less, or pass `--timeout`")
    except MemoryError:
        message = "the query needs more memory than it may take"
        raise LoracfgError(message, "ask for less") from None
    except duckdb.Error as error:
        raise LoracfgError(f"the query fails: {first_line(error)}") from None
    rows = found.rows[:limit]
    if _is_deeper(rows, _MAX_DEPTH):
        message = f"the query selects values that are nested more than {_MAX_DEPTH} levels deep"
        raise LoracfgError(message, "select parts of them")
    columns = tuple(
        TableColumn(key, name, _kind(name, [row[at] for row in rows]))
        for at, (key, name) in enumerate(zip(_unique(found.names), found.names, strict=True))
    )
    total = None if len(found.rows) > limit else len(rows)
    return AuditTable(_NAME, _TITLE, columns, rows, total, nothing="No rows.")


def _is_deeper(rows: Iterable[object], most: int) -> bool:
    """Tell whether values in rows are nested deeper than so many levels."""
    level: list[object] = list(rows)
    for _ in range(most + 2):  # rows, values, and what is in them
        if not level:
            return False
        level = [
            part
            for value in level
            if isinstance(value, (tuple, list, dict))
            for part in (value.values() if isinstance(value, dict) else value)
        ]
    return bool(level)


def _kind(name: str, values: list[object]) -> Kind:
    """Return how to show a column: as numbers if it has nothing else."""
    given = [one for one in values if one is not None]
    if not given or not all(isinstance(one, (int, float)) and one is not True for one in given):
        return "value"
    return "bytes" if name == _BYTES else "number"


def _unique(names: tuple[str, ...]) -> list[str]:
    """Return keys for columns; of those with the same name, all but the first get a number."""
    keys: list[str] = []
    for name in names:
        key, number = name, 1
        while key in keys:
            number += 1
            key = f"{name}_{number}"
        keys.append(key)
    return keys
