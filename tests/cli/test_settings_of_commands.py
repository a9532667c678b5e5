"""The other commands that take a base use the project's file too, and `config` shows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from loracfg.cli import choices
from loracfg.settings.keys import KEYS
from tests.cli.running import call, run, write_adapter, write_base


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a base, two adapters and a file that names the base for one of them."""
    write_base(tmp_path / "models" / "base")
    write_adapter(tmp_path / "one")
    write_adapter(tmp_path / "two", 'config {"r": 8}')
    text = 'ignore = ["LC7"]\n[paths]\n"one" = { base = "models/base", ignore = ["LC4", "LC7"] }\n'
    (tmp_path / "loracfg.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_key_is_an_option_of_validate() -> None:
    assert list(choices.KEYS.values()) == [name for name, key in KEYS.items() if key.has_option]
    assert [name for name in choices.KEYS.values() if KEYS[name].kind.type == "boolean"] == sorted(
        choices._FLAGS, key=list(KEYS).index
    )


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("command", ["inspect", "compat", "fix"])
def test_the_base_of_the_file_is_used(command: str) -> None:
    def out(*arguments: str) -> str:
        return call(command, "one", *arguments).out

    given = call(command, "one", "--isolated", "--base", "models/base").out
    assert out() == given
    assert out("--isolated") != given or command == "compat"
    assert call(command, "one", "--base", "models/none").out != given


def test_compat_uses_the_base_of_the_file(project: Path) -> None:
    (project / "loracfg.toml").write_text('base = "./none"\n')
    outcome = call("compat", "one")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("loracfg: cannot use the base `none`")
    (project / "loracfg.toml").write_text('for = ["sglang"]\n')
    assert len(call("compat", "one").out.splitlines()) > 10


@pytest.mark.usefixtures("project")
def test_diff_uses_the_base_of_each(project: Path) -> None:
    found = json.loads(call("diff", "one", "two", "--format", "json").out)
    text = json.dumps(found)
    assert "LlamaForCausalLM" in text
    same = call("diff", "one", "two", "--isolated", "--base", "models/base", "--format", "json")
    assert json.loads(same.out) != found


def test_fix_repairs_what_the_file_selects(project: Path) -> None:
    assert "1 unsafe repair skipped" in call("fix", "two").out
    (project / "loracfg.toml").write_text('ignore = ["LC503"]\n')
    assert "skipped" not in call("fix", "two").out


@pytest.mark.usefixtures("project")
def test_config_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LORACFG_PEFT", "0.17")
    outcome = call("config", "one", "two", "--strict", "--no-data")
    assert (outcome.status, outcome.err) == (0, "")
    one, two = outcome.out.split("\n\n")[1:]
    assert outcome.out.startswith("file: loracfg.toml\n\none:\n")
    assert [line.split(maxsplit=2) for line in two.splitlines()[1:]] == [
        ["select", "-", "default"],
        ["ignore", "LC7", "loracfg.toml:1:10"],
        ["base", "-", "default"],
        ["class", "-", "default"],
        ["peft", "0.17", "LORACFG_PEFT"],
        ["for", "-", "default"],
        ["online", "false", "default"],
        ["data", "false", "--no-data"],
        ["preview", "false", "default"],
        ["fail-on", "error", "default"],
        ["strict", "true", "--strict"],
        ["exclude", "-", "default"],
        ["baseline", "-", "default"],
    ]
    lines = [" ".join(line.split()) for line in one.splitlines()]
    assert 'ignore LC7, LC4 loracfg.toml:1:10, loracfg.toml:3:42 for "one"' in lines
    assert 'base models/base loracfg.toml:3:18 for "one"' in lines


def test_config_gives_each_origin_its_pattern(project: Path) -> None:
    (project / "loracfg.toml").write_text(
        '[paths]\n"adapters" = { ignore = ["LC7"] }\n"b" = { ignore = ["LC4"] }\n'
    )
    line = next(line for line in call("config", "adapters/b").out.splitlines() if "ignore" in line)
    assert line.endswith('loracfg.toml:2:25 for "adapters", loracfg.toml:3:18 for "b"')


@pytest.mark.usefixtures("project")
def test_config_without_paths() -> None:
    assert "\n\nadapters that no pattern in `[paths]` matches:\n" in call("config").out
    outcome = run("config", "--isolated")
    assert outcome.out.startswith("file: none\n\nall adapters:\n")
    assert "toml:" not in outcome.out


def test_config_as_json(project: Path) -> None:
    data: dict[str, Any] = json.loads(call("config", "one", "--format", "json").out)
    assert data["file"] == str(project / "loracfg.toml")
    (adapter,) = data["adapters"]
    assert adapter["path"] == "one"
    assert list(adapter["settings"]) == list(KEYS)
    assert adapter["settings"]["base"] == {
        "value": "models/base",
        "from": [
            {"kind": "file", "name": "loracfg.toml", "line": 3, "column": 18, "pattern": "one"}
        ],
    }
    assert adapter["settings"]["select"] == {
        "value": [],
        "from": [{"kind": "default", "name": None, "line": None, "column": None, "pattern": None}],
    }


def test_config_says_what_is_wrong(project: Path) -> None:
    (project / "loracfg.toml").write_text("x = 1\n")
    outcome = call("config")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("loracfg: loracfg.toml:1:1: unknown key `x`")


def test_migrate_goes_online_as_the_file_and_the_variable_say(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An id is looked up on the Hub, where nothing answers."""
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")

    def said(*arguments: str) -> str:
        outcome = call("migrate", "org/name", "--to", "0.12.0", *arguments)
        assert outcome.status == 2
        return outcome.err

    offline = said()
    assert "does not exist" in offline
    (project / "loracfg.toml").write_text("online = true\n")
    online = said()
    assert online != offline
    assert said("--no-online") == said("--isolated") == offline
    (project / "other.toml").write_text("")
    assert said("--config", "other.toml") == offline
    monkeypatch.setenv("LORACFG_ONLINE", "1")
    assert said("--isolated") == online
