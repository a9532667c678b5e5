"""Packages with rules, installed for a test, and the command line that finds them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tests.cli.running import ROOT

IMPORTS: Final = "from loracfg.rules import Finding, Location, Related, Rule\n"
ENTRY: Final = "acme = acme_rules:RULES"


def install(folder: Path, source: str, entries: Iterable[str] = (ENTRY,)) -> Path:
    """Install a package of one module, `acme_rules`, in a folder, as pip does."""
    metadata = folder / "acme_rules-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("\n".join(["[loracfg.rules]", *entries, ""]))
    (folder / "acme_rules.py").write_text(f'"""What Acme looks for."""\n\n{IMPORTS}\n{source}\n')
    return folder


def with_rule(check: str, arguments: str = "") -> str:
    """Return the source of a package whose rule ACME001 has a check with this body."""
    body = "\n".join(f"    {line}" for line in check.splitlines())
    rule = f'Rule("ACME001", "of-acme", "error", check, __name__, {arguments})'
    return f"def check(subject):\n{body}\n\n\nRULES = [{rule}]"


def environment(installed: Path) -> dict[str, str]:
    """Return this environment, with the packages of a folder."""
    paths = os.pathsep.join([str(installed), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": paths}


def run(installed: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line with the packages of a folder."""
    return subprocess.run(
        [sys.executable, "-m", "loracfg", *map(str, arguments)],
        cwd=ROOT,
        env=environment(installed),
        capture_output=True,
        text=True,
        check=False,
    )
