"""Where the results of runs are in an output folder.

    results/RUN-00000.parquet    the newest finished run: one row an adapter
    runs/RUN/run.json            what a run was asked for, and whether it has finished
    runs/RUN/RUN-00000.rows      its rows, if it is not the newest finished one: Parquet, too, but
                                 with another extension, so that `**/*.parquet` has no row twice

The rows of a first run are in `results/` from the beginning.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from loracfg.adapter.files import open_regular
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple

RESULTS: Final = "results"
RUNS: Final = "runs"
RUN_FILE: Final = "run.json"
SHOWN: Final = ".parquet"
KEPT: Final = ".rows"


class RunFiles(NamedTuple):
    """A run in an output folder.

    Attributes:
        name: its id, which begins with its UTC time, so that ids sort by time.
        is_finished: whether it has judged everything.
        parts: its Parquet files, in order.
        rows: the number of its rows; None if it has not finished.
    """

    name: str
    is_finished: bool
    parts: tuple[Path, ...]
    rows: int | None = None


def run_files(output: Path) -> tuple[RunFiles, ...]:
    """Return the runs in an output folder, the oldest first.

    Raises:
        LoracfgError: it has no results, or they cannot be read.
    """
    try:
        found = tuple(_run(output, home) for home in sorted((output / RUNS).iterdir()))
    except (FileNotFoundError, NotADirectoryError):
        raise _no_results(output) from None
    except OSError as error:
        raise _not_readable(output / RUNS, error) from None
    return tuple(run for run in found if run is not None)


def newest_runs(output: Path, count: int = 2) -> tuple[RunFiles, ...]:
    """Return the newest finished runs, the newest first; an unfinished one only if it is alone.

    Raises:
        LoracfgError: it has no results, or it cannot be read which run is the newest.
    """
    runs = run_files(output)
    finished = [run for run in reversed(runs) if run.is_finished]
    _check_newer(output, finished[0].name if finished else "")
    if not runs:
        raise _no_results(output)
    return tuple(finished[:count] or runs[-1:])


def parts_of(output: Path, name: str) -> tuple[Path, ...]:
    """Return the Parquet files of a run, in order, wherever they are.

    Raises:
        LoracfgError: a folder cannot be read.
    """
    shown = _named(output / RESULTS, f"{name}-*{SHOWN}")
    kept = _named(output / RUNS / name, f"{name}-*{KEPT}")
    return tuple(sorted((*shown, *kept), key=lambda path: path.stem))


def _named(folder: Path, pattern: str) -> list[Path]:
    """Return what a folder has of a pattern; `glob` takes one without permission for empty."""
    try:
        return [path for path in folder.iterdir() if path.match(pattern)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise _not_readable(folder, error) from None


def _no_results(output: Path) -> LoracfgError:
    advice = "pass the folder that `loracfg audit` wrote with `--output`"
    return LoracfgError(f"`{output}` has no results of an audit", advice)


def _not_readable(folder: Path, error: OSError) -> LoracfgError:
    return LoracfgError(f"`{folder}` cannot be read: {error.strerror}", "make it readable")


def _run(output: Path, home: Path) -> RunFiles | None:
    state = state_in(home)
    if not isinstance(state, dict):
        return None
    is_finished, rows = state.get("finished") is not None, state.get("rows")
    parts = parts_of(output, home.name)
    return RunFiles(home.name, is_finished, parts, rows if isinstance(rows, int) else None)


def state_in(home: Path) -> object:
    """Return the content of the file of a run; None if it cannot be read."""
    try:
        with open_regular(home / RUN_FILE) as stream:
            return json.loads(stream.read())
    except (OSError, ValueError, RecursionError):
        return None


def _check_newer(output: Path, name: str) -> None:
    """Check that the files of all newer runs can be read.

    Raises:
        LoracfgError: one cannot.
    """
    for home in (output / RUNS).iterdir():
        path = home / RUN_FILE
        if home.name > name and path.exists() and not isinstance(state_in(home), dict):
            raise LoracfgError(f"`{path}` is damaged", "audit again")
