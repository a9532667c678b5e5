"""The floor of coverage is about branches, and names the files that miss most."""

from __future__ import annotations

from typing import Any

from tests.coverage_floor import lines, share


def report(**missing: int) -> dict[str, Any]:
    """Return a report of files with ten branches each, of which some are missing."""
    taken = 10 * len(missing) - sum(missing.values())
    return {
        "totals": {"num_branches": 10 * len(missing), "covered_branches": taken},
        "files": {name: {"summary": {"missing_branches": n}} for name, n in missing.items()},
    }


def test_above_the_floor_only_the_share_is_shown() -> None:
    assert lines(report(a=0, b=1), floor=95) == ["95.0 % of branches are tested; the floor is 95 %"]


def test_below_the_floor_the_worst_files_come_first() -> None:
    said = lines(report(a=1, b=0, c=4), floor=95)
    assert [line.split()[0] for line in said[1:]] == ["4", "1"]
    assert [line.split()[1] for line in said[1:]] == ["c", "a"]


def test_code_without_branches_is_covered() -> None:
    assert share({"num_branches": 0, "covered_branches": 0}) == 100
