"""Metrics of a run for the textfile collector of Prometheus' node exporter."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from loracfg.audit.progress import Progress
from loracfg.audit.tables import not_written
from loracfg.errors import LoracfgError
from loracfg.new_files import replacing

SUFFIX: Final = ".prom"
"""How the names of files end that the collector reads."""


def check_metrics(path: Path) -> None:
    """Check that a file may be replaced by one with metrics.

    Raises:
        LoracfgError: the collector does not read files of this name, or something else is there.
    """
    if path.suffix != SUFFIX:
        message = f"the collector reads no file named `{path}`"
        raise LoracfgError(message, f"use a name that ends in `{SUFFIX}`")
    if path.exists() and not path.is_file():
        raise LoracfgError(f"`{path}` is not a file", "use the path of a file, or of none yet")


def write_metrics(path: Path, progress: Progress, requests: int, *, is_finished: bool) -> None:
    """Write the metrics of a run in one step, so that no reader sees half of them.

    Args:
        path: the file, or a link to it.
        progress: the counts of the run.
        requests: the requests that it has sent.
        is_finished: whether it has judged everything.

    Raises:
        LoracfgError: it cannot be written.
    """
    try:
        with replacing(path.resolve()) as stream:
            stream.write("".join(_lines(progress, requests, is_finished=is_finished)).encode())
    except OSError as error:
        raise not_written(path, error) from None


def _lines(progress: Progress, requests: int, *, is_finished: bool) -> Iterator[str]:
    rows = {
        'how="judged"': progress.judged,
        'how="unchanged"': progress.unchanged,
        'how="resumed"': progress.resumed,
        'how="postponed"': progress.postponed,
    }
    yield from _metric("adapters", "Adapters of the last run, by how they got a row.", rows)
    statuses = {f'status="{name}"': count for name, count in sorted(progress.statuses.items())}
    yield from _metric("judged", "Adapters that the last run judged, by status.", statuses)
    errors = {f'code="{name}"': count for name, count in sorted(progress.errors.items())}
    yield from _metric("unreadable", "Adapters without a verdict, by reason.", errors)
    yield from _metric("requests", "Requests of the last run.", {"": requests})
    yield from _metric("seconds", "Seconds that the last run has taken.", {"": progress.seconds})
    finished = time.time() if is_finished else 0
    about = "When the last run finished, in seconds since 1970; 0 if it has not."
    yield from _metric("finished_timestamp_seconds", about, {"": finished})


def _metric(name: str, about: str, values: Mapping[str, float]) -> Iterator[str]:
    full = f"loracfg_audit_{name}"
    yield f"# HELP {full} {about}\n# TYPE {full} gauge\n"
    for labels, value in values.items():
        yield f"{full}{{{labels}}} {value!r}\n" if labels else f"{full} {value!r}\n"
