"""The rows of an output folder in a database: what is done, and what need not be judged again.

A row is committed here before it is in a Parquet file, which can be written again from here. So
nothing is lost or written twice, whenever a run is stopped.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Final

from loracfg.audit.result_row import (
    LISTED_AS,
    STRUCTS,
    Cell,
    JudgedRow,
    Row,
    unicode_row,
    unicode_text,
)
from loracfg.audit.result_schema import COLUMNS
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple

FILE: Final = "known.sqlite"
_JOURNAL: Final = f"{FILE}-journal"
"""What SQLite plays back if it is there, whereupon it deletes a file that is named in it."""
FILES: Final = (FILE, _JOURNAL, f"{FILE}-wal", f"{FILE}-shm")
"""The names that SQLite opens."""
_LAYOUT: Final = 1
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS known (
    key BLOB PRIMARY KEY, version TEXT, options TEXT, judge TEXT, content BLOB,
    bases TEXT, rows TEXT NOT NULL, count INTEGER NOT NULL, run TEXT NOT NULL, part INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS known_by_part ON known (run, part);
CREATE INDEX IF NOT EXISTS known_by_content ON known (content) WHERE content IS NOT NULL;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""
"""Entries are kept in the order in which they were added, so that those of a part share pages. Keys
are random: a table in their order would read and write a page for each entry."""
_DELETE: Final = f"delete all `{FILE}*` there, and audit again: everything is judged again"
_ASKED: Final = 500
"""The keys that one query asks for; SQLite takes a limited number of parameters."""


_ENCODER: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def rows_text(rows: Sequence[Row]) -> str:
    """Return rows as JSON that is valid UTF-8."""
    text = _ENCODER.encode(rows)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _ENCODER.encode(list(map(unicode_row, rows)))
    return text


class Known(NamedTuple):
    """What is known of something that was listed before.

    Attributes:
        key: what it is, as a digest of its address.
        version: what distinguishes its content from others; None if it has to be read again.
        options: a digest of the options with which it was judged.
        judge: the digest of what judged.
        content: a digest of all that was read; None for an archive and for what was not read.
        bases: the bases of its rows, with their state: triples of name, revision and digest.
        text: its rows, as JSON.
        adapters: the number of its rows.
        run: the last run that has it.
    """

    key: bytes
    version: str | None
    options: str
    judge: str
    content: bytes | None
    bases: tuple[tuple[str | None, str | None, str], ...]
    text: str
    adapters: int
    run: str

    @classmethod
    def of(
        cls,
        key: bytes,
        version: str | None,
        options: str,
        judge: str,
        content: bytes | None,
        found: Sequence[JudgedRow],
        state_of: Callable[[str | None, str | None], str],
        run: str,
    ) -> Known:
        """Return what is known from now on of rows that were judged.

        Args:
            key: what they are of.
            version: what distinguishes its content from others.
            options: a digest of the options.
            judge: the digest of what judged.
            content: a digest of all that was read.
            found: the rows.
            state_of: returns a digest of a base and its revision.
            run: the run.
        """
        named = dict.fromkeys((one.base, one.base_revision) for one in found)
        bases = tuple((name, revision, state_of(name, revision)) for name, revision in named)
        text = rows_text([one.row for one in found])
        return cls(key, version, options, judge, content, bases, text, len(found), run)

    def rows(self) -> tuple[Row, ...]:
        """Return its rows.

        Raises:
            LoracfgError: no audit wrote them.
        """
        return _rows(self.text, self.adapters)

    def is_listed_as(self, name: str) -> bool:
        """Whether this is what its rows say that was listed."""
        own = unicode_text(name)
        start = _ENCODER.encode([[own, own]])[:-2]  # of all but archives, without parsing it
        return self.text.startswith(f"{start},") or self.listed_as == own

    @property
    def listed_as(self) -> str:
        """What its rows say that was listed; empty if there are none."""
        return f"{self.rows()[0][LISTED_AS]}" if self.adapters else ""


class KnownRows:
    """The database of an output folder. It is used by one thread."""

    def __init__(self, output: Path) -> None:
        """Open it, and create it if there is none.

        Raises:
            LoracfgError: it cannot be opened, another program uses it, or no audit wrote it.
        """
        self._path = output / FILE
        if os.path.lexists(output / _JOURNAL):
            raise not_ours()
        try:
            self._base = sqlite3.connect(self._path, isolation_level=None, timeout=0.2)
            self._base.execute("PRAGMA trusted_schema = OFF")
            self._base.execute("PRAGMA cell_size_check = ON")
            self._base.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._base.execute("PRAGMA journal_mode = MEMORY")  # there is never a file of a journal
            self._base.execute("BEGIN EXCLUSIVE")
            if not _schema(self._base) <= _own_schema():
                raise not_ours()
            self._base.execute("COMMIT")
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = NORMAL")
            self._base.execute("PRAGMA cache_size = -16000")
            self._base.executescript(_TABLES)
        except sqlite3.Error as error:
            raise self._explained(error) from None
        if self.fact("layout") not in (None, f"{_LAYOUT}"):
            message = f"`{self._path}` was written by another release of loracfg"
            raise LoracfgError(message, "use a different output folder, or remove this one")
        self.set_fact("layout", f"{_LAYOUT}")

    def close(self) -> None:
        """Close it."""
        self._base.close()

    def fact(self, name: str) -> str | None:
        """Return what is noted under a name."""
        for (value,) in self._run("SELECT value FROM facts WHERE name = ?", (name,)):
            if not isinstance(value, str):
                raise not_ours()
            return value
        return None

    def set_fact(self, name: str, value: str) -> None:
        """Note something under a name."""
        self._run("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def find(self, keys: Sequence[bytes]) -> dict[bytes, Known]:
        """Return what is known of some keys."""
        found: dict[bytes, Known] = {}
        for at in range(0, len(keys), _ASKED):
            some = keys[at : at + _ASKED]
            marks = ",".join("?" * len(some))
            query = f"SELECT {_FIELDS} FROM known WHERE key IN ({marks})"  # noqa: S608  # marks
            found |= {one.key: one for one in map(_known, self._run(query, some))}
        return found

    def with_content(self, content: bytes) -> Known | None:
        """Return something with the same content; an archive has none."""
        query = f"SELECT {_FIELDS} FROM known WHERE content = ? AND count = 1 LIMIT 1"  # noqa: S608  # a constant
        return next(map(_known, self._run(query, (content,))), None)

    def add(self, known: Iterable[Known], part: int) -> None:
        """Commit rows that belong to a part, all or none."""
        values = [
            (
                one.key,
                one.version,
                one.options,
                one.judge,
                one.content,
                json.dumps(one.bases),
                one.text,
                one.adapters,
                one.run,
                part,
            )
            for one in known
        ]
        query = "INSERT OR REPLACE INTO known VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        self._transact(query, values)

    def add_again(self, keys: Iterable[bytes], run: str, part: int) -> None:
        """Commit that rows belong to a part of another run, too, as they are."""
        query = "UPDATE known SET run = ?, part = ? WHERE key = ?"
        self._transact(query, [(run, part, key) for key in keys])

    def rows_in(self, run: str, part: int) -> Iterator[Row]:
        """Yield the rows of a part, in the order in which they were added."""
        query = "SELECT rows, count FROM known WHERE run = ? AND part = ?"
        for text, count in self._run(query, (run, part)):
            yield from _rows(text, count)

    def count_in(self, run: str) -> dict[int, int]:
        """Return the number of rows in each part of a run."""
        query = "SELECT part, sum(count) FROM known WHERE run = ? GROUP BY part"
        found: dict[int, int] = {}
        for part, count in self._run(query, (run,)):
            if not (isinstance(part, int) and isinstance(count, int)):
                raise not_ours()
            found[part] = count
        return found

    def _transact(self, query: str, values: Sequence[tuple[object, ...]]) -> None:
        try:
            self._base.execute("BEGIN")
            self._base.executemany(query, values)
            self._base.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._explained(error) from None

    def _run(self, query: str, values: Sequence[object] = ()) -> Iterator[tuple[object, ...]]:
        try:
            return iter(self._base.execute(query, values).fetchall())
        except sqlite3.Error as error:
            raise self._explained(error) from None

    def _explained(self, error: sqlite3.Error) -> LoracfgError:
        text = f"{error}"
        if "locked" in text or "busy" in text:
            message = f"another audit writes to `{self._path.parent}`"
            return LoracfgError(message, "wait for its end, or use a different output folder")
        if "UTF-8" in text:
            return not_ours()
        if not isinstance(error, sqlite3.OperationalError):  # it is not a database, or a broken one
            return LoracfgError(f"`{self._path}` is damaged: {text}", _DELETE)
        advice = "make room or fix the permissions, then run the same command again"
        return LoracfgError(f"cannot write `{self._path}`: {text}", advice)


_FIELDS: Final = "key, version, options, judge, content, bases, rows, count, run"


def not_ours() -> LoracfgError:
    """Return the error of a database that no audit wrote."""
    return LoracfgError(f"`{FILE}` in the output folder was not written by an audit", _DELETE)


def _schema(base: sqlite3.Connection) -> set[tuple[object, ...]]:
    """Return the tables, indexes, views and triggers of a database, as SQLite parses them."""
    return set(base.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))


@cache
def _own_schema() -> set[tuple[object, ...]]:
    with closing(sqlite3.connect(":memory:")) as base:
        base.executescript(_TABLES)
        return _schema(base)


def _known(values: tuple[object, ...]) -> Known:
    key, version, options, judge, content, bases, rows, count, run = values
    if not (
        isinstance(key, bytes)
        and isinstance(version, str | None)
        and isinstance(options, str)
        and isinstance(judge, str)
        and isinstance(content, bytes | None)
        and isinstance(rows, str)
        and isinstance(count, int)
        and isinstance(run, str)
    ):
        raise not_ours()
    return Known(key, version, options, judge, content, _bases(bases), rows, count, run)


def _bases(text: object) -> tuple[tuple[str | None, str | None, str], ...]:
    found: list[tuple[str | None, str | None, str]] = []
    for base in _lists(text, 3):
        name, revision, state = base
        if not (
            isinstance(name, str | None)
            and isinstance(revision, str | None)
            and isinstance(state, str)
        ):
            raise not_ours()
        found.append((name, revision, state))
    return tuple(found)


def _rows(text: object, count: object) -> tuple[Row, ...]:
    rows = _lists(text, len(COLUMNS))
    if len(rows) != count:
        raise not_ours()
    return tuple(map(_tuples, rows))


def _lists(text: object, length: int) -> list[list[Cell]]:
    """Return lists of a length from their JSON."""
    try:
        values = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        values = None
    entries = values if isinstance(values, list) else [None]
    lists = [entry for entry in entries if isinstance(entry, list) and len(entry) == length]
    if len(lists) != len(entries):
        raise not_ours()
    return lists


def _tuples(row: list[Cell]) -> Row:
    """Return a row in which structs are tuples, as Arrow takes them."""
    for at in STRUCTS:
        found = row[at]
        if isinstance(found, list):
            row[at] = [tuple(one) if isinstance(one, list) else one for one in found]
    return tuple(row)
