"""`hf loracfg`: the extension in docs/hf-loracfg, started by the real `hf`."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.running import ROOT

EXTENSION = ROOT / "docs/hf-loracfg"
EXAMPLES = "docs/examples"
HF = Path(sys.executable).with_name("hf")

extensions = pytest.importorskip(
    "huggingface_hub.cli.extensions", reason="this huggingface_hub has no extensions"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the extension where `hf` looks for it, as it would from GitHub."""
    home = tmp_path_factory.mktemp("home")
    folder = home / ".local/share/hf/extensions/hf-loracfg"
    source = tmp_path_factory.mktemp("source")
    for path in EXTENSION.iterdir():
        (source / path.name).write_bytes(path.read_bytes())
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-deps", "--no-build-isolation", "--target", str(folder / "venv"), str(source)]
    subprocess.run([*command, *offline], check=True, capture_output=True)
    extensions.ExtensionManifest(
        owner="loracfg",
        repo="hf-loracfg",
        repo_id="loracfg/hf-loracfg",
        short_name="loracfg",
        executable_path=str(folder / "venv/bin/hf-loracfg"),
        type="python",
        installed_at=datetime.now(UTC),
        description="Validate LoRA adapters against their base model",
    ).save(folder)
    return home


def hf(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    quiet = {"HOME": str(home), "HF_HUB_DISABLE_UPDATE_CHECK": "1", "HF_HUB_OFFLINE": "1"}
    return subprocess.run(
        [str(HF), *arguments],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT)])} | quiet,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_it_validates(home: Path) -> None:
    result = hf(home, "loracfg", "validate", f"{EXAMPLES}/adapter", "--base", f"{EXAMPLES}/base")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("docs/examples/adapter: valid\n")


@pytest.mark.slow
def test_it_hands_on_the_exit_status(home: Path) -> None:
    assert hf(home, "loracfg", "validate", f"{EXAMPLES}/edited-adapter").returncode == 1
    missing = hf(home, "loracfg", "validate", "nowhere")
    assert missing.returncode == 2
    assert "LC001" in missing.stdout


@pytest.mark.slow
def test_its_usage_is_what_the_user_types(home: Path) -> None:
    result = hf(home, "loracfg", "validate", "--nonsense")
    assert result.returncode == 2
    assert result.stderr.startswith("Usage: hf loracfg validate ")


def test_hf_lists_it(home: Path) -> None:
    result = hf(home, "extensions", "list")
    assert "hf loracfg" in result.stdout
    assert "Validate LoRA adapters" in hf(home, "--help").stdout


@pytest.mark.slow
def test_several_processes(home: Path) -> None:
    result = hf(home, "loracfg", "validate", EXAMPLES, "-j", "2", "--format", "concise")
    assert result.stdout.splitlines()[-1].startswith("2 adapters: ")
