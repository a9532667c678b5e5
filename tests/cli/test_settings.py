"""The project's file, variables and options, in runs of the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import call, run, write_adapter, write_base


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two adapters, one with a wrong rank, and a base; the current one."""
    write_base(tmp_path / "models" / "base")
    write_adapter(tmp_path / "adapters" / "good")
    write_adapter(tmp_path / "adapters" / "bad", 'config {"r": 8}')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(folder: Path, text: str, name: str = "loracfg.toml") -> None:
    (folder / name).write_text(text)


def report(*arguments: str | Path) -> dict[str, Any]:
    outcome = call("validate", *arguments, "--format", "json")
    assert outcome.err == ""
    found: dict[str, Any] = json.loads(outcome.out)
    return found


def codes(*arguments: str) -> list[str]:
    return [d["code"] for one in report(*arguments)["adapters"] for d in one["diagnostics"]]


def test_the_file_chooses_base_and_rules(project: Path) -> None:
    assert call("validate", "adapters/bad").status == 1
    settings(project, 'base = "models/base"\nignore = ["LC503"]\n')
    outcome = call("validate", "adapters/bad")
    assert (outcome.status, outcome.err) == (0, "")
    assert "hidden by `select` or `ignore`: 1 error" in outcome.out
    (found,) = report("adapters/bad")["adapters"]
    assert found["base"]["config"] == "models/base"


def test_paths_are_relative_to_the_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(project, 'base = "models/base"\n[paths]\n"adapters/bad" = { ignore = ["LC503"] }\n')
    monkeypatch.chdir(project / "adapters")
    outcome = call("validate", "bad", "good")
    assert (outcome.status, outcome.err) == (0, "")
    assert "base: LlamaForCausalLM" in outcome.out
    assert "../models/base" in outcome.out
    monkeypatch.chdir(project.parent)
    outcome = call("validate", "--config", project / "loracfg.toml", project / "adapters" / "bad")
    assert outcome.status == 0
    assert "1 invalid (1 hidden)" in outcome.out


def test_pyproject_is_read(project: Path) -> None:
    settings(project, '[tool.loracfg]\nignore = ["LC503"]\n', "pyproject.toml")
    assert call("validate", "adapters/bad").status == 0
    settings(project, "", "loracfg.toml")
    assert call("validate", "adapters/bad").status == 1


def test_tables_of_paths(project: Path) -> None:
    """The last pattern that matches wins; what they ignore adds up."""
    settings(
        project,
        """
        ignore = ["LC7"]
        [paths]
        "adapters/*" = { base = "models/none", ignore = ["LC503"] }
        "bad" = { base = "models/base", ignore = ["LC4"] }
        """,
    )
    bad, good = report("adapters/bad", "adapters/good/adapter_config.json")["adapters"]
    assert (bad["base"]["config"], bad["diagnostics"]) == ("models/base", [])
    assert [one["code"] for one in good["diagnostics"]] == ["LC005"]
    assert call("validate", "adapters/good").status == 2


def test_findings_about_a_base_say_where_the_file_names_it(project: Path) -> None:
    settings(project, 'strict = true\n[paths]\n"good" = { base = "models/none" }\n')
    (found,) = report("adapters/good")["adapters"][0]["diagnostics"]
    named = {"file": str(project / "loracfg.toml"), "line": 3, "column": 19}
    assert found["code"] == "LC005"
    assert found["location"] | named == found["location"]
    assert (
        "file=loracfg.toml,line=3,col=19" in call("validate", "adapters", "--format", "github").out
    )
    assert "loracfg.toml" not in call("validate", "adapters", "--base", "models/none").out
    config = project / "models" / "base" / "config.json"
    config.write_text("{")
    settings(project, 'base = "models/base"\n')
    (found,) = report("adapters/good")["adapters"][0]["diagnostics"]
    assert found["location"]["file"] == str(config)
    (related,) = found["related"]
    assert related["message"] == "the base is named here"
    named = {"file": str(project / "loracfg.toml"), "line": 1, "column": 8}
    assert related["location"] | named == related["location"]


def test_a_table_with_select_replaces_that_of_all(project: Path) -> None:
    settings(project, 'select = ["LC7"]\n[paths]\n"bad" = { select = ["LC5"] }\n')
    assert codes("adapters/bad") == ["LC503"]
    settings(project, 'select = ["LC7"]\n')
    assert codes("adapters/bad") == []


