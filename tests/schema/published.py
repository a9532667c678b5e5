"""Published files, with what PEFT 0.21.2 does with them and the releases that fit."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from typing import Any

from loracfg.config.history.releases import RELEASES
from tests.corpus import shared


@dataclass(frozen=True)
class PublishedFile:
    """A file, and the releases whose keys it has."""

    number: str
    document: dict[str, Any]
    loads: bool
    releases: tuple[str, ...]


def published() -> list[PublishedFile]:
    """Return the published files that are JSON objects, or skip the calling test."""
    outcomes = json.loads(shared("corpus/peft_load_0.21.2.json").read_text())
    with shared("corpus/index.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    found = []
    for row in rows:
        path = shared("corpus") / row["folder"] / f"{row['id']}.json"
        if path.is_file() and not outcomes[row["id"]]["result"].startswith("JSONDecodeError"):
            loads = outcomes[row["id"]]["result"].startswith("ok")
            releases = _releases(row["peft_window"])
            found.append(PublishedFile(row["id"], json.loads(path.read_bytes()), loads, releases))
    assert len(found) > 100
    return found


def _releases(window: str) -> tuple[str, ...]:
    """Read `v0.15.0..v0.15.2`; what has only some keys, or those of no release, has no window."""
    ends = re.match(r"v([0-9.]+)\.\.v([0-9.]+)", window)
    if ends is None:
        return ()
    first, last = map(RELEASES.index, ends.groups())
    return RELEASES[first : last + 1]
