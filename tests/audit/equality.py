"""Rows of an audit against the reports of `validate`, over made adapters and their defects.

    python -m tests.audit.equality [--sample]

prints every difference: in folders, on a web server, on a Hub, and in archives.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from loracfg.audit.audit import AuditRequest, audit
from loracfg.config.history.releases import specifier
from loracfg.engine.options import Options
from loracfg.sources.address import Address
from tests.audit.fleet import rows_of
from tests.hub_server import Repo, serving
from tests.made.recipes import CASES
from tests.sources.equality import SAMPLE, Served, adapters
from tests.sources.validating import validate_elsewhere
from tests.web_server import serving_web

_TOGETHER: Final = 800
"""The adapters that are compared together."""
ROOT: Final = Path(__file__).resolve().parents[2]
Report = dict[str, Any]


class Named(NamedTuple):
    """An adapter somewhere, and its base."""

    source: str
    base: Path


class Compared(NamedTuple):
    """The adapters that were compared in a place, and the differences."""

    place: str
    adapters: int
    differences: list[str]


def differences(row: Mapping[str, Any], report: Report) -> list[str]:
    """Return where a row and a report differ."""
    base, scaling, written = report["base"], report["scaling"], report["written_by"]
    expected = {
        "source": report["path"],
        "status": report["status"],
        "method": report["method"],
        "errors": sum(one["severity"] == "error" for one in report["diagnostics"]),
        "hidden": report["hidden"]["errors"]
        + report["hidden"]["warnings"]
        + report["hidden"]["infos"],
        "base_class": base and base["class"],
        "base_source": base and base["source"],
        "scale_min": scaling and scaling["min"],
        "scale_max": scaling and scaling["max"],
        "written_by": written and written["peft"],
        "applied": report["coverage"]["applied"],
        "not_checked": report["not_checked"],
        "codes": _by_code(report),
    }
    found = [
        f"{row['source']}: {name} is {row[name]!r}, not {value!r}"
        for name, value in expected.items()
        if row[name] != value
    ]
    if (row["tensors"] or 0) != report["coverage"]["tensors"]:
        found.append(f"{row['source']}: {row['tensors']} tensors")
    if (row["reason"] is None) != (report["status"] != "error"):
        found.append(f"{row['source']}: the reason is {row['reason']!r}")
    loads = report["loads_in"]
    own = specifier(row["loads_in"]) if row["loads_in"] else None
    if own != (None if loads is None or loads["peft"] == "none" else loads["peft"]):
        found.append(f"{row['source']}: loads in {own}, not {loads}")
    return found


def _by_code(report: Report) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in report["diagnostics"]:
        new = {
            "code": one["code"],
            "severity": one["severity"],
            "findings": 0,
            "count": 0,
            "message": one["message"],
        }
        entry = found.setdefault(one["code"], new)
        entry["findings"] += 1
        entry["count"] += one["count"]
    return list(found.values())


def audited(named: Sequence[Named], output: Path, env: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rows of an audit of a list, each adapter on its base, in the order of sources."""
    listed = output.with_suffix(".json")
    listed.write_text(json.dumps([(one.source, str(one.base)) for one in named]))
    command = [sys.executable, "-m", "tests.audit.equality", "--audit", str(listed), str(output)]
    subprocess.run(command, check=True, env=dict(env), cwd=ROOT, timeout=3600)
    return rows_of(output)


def audit_listed(listed: Path, output: Path) -> None:
    """Audit what a file lists, each adapter on its own base, in this process."""
    bases = dict(json.loads(listed.read_text()))
    names = listed.with_suffix(".txt")
    names.write_text("".join(f"{name}\n" for name in bases))

    def options_for(address: Address | None) -> Options:
        return Options(base=bases.get(str(address)))

    result = audit(AuditRequest((str(names),), output, options_for))
    assert result.is_finished, result.error


def compared(named: Sequence[Named], output: Path, env: Mapping[str, str]) -> list[str]:
    """Return the differences between an audit and `validate`."""
    rows = audited(named, output, env)
    reports = validate_elsewhere([(one.source, {"base": str(one.base)}) for one in named], env)
    by_source = {row["source"]: row for row in rows}
    if len(by_source) != len(rows) or len(rows) != len(named):
        return [f"{len(rows)} rows of {len(named)} adapters"]
    return [line for report in reports for line in differences(by_source[report["path"]], report)]


def everywhere(served: Sequence[Served], work: Path) -> Iterator[Compared]:
    """Yield what differs for adapters in folders, archives, on a web server and on a Hub."""
    with (
        serving_web() as web,
        serving({f"org/{_id(one)}": Repo(one.files) for one in served}) as hub,
    ):
        env = {**os.environ, **hub.surroundings(work / "hf" / "hub")}
        env["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
        for one in served:
            _write(work / "folders" / one.name, one.files)
        names = {
            "folders": [str(work / "folders" / one.name) for one in served],
            "web": [web.add_folder(one.name, one.files) for one in served],
            "hub": [f"hf://org/{_id(one)}" for one in served],
            "archives": [str(_archived(work / "zip", one)) for one in served],
        }
        for place, those in names.items():
            named = [Named(name, one.base) for name, one in zip(those, served, strict=True)]
            yield Compared(place, len(named), compared(named, work / f"audit-{place}", env))


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _archived(folder: Path, one: Served) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{one.name}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in one.files.items():
            archive.writestr(name, data)
    return path


def _id(one: Served) -> str:
    return one.name.replace("--", ".")


def main() -> None:
    """Compare all adapters, and print the differences."""
    parser = argparse.ArgumentParser(prog="python -m tests.audit.equality", description=__doc__)
    parser.add_argument("--sample", action="store_true", help="only some adapters")
    parser.add_argument("--audit", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.audit:
        audit_listed(*given.audit)
        return
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        made = adapters(SAMPLE if given.sample else CASES, Path(folder))
        while served := list(islice(made, _TOGETHER)):
            with tempfile.TemporaryDirectory() as work:
                for one in everywhere(served, Path(work)):
                    count += len(one.differences)
                    sys.stdout.writelines(f"{one.place}: {line}\n" for line in one.differences)
                    words = f"{one.place}: {one.adapters} adapters, {count} differences so far\n"
                    sys.stdout.write(words)
                    sys.stdout.flush()


if __name__ == "__main__":
    main()
