"""Validating many adapters in a process with its own environment, such as another Hub.

The process reads lines of JSON, each an adapter with the options, and answers each with its report.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

Job = tuple[str, dict[str, Any]]
"""What is validated, and with which options."""


def validate_elsewhere(jobs: Sequence[Job], env: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the report on each adapter."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.sources.validating"],
        input="".join(json.dumps(job) + "\n" for job in jobs),
        env=dict(env),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=3600,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _answer() -> None:
    from loracfg.engine.fronts import validate
    from loracfg.engine.options import Options

    for line in sys.stdin:
        named, options = json.loads(line)
        (report,) = validate(named, Options(**options)).adapters
        sys.stdout.write(json.dumps(report.to_dict()) + "\n")


if __name__ == "__main__":
    _answer()
