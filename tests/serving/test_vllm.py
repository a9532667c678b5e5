"""The plugin inside vLLM: its real plugin loader, resolvers, routes and worker, on a CPU."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from loracfg.serving.local import READ_BY_VLLM
from loracfg.testing.copies import Copy
from loracfg.testing.defects import DEFECTS
from tests.made.make import Made, make
from tests.made.recipes import OPTIONS, recipe
from tests.serving.asking import LONG, ask
from tests.serving.folders import BASE, SOUND, Broken, write_broken, write_sound

SERVED: Final = 418
"""The status with which the tests' renderer answers for a model that vLLM serves."""
GATE: Final = "LORACFG_VLLM_"

in_long_profile = pytest.mark.skipif(not LONG, reason="vLLM starts again: `LORACFG_PROFILE=long`")


class Answers(NamedTuple):
    """What vLLM answered: status and message by name, metrics, and requests to its engine."""

    answers: dict[str, list[Any]]
    metrics: list[str]
    told: dict[str, list[Any]]
    log: str
    broken: list[Broken]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    root = tmp_path_factory.mktemp("served")
    roots = root / "roots"
    write_sound(roots / "sound")
    write_sound(roots / "team" / "sound")
    (root / "outside").mkdir()
    shutil.copy(SOUND / "adapter_model.safetensors", root / "outside" / "weights")
    leaking = write_sound(roots / "leaking")
    (leaking / "adapter_model.safetensors").unlink()
    (leaking / "adapter_model.safetensors").symlink_to(root / "outside" / "weights")
    broken = write_broken(roots / "bad", Copy.of(SOUND))
    broken = [one._replace(name=f"bad/{one.name}") for one in broken]
    names = ["base", "sound", "team/sound", "leaking", "missing", "../outside", "bad"]
    job = {"do": "serve", "base": str(BASE), "ask": [*names, *(one.name for one in broken)]}
    variables = {GATE + "ROOTS": str(roots), GATE + "FOR": "none"}
    (answer,), log = ask(root, variables, job)
    return Answers(**answer, log=log, broken=broken)


def test_every_defect_is_a_400_with_its_rule(served: Answers) -> None:
    assert len(served.broken) > len(DEFECTS) - 5
    wrong = {
        one.name: served.answers[one.name]
        for one in served.broken
        if served.answers[one.name][0] != 400
        or f"was refused: {one.code} " not in served.answers[one.name][1]
    }
    assert not wrong


def test_sound_adapters_reach_the_engine_alone(served: Answers) -> None:
    for name in ("base", "sound", "team/sound"):
        assert served.answers[name][0] == SERVED
    assert served.told.keys() == {"sound", "team/sound"}
    folder, number, is_3d = served.told["sound"]
    assert Path(folder).name == "sound"
    assert number > 0
    assert is_3d is False


def test_what_is_not_there_is_a_404(served: Answers) -> None:
    for name in ("missing", "../outside", "bad"):
        assert served.answers[name][0] == 404, name


def test_a_link_out_of_the_root_is_a_400(served: Answers) -> None:
    status, message = served.answers["leaking"]
    assert status == 400
    assert "link out of the root" in message


def test_answers_are_counted_and_logged(served: Answers) -> None:
    page = "\n".join(served.metrics)
    assert 'loracfg_gate_adapters_total{answer="passed",code=""} 2.0' in page
    assert 'loracfg_gate_adapters_total{answer="absent",code=""} 3.0' in page
    assert 'answer="refused",code="LC503"' in page
    assert "loracfg_gate_seconds_count" in page
    assert "LoRA adapter `leaking` is refused: " in served.log


@in_long_profile
def test_the_gate_agrees_with_the_worker(tmp_path: Path) -> None:
    """What the gate passes loads, for every option with which PEFT makes adapters for a Llama."""
    pytest.importorskip("peft", reason="the adapters are made by PEFT")
    names, base = [], None
    for option in OPTIONS:
        chosen = recipe("llama", option)
        made = make("llama", chosen, tmp_path, option) if chosen else None
        if isinstance(made, Made) and chosen and not chosen.head and not chosen.changes:
            names.append(option)
            base = made.base
    root = tmp_path / "adapters" / "llama"
    engine = {"max_lora_rank": 64}
    served_job = {"do": "serve", "base": str(base), "ask": names, "engine": engine}
    variables = {GATE + "ROOTS": str(root), GATE + "FOR": "vllm==0.33,max_lora_rank=64"}
    (answer,), _ = ask(tmp_path, variables, served_job)
    answers = answer["answers"]
    unexpected = {
        name: found
        for name, found in answers.items()
        if found[0] != SERVED and "was refused: LC80" not in found[1]
    }
    assert unexpected == {}
    assert sum(found[0] == SERVED for found in answers.values()) >= 20
    assert "LC801" in answers["dora"][1]


