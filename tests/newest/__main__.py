"""Compare the releases that are known with those on the index; see the package."""

from __future__ import annotations

import argparse
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from tests import newest
from tests.newest.known import known
from tests.newest.report import Comparison, report

COMPARING: Final = (
    "tests/base/test_transformers.py",
    "tests/injector/test_cases.py",
    "tests/planning/test_parity.py",
    "tests/releases/test_parity.py",
    "tests/test_installed_peft.py",
)
"""Tests whose oracle is the installed PEFT or transformers."""
SHOWN: Final = 60
"""Lines of the output of tests that a report has."""


def main() -> int:
    """Write the report; return 1 if there is something to report and it goes to the terminal."""
    parser = argparse.ArgumentParser(prog="python -m tests.newest", usage=newest.__doc__)
    parser.add_argument("--tests", action="store_true", help="also run tests")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    listed = list(known())
    packages = sorted({one.package for one in listed})
    with ThreadPoolExecutor(4) as pool:
        found = dict(zip(packages, pool.map(newest_version, packages), strict=True))
    versions = {name: version for name, version in found.items() if version}
    text = report(listed, versions, run_tests() if options.tests else None)
    if options.output:
        options.output.write_text(text, "utf-8")
        return 0
    sys.stdout.write(text or "nothing is new\n")
    return int(bool(text))


def newest_version(package: str) -> str:
    """Return the newest release of a package on pip's index, or nothing if there is none."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "index", "versions", "--ignore-requires-python", package],
        capture_output=True,
        text=True,
        check=False,
    )
    for line in done.stdout.splitlines():
        before, _, versions = line.partition("Available versions: ")
        if not before and versions:
            return versions.split(", ")[0]
    return ""


def run_tests() -> Comparison:
    """Run the tests that compare with installed libraries."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--tb=line", *COMPARING],
        capture_output=True,
        text=True,
        check=False,
    )
    return Comparison(done.returncode == 0, "\n".join(done.stdout.splitlines()[-SHOWN:]))


if __name__ == "__main__":
    sys.exit(main())
