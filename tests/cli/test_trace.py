"""`validate --trace`: which rule explains a tensor, and why a rule found nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from loracfg.analysis.subject import Subject
from loracfg.rules.registry import all_rules
from loracfg.rules.rule import Finding
from tests.cli.running import call, write_adapter

LAYER = "base_model.model.model.layers.0.self_attn"
Q_PROJ = f"{LAYER}.q_proj.lora_A.weight"
WRONG_RANK = 'config {"r": 8}'


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    return write_adapter(tmp_path / "broken", WRONG_RANK)


def traced(adapter: Path, asked: str, *arguments: str | Path) -> str:
    outcome = call("validate", adapter, "--trace", asked, *arguments)
    (line,) = (line for line in outcome.out.splitlines() if line.startswith("trace of "))
    return line


def test_a_rule_that_fires(broken: Path, base: Path) -> None:
    line = traced(broken, "LC503", "--base", base)
    assert line.startswith(f"trace of LC503 rank-mismatch in {broken}: 1 finding: ")
    assert traced(broken, "rank-mismatch", "--base", base) == line


def test_a_rule_that_is_filtered(broken: Path, base: Path) -> None:
    line = traced(broken, "LC503", "--base", base, "--ignore", "LC5")
    assert "1 finding (hidden by `select` or `ignore`): " in line


def test_a_rule_without_a_fault_of_its_kind(adapter: Path, base: Path) -> None:
    line = traced(adapter, "LC414", "--base", base)
    what = "adapters with a fault of the kind `header-invalid`"
    assert line.endswith(f": did not run: it looks at {what}")


def test_a_rule_that_needs_a_base(adapter: Path) -> None:
    line = traced(adapter, "LC690")
    assert line.endswith(": did not run: the tensors were not compared with a base")


def test_a_rule_whose_tensors_are_explained(broken: Path, base: Path) -> None:
    line = traced(broken, "LC692", "--base", base)
    assert "found nothing: LC503 rank-mismatch explains 8 tensors, such as `" in line


def test_a_rule_whose_tensors_several_rules_explain(tmp_path: Path, base: Path) -> None:
    lines = r"drop layers\.1\.", r"drop layers\.0\.self_attn\.q_proj\.lora_B"
    gone = write_adapter(tmp_path / "gone", *lines)
    line = traced(gone, "LC690", "--base", base)
    factor = Q_PROJ.replace("_A", "_B")
    assert f"found nothing: LC507 orphan-factor explains `{factor}`; LC617 " in line


def test_a_rule_that_finds_nothing(tmp_path: Path, base: Path) -> None:
    gone = write_adapter(tmp_path / "gone", r"drop layers\.1\.self_attn\.v_proj\.lora_B")
    sentence = traced(gone, "LC692", "--base", base)
    assert sentence.partition(": ")[2].startswith("ran and found nothing (tensors: 1 missing, 0 ")


def test_a_rule_that_does_not_compare_tensors(adapter: Path, base: Path) -> None:
    assert traced(adapter, "LC624", "--base", base).endswith(": ran and found nothing")


def test_a_rule_that_crashes(adapter: Path, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_: Subject) -> Iterator[Finding]:
        raise RuntimeError("a defect, on purpose")

    rules = [r._replace(check=crash) if r.code == "LC690" else r for r in all_rules()]
    monkeypatch.setattr("loracfg.engine.case.rules_to_run", lambda *, preview: tuple(rules))
    assert ": crashed: the rule LC690 crashed in `" in traced(adapter, "LC690", "--base", base)


def test_a_tensor_that_a_rule_explains(broken: Path, base: Path) -> None:
    line = traced(broken, Q_PROJ, "--base", base)
    assert line.startswith(f"trace of `{Q_PROJ}` in {broken}: in the file with shape ")
    assert "; LC503 rank-mismatch explains it: " in line


def test_a_sound_tensor(adapter: Path, base: Path) -> None:
    line = traced(adapter, Q_PROJ, "--base", base)
    assert line.endswith(": in the file with shape `[4, 16]`, as expected; no rule explains it")


def test_a_tensor_without_a_base(adapter: Path) -> None:
    assert "not compared with a base; no rule explains it" in traced(adapter, Q_PROJ)


def test_a_tensor_that_is_not_expected(tmp_path: Path, base: Path) -> None:
    more = write_adapter(tmp_path / "more", 'config {"target_modules": ["v_proj"]}')
    line = traced(more, Q_PROJ, "--base", base)
    assert "in the file with shape `[4, 16]`, not expected; " in line


def test_a_tensor_that_is_missing(tmp_path: Path, base: Path) -> None:
    name = "base_model.model.model.layers.1.self_attn.v_proj.lora_B.weight"
    gone = write_adapter(tmp_path / "gone", r"drop layers\.1\.self_attn\.v_proj\.lora_B")
    line = traced(gone, name, "--base", base)
    assert "not in the file, expected with shape " in line
    assert " explains it: " in line


def test_a_tensor_with_a_different_name(adapter: Path, base: Path) -> None:
    line = traced(adapter, Q_PROJ.replace("q_proj", "q_prj"), "--base", base)
    assert line.endswith(f": neither in the file nor expected in it; the file has `{Q_PROJ}`")


def test_an_unknown_rule(adapter: Path) -> None:
    outcome = call("validate", adapter, "--trace", "LC999")
    assert (outcome.status, outcome.out) == (2, "")
    assert "there is no rule `LC999`" in outcome.err


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert "absent` does not exist" in traced(tmp_path / "absent", "LC503")


def test_an_empty_folder(tmp_path: Path) -> None:
    empty = write_adapter(tmp_path / "empty", "config none", "weights none")
    assert "1 finding: the folder is empty" in traced(empty, "LC002")
    line = traced(empty, "LC003")
    assert line.endswith(": did not run, since the folder has no adapter")


def test_a_report_that_a_program_reads_stays_whole(broken: Path, base: Path) -> None:
    outcome = call("validate", broken, "--base", base, "--trace", "LC503", "--format", "json")
    assert json.loads(outcome.out)["summary"]["errors"] == 1
    assert outcome.err.startswith("trace of LC503")


def test_the_service_does_not_trace(adapter: Path) -> None:
    outcome = call("validate", adapter, "--trace", "LC503", "--server", "http://localhost:1")
    assert outcome.status == 2
    assert "`--trace`" in outcome.err