@pytest.mark.parametrize("wrong", ["folder", pytest.param("engine", marks=in_long_profile)])
def test_a_wrong_setting_does_not_stop_vllm(wrong: str, tmp_path: Path) -> None:
    (tmp_path / "roots").mkdir()
    write_sound(tmp_path / "roots" / "sound")
    named = {GATE + "ROOTS": str(tmp_path / "roots")}
    named |= {GATE + "ROOTS": "/no/such"} if wrong == "folder" else {GATE + "FOR": "vlm"}
    jobs = ({"do": "facts"}, {"do": "resolve", "base": str(BASE), "ask": ["sound"]})
    (facts, answers), log = ask(tmp_path, named, *jobs)
    assert facts["resolvers"] == ["loracfg"]
    assert answers["sound"] == ["failed", "the gate for LoRA adapters is not set up"]
    assert "loracfg refuses all LoRA adapters: " in log


@in_long_profile
def test_a_wrong_setting_leaves_vllm_alone_if_chosen(tmp_path: Path) -> None:
    named = {GATE + "ROOTS": "/no/such", GATE + "ON_FAILURE": "load"}
    (facts,), log = ask(tmp_path, named, {"do": "facts"})
    assert facts["resolvers"] == []
    assert "loracfg does not judge LoRA adapters: " in log


def test_without_variables_the_plugin_does_nothing(tmp_path: Path) -> None:
    (facts,), log = ask(tmp_path, {}, {"do": "facts"})
    assert facts["resolvers"] == []
    assert "loracfg" not in log
    assert "is_3d_lora_weight" in facts["fields"]
    assert sorted(facts["opened"]) == sorted(READ_BY_VLLM)


@in_long_profile
def test_a_failure_of_the_gate_is_a_500_or_loads_if_chosen(tmp_path: Path) -> None:
    write_sound(tmp_path / "roots" / "sound")
    named = {GATE + "ROOTS": str(tmp_path / "roots"), GATE + "BASE": str(tmp_path / "no-base")}
    job = {"do": "serve", "base": str(BASE), "ask": ["sound"]}
    (answer,), _ = ask(tmp_path / "closed", named, job)
    assert answer["answers"]["sound"][0] == 500
    assert "no-base" not in answer["answers"]["sound"][1]
    (answer,), log = ask(tmp_path / "open", {**named, GATE + "ON_FAILURE": "load"}, job)
    assert answer["answers"]["sound"][0] == SERVED
    assert "is loaded unjudged" in log


@in_long_profile
def test_no_other_resolver_loads_what_is_refused(tmp_path: Path) -> None:
    """vLLM's own resolver comes after ours here; it would load the adapter."""
    shutil.copytree(SOUND.with_name("edited-adapter"), tmp_path / "roots" / "edited")
    named = {
        GATE + "ROOTS": str(tmp_path / "roots"),
        "VLLM_LORA_RESOLVER_CACHE_DIR": str(tmp_path / "roots"),
    }
    job = {"do": "serve", "base": str(BASE), "ask": ["edited"]}
    (facts, answer), log = ask(tmp_path, named, {"do": "facts"}, job)
    assert facts["resolvers"] == ["Filesystem Resolver", "loracfg"]
    assert answer["answers"]["edited"][0] == 400
    assert "Other LoRA resolvers (Filesystem Resolver) may load adapters" in log


@in_long_profile
def test_stacked_experts_load_since_vllm_is_told(tmp_path: Path) -> None:
    pytest.importorskip("peft", reason="the adapters are made by PEFT")
    base = tmp_path
    for option in ("stacked-experts", "plain"):
        chosen = recipe("qwen3_moe", option)
        assert chosen
        made = make("qwen3_moe", chosen, tmp_path, option)
        assert isinstance(made, Made)
        base = made.base
    engine = {"enable_mixed_moe_lora_format": True}
    job = {"do": "serve", "base": str(base), "engine": engine}
    named = {GATE + "ROOTS": str(tmp_path / "adapters" / "qwen3_moe")}
    (answer,), _ = ask(tmp_path, named, {**job, "ask": ["stacked-experts", "plain"]})
    assert {name: found[0] for name, found in answer["answers"].items()} == {
        "stacked-experts": SERVED,
        "plain": SERVED,
    }
    assert answer["told"]["stacked-experts"][2] is True
    assert answer["told"]["plain"][2] is False
