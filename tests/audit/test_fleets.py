"""Runs on a simulated Hub: kills, limits, faults, and what a known adapter takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audit.fleet import QUERY, Fleet, kill_until_done, twice
from tests.audit.generated_fleet import commit_of, name_of
from tests.audit.simulated_hub import HubOptions, running_hub
from tests.llama8b import make_without_checkpoint

pytestmark = pytest.mark.slow

ADAPTERS = 150
EXPECTED = sorted(f"hf://{name_of(number)}" for number in range(ADAPTERS))


@pytest.fixture
def fleet(tmp_path: Path, options: HubOptions) -> Iterator[Fleet]:
    make_without_checkpoint(tmp_path)
    with running_hub(options) as hub:
        yield Fleet(hub, tmp_path, 1)


@pytest.fixture
def options() -> HubOptions:
    return HubOptions(ADAPTERS)


def test_a_query(fleet: Fleet) -> None:
    assert fleet.run("out").status == 0
    rows = fleet.rows("out")
    assert [row["source"] for row in rows] == EXPECTED
    assert rows[0]["revision"] == commit_of(0)
    assert rows[0]["status"] == "valid"
    counts = fleet.hub.counts(reset=True)
    assert counts["requests"] <= 2 * ADAPTERS
    by_reason = Counter(row["codes"][0]["code"] for row in rows if row["status"] != "valid")
    assert {"LC012", "LC026", "LC003"} <= by_reason.keys()
    unread = sum(row["status"] == "error" for row in rows)
    assert fleet.run("out").status == 0
    assert fleet.rows("out") == rows
    assert fleet.hub.counts(reset=True).get("requests", 0) == unread  # they may be readable now
    fleet.hub.set(generation=1, changed=10)
    assert fleet.run("out").status == 0
    assert fleet.hub.counts()["requests"] <= unread + 2 * 10
    assert [row["revision"] for row in fleet.rows("out")].count(commit_of(3, 1)) == 1


def test_a_list_takes_one_request_for_what_is_known(fleet: Fleet) -> None:
    names = fleet.work / "ids.txt"
    good = [name_of(number) for number in range(40) if number % 20 != 7]
    names.write_text("".join(f"{name}\n" for name in good))
    assert fleet.run("out", str(names), more=["--online"]).status == 0
    assert fleet.hub.counts(reset=True)["requests"] == 2 * len(good)
    rows = fleet.rows("out")
    assert [row["source"] for row in rows] == sorted(good)
    assert fleet.run("out", str(names), more=["--online"]).status == 0
    assert fleet.hub.counts(reset=True)["requests"] == len(good)
    assert fleet.rows("out") == rows


def test_two_revisions_are_two_rows(fleet: Fleet) -> None:
    fleet.hub.set(generation=1, changed=10)
    old, new = (f"hf://{name_of(0)}@{commit_of(0, generation)}" for generation in (0, 1))
    names = fleet.work / "ids.csv"
    names.write_text(f"id,revision\nhf://{name_of(0)},{commit_of(0, 0)}\n{new},\n")
    assert fleet.run("out", str(names)).status == 0
    rows = {row["source"]: row for row in fleet.rows("out")}
    assert rows.keys() == {old, new}
    assert rows[old]["config_digest"] != rows[new]["config_digest"]
    assert rows[old]["header_digest"] == rows[new]["header_digest"]
    fleet.hub.counts(reset=True)
    assert fleet.run("out", str(names)).status == 0
    assert fleet.hub.counts().get("requests", 0) == 0  # a commit never changes


def test_kills(fleet: Fleet) -> None:
    assert fleet.run("alone").status == 0
    kill_until_done(fleet, "killed", 3, 6.0, seed=1)
    assert fleet.run("killed").status == 0
    rows = fleet.rows("killed")
    assert not twice(rows)
    assert rows == fleet.rows("alone")


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(HubOptions(60, quota=60, window=1.0), id="Retry-After"),
        pytest.param(HubOptions(60, quota=60, window=1.0, names_wait=False), id="no time"),
        pytest.param(HubOptions(60, faults=0.1), id="faults"),
    ],
)
def test_a_hub_that_limits_or_fails(fleet: Fleet, options: HubOptions) -> None:
    assert fleet.run("out").status == 0
    rows = fleet.rows("out")
    assert len(rows) == options.adapters
    assert not twice(rows)
    expected = {"error": 0, "invalid": 2, "valid": 57}
    assert Counter(row["status"] for row in rows) >= Counter(expected)
    counts = fleet.hub.counts()
    if options.quota:
        # `RateLimit` says in time that nothing is left; what is on its way then is too early.
        assert counts.get("limited", 0) <= 32
    else:
        assert counts["faults"] > 0


def test_a_hub_that_is_gone(fleet: Fleet) -> None:
    names = fleet.work / "ids.txt"
    names.write_text("".join(f"{name}\n" for name in EXPECTED))
    gone = fleet._replace(hub=fleet.hub._replace(port=9))
    assert gone.run("out", str(names)).status == 2
    assert (
        len(fleet.rows("out")) < ADAPTERS
    )  # no row says of an adapter what is the network's fault
    assert fleet.run("out", str(names)).status == 0
    assert [row["source"] for row in fleet.rows("out")] == EXPECTED
    recorded = gone.run("recorded", str(names), more=["--record-unreachable"])
    assert recorded.status == 0
    assert {row["status"] for row in fleet.rows("recorded")} == {"error"}
    assert len(fleet.rows("recorded")) == ADAPTERS


def test_a_hub_that_does_not_list(fleet: Fleet) -> None:
    gone = fleet._replace(hub=fleet.hub._replace(port=9))
    assert gone.run("out", QUERY).status == 2
    assert fleet.run("out", "hf://models?colour=red").status == 2
    assert fleet.run("out", QUERY).status == 0
