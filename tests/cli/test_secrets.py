"""No command shows the secrets in the URLs that it is given."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.running import call, write_adapter

URL = "http://user:PW@host.invalid/base?token=PW"
SHOWN = "http://host.invalid/base"


@pytest.fixture(autouse=True)
def adapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An adapter in the current folder, whose config names a base by a URL."""
    write_adapter(tmp_path / "one", f'config {{"base_model_name_or_path": "{URL}"}}')
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("format_name", ["text", "json"])
@pytest.mark.parametrize("where", ["option", "variable", "file"])
def test_config_shows_no_secret(
    where: str, format_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["--base", URL] if where == "option" else []
    if where == "variable":
        monkeypatch.setenv("LORACFG_BASE", URL)
    if where == "file":
        (tmp_path / "loracfg.toml").write_text(f'base = "{URL}"\n')
    outcome = call("config", *arguments, URL, "--format", format_name)
    assert outcome.status == 0
    assert "PW" not in outcome.out
    assert outcome.out.count(SHOWN) == 2
    if format_name == "json":
        (found,) = json.loads(outcome.out)["adapters"]
        assert (found["path"], found["settings"]["base"]["value"]) == (SHOWN, SHOWN)


@pytest.mark.parametrize(
    "arguments",
    [
        ("inspect", "one", URL),
        ("diff", "one", "one", URL),
        ("diff", "one", "one", "--format", "json"),
        ("inspect", "one", "--format", "json"),
        ("validate", "one"),
        ("validate", "one", "--format", "json"),
        ("validate", "one", "--peft", URL),
        ("validate", "one", "--baseline", f"./{URL}"),
        ("validate", "https:/user:PW@host/one", "--format", "json"),
        ("validate", "file://user:PW@host/one"),
        ("validate", "https:/user:PW@host/one", "--format", "sarif"),
        ("validate", "https:\\\\user:PW@host/one", "--format", "sarif"),
        ("base", "show", URL),
        ("base", "show", 'https://user:a"PW@host/one'),
        ("explain", "https://user:a PW@host/one"),
        (URL,),
    ],
)
def test_no_command_shows_a_secret(arguments: tuple[str, ...]) -> None:
    outcome = call(*arguments)
    assert "PW" not in outcome.out + outcome.err
    assert re.search("https?:|file:", outcome.out + outcome.err)


@pytest.mark.parametrize("line", [f'peft = "{URL}"', f'[policy]\nbases = ["{URL}"]'])
def test_no_mistake_in_the_file_shows_a_secret(line: str, tmp_path: Path) -> None:
    (tmp_path / "loracfg.toml").write_text(line)
    outcome = call("validate", "one")
    assert outcome.status == 2
    assert SHOWN in outcome.err
    assert "PW" not in outcome.err


@pytest.mark.parametrize("url", [URL, "s3://bucket/x", "https:/user:PW@host/x", f" {URL}"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("validate", "one", "--output"),
        ("validate", "one", "--config"),
        ("validate", "one", "--baseline"),
        ("validate", "one", "--write-baseline"),
        ("fix", "one", "--output"),
        ("migrate", "one", "--to", "0.12.0", "--output"),
        ("inspect", "one", "--output"),
        ("base", "trace", "one", "--output"),
        ("schema", "--output"),
    ],
)
def test_a_file_of_ours_is_no_url(arguments: tuple[str, ...], url: str, tmp_path: Path) -> None:
    outcome = call(*arguments, url)
    assert outcome.status == 2
    assert "must be a path on this machine, not a URL" in outcome.err
    assert "PW" not in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
