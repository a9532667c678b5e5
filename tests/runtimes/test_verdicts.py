"""Naming engines, versions and limits, and what is said of what nobody has tried."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loracfg import LoracfgError, Options, validate
from loracfg.adapter.read import read_adapter
from loracfg.plan.patterns import DEFAULT_SECONDS
from loracfg.rules.making import make
from loracfg.runtimes.features import FEATURES
from loracfg.runtimes.profile import find_runtime, is_in, names, profile_of
from loracfg.runtimes.verdict import Verdict, judge
from loracfg.testing.examples import build
from tests.cli.running import call, write_adapter, write_base
from tests.rules.judging import judged


def verdict(runtime: str, *lines: str) -> Verdict:
    adapter = read_adapter(build(lines)[0])
    settings = make(adapter, None, DEFAULT_SECONDS).settings
    return judge(adapter, settings, find_runtime(runtime))


@pytest.mark.parametrize("name", names())
def test_profiles_are_sound(name: str) -> None:
    profile = profile_of(name)
    for fact in profile.facts:
        assert fact.evidence
        assert bool(fact.message) == (fact.effect == "raises"), fact
        assert not fact.other_message or fact.message
        assert bool(fact.what) == (fact.effect == "differs"), fact
        assert fact.scale is None or fact.effect == "differs"
        for condition in fact.when:
            number, larger, limit = condition.partition(" > ")
            assert condition in FEATURES or (larger and limit in profile.limits), number
        is_in(profile.newest, fact.versions)


def test_versions_of_one_feature_do_not_overlap() -> None:
    for name in names():
        profile = profile_of(name)
        for version in ("0.12", "0.29.1", "0.30", "0.31", "0.31.2", "0.32", "0.33"):
            held = [fact.when for fact in profile.facts if is_in(version, fact.versions)]
            assert len(held) == len(set(held)), (name, version)


@pytest.mark.parametrize(
    ("version", "ranges", "expected"),
    [
        ("0.31.2", "<0.32", True),
        ("0.32.0", "<0.32", False),
        ("0.32", ">=0.32.0", True),
        ("0.9", ">=0.12", False),
        ("0.31.5", ">=0.31,<0.32", True),
        ("1", "", True),
    ],
)
def test_ranges(version: str, ranges: str, expected: bool) -> None:
    assert is_in(version, ranges) == expected


def test_ignored_rslora_tells_its_factor() -> None:
    made = 'made with {"use_rslora": true, "r": 64}'
    assert verdict("sglang", made).factors == pytest.approx((1 / 8, 1 / 8))
    (found,) = (d for d in judged(made, "for sglang").diagnostics if d.code == "LC802")
    assert "its scale is `0.125` times PEFT's" in found.message
    assert found.location.pointer == "/use_rslora"


def test_limits_can_be_given() -> None:
    made = 'made with {"r": 32}'
    assert verdict("vllm", made).answer == "raises"
    assert verdict("vllm==0.33,max_lora_rank=64", made).answer == "loads"
    (found,) = (d for d in judged(made, "for vllm==0.33").diagnostics if d.code == "LC801")
    assert "the largest rank is above the `16` of `max_lora_rank`" in found.message


def test_newer_and_older_versions_are_not_guessed() -> None:
    assert verdict("vllm==0.99").answer == "unknown"
    assert verdict("vllm==0.9").answer == "unknown"
    assert verdict("llama.cpp==2027").answer == "unknown"
    assert verdict("vllm==0.99", 'made with {"use_dora": true}').answer == "raises"


def test_ranks_that_decompositions_cap_are_not_other_ranks() -> None:
    made = 'made with {"r": 17, "init_lora_weights": "olora"}'
    assert [fact.when for fact in verdict("vllm==0.31", made).facts] == [
        ("largest_rank > max_lora_rank",),
        ("changed_base",),
    ]


def test_features_that_nobody_tried_are_not_guessed() -> None:
    found = verdict("vllm", 'made with {"kasa_config": {}}')
    assert found.answer == "unknown"
    assert found.unknown == ("kasa",)


@pytest.mark.parametrize("text", ["", "vlm", "vllm=0.33", "vllm==x", "vllm==0.33,other=1"])
def test_names_that_are_none(text: str) -> None:
    with pytest.raises(LoracfgError):
        find_runtime(text)


def test_command_line(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "a", 'made with {"use_rslora": true}')
    answers = json.loads(call("compat", adapter, "--format", "json").out)
    assert {one["runtime"]: one["answer"] for one in answers} == {
        "llama.cpp": "differs",
        "sglang": "differs",
        "vllm": "loads",
    }
    table = call("compat", adapter, "--for", "sglang").out
    assert table == (
        "SGLang 0.5.23  differs  leaves out `use_rslora`, so its scale is `0.5` times PEFT's\n"
    )
    base = write_base(tmp_path / "base")
    judged = call("validate", adapter, "--base", base, "--for", "sglang", "--format", "concise")
    assert judged.status == 1
    assert "LC802 error runtime-differs" in judged.out
    assert call("validate", adapter, "--base", base, "--for", "vllm").status == 0
    assert call("validate", adapter, "--for", "nothing").status == 2
    assert call("compat", tmp_path).status == 2


def test_library(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "a", 'made with {"use_dora": true}')
    (report,) = validate(adapter, Options(runtimes=("vllm==0.33",))).adapters
    assert "LC801" in [diagnostic.code for diagnostic in report.diagnostics]
