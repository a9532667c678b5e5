"""The hook, tried with the real pre-commit, which installs loracfg from this repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    if not (ROOT / ".git").exists():
        pytest.skip("pre-commit installs hooks from git, and this is no checkout")
    shutil.copytree(EXAMPLES / "adapter", tmp_path / "good")
    shutil.copytree(EXAMPLES / "edited-adapter", tmp_path / "edited")
    run("git", "init", "-q", cwd=tmp_path)
    run("git", "add", ".", cwd=tmp_path)
    return tmp_path


def try_hook(repository: Path, adapter: str) -> subprocess.CompletedProcess[str]:
    files = sorted(str(path.relative_to(repository)) for path in (repository / adapter).iterdir())
    result = run(
        *(sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "loracfg"),
        *("--files", *files),
        cwd=repository,
    )
    if "pip" in result.stdout and "No matching distribution" in result.stdout:
        pytest.skip("no package index is reachable, so pre-commit cannot install the hook")
    return result


def test_hook_passes_and_fails(repository: Path) -> None:
    assert "Passed" in try_hook(repository, "good").stdout
    failed = try_hook(repository, "edited")
    assert failed.returncode == 1
    assert failed.stdout.count("LC503") == 2  # the finding and the hint, once for both files
