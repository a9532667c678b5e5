"""Workflows as data: jobs, one for each combination of a matrix, and their steps."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from tests.cli.running import ROOT

WORKFLOWS: Final = ROOT / ".github" / "workflows"
_EXPRESSION: Final = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


class UnknownValueError(Exception):
    """An expression asks for what only GitHub knows, such as a secret."""


@dataclass(frozen=True)
class Step:
    """A step: what it runs, or the action that it uses."""

    name: str
    run: str | None
    uses: str | None
    inputs: Mapping[str, str]
    env: Mapping[str, str]
    condition: str
    id: str = ""
    folder: str = "."


@dataclass(frozen=True)
class Job:
    """A job with one combination of its matrix."""

    workflow: str
    name: str
    matrix: Mapping[str, str]
    runs_on: str
    env: Mapping[str, str]
    steps: tuple[Step, ...]
    is_of_a_tag: bool = False
    """Whether only the push of a tag starts its workflow."""

    @property
    def title(self) -> str:
        """Its workflow, name and matrix, such as `ci.yml test python=3.11`."""
        return " ".join((self.workflow, self.name, *(f"{k}={v}" for k, v in self.matrix.items())))


def document(path: Path) -> dict[Any, Any]:
    """Read a workflow; YAML 1.1 reads its key `on` as true."""
    loaded = yaml.safe_load(path.read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def jobs(path: Path) -> Iterator[Job]:
    """Yield the jobs of a workflow that have steps; those that call other workflows have none."""
    workflow = document(path)
    starts = workflow[True]
    is_of_a_tag = isinstance(starts, dict) and [*starts] == ["push"] and "tags" in starts["push"]
    for name, job in workflow["jobs"].items():
        for matrix in combinations(job.get("strategy", {}).get("matrix", {})):
            runs_on = expand(str(job.get("runs-on", "")), {"matrix": matrix})
            env = texts({**workflow.get("env", {}), **job.get("env", {})})
            steps = tuple(_step(step) for step in job.get("steps", ()))
            if steps:
                yield Job(path.name, name, matrix, runs_on, env, steps, is_of_a_tag)


def combinations(matrix: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield every combination of the values of a matrix, then what `include` adds."""
    axes = {k: v for k, v in matrix.items() if k not in ("include", "exclude")}
    if axes or "include" not in matrix:
        for values in itertools.product(*axes.values()):
            yield texts(dict(zip(axes, values, strict=True)))
    for more in matrix.get("include", ()):
        yield texts(more)


def _step(step: Mapping[str, Any]) -> Step:
    run, uses = step.get("run"), step.get("uses")
    return Step(
        name=str(step.get("name") or uses or run),
        run=run,
        uses=uses,
        inputs=texts(step.get("with", {})),
        env=texts(step.get("env", {})),
        condition=str(step.get("if", "")),
        id=step.get("id", ""),
        folder=step.get("working-directory", "."),
    )


def texts(values: Mapping[str, Any]) -> dict[str, str]:
    """Return values as the runner passes them to the shell."""
    return {k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in values.items()}


def expand(text: str, contexts: Mapping[str, Mapping[str, str]]) -> str:
    """Put the values of contexts in the place of expressions such as `${{ matrix.python }}`.

    Raises:
        UnknownValueError: an expression is no name of a context, or has no value there.
    """

    def value(found: re.Match[str]) -> str:
        context, _, name = found[1].partition(".")
        try:
            return contexts[context][name]
        except KeyError:
            raise UnknownValueError(found[1]) from None

    return _EXPRESSION.sub(value, text)
