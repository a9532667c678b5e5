"""The generated pages are those that the code gives."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def generate(docs: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(docs / "generate.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=DOCS.parent,
        env={"PYTHONPATH": str(DOCS.parent)},
    )


def test_pages_are_up_to_date() -> None:
    result = generate(DOCS, "--check")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_stale_pages_are_named_and_repaired(tmp_path: Path) -> None:
    docs = Path(shutil.copytree(DOCS, tmp_path / "docs"))
    (docs / "rules" / "LC002.md").write_text("old", encoding="utf-8")
    (docs / "rules" / "LC000.md").write_text("of no rule", encoding="utf-8")
    (docs / "config.md").unlink()
    result = generate(docs, "--check")
    named = [line.split()[0] for line in result.stdout.splitlines()]
    assert result.returncode == 1
    assert named == ["docs/config.md", "docs/rules/LC000.md", "docs/rules/LC002.md"]
    assert generate(docs).returncode == 0
    assert generate(docs, "--check").returncode == 0
