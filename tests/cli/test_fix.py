"""`loracfg fix`: what it prints and writes, and what it does not change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loracfg.adapter.directory import read_adapter
from loracfg.adapter.files import Folder
from tests.cli.running import call, hashes, write_adapter

COMPILED = r"rename ^base_model\.model\. -> base_model.model._orig_mod."


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    return write_adapter(tmp_path / "broken", COMPILED, "file README.md Some words")


def test_nothing_is_written_unless_told_to(broken: Path, base: Path) -> None:
    before = hashes(broken)
    outcome = call("fix", broken, "--base", base)
    assert outcome.status == 0
    assert outcome.out.splitlines() == [
        f"{broken}: 1 repair",
        "  LC500 wrapper-in-names: remove `_orig_mod` from the names of 8 tensors",
        "    safe: only names change, and they refer to the same modules",
        "nothing written; pass `--output` to write the repaired adapter",
        "1 adapter: 1 valid",
    ]
    assert hashes(broken) == before
    assert [path.name for path in broken.parent.iterdir() if path.name != "base"] == ["broken"]


def test_a_new_folder_is_written(broken: Path, base: Path, tmp_path: Path) -> None:
    before = hashes(broken)
    outcome = call("fix", broken, "--base", base, "--output", tmp_path / "fixed")
    assert outcome.status == 0
    assert outcome.err == f"wrote `{tmp_path / 'fixed'}`\n"
    assert hashes(broken) == before
    assert (tmp_path / "fixed/README.md").read_text() == "Some words"
    config = "adapter_config.json"
    assert (tmp_path / "fixed" / config).read_bytes() == (broken / config).read_bytes()
    assert call("validate", tmp_path / "fixed", "--base", base).status == 0


@pytest.mark.parametrize("output", ["there", "broken/inside"])
def test_nothing_is_overwritten(broken: Path, base: Path, tmp_path: Path, output: str) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there/file").write_text("kept")
    outcome = call("fix", broken, "--base", base, "--output", tmp_path / output)
    assert outcome.status == 2
    assert outcome.err.startswith("loracfg: `")
    assert (tmp_path / "there/file").read_text() == "kept"
    assert not (broken / "inside").exists()


def test_the_difference_shows_config_and_header(broken: Path, base: Path) -> None:
    config = json.loads((broken / "adapter_config.json").read_text())
    config["peft_type"] = "lora"
    (broken / "adapter_config.json").write_text(json.dumps(config, indent=2))
    outcome = call("fix", broken, "--base", base, "--diff")
    name = "base_model.model._orig_mod.model.layers.0.self_attn.q_proj.lora_A.weight"
    assert '-  "peft_type": "lora",\n+  "peft_type": "LORA",\n' in outcome.out
    assert f"-{name} F32 [4, 16]\n" in outcome.out
    assert f"+{name.replace('_orig_mod.', '')} F32 [4, 16]\n" in outcome.out
    assert "2 repairs" in outcome.err


@pytest.mark.parametrize("command", [("fix", "--diff"), ("migrate", "--to", "0.12.0")])
def test_a_difference_has_no_control_characters(
    command: tuple[str, ...], tmp_path: Path, base: Path
) -> None:
    adapter = write_adapter(tmp_path / "a")
    config = json.loads((adapter / "adapter_config.json").read_text())
    config |= {
        "peft_type": "lora",
        **dict.fromkeys(("a", "peft_a"), "\x9b31m\u202e\x7f"),
        "corda_config": None,
    }
    text = json.dumps(config, ensure_ascii=False, sort_keys=True, indent=2)
    (adapter / "adapter_config.json").write_text(text)
    extra = ("--base", base) if command[0] == "fix" else ()
    outcome = call(command[0], adapter, *command[1:], *extra)
    assert r"\x9b31m\u202e\x7f" in outcome.out
    assert all(char.isprintable() or char in "\t\n" for char in outcome.out)


def test_unsafe_repairs_are_offered(tmp_path: Path, base: Path) -> None:
    adapter = write_adapter(tmp_path / "a", 'config {"r": 8}')
    outcome = call("fix", adapter, "--base", base)
    assert outcome.status == 1
    assert "1 unsafe repair skipped; pass `--unsafe` to apply\n" in outcome.out
    assert "    unsafe: the scale of these layers is wrong if" in outcome.out
    assert call("fix", adapter, "--base", base, "--unsafe").status == 0


def test_json_has_repairs_and_both_reports(broken: Path, base: Path) -> None:
    data = json.loads(call("fix", broken, "--base", base, "--format", "json").out)
    assert [repair["code"] for repair in data["repairs"]] == ["LC500"]
    assert data["not_made"] == []
    assert data["before"]["status"] == "invalid"
    assert data["after"]["status"] == "valid"


def test_rules_can_be_chosen(broken: Path, base: Path) -> None:
    assert "0 repairs" in call("fix", broken, "--base", base, "--ignore", "LC500").out
    assert "1 repair\n" in call("fix", broken, "--base", base, "--select", "LC5").out


def test_tensors_are_cast(adapter: Path, base: Path, tmp_path: Path) -> None:
    outcome = call("fix", adapter, "--base", base, "--dtype", "BF16", "--output", tmp_path / "new")
    assert "cast 8 tensors from F32 to `BF16`" in outcome.out
    assert "values are rounded" in outcome.out
    found = read_adapter(Folder(tmp_path / "new"))
    assert set(found.dtypes.values()) == {"BF16"}
    assert found.faults == ()
    back = call("fix", tmp_path / "new", "--base", base, "--dtype", "F32")
    assert "cast 8 tensors from BF16 to `F32`" in back.out
    assert "`F32` represents BF16 exactly" in back.out


def test_weights_do_not_change_if_only_the_config_is_repaired(tmp_path: Path, base: Path) -> None:
    adapter = write_adapter(tmp_path / "a", 'config {"peft_type": "lora"}', 'metadata {"b": "c"}')
    assert call("fix", adapter, "--base", base, "--output", tmp_path / "new").status == 0
    weights = "adapter_model.safetensors"
    assert (tmp_path / "new" / weights).read_bytes() == (adapter / weights).read_bytes()


def test_a_sound_adapter_does_not_change(adapter: Path, base: Path, tmp_path: Path) -> None:
    outcome = call("fix", adapter, "--base", base, "--output", tmp_path / "new")
    assert outcome.status == 0
    assert "nothing was repaired" in outcome.err
    assert not (tmp_path / "new").exists()


def test_without_an_adapter_there_is_nothing_to_repair(tmp_path: Path) -> None:
    assert call("fix", tmp_path / "none").status == 2
    (tmp_path / "empty").mkdir()
    outcome = call("fix", tmp_path / "empty")
    assert outcome.status == 2
    assert "0 repairs" in outcome.out