def test_precedence(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line comes before variables, those before the file, that before defaults."""
    assert codes("adapters/bad") == ["LC503"]
    settings(project, 'select = ["LC7"]\n[paths]\n"bad" = { select = ["LC4"] }\n')
    assert codes("adapters/bad") == []
    monkeypatch.setenv("LORACFG_SELECT", "LC4, LC5")
    assert codes("adapters/bad") == ["LC503"]
    assert codes("adapters/bad", "--select", "LC7") == []
    monkeypatch.setenv("LORACFG_SELECT", "")
    assert codes("adapters/bad") == []


def test_flags_can_be_unset(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(project, "strict = true\n")
    assert call("validate", "adapters/good").status == 1
    assert call("validate", "adapters/good", "--no-strict").status == 0
    monkeypatch.setenv("LORACFG_STRICT", "no")
    assert call("validate", "adapters/good").status == 0
    assert call("validate", "adapters/good", "--strict").status == 1


def test_what_fails(project: Path) -> None:
    write_adapter(project / "loose", 'config {"fan_in_fan_out": null}')
    assert call("validate", "loose").status == 0
    settings(project, 'fail-on = "warning"\n')
    assert call("validate", "loose").status == 1
    assert call("validate", "loose", "--fail-on", "error").status == 0


@pytest.mark.parametrize("option", ["--base", "--class", "--peft", "--baseline"])
def test_an_empty_value_is_a_mistake(project: Path, option: str) -> None:
    outcome = call("validate", project / "adapters" / "good", option, "")
    assert outcome.status == 2
    assert outcome.err == f"loracfg: `{option}` has an empty value; leave it out, or pass one\n"


def test_an_empty_path_is_not_the_current_folder(project: Path) -> None:
    outcome = call("validate", "", "adapters/good", "--format", "concise")
    assert outcome.status == 2
    assert outcome.out.startswith('"": LC001 error no-such-path: an empty text names no adapter\n')
    assert call("inspect", "").status == 2


def test_isolated_and_config(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(project, 'ignore = ["LC503"]\n')
    settings(project, 'ignore = ["LC7"]\n', "other.toml")
    assert call("validate", "adapters/bad").status == 0
    assert call("validate", "adapters/bad", "--isolated").status == 1
    assert call("validate", "adapters/bad", "--config", "other.toml").status == 1
    monkeypatch.setenv("LORACFG_ISOLATED", "1")
    assert call("validate", "adapters/bad").status == 1
    assert call("validate", "adapters/bad", "--config", "loracfg.toml").status == 0
    monkeypatch.setenv("LORACFG_ISOLATED", "0")
    monkeypatch.setenv("LORACFG_CONFIG", "other.toml")
    assert call("validate", "adapters/bad").status == 1
    outcome = call("validate", "adapters/bad", "--config", "other.toml", "--isolated")
    assert (outcome.status, outcome.err) == (
        2,
        "loracfg: `--config` and `--isolated` cannot be combined; remove one of them\n",
    )
    outcome = call("validate", "adapters/bad", "--config", "none.toml")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("loracfg: cannot read `none.toml`: No such file")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("STRICT", "ja", "`LORACFG_STRICT` is `ja`; set it to `1` or `0`"),
        ("ISOLATED", "2", "`LORACFG_ISOLATED` is `2`; set it to `1` or `0`"),
        (
            "FAIL_ON",
            "warn",
            "`LORACFG_FAIL_ON` is `warn`, not `error` or `warning`; correct or unset it",
        ),
        (
            "IGNORE",
            "LC7,LC999",
            "`LORACFG_IGNORE`: there is no rule `LC999`; `loracfg rules` lists all rules",
        ),
        ("IGNORE", "!", "`LORACFG_IGNORE` is `!`, not a rule; correct or unset it"),
        ("EXCLUDE", "/a", "`LORACFG_EXCLUDE` is `/a`, not a pattern of paths; correct or unset it"),
    ],
)
def test_wrong_variables(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"LORACFG_{name}", value)
    outcome = call("validate", project / "adapters" / "good")
    assert (outcome.status, outcome.out, outcome.err) == (2, "", f"loracfg: {said}\n")


def test_engines_in_a_variable_are_separated_by_spaces(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LORACFG_FOR", "vllm==0.33,max_lora_rank=1 sglang")
    assert "LC801" in codes("adapters/good")


def test_a_variable_that_resembles_one_is_a_warning(project: Path) -> None:
    outcome = run(
        "validate",
        project / "adapters" / "good",
        cwd=project,
        env={"LORACFG_BSE": "x", "LORACFG_TOKEN": "secret", "LORACFG_MAX_FILES": "9"},
    )
    assert outcome.status == 0
    assert outcome.err == "loracfg: `LORACFG_BSE` has no effect; did you mean `LORACFG_BASE`?\n"


def test_mistakes_in_the_file_are_usage_errors(project: Path) -> None:
    settings(project, 'ignore = ["LC503"]\nbse = "x"\n')
    outcome = run("validate", "adapters/good", cwd=project)
    assert (outcome.status, outcome.out, outcome.err) == (
        2,
        "",
        "loracfg: loracfg.toml:2:1: unknown key `bse`; write `base`\n",
    )


def test_the_traces_use_the_choices_too(project: Path) -> None:
    settings(project, 'ignore = ["LC503"]\n')
    outcome = call("validate", "adapters/bad", "--trace", "LC503")
    assert "trace of LC503 rank-mismatch in adapters/bad: 1 finding (hidden" in outcome.out


def test_a_base_in_the_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids stay ids, unless there is such a folder beside the file; `~` is the home."""
    monkeypatch.setenv("HOME", str(project))

    def said(base: str) -> str:
        settings(project, f'base = "{base}"\n')
        return call("validate", "adapters/good").out

    for base in ("./models/base", "models/base", "~/models/base", f"{project}/models/base"):
        assert "8 of 8 tensors apply" in said(base)
    assert "`org/name`" in said("org/name")
    assert "models/none" in said("./models/none")
