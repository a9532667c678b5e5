"""DuckDB over the results of runs: it reads their files and nothing else, within limits.

DuckDB may open no other file, load no extension and use no network, and no setting can be changed
afterwards (`allowed_paths`, `enable_external_access` and `lock_configuration` of DuckDB 2.0). For
users' queries it may open no file at all, and pyarrow reads the results: whatever DuckDB may read,
`COPY` may also write, even in a `WITH` clause of a `SELECT` (DuckDB 2.0.1). Its own reader takes
half the time.

A query runs in a thread of its own: while DuckDB runs, a thread does not see Ctrl-C.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from loracfg.audit.packages import import_duckdb, import_pyarrow
from loracfg.audit.result_files import RunFiles
from loracfg.audit.result_schema import METADATA_KEY, RESULT_VERSION, arrow_schema
from loracfg.config.history.releases import FIRST_TO_SAVE, between
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.rules.table import TABLE

if TYPE_CHECKING:
    import duckdb
    from pyarrow import parquet

T = TypeVar("T")
Parameters = Mapping[str, object]

MEMORY: Final = "2GiB"
"""What queries may use of memory. They write nothing to disk if that is not enough."""

_PATIENCE: Final = 600.0
"""The seconds that one of our own queries may take."""
_DISABLED: Final = "join_order,build_side_probe_side"
"""DuckDB does not know how many rows pyarrow will read, and would keep the large side of a join in
memory. Without these optimizers, that is always the right side, which our queries make small."""
_GRACE: Final = 1.0
"""The seconds that DuckDB has to stop a query; some functions do not look."""
_AGAIN: Final = "audit again, which writes all results again"
CONFIG: Final[dict[str, str | bool | int | float | list[str]]] = {
    "memory_limit": MEMORY,
    "temp_directory": "",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
}
"""The settings with which a connection begins."""


class Selected(NamedTuple):
    """What a query selects: the names of its columns, and its rows."""

    names: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Database:
    """A connection with a view for each run; `opened` makes one."""

    connection: duckdb.DuckDBPyConnection

    def ask(self, sql: str, parameters: Parameters | None = None) -> Selected:
        """Return what one of our own queries selects.

        Raises:
            LoracfgError: the results cannot be read.
        """
        import duckdb

        def select() -> Selected:
            cursor = self.connection.execute(sql, dict(parameters) if parameters else None)
            return Selected(_names(cursor), tuple(cursor.fetchall()))

        try:
            return self.within(_PATIENCE, select, "audit again into several folders")
        except duckdb.OutOfMemoryException as error:
            raise LoracfgError(f"the results cannot be read: {first_line(error)}") from None
        except duckdb.Error as error:  # damage below the footers, which were read before
            message = f"the results cannot be read: {first_line(error)}"
            raise LoracfgError(message, _AGAIN) from None

    def within(self, seconds: float, work: Callable[[], T], advice: str) -> T:
        """Return what a function does with the connection; Ctrl-C and the time stop it.

        Raises:
            LoracfgError: it takes longer, with advice.
        """
        found: list[T] = []
        failed: list[BaseException] = []

        def run() -> None:
            try:
                found.append(work())
            except BaseException as error:  # the other thread raises it
                failed.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            thread.join(seconds)
        finally:
            if thread.is_alive():
                self.connection.interrupt()
                thread.join(_GRACE)
        if found:
            return found[0]
        if failed and not isinstance(failed[0], _interruption()):
            raise failed[0]
        unit = "second" if seconds == 1 else "seconds"
        raise LoracfgError(f"the query took more than {seconds:g} {unit}", advice)


@contextmanager
def opened(runs: Mapping[str, RunFiles], *, is_for_users: bool = False) -> Iterator[Database]:
    """Open the results of runs, each as the view of the name that it has in `runs`.

    There are also the tables `rules` (code, name) and `releases` (release, position) of this
    loracfg.

    Args:
        runs: the runs.
        is_for_users: whether users' queries are asked, not only our own.

    Raises:
        LoracfgError: duckdb or pyarrow is not installed, or a file cannot be read.
    """
    duckdb = import_duckdb()
    connection = duckdb.connect(":memory:", config=CONFIG)
    try:
        connection.execute("SET TimeZone = 'UTC'")
        if is_for_users:
            connection.execute(f"SET disabled_optimizers = '{_DISABLED}'")
        else:
            parts = [part for run in runs.values() for part in run.parts]
            connection.execute(f"SET allowed_paths = {_paths(parts)}")
        connection.execute("SET enable_external_access = false")
        for view, run in runs.items():
            columns = _columns_in(run)
            if is_for_users or not run.parts:
                _register(connection, view, run)
            else:
                _add_view(connection, view, run, columns)
        _add_facts(connection)
        connection.execute("SET lock_configuration = true")
        yield Database(connection)
    except duckdb.Error as error:
        raise LoracfgError(f"the results cannot be read: {first_line(error)}") from None
    finally:
        with suppress(duckdb.Error):  # a query that did not stop still uses it
            connection.close()


def first_line(error: Exception) -> str:
    """Return what DuckDB says, without the query that it quotes below."""
    return f"{error}".strip().partition("\n")[0]


def _names(cursor: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    return tuple(f"{column[0]}" for column in cursor.description or ())


def _interruption() -> type[Exception]:
    import duckdb

    return duckdb.InterruptException


def _paths(parts: Iterable[Path]) -> str:
    """Return the paths of files as a list in SQL. DuckDB takes a path of a file as it is."""
    quoted = (str(part.absolute()).replace("'", "''") for part in parts)
    return "[" + ", ".join(f"'{path}'" for path in quoted) + "]"


def _refuse_other_versions(run: RunFiles, versions: set[str]) -> None:
    """Check that this loracfg knows the columns of a run.

    Raises:
        LoracfgError: it does not.
    """
    if versions != {f"{RESULT_VERSION}"}:
        raise LoracfgError(
            f"the results of the run `{run.name}` do not have version {RESULT_VERSION}, which this "
            "loracfg reads",
            "use the release of loracfg that wrote them, or audit again",
        )


def _columns_in(run: RunFiles) -> list[frozenset[str]]:
    """Return the columns that each file of a run has.

    Raises:
        LoracfgError: a file cannot be read, or has columns that this loracfg does not know.
    """
    footers = list(map(_footer, run.parts))
    rows = sum(one.num_rows for one in footers)
    if run.rows is not None and run.rows != rows:
        message = f"the run `{run.name}` has {run.rows:,} rows, but its files have {rows:,}"
        raise LoracfgError(message, _AGAIN)
    found = [one.schema.to_arrow_schema() for one in footers]
    if found:
        key = METADATA_KEY.encode()
        _refuse_other_versions(run, {(one.metadata or {}).get(key, b"").decode() for one in found})
    return [frozenset(one.names) for one in found]


def _footer(part: Path) -> parquet.FileMetaData:
    """Return the footer of a file.

    Raises:
        LoracfgError: it cannot be read.
    """
    arrow = import_pyarrow()
    from pyarrow import parquet

    try:
        return parquet.read_metadata(part)
    except (OSError, arrow.ArrowException) as error:
        message = f"the results cannot be read: `{part}`: {first_line(error)}"
        raise LoracfgError(message, _AGAIN) from None


def why_unreadable(run: RunFiles) -> str | None:
    """Return why the files of a run cannot be read; None if they can.

    Raises:
        LoracfgError: pyarrow is not installed.
    """
    import_pyarrow()
    try:
        _columns_in(run)
    except LoracfgError as error:
        return error.message
    return None


def _add_view(
    connection: duckdb.DuckDBPyConnection, view: str, run: RunFiles, columns: list[frozenset[str]]
) -> None:
    """Add the rows of a run as files that DuckDB reads; columns that they lack are null."""
    known = frozenset().union(*columns)
    empty = connection.from_arrow(arrow_schema().empty_table())
    selected = ", ".join(
        f'"{name}"' if name in known else f'NULL::{kind} AS "{name}"'
        for name, kind in zip(empty.columns, empty.types, strict=True)
    )
    how = "" if all(own == known for own in columns) else ", union_by_name = true"
    files = f"read_parquet({_paths(run.parts)}{how})"
    connection.execute(f"CREATE VIEW {view} AS SELECT {selected} FROM {files}")


def _register(connection: duckdb.DuckDBPyConnection, view: str, run: RunFiles) -> None:
    """Add the rows of a run as files that pyarrow reads; columns that they lack are null."""
    from pyarrow import dataset

    schema = arrow_schema()
    if run.parts:
        paths = [str(part.absolute()) for part in run.parts]
        connection.register(view, dataset.dataset(paths, schema=schema, format="parquet"))
    else:
        connection.register(view, schema.empty_table())


def _add_facts(connection: duckdb.DuckDBPyConnection) -> None:
    """Add what this loracfg knows about codes and releases."""
    connection.execute("CREATE TABLE rules (code VARCHAR, name VARCHAR)")
    connection.execute(
        "INSERT INTO rules SELECT unnest($codes), unnest($names)",
        {"codes": [row[0] for row in TABLE], "names": [row[1] for row in TABLE]},
    )
    connection.execute("CREATE TABLE releases (release VARCHAR, position INTEGER)")
    connection.execute(
        "INSERT INTO releases SELECT unnest($names), generate_subscripts($names, 1)",
        {"names": list(between(FIRST_TO_SAVE))},
    )
