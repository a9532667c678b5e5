"""The file on the page of the configuration works, and the outputs are those of the commands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest

import loracfg
from tests.cli.running import ROOT, call, write_adapter, write_base

PAGE: Final = (ROOT / "docs/configuration.md").read_text("utf-8")
COMMIT: Final = "0123456789abcdef0123456789abcdef01234567"


def block(kind: str, text: str = PAGE) -> str:
    """Return the first block of code of a kind."""
    found = re.search(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the file of the page, and what it names."""
    (tmp_path / "loracfg.toml").write_text(block("toml"))
    for name in ("llama", "qwen"):
        write_base(tmp_path / "models" / name)
    named = f'config {{"base_model_name_or_path": "meta-llama/a", "revision": "{COMMIT}"}}'
    for name in ("qwen/a", "llama/draft-1", "b"):
        write_adapter(tmp_path / "adapters" / name, named)
    monkeypatch.chdir(tmp_path)
    outcome = call(
        "validate", "adapters/qwen/a", "--isolated", "--write-baseline", "loracfg-baseline.json"
    )
    assert outcome.status == 0
    return tmp_path


def test_the_file_works(project: Path) -> None:
    outcome = call("validate", "adapters/qwen/a", "adapters/llama/draft-1", "adapters/b")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.count("models/llama") == 2
    assert outcome.out.count("models/qwen") == 1
    write_adapter(project / "adapters" / "b", 'config {"r": 128}')
    outcome = call("validate", "adapters/b", "--format", "concise")
    assert outcome.status == 1
    assert {"LC913", "LC914", "LC911"} <= set(re.findall(r"LC\d+", outcome.out))


@pytest.mark.usefixtures("project")
def test_the_output_of_config_is_on_the_page() -> None:
    command = block("sh").split()[1:]
    assert block("text") == call(*command).out


def test_the_mistake_on_the_page(project: Path) -> None:
    (project / "loracfg.toml").write_text('strict = true\nbse = "x"\n')
    said = call("validate", "adapters/b").err
    assert f"```text\n{said}```" in PAGE


def test_the_words_about_a_baseline(project: Path) -> None:
    write_adapter(project / "adapters" / "b", 'config {"r": 8}')
    outcome = call("validate", "adapters/b", "--isolated", "--write-baseline", "new.json")
    shown = PAGE.split("## Baselines")[1]
    for line in block("text", shown).splitlines():
        assert line.strip() in ("…", "") or f"{line}\n" in outcome.out


@pytest.mark.usefixtures("project")
def test_the_library_does_as_the_page_says() -> None:
    names: dict[str, Any] = {"loracfg": loracfg}
    exec(block("python"), names)  # noqa: S102  # what the page has
    settings = names["settings"]
    report = settings.validate(["adapters/qwen/a", "adapters/b"])
    assert [adapter.base.config for adapter in report.adapters] == ["models/qwen", "models/llama"]
    assert settings.options_for().base == "models/llama"
    assert loracfg.read_settings().options_for() == settings.options_for()


def test_the_library_reads_no_file_by_itself(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LORACFG_BASE", "models/llama")
    (adapter,) = loracfg.validate("adapters/b").adapters
    assert adapter.base is None
    (project / "loracfg.toml").write_text("strict = true\n")
    assert loracfg.read_settings().options_for().base is None
    (project / "loracfg.toml").unlink()
    assert loracfg.read_settings().file is None


def test_every_option_of_a_flag_can_be_unset() -> None:
    unset = set(re.findall(r"`(--no-\w+)`", PAGE))
    text = call("validate", "--help").out
    assert unset == set(re.findall(r"--no-\w+", text))
