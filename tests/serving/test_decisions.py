"""What the plugin for vLLM does about names, without vLLM."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from loracfg.errors import LoracfgError
from loracfg.serving.vllm.decisions import Decision, Decisions
from loracfg.serving.vllm.engine_text import engine_text, stacked_text
from loracfg.serving.vllm.settings import PREFIX, read_gate_settings
from loracfg.testing.copies import Copy
from loracfg.testing.defects import DEFECTS
from tests.made.make import Made, make
from tests.made.recipes import recipe
from tests.serving.folders import BASE, SOUND, write_broken, write_sound

VERSION = "0.33.0"
EDITED = SOUND.with_name("edited-adapter")


def decisions(root: Path, base: Path = BASE, **variables: str) -> Decisions:
    named = {PREFIX + name: value for name, value in variables.items()}
    settings = read_gate_settings({PREFIX + "ROOTS": str(root), **named})
    return Decisions(settings, str(base), VERSION)


def refused(decision: Decision) -> str:
    """Return the reason for which an adapter is refused."""
    assert decision.verdict is not None
    assert decision.verdict.answer == "refused"
    assert not decision.loads
    return decision.verdict.reason


@pytest.mark.slow
def test_every_defect_is_refused_with_its_rule(tmp_path: Path) -> None:
    pytest.importorskip("peft", reason="some adapters are made by PEFT")
    (tmp_path / "roots").mkdir()
    found = write_broken(tmp_path / "roots", Copy.of(SOUND))
    bases = dict.fromkeys((one.name for one in found), BASE)
    left = {defect.name for defect in DEFECTS} - bases.keys()
    for option in ("rank-pattern", "tokens", "output-saved"):
        chosen = recipe("llama", option)
        assert chosen
        made = make("llama", chosen, tmp_path, option)
        assert isinstance(made, Made)
        more = write_broken(tmp_path / "roots", Copy.of(made.adapter), frozenset(left))
        found += more
        bases |= {one.name: made.base for one in more}
        left -= bases.keys()
    assert not left
    gates = {base: decisions(tmp_path / "roots", base, FOR="none") for base in set(bases.values())}
    wrong = {}
    for one in found:
        decision = gates[bases[one.name]].decide(one.name)
        refused(decision)
        if decision.verdict and decision.verdict.code != one.code:
            wrong[one.name] = (one.code, decision.verdict)
    assert not wrong
    assert len(found) == len(DEFECTS)


def test_a_sound_adapter_is_loaded_from_its_real_folder(tmp_path: Path) -> None:
    folder = write_sound(tmp_path / "team" / "sql-1")
    (tmp_path / "sql").symlink_to(folder)
    gate = decisions(tmp_path)
    for name in ("sql", "team/sql-1"):
        decision = gate.decide(name)
        assert decision.loads
        assert decision.path == folder


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "sound/",
        "./sound",
        "sound/.",
        "team//sound",
        "../outside",
        "sound/../../outside",
        "team",
        "missing",
        "link",
        ".hidden",
        "sound\x00",
        "sound\n",
        "a" * 5000,
        "hf://org/name",
        "https://example.org/adapter",
        "C:/sound",
        "sound\\",
        "\udcff",
    ],
)
def test_what_is_no_name_of_an_adapter_is_not_found(name: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    for folder in (root / "sound", root / "team" / "sound", root / ".hidden", tmp_path / "outside"):
        write_sound(folder)
    (root / "link").symlink_to(tmp_path / "outside")
    gate = decisions(root)
    assert gate.decide("sound").loads
    assert gate.decide(name) == Decision()
    assert gate.decide(str(root / "sound")) == Decision()


@pytest.mark.parametrize(
    "file", ["adapter_config.json", "adapter_model.safetensors", "adapter_model.bin"]
)
def test_a_file_that_leads_out_of_the_root_is_refused(file: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    write_sound(root / "sound")
    outside = tmp_path / file
    shutil.copy(SOUND / file if (SOUND / file).exists() else __file__, outside)
    (root / "sound" / file).unlink(missing_ok=True)
    (root / "sound" / file).symlink_to(outside)
    assert file in refused(decisions(root).decide("sound"))


def test_a_link_within_the_root_is_followed(tmp_path: Path) -> None:
    write_sound(tmp_path / "blobs")
    (tmp_path / "sound").mkdir()
    for file in SOUND.iterdir():
        (tmp_path / "sound" / file.name).symlink_to(tmp_path / "blobs" / file.name)
    assert decisions(tmp_path).decide("sound").loads


def test_an_adapter_that_changes_is_judged_again(tmp_path: Path) -> None:
    folder = write_sound(tmp_path / "sound")
    gate = decisions(tmp_path)
    for _ in range(3):
        assert gate.decide("sound").loads
    config = folder / "adapter_config.json"
    before, text = config.stat(), config.read_text()
    config.write_text(text.replace('"r": 4', '"r": 9'))  # as long as before, at the same time
    os.utime(config, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert config.stat().st_size == before.st_size
    assert "LC503" in refused(gate.decide("sound"))
    config.write_text(text)
    assert gate.decide("sound").loads


def test_a_copy_is_loaded_that_later_changes_do_not_reach(tmp_path: Path) -> None:
    folder = write_sound(tmp_path / "root" / "sound")
    (folder / "README.md").write_text("not read by vLLM")
    gate = decisions(tmp_path / "root", COPY="1", CACHE=str(tmp_path / "cache"))
    first = gate.decide("sound")
    assert first.path is not None
    assert first.path.parent == tmp_path / "cache"
    assert sorted(one.name for one in first.path.iterdir()) == [
        "adapter_config.json",
        "adapter_model.safetensors",
    ]
    assert gate.decide("sound").path == first.path
    assert [one.name for one in (tmp_path / "cache").iterdir()] == [first.path.name]
    weights = folder / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    second = gate.decide("sound")
    assert second.path not in (None, first.path)
    content = (first.path / "adapter_model.safetensors").read_bytes()
    assert content == (SOUND / "adapter_model.safetensors").read_bytes()


def test_what_is_refused_is_not_copied(tmp_path: Path) -> None:
    shutil.copytree(EDITED, tmp_path / "root" / "edited")
    gate = decisions(tmp_path / "root", COPY="1", CACHE=str(tmp_path / "cache"))
    refused(gate.decide("edited"))
    assert list((tmp_path / "cache").iterdir()) == []


def test_an_unusable_base_is_a_failure_of_the_gate(tmp_path: Path) -> None:
    write_sound(tmp_path / "sound")
    decision = decisions(tmp_path, tmp_path / "no-base").decide("sound")
    assert decision.verdict is not None
    assert decision.verdict.answer == "failed"
    assert not decision.loads
    chosen = decisions(tmp_path, tmp_path / "no-base", ON_FAILURE="load").decide("sound")
    assert chosen.loads
    assert chosen.path == tmp_path / "sound"


def test_failures_do_not_load_what_is_refused(tmp_path: Path) -> None:
    shutil.copytree(EDITED, tmp_path / "edited")
    assert "LC503" in refused(decisions(tmp_path, ON_FAILURE="load").decide("edited"))


def test_the_engine_refuses_what_it_would_serve_wrongly(tmp_path: Path) -> None:
    folder = write_sound(tmp_path / "sound")
    config = folder / "adapter_config.json"
    config.write_text(config.read_text().replace('"bias": "none"', '"bias": "all"'))
    assert "vLLM" in refused(decisions(tmp_path, FOR="vllm==0.33").decide("sound"))


def test_limits_are_only_judged_if_they_are_given(tmp_path: Path) -> None:
    pytest.importorskip("peft", reason="the adapter is made by PEFT")
    chosen = recipe("llama", "large-rank")
    assert chosen
    made = make("llama", chosen, tmp_path, "large-rank")
    assert isinstance(made, Made)
    root = made.adapter.parent
    assert decisions(root, made.base).decide("large-rank").loads
    limited = decisions(root, made.base, FOR="vllm==0.33,max_lora_rank=16")
    assert "max_lora_rank" in refused(limited.decide("large-rank"))


def test_stacked_experts_are_told(tmp_path: Path) -> None:
    pytest.importorskip("peft", reason="the adapters are made by PEFT")
    for option, is_stacked in (("stacked-experts", True), ("plain", False)):
        chosen = recipe("qwen3_moe", option)
        assert chosen
        made = make("qwen3_moe", chosen, tmp_path, option)
        assert isinstance(made, Made)
        decision = decisions(made.adapter.parent, made.base).decide(option)
        assert decision.verdict is not None
        assert decision.loads, decision.verdict
        assert decision.verdict.stacked_experts is is_stacked


def test_warnings_refuse_only_if_chosen(tmp_path: Path) -> None:
    folder = write_sound(tmp_path / "sound")
    config = folder / "adapter_config.json"
    config.write_text(config.read_text().replace("{", '{\n  "unknown_key": 1,', 1))
    decision = decisions(tmp_path).decide("sound")
    assert decision.loads
    assert decision.verdict is not None
    assert decision.verdict.warnings
    assert "unknown_key" in refused(decisions(tmp_path, FAIL_ON="warning").decide("sound"))


def test_what_cannot_be_checked_is_refused_if_strict(tmp_path: Path) -> None:
    write_sound(tmp_path / "sound")
    unknown = tmp_path / "base"
    unknown.mkdir()
    (unknown / "config.json").write_text('{"model_type": "not-known"}')
    assert decisions(tmp_path, unknown, FOR="none").decide("sound").loads
    strict = decisions(tmp_path, unknown, FOR="none", STRICT="1")
    assert "could not be checked" in refused(strict.decide("sound"))


def test_a_project_file_chooses_rules_and_policy(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write_sound(root / "sound")
    shutil.copytree(EDITED, root / "edited")
    settings = tmp_path / "loracfg.toml"
    settings.write_text("[policy]\nmax-rank = 1\n")
    assert "LC91" in refused(decisions(root, CONFIG=str(settings)).decide("sound"))
    settings.write_text('ignore = ["LC5"]\n')
    assert decisions(root, CONFIG=str(settings), FOR="none").decide("edited").loads


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"ROOTS": "/no/such/folder"}, "is not a folder"),
        ({"STORES": "s3://bucket/adapters"}, "CACHE"),
        ({"STORES": "adapters", "CACHE": "."}, "is not the URL of a folder"),
        ({"STORES": "https://u:secret@example.org/a?token=secret", "CACHE": "."}, "not the URL"),
        ({"COPY": "1"}, "CACHE"),
        ({"COPY": "perhaps"}, "perhaps"),
        ({"FAIL_ON": "info"}, "info"),
        ({"ON_FAILURE": "open"}, "open"),
        ({"CONFIG": "/no/such/file"}, "is not a file"),
        ({"FOR": "vllm==7000.0.0.0.0.0.0.0.0"}, "not a version"),
        ({"FOR": "vlm"}, "not a known runtime"),
    ],
)
def test_wrong_variables_are_named(
    variables: dict[str, str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    named = {PREFIX + "ROOTS": str(tmp_path)} | {
        PREFIX + name: value for name, value in variables.items()
    }
    with pytest.raises(LoracfgError) as raised:
        Decisions(read_gate_settings(named), str(BASE), VERSION)
    assert words in str(raised.value)
    assert "secret" not in str(raised.value)


def test_the_installed_vllm_has_its_largest_limits() -> None:
    text = engine_text("0.33.0+cpu")
    assert text is not None
    assert text.startswith("vllm==0.33.0,max_lora_rank=512,")
    assert engine_text("0.12.0") == "vllm==0.12.0,max_lora_rank=512"
    assert engine_text("0.99.0rc1") is not None
    assert engine_text("unknown") is None
    assert stacked_text("vllm==0.33") == "vllm==0.33,is_3d_lora_weight"
    assert stacked_text("vllm==0.33,is_3d_lora_weight") is None
    assert stacked_text("sglang") is None
