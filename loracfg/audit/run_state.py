"""Runs in an output folder: which one continues, and where its files are."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from loracfg.adapter.files import open_regular
from loracfg.audit.judging.judge_state import JudgeState
from loracfg.audit.known_rows import FILE, FILES
from loracfg.audit.result_files import (
    KEPT,
    RESULTS,
    RUN_FILE,
    RUNS,
    SHOWN,
    RunFiles,
    parts_of,
    run_files,
    state_in,
)
from loracfg.audit.result_schema import RESULT_VERSION
from loracfg.audit.tables import not_written, sync_folder
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.new_files import replacing
from loracfg.urls import redacted
from loracfg.version import __version__

JUDGES: Final = "judges"


class RunState(NamedTuple):
    """A run.

    Attributes:
        output: the output folder.
        name: its id.
        asked: a digest of what was asked for.
        is_shown: whether its files are in `results/`: there is no finished run yet.
    """

    output: Path
    name: str
    asked: str
    is_shown: bool

    def part(self, number: int) -> Path:
        """Return the path of one of its Parquet files."""
        stem = f"{self.name}-{number:05}"
        if self.is_shown:
            return self.output / RESULTS / f"{stem}{SHOWN}"
        return self.output / RUNS / self.name / f"{stem}{KEPT}"

    def finish(self, counts: Mapping[str, int]) -> None:
        """Note that it has judged everything, and show its files.

        Raises:
            LoracfgError: that cannot be written.
        """
        path = self.output / RUNS / self.name / RUN_FILE
        state = json.loads(path.read_bytes())
        _write(path, json.dumps({**state, "finished": _now(), **counts}, indent=1))
        _show(self.output, self.name)


def begin_run(output: Path, sources: tuple[str, ...], options: str, judge: JudgeState) -> RunState:
    """Return the run that continues, or a new one.

    The newest run continues if it has not finished, and the same was asked for.

    Args:
        output: the output folder, which is created.
        sources: what was named.
        options: a digest of the options.
        judge: what judges.

    Raises:
        LoracfgError: the folder cannot be written, or has something else in it.
    """
    _check_folder(output)
    asked = _digest([RESULT_VERSION, sources, options, judge.digest])
    runs = run_files(output) if (output / RUNS).is_dir() else ()
    finished = next((run for run in reversed(runs) if run.is_finished), None)
    name = _unfinished(output, runs, asked) or _new_run(output, sources, asked)
    _write(output / JUDGES / f"{judge.digest}.json", judge.to_json())
    _show(output, finished.name if finished else name)
    return RunState(output, name, asked, finished is None)


def judge_named(output: Path, digest: str) -> JudgeState | None:
    """Return what judged in an earlier run, if it is known."""
    if not digest.isalnum():
        return None  # it would be a path
    try:
        with open_regular(output / JUDGES / f"{digest}.json") as stream:
            return JudgeState.of_json(stream.read().decode("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _check_folder(output: Path) -> None:
    if output.is_symlink() and not output.exists():
        message = f"`{output}` is a link to `{output.readlink()}`, which does not exist"
        raise LoracfgError(message, "create that folder, or pass a different one with `--output`")
    try:
        output.mkdir(parents=True, exist_ok=True)
        names = {entry.name for entry in output.iterdir()}
    except OSError as error:
        raise not_written(output, error) from None
    if names and names.isdisjoint({RUNS, FILE}):
        message = f"`{output}` has files that no audit wrote"
        raise LoracfgError(message, "pass an empty or new folder with `--output`")
    for entry in _own_entries(output):
        if entry.is_symlink() or not (entry.is_file() or entry.is_dir()):
            message = f"`{entry}` is a link or a device, which no audit writes"
            raise LoracfgError(message, "pass an empty or new folder with `--output`")


def _own_entries(output: Path) -> Iterator[Path]:
    """Yield what an audit may have written, by the names that it opens, and follow no links."""
    for entry in (output / name for name in (RESULTS, RUNS, JUDGES, *FILES)):
        if os.path.lexists(entry):
            yield entry
            for home, folders, files in os.walk(entry) if not entry.is_symlink() else ():
                yield from (Path(home, name) for name in (*folders, *files))


def _unfinished(output: Path, runs: tuple[RunFiles, ...], asked: str) -> str | None:
    if not runs or runs[-1].is_finished:
        return None
    state = state_in(output / RUNS / runs[-1].name)
    is_same = isinstance(state, dict) and state.get("asked") == asked
    return runs[-1].name if is_same else None


def _new_run(output: Path, sources: tuple[str, ...], asked: str) -> str:
    name = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    state = {
        "run": name,
        "asked": asked,
        "sources": list(map(redacted, sources)),
        "loracfg": __version__,
        "result_version": RESULT_VERSION,
        "started": _now(),
        "finished": None,
    }
    _write(output / RUNS / name / RUN_FILE, json.dumps(state, indent=1))
    return name


def _show(output: Path, name: str) -> None:
    """Move files so that `results/` has those of one run, and no others."""
    try:
        shown = output / RESULTS
        shown.mkdir(exist_ok=True)
        for path in shown.glob(f"*{SHOWN}"):
            owner = path.stem.rpartition("-")[0]
            if owner != name:
                home = output / RUNS / owner
                home.mkdir(parents=True, exist_ok=True)
                path.replace(home / f"{path.stem}{KEPT}")
        for path in parts_of(output, name):
            if path.parent != shown:
                path.replace(shown / f"{path.stem}{SHOWN}")
        sync_folder(shown)
    except OSError as error:
        raise not_written(output, error) from None


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as stream:
            stream.write(f"{text}\n".encode())
            stream.flush()
            os.fsync(stream.fileno())
        sync_folder(path.parent)
    except OSError as error:
        raise not_written(path, error) from None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode(errors="replace")).hexdigest()[:16]
