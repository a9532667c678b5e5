"""Folders made of the lines of an example show what its page does."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from loracfg.rules.registry import all_rules
from loracfg.rules.rule import Rule
from loracfg.testing.building.examples import examples
from tests.cli.running import call
from tests.tiny import OnlyInMemoryError, main, make


def codes(command: list[str]) -> list[str]:
    answer = json.loads(call(*command[1:], "--format", "json").out)
    (report,) = answer.get("adapters", [answer])
    return [one["code"] for one in report["diagnostics"]]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_folders_show_the_examples_of_a_page(rule: Rule, tmp_path: Path) -> None:
    for number, example in enumerate(examples(rule.page)):
        try:
            command = make(tmp_path / str(number), example.lines)
        except OnlyInMemoryError:
            continue
        assert (rule.code in codes(command)) == example.fires, example.lines


def test_arguments_may_have_several_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(tmp_path), '    config {"r": 8}\n\n    peft 0.12.0\n', "for vllm==0.33"])
    command = shlex.split(capsys.readouterr().out)
    assert command[2:] == [
        *(str(tmp_path / "adapter"), "--base", str(tmp_path / "base")),
        *("--peft", "0.12.0", "--for", "vllm==0.33"),
    ]
    assert "LC503" in codes(command)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "python -m tests.tiny DIR"),
        (["new", "confg {}"], "an example has no line `confg {}`"),
        (["new", 'base {"packed": "fp8"}'], "files cannot show `base "),
        (["new", "locked adapter_config.json"], "files cannot show `locked adapter_config.json`"),
        (["used"], "used already has an adapter or a base; name a new folder"),
    ],
)
def test_what_cannot_be_made_is_said(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("used", "adapter").mkdir(parents=True)
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert said in str(ended.value)
    assert not Path("new").exists()
