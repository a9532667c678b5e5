"""Questions about the results of an audit, and the tables that answer them."""

from __future__ import annotations

from typing import Final, Literal

from loracfg.audit.report.database import Database, Parameters
from loracfg.named_tuple import NamedTuple
from loracfg.rules.choice import OF_QUESTIONS

Kind = Literal[
    "word",
    "words",
    "status",
    "text",
    "name",
    "names",
    "code",
    "releases",
    "value",
    "number",
    "share",
    "bytes",
]
"""What a column holds.

`word`, `words` and `text` are ours, `name` and `names` what users or files call something, `code`
is that of a rule, `releases` are of PEFT, and a `value` can be anything; the rest are numbers.
"""

_ERRORS: Final = "list_filter(codes, lambda one: one.severity = 'error'{more})"
ERRORS: Final = _ERRORS.format(more="")
"""The entries of `codes` that are errors."""
OWN_ERRORS: Final = _ERRORS.format(
    more="".join(f" AND NOT starts_with(one.code, '{code}')" for code in OF_QUESTIONS)
)
"""Those of them that make an adapter invalid, whatever release or engine was asked for."""

NUMBERS: Final[tuple[Kind, ...]] = ("number", "share", "bytes")


class TableColumn(NamedTuple):
    """A column of a table: its key in JSON and SQL, its heading, and what it holds."""

    key: str
    heading: str
    kind: Kind


class Bars(NamedTuple):
    """A plot of a table: the columns that name each bar, and those that are stacked in it."""

    by: tuple[str, ...]
    parts: tuple[str, ...]


class Question(NamedTuple):
    """A question, in SQL over the view `results`.

    Attributes:
        name: its key in JSON, by which users choose it.
        title: the heading of its table.
        sql: selects the columns, in any order of rows.
        order: the order of the rows, for `ORDER BY`.
        columns: the columns that the query selects.
        note: a sentence that the table needs, or nothing.
        bars: what to plot.
        nothing: what to say instead of an empty table.
        is_whole: whether all rows are shown, because there are few.
        is_list: whether each row is about one adapter, so that rows are counted without it.
    """

    name: str
    title: str
    sql: str
    order: str
    columns: tuple[TableColumn, ...]
    note: str = ""
    bars: Bars | None = None
    nothing: str = "None."
    is_whole: bool = False
    is_list: bool = False


class AuditTable(NamedTuple):
    """The answer to a question.

    Attributes:
        name: the name of the question.
        title: the heading.
        columns: what the rows hold.
        rows: the first rows.
        total: the number of all rows; None if more than these were not counted.
        note: a sentence below the heading.
        bars: what to plot.
        nothing: what to say if there are no rows.
    """

    name: str
    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[object, ...], ...]
    total: int | None
    note: str = ""
    bars: Bars | None = None
    nothing: str = "None."


class AuditDocument(NamedTuple):
    """Tables under a title, with facts about the runs that they are about."""

    title: str
    facts: tuple[str, ...]
    tables: tuple[AuditTable, ...]


def answer(
    database: Database, question: Question, limit: int, parameters: Parameters | None = None
) -> AuditTable:
    """Return at most `limit` rows that answer a question, and their number without a limit.

    Raises:
        LoracfgError: the results cannot be read.
    """
    rows, total = (_listed if question.is_list else _grouped)(database, question, limit, parameters)
    return AuditTable(
        question.name,
        question.title,
        question.columns,
        rows,
        total,
        question.note,
        question.bars,
        question.nothing,
    )


Rows = tuple[tuple[object, ...], ...]


def _listed(
    database: Database, question: Question, limit: int, parameters: Parameters | None
) -> tuple[Rows, int]:
    """Return the first rows, of which DuckDB reads no others, and the number of all."""
    sql = f"SELECT {_keys(question)} FROM ({question.sql}) ORDER BY {question.order}"
    rows = database.ask(f"{sql} LIMIT {limit:d}", parameters).rows
    if len(rows) < limit:
        return rows, len(rows)
    counted = database.ask(f"SELECT count(*) FROM ({question.sql})", parameters).rows
    return rows, count_in(counted[0][0])


def _grouped(
    database: Database, question: Question, limit: int, parameters: Parameters | None
) -> tuple[Rows, int]:
    """Return the first groups, and the number of all, which are made once."""
    bound = "" if question.is_whole else f" LIMIT {limit:d}"
    rows = database.ask(
        f"WITH found AS MATERIALIZED ({question.sql}) SELECT {_keys(question)}, "
        f"(SELECT count(*) FROM found) FROM found ORDER BY {question.order}{bound}",
        parameters,
    ).rows
    return tuple(row[:-1] for row in rows), count_in(rows[0][-1]) if rows else 0


def _keys(question: Question) -> str:
    return ", ".join(column.key for column in question.columns)


def count_in(value: object) -> int:
    """Return a count that a query selected."""
    return value if isinstance(value, int) else 0
