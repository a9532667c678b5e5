"""Compare the branches that tests take with the floor.

python -m tests.coverage_floor coverage.json     (`nox -s coverage` writes it and runs this)
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

FLOOR: Final = 95.0
"""The lowest share of branches, in percent."""

SHOWN: Final = 15


def share(totals: dict[str, Any]) -> float:
    """Return the share of branches that were taken, in percent; all of them, if there are none."""
    branches: int = totals["num_branches"]
    taken: int = totals["covered_branches"]
    return 100 * taken / branches if branches else 100.0


def lines(report: dict[str, Any], floor: float = FLOOR) -> list[str]:
    """Return what to print: the share, and below the floor the files with most missing branches."""
    total = share(report["totals"])
    said = [f"{total:.1f} % of branches are tested; the floor is {floor:g} %"]
    if total >= floor:
        return said
    missing = {name: file["summary"]["missing_branches"] for name, file in report["files"].items()}
    worst = sorted(missing, key=lambda name: (-missing[name], name))[:SHOWN]
    return [*said, *(f"{missing[name]:>6}  {name}" for name in worst if missing[name])]


def main() -> None:
    """Print the share, and exit with 1 if it is below the floor."""
    report = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    said = lines(report)
    sys.stdout.write("\n".join(said) + "\n")
    sys.exit(share(report["totals"]) < FLOOR)


if __name__ == "__main__":
    main()
