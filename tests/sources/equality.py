"""Adapters made by PEFT and their defects: what is said of them here, on the web and on the Hub.

    python -m tests.sources.equality [--sample]

prints how many requests and bytes an adapter takes, and every difference from its folder.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.testing.copies import Copy
from loracfg.testing.defects import DEFECTS
from tests.hub_server import Hub, Repo, serving
from tests.made.make import Made, make
from tests.made.recipes import BROKEN_IN_PEFT, CASES, recipe
from tests.sources.validating import Job, validate_elsewhere
from tests.web_server import WebServer, serving_web

SPOILT: Final = ("two-kinds", "rank-pattern", "tokens", "output-saved")
"""Options whose adapters are given every defect that they can have."""
SAMPLE: Final = [("llama", "two-kinds"), ("gpt2", "tokens"), ("t5", "plain")]
OTHER_FILES: Final = "other files of the folder"


class Served(NamedTuple):
    """An adapter: its name, its files, and the folder of its base."""

    name: str
    files: Mapping[str, bytes]
    base: Path


class Cost(NamedTuple):
    """The requests and bytes that an adapter took."""

    name: str
    requests: int
    received: int


class Outcome(NamedTuple):
    """What was said of adapters, in the order in which they were given."""

    reports: list[dict[str, Any]]
    costs: list[Cost]


def adapters(cases: Iterable[tuple[str, str]], root: Path) -> Iterator[Served]:
    """Make adapters with PEFT, and some of them again with each defect."""
    for model_type, option in cases:
        chosen = recipe(model_type, option)
        made = make(model_type, chosen, root, option) if chosen else None
        if not isinstance(made, Made):
            continue
        name = f"{model_type}--{option}".replace("_", "-")
        files = {path.name: path.read_bytes() for path in sorted(made.adapter.iterdir())}
        yield Served(name, files, made.base)
        if option in SPOILT and (model_type, option) not in BROKEN_IN_PEFT:
            copy = Copy.of(made.adapter)
            for defect in DEFECTS:
                spoilt = Copy(dict(copy.config), dict(copy.tensors))
                if defect.apply(spoilt):
                    yield Served(f"{name}--{defect.name}", spoilt.written().contents, made.base)


def here(served: Sequence[Served], root: Path) -> list[dict[str, Any]]:
    """Return the reports on adapters in folders of this machine."""
    reports = []
    for one in served:
        folder = root / "served" / one.name
        folder.mkdir(parents=True)
        for name, data in one.files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(data)
        (report,) = validate(folder, _options(one)).adapters
        reports.append(report.to_dict())
    return reports


def on_the_web(served: Sequence[Served]) -> Outcome:
    """Return the reports on adapters that a web server has."""
    reports, costs = [], []
    with serving_web() as server:
        for one in served:
            url = server.add_folder(one.name, one.files)
            (report,) = validate(url, _options(one)).adapters
            reports.append(report.to_dict())
            costs.append(_cost(one.name, server))
            server.files.clear()
    return Outcome(reports, costs)


def _cost(name: str, server: WebServer) -> Cost:
    asked = list(server.asked)
    server.asked.clear()
    return Cost(name, len(asked), sum(one.sent for one in asked))


def on_the_hub(served: Sequence[Served], cache: Path) -> Outcome:
    """Return the reports on adapters that a Hub has, read through the real client."""
    jobs: list[Job] = [(f"hf://org/{_id(one)}", {"base": str(one.base)}) for one in served]
    with serving({f"org/{_id(one)}": Repo(one.files) for one in served}) as hub:
        reports = validate_elsewhere(jobs, hub.surroundings(cache))
        return Outcome(reports, [_hub_cost(one, hub) for one in served])


def _hub_cost(one: Served, hub: Hub) -> Cost:
    own = f"/org/{_id(one)}/"
    asked = [at for at, (_, path, _) in enumerate(hub.requests) if path.startswith(own)]
    return Cost(one.name, len(asked), sum(hub.sent[at] for at in asked))


def _id(one: Served) -> str:
    return one.name.replace("--", ".")


def _options(one: Served) -> Options:
    return Options(base=str(one.base))


def differences(
    served: Sequence[Served], local: Sequence[dict[str, Any]], remote: Sequence[dict[str, Any]]
) -> list[str]:
    """Return what is said differently of adapters on another machine."""
    found = []
    for one, mine, theirs in zip(served, local, remote, strict=True):
        gaps = [gap for gap in theirs["not_checked"] if gap["what"] != OTHER_FILES]
        assert len(gaps) == len(theirs["not_checked"]) - 1
        found += [
            f"{one.name}: {key} is {theirs[key]}, not {mine[key]}"
            for key in ("status", "base", "coverage", "written_by", "loads_in", "scaling")
            if mine[key] != theirs[key]
        ]
        if gaps != mine["not_checked"]:
            found.append(f"{one.name}: not checked: {gaps}, not {mine['not_checked']}")
        said = [_of_own_files(report, one) for report in (mine, theirs)]
        if said[0] != said[1]:
            found.append(f"{one.name}: {said[1]}, not {said[0]}")
    return found


def _of_own_files(report: dict[str, Any], one: Served) -> list[dict[str, Any]]:
    """Return the findings, but those about files that a server does not list."""
    others = {name for name in one.files if not name.startswith("adapter_")}
    return [d for d in report["diagnostics"] if d["location"].get("file") not in others]


def figures(costs: Sequence[Cost]) -> str:
    """Return in words how many requests and bytes adapters took."""
    by_count = sorted(Counter(cost.requests for cost in costs).items())
    counts = ", ".join(f"{number} with {count} requests" for count, number in by_count)
    received = sorted(cost.received for cost in costs)
    middle, most = received[len(received) // 2], max(costs, key=lambda cost: cost.received)
    return (
        f"{len(costs)} adapters: {counts}; {middle:,} bytes in the middle, "
        f"{most.received:,} at most ({most.name})"
    )


def main() -> None:
    """Compare all adapters, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", action="store_true", help="only some adapters")
    cases = SAMPLE if parser.parse_args().sample else CASES
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        served = list(adapters(cases, root))
        local = here(served, root)
        outcomes = {"web": on_the_web(served), "hub": on_the_hub(served, root / "hf" / "hub")}
        for name, outcome in outcomes.items():
            found = differences(served, local, outcome.reports)
            sys.stdout.write(f"{name}: {figures(outcome.costs)}; {len(found)} differ\n")
            sys.stdout.writelines(f"  {line}\n" for line in found[:20])


if __name__ == "__main__":
    main()
