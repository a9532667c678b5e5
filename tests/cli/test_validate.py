"""`loracfg validate`: its output and its exit status."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from loracfg.report.formats import FORMATS
from tests.cli.running import call, hashes, run, write_adapter

WRONG_RANK = 'config {"r": 8}'
LOOSE_VALUE = 'config {"fan_in_fan_out": null}'


def one_sentence(text: str) -> bool:
    """Tell whether a text is one line that names the program, and no traceback."""
    return text.startswith("loracfg: ") and text.count("\n") == 1 and text.endswith("\n")


def found_codes(out: str) -> list[str]:
    """Return the codes in a JSON report."""
    adapters: list[dict[str, Any]] = json.loads(out)["adapters"]
    return [d["code"] for adapter in adapters for d in adapter["diagnostics"]]


def test_valid(adapter: Path, base: Path) -> None:
    outcome = run("validate", adapter, "--base", base)
    assert (outcome.status, outcome.err) == (0, "")
    assert "8 of 8 tensors apply to LlamaForCausalLM" in outcome.out


def test_undetermined_passes_unless_strict(adapter: Path) -> None:
    lax, strict = call("validate", adapter), call("validate", adapter, "--strict")
    assert (lax.status, strict.status) == (0, 1)
    assert lax.out == strict.out
    assert "not checked: tensors against the base" in lax.out


def test_strict_passes_what_is_valid(adapter: Path, base: Path) -> None:
    assert call("validate", adapter, "--base", base, "--strict").status == 0


def test_errors(tmp_path: Path, base: Path) -> None:
    outcome = run("validate", write_adapter(tmp_path / "a", WRONG_RANK), "--base", base)
    assert (outcome.status, outcome.err) == (1, "")
    assert outcome.out.startswith("error[LC503]")


@pytest.mark.parametrize(("level", "status"), [("error", 0), ("warning", 1)])
def test_warnings_fail_if_asked(tmp_path: Path, base: Path, level: str, status: int) -> None:
    adapter = write_adapter(tmp_path / "a", LOOSE_VALUE)
    outcome = call("validate", adapter, "--base", base, "--fail-on", level)
    assert outcome.status == status
    assert outcome.out.startswith("warning[LC104]")


@pytest.mark.parametrize(
    "arguments",
    [
        ("validate", "--nonsense", "."),
        ("validate", ".", "-j", "-1"),
        ("validate", ".", "-j", "two"),
        ("validate", ".", "-j", "1000"),
        ("validate", ".", "-j", "1" * 5000),
        ("validate", ".", "--format", "yaml"),
        ("validate", ".", "--fail-on", "info"),
        ("validate", ".", "--base"),
        ("explain",),
        ("rules", "--format", "sarif"),
        ("nonsense",),
        ("--nonsense",),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    outcome = call(*arguments)
    assert outcome.status == 2
    assert outcome.out == ""
    assert "Error: " in outcome.err


def test_the_limit_of_processes_is_said() -> None:
    said = call("validate", ".", "-j", "1000").err
    assert said.endswith("'--jobs' / '-j': at most 999 processes can be started\n")


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize("codes", ["LC999", "XY", "LC503,nonsense", "rank"])
def test_unknown_rule(adapter: Path, option: str, codes: str) -> None:
    outcome = call("validate", adapter, option, codes)
    assert (outcome.status, outcome.out) == (2, "")
    assert one_sentence(outcome.err)
    assert f"`{codes.rpartition(',')[2]}`" in outcome.err


def test_missing_path(tmp_path: Path) -> None:
    outcome = run("validate", tmp_path / "absent")
    assert (outcome.status, outcome.err) == (2, "")
    assert f"`{tmp_path / 'absent'}` does not exist" in outcome.out


def test_one_missing_path_among_others(adapter: Path, base: Path, tmp_path: Path) -> None:
    outcome = call("validate", adapter, tmp_path / "absent", "--base", base)
    assert outcome.status == 2
    assert "1 adapter" not in outcome.out
    assert "1 valid" in outcome.out


@pytest.mark.parametrize("name", ["absent", "adapter", "adapter/adapter_config.json", "x/y"])
def test_unusable_base(adapter: Path, tmp_path: Path, name: str) -> None:
    outcome = call("validate", adapter, "--base", tmp_path / name)
    assert outcome.status == 2
    assert "error[LC005]" in outcome.out


def test_base_of_broken_json(adapter: Path, base: Path) -> None:
    (base / "config.json").write_text('{"model_type": "llama",')
    (base / "model.safetensors").unlink()
    outcome = call("validate", adapter, "--base", base)
    assert outcome.status == 2
    assert "error[LC005]" in outcome.out
    assert str(base / "config.json") in outcome.out


def test_base_of_broken_json_with_a_checkpoint(adapter: Path, base: Path) -> None:
    (base / "config.json").write_text('{"model_type": "llama",')
    outcome = call("validate", adapter, "--base", base)
    assert outcome.status == 0
    assert "warning[LC006]" in outcome.out
    assert "1 undetermined" in outcome.out


def test_several_adapters(tmp_path: Path, adapter: Path, base: Path) -> None:
    other = write_adapter(tmp_path / "other", WRONG_RANK)
    outcome = call("validate", adapter, other, "--base", base, "--format", "json")
    assert outcome.status == 1
    report = json.loads(outcome.out)
    assert [a["path"] for a in report["adapters"]] == [str(adapter), str(other)]
    assert [a["status"] for a in report["adapters"]] == ["valid", "invalid"]


def test_folder_and_its_files_are_one_adapter(adapter: Path) -> None:
    files = [adapter / "adapter_config.json", adapter / "adapter_model.safetensors"]
    outcome = call("validate", *files, adapter, f"{adapter}/", "--format", "json")
    assert [a["path"] for a in json.loads(outcome.out)["adapters"]] == [str(adapter)]


def test_relative_paths(adapter: Path, base: Path) -> None:
    for path in (".", "adapter_config.json"):
        outcome = run("validate", path, "--base", "../base", cwd=adapter)
        assert (outcome.status, outcome.err) == (0, "")


def test_paths_that_begin_with_a_dash(tmp_path: Path, base: Path) -> None:
    write_adapter(tmp_path / "-x")
    outcome = run("validate", "--base", base, "--", "-x", cwd=tmp_path)
    assert (outcome.status, outcome.err) == (0, "")
    assert run("validate", "-x", cwd=tmp_path).status == 2


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ((), ["LC104", "LC503"]),
        (("--select", "LC5"), ["LC503"]),
        (("--select", "LC5", "--ignore", "LC503"), []),
        (("--ignore", "LC503"), ["LC104"]),
        (("--ignore", "rank-mismatch"), ["LC104"]),
        (("--select", "lc104,LC4"), ["LC104"]),
        (("--select", "LC1", "--select", "LC5"), ["LC104", "LC503"]),
        (("--select", " LC1 , ,LC5"), ["LC104", "LC503"]),
        (("--ignore", "LC"), []),
    ],
)
def test_choice_of_rules(
    tmp_path: Path, base: Path, arguments: tuple[str, ...], codes: list[str]
) -> None:
    adapter = write_adapter(tmp_path / "a", WRONG_RANK, LOOSE_VALUE)
    outcome = call("validate", adapter, "--base", base, "--format", "json", *arguments)
    assert found_codes(outcome.out) == codes
    assert outcome.status == ("LC503" in codes)


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("lines", [(), (WRONG_RANK, LOOSE_VALUE)], ids=["valid", "invalid"])
def test_every_format_parses(
    tmp_path: Path, base: Path, format_name: str, lines: tuple[str, ...]
) -> None:
    adapter = write_adapter(tmp_path / "a", *lines)
    outcome = call("validate", adapter, "--base", base, "--format", format_name)
    assert (outcome.status, outcome.err) == (bool(lines), "")
    assert outcome.out.endswith("\n") or not outcome.out
    assert ("LC503" in outcome.out) == bool(lines)
    media_type = FORMATS[format_name].media_type
    if media_type.endswith("json"):
        json.loads(outcome.out)
    elif media_type.endswith("xml"):
        ElementTree.fromstring(outcome.out)  # noqa: S314  # our own output
    elif format_name == "github":
        for line in outcome.out.splitlines():
            assert re.match(r"::(error|warning|notice|group|endgroup)", line)
    elif format_name == "concise":
        for line in outcome.out.splitlines()[: 2 * bool(lines)]:
            assert re.match(r".+: (error|warning|info)?\[?LC\d{3}", line) or "LC" in line


@pytest.mark.parametrize("format_name", FORMATS)
def test_output_goes_to_a_file(adapter: Path, base: Path, tmp_path: Path, format_name: str) -> None:
    arguments = ("validate", adapter, "--base", base, "--format", format_name)
    target = tmp_path / "report"
    outcome = call(*arguments, "--output", target)
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    assert target.read_text() == call(*arguments).out


def test_status_is_the_same_with_an_output_file(tmp_path: Path, base: Path) -> None:
    adapter = write_adapter(tmp_path / "a", WRONG_RANK)
    outcome = call("validate", adapter, "--base", base, "--output", tmp_path / "report")
    assert outcome.status == 1
    assert "LC503" in (tmp_path / "report").read_text()


@pytest.mark.parametrize("name", ["absent/report", "adapter", "", "n" * 300])
def test_output_that_cannot_be_written(adapter: Path, tmp_path: Path, name: str) -> None:
    outcome = run("validate", adapter, "--output", f"{tmp_path}/{name}")
    assert (outcome.status, outcome.out) == (2, "")
    assert one_sentence(outcome.err)
    assert "cannot write" in outcome.err


@pytest.mark.parametrize("name", ["adapter_config.json", "adapter_model.safetensors"])
def test_no_report_replaces_what_it_is_about(adapter: Path, name: str) -> None:
    before = hashes(adapter)
    outcome = call("validate", adapter, "--output", adapter / name)
    assert (outcome.status, outcome.out) == (2, "")
    assert "names a file of an adapter; write the report to a different file" in outcome.err
    assert hashes(adapter) == before


def test_nothing_is_written_if_the_rule_is_unknown(adapter: Path, tmp_path: Path) -> None:
    target = tmp_path / "report"
    assert call("validate", adapter, "--select", "nonsense", "--output", target).status == 2
    assert not target.exists()


def terminal_output(*arguments: str | Path, env: dict[str, str]) -> str:
    """Return what a run writes to a terminal."""
    pty = pytest.importorskip("pty", reason="there are no terminals to open here")
    leader, follower = pty.openpty()
    try:
        run(*arguments, env=env, stdout=follower)
        os.set_blocking(leader, False)
        return os.read(leader, 1_000_000).decode()
    finally:
        os.close(leader)
        os.close(follower)


@pytest.mark.slow
def test_colour_on_a_terminal_only(tmp_path: Path, base: Path) -> None:
    arguments = ("validate", write_adapter(tmp_path / "a", WRONG_RANK), "--base", base)
    assert "\x1b[" in terminal_output(*arguments, env={"TERM": "xterm", "NO_COLOR": ""})
    assert "\x1b" not in terminal_output(*arguments, env={"TERM": "xterm", "NO_COLOR": "1"})
    assert "\x1b" not in run(*arguments, env={"TERM": "xterm"}).out
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE"):
        assert "\x1b" not in run(*arguments, "--format", "json", env={name: "1"}).out


@pytest.mark.slow
def test_colour_can_be_forced_and_forbidden(tmp_path: Path, base: Path) -> None:
    arguments = ("validate", write_adapter(tmp_path / "a", WRONG_RANK), "--base", base)
    forced = {"FORCE_COLOR": "1", "NO_COLOR": ""}
    assert "\x1b[1;31merror" in run(*arguments, env=forced).out
    assert "\x1b[" in run(*arguments, "-j", "2", tmp_path / "absent", env=forced).out
    assert "\x1b" not in run(*arguments, env=forced | {"NO_COLOR": "1"}).out
    assert "\x1b" not in run(*arguments, env=forced | {"FORCE_COLOR": ""}).out
    run(*arguments, "--output", tmp_path / "report", env=forced)
    assert "\x1b" not in (tmp_path / "report").read_text()


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8"])
def test_output_does_not_depend_on_the_locale(tmp_path: Path, base: Path, locale: str) -> None:
    adapter = write_adapter(tmp_path / "a", 'config {"rang-größe": 1}')
    env = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii:strict"}
    outcome = run("validate", adapter, "--base", base, env=env)
    assert (outcome.status, outcome.err) == (0, "")
    assert "`rang-größe`" in outcome.out


def test_nothing_is_asked_and_nothing_is_read_from_standard_input(adapter: Path) -> None:
    outcome = run("validate", adapter, stdin=None)
    assert (outcome.status, outcome.err) == (0, "")


def test_what_decides_about_loading_and_is_not_checked_fails_with_strict(
    tmp_path: Path, base: Path
) -> None:
    adapter = write_adapter(tmp_path / "adapter", 'config {"megatron_config": {"hidden_size": 16}}')
    outcome = call("validate", adapter, "--base", base)
    assert outcome.status == 0
    assert f"{adapter}: undetermined\n" in outcome.out
    assert "not checked: `megatron_config` (PEFT imports `megatron.core` for it" in outcome.out
    assert call("validate", adapter, "--base", base, "--strict").status == 1


def test_a_tokenizer_that_cannot_be_read_leaves_an_adapter_valid(
    tmp_path: Path, base: Path
) -> None:
    adapter = write_adapter(tmp_path / "adapter", "file tokenizer.json {")
    outcome = call("validate", adapter, "--base", base, "--strict")
    assert outcome.status == 0
    assert f"{adapter}: valid\n" in outcome.out
    assert "not checked: the tokens of the tokenizer" in outcome.out
