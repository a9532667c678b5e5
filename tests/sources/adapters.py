"""Adapters as files in memory and as archives of them."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from typing import Any

from loracfg.testing.building.examples import build
from tests.cli.running import Outcome

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
PICKLE = "adapter_model.bin"


def adapter(*lines: str) -> dict[str, bytes]:
    """Return the files of the adapter of these lines (see `loracfg.testing.building.examples`)."""
    return dict(build(lines)[0].contents)


def packed(files: Mapping[str, bytes], kind: str) -> bytes:
    """Return an archive of files: `zip`, `tar` or `tar.gz`."""
    stream = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return stream.getvalue()
    with tarfile.open(fileobj=stream, mode="w:gz" if kind == "tar.gz" else "w") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return stream.getvalue()


def reports(outcome: Outcome) -> list[dict[str, Any]]:
    """Return the reports that a run printed as JSON."""
    found: list[dict[str, Any]] = json.loads(outcome.out)["adapters"]
    return found


def codes(report: Mapping[str, Any]) -> list[str]:
    """Return the codes of the findings of a report."""
    return [diagnostic["code"] for diagnostic in report["diagnostics"]]
