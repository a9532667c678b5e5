"""A path may be a folder, a single weight file or an archive."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from loracfg.errors import LoracfgError
from loracfg.sources.opening import addresses_of, open_source
from tests.cli.running import Outcome, call, run, write_adapter

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
PICKLE = "adapter_model.bin"
CONFIG_OF_BASE = "config.json"
COMMANDS = (["inspect"], ["compat"], ["fix"], ["migrate", "--to", "0.18.0"])

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")


def reports(outcome: Outcome) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(outcome.out)["adapters"]
    return found


def codes(report: dict[str, Any]) -> list[str]:
    return [diagnostic["code"] for diagnostic in report["diagnostics"]]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_folder_of_adapters_is_not_one(command: list[str], tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    first = write_adapter(runs / "checkpoint-2")
    said = call(*command, runs)
    assert (said.status, said.out) == (2, "")
    assert f"`{runs}` has 1 adapter below it; pass `{first}`" in said.err
    write_adapter(runs / "checkpoint-10")
    said = call(*command, runs)
    assert f"`{runs}` has 2 adapters below it; name one, such as `{first}`" in said.err
    assert call(*command, first).status == 0


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS])
def test_a_file_of_an_adapter_means_its_folder(adapter: Path, base: Path, name: str) -> None:
    outcome = call("validate", adapter / name, adapter, "--base", base, "--format", "json")
    (report,) = reports(outcome)
    assert (report["path"], report["status"]) == (str(adapter), "valid")


def test_a_broken_file_next_to_a_sound_adapter_is_validated(adapter: Path, base: Path) -> None:
    broken = adapter / "broken.safetensors"
    broken.write_bytes(b"\xff" * 60)
    outcome = call("validate", broken, "--base", base, "--format", "json")
    (report,) = reports(outcome)
    assert (outcome.status, report["status"]) == (1, "invalid")
    assert report["path"] == str(broken)
    assert {"LC003", "LC411"} & set(codes(report))
    assert {d["location"]["file"] for d in report["diagnostics"]} == {""}


def test_a_weight_file_alone_has_no_config(adapter: Path, base: Path) -> None:
    alone = (adapter / WEIGHTS).rename(adapter / "lora.safetensors")
    outcome = call("validate", alone, "--base", base, "--format", "json")
    (report,) = reports(outcome)
    assert codes(report) == ["LC003"]
    assert "a file alone has no `adapter_config.json`" in report["diagnostics"][0]["message"]
    assert report["read"] == ["names", "shapes"]
    assert report["coverage"]["tensors"] == 8


def test_places_in_a_weight_file_alone(tmp_path: Path) -> None:
    folder = write_adapter(tmp_path / "adapter", "rename lora_A.weight -> lora_A.sql.weight")
    alone = (folder / WEIGHTS).rename(tmp_path / "lora.safetensors")
    lines = call("validate", alone, "--format", "concise").out.splitlines()
    assert lines[0].startswith(f"{alone}: LC003 ")
    found = [line for line in lines if " error " in line]
    assert [line.startswith(f"{alone}: LC") for line in found] == [True, True]


def test_a_file_of_a_different_tool_needs_no_config(tmp_path: Path) -> None:
    lines = (
        r"rename base_model.model.(.*).lora_A.weight -> \1.lora_a",
        r"rename base_model.model.(.*).lora_B.weight -> \1.lora_b",
    )
    folder = write_adapter(tmp_path / "adapter", *lines)
    alone = (folder / WEIGHTS).rename(tmp_path / "adapters.safetensors")
    (report,) = reports(call("validate", alone, "--format", "json"))
    assert (report["status"], codes(report)) == ("invalid", ["LC501"])


@pytest.mark.parametrize("name", ["axolotl.yml", "README.md", "tokenizer.json", "model.bin"])
def test_another_file_is_no_adapter(adapter: Path, name: str) -> None:
    (adapter / name).write_text("r: 8")
    outcome = call("validate", adapter / name, "--format", "json")
    (report,) = reports(outcome)
    assert (outcome.status, report["status"], codes(report)) == (2, "error", ["LC002"])
    assert report["path"] == str(adapter / name)
    assert report["diagnostics"][0]["help"] == f"pass its folder, `{adapter}`"


def test_a_file_that_is_not_there() -> None:
    outcome = call("validate", "absent.safetensors", "--format", "json")
    assert codes(reports(outcome)[0]) == ["LC001"]


@pytest.mark.parametrize(
    "command", [["inspect"], ["compat"], ["fix"], ["migrate", "--to", "0.18.0"]]
)
def test_all_commands_treat_files_in_the_same_way(adapter: Path, command: list[str]) -> None:
    other = adapter / "axolotl.yml"
    other.write_text("r: 8")
    said = call(*command, other)
    assert (said.status, said.out) == (2, "")
    assert "is not an adapter folder" in said.err
    assert call(*command, adapter / CONFIG).status == 0


def test_diff_treats_files_in_the_same_way(adapter: Path) -> None:
    (adapter / "axolotl.yml").write_text("r: 8")
    assert call("diff", adapter, adapter / WEIGHTS).status == 0
    assert call("diff", adapter, adapter / "axolotl.yml").status == 2


def test_what_can_be_read_of_a_weight_file_alone_is_shown(adapter: Path) -> None:
    alone = (adapter / WEIGHTS).rename(adapter / "lora.safetensors")
    shown = call("inspect", alone)
    assert (shown.status, shown.err) == (0, "")
    assert "LC003" in shown.out


def test_a_weight_file_alone_is_not_migrated(adapter: Path) -> None:
    alone = (adapter / WEIGHTS).rename(adapter / "lora.safetensors")
    said = call("migrate", "--to", "0.18.0", "--output", "new", alone)
    assert said.status == 2
    assert "is a single weight file" in said.err


def of_kohya(tmp_path: Path) -> Path:
    """Return a folder with a single file of kohya's scripts, and another file beside it."""
    lines = (
        r"rename base_model.model.model.layers.(\d+).self_attn.(\w+).lora_A -> "
        r"lora_te_model_layers_\1_self_attn_\2.lora_down",
        r"rename base_model.model.model.layers.(\d+).self_attn.(\w+).lora_B -> "
        r"lora_te_model_layers_\1_self_attn_\2.lora_up",
    )
    folder = write_adapter(tmp_path / "loras", *lines)
    (folder / CONFIG).unlink()
    (folder / WEIGHTS).rename(folder / "lora.safetensors")
    return folder


def test_a_single_file_of_another_tool_is_converted(tmp_path: Path, base: Path) -> None:
    folder, new, same = of_kohya(tmp_path), tmp_path / "new", tmp_path / "same"
    arguments = ("fix", "--base", base, "--output")
    assert call(*arguments, same, folder).status == 0  # as the only weight file of its folder
    (folder / "other.safetensors").write_bytes(b"of another model")
    alone = folder / "lora.safetensors"
    before = alone.read_bytes()
    (report,) = reports(call("validate", alone, "--base", base, "--format", "json"))
    (found,) = report["diagnostics"]
    assert (found["code"], found["fix"]["safe"]) == ("LC501", True)
    said = call(*arguments, new, alone)
    assert (said.status, said.out.splitlines()[0]) == (0, f"{alone}: 1 repair")
    assert alone.read_bytes() == before
    assert sorted(path.name for path in new.iterdir()) == [CONFIG, WEIGHTS]
    assert [(new / name).read_bytes() for name in (CONFIG, WEIGHTS)] == [
        (same / name).read_bytes() for name in (CONFIG, WEIGHTS)
    ]
    assert call("validate", new, "--base", base).status == 0


def test_a_single_file_says_what_its_conversion_needs(tmp_path: Path) -> None:
    alone = of_kohya(tmp_path) / "lora.safetensors"
    said = call("fix", alone, "--output", tmp_path / "new")
    assert (said.status, (tmp_path / "new").exists()) == (1, False)
    assert "pass the base with `--base`" in call("validate", alone).out


def test_a_repaired_single_file_still_has_no_config(tmp_path: Path) -> None:
    folder = write_adapter(tmp_path / "loras", r"rename \.weight$ -> .sql.weight")
    alone = (folder / WEIGHTS).rename(folder / "lora.safetensors")
    said = call("fix", alone, "--output", tmp_path / "new")
    assert said.status == 1
    assert "LC003" in said.out
    assert [path.name for path in (tmp_path / "new").iterdir()] == [WEIGHTS]


def test_a_repair_is_not_written_over_a_single_file(tmp_path: Path, base: Path) -> None:
    alone = of_kohya(tmp_path) / "lora.safetensors"
    said = call("fix", alone, "--base", base, "--output", alone)
    assert said.status == 2
    assert "exists" in said.err


def test_values_of_a_weight_file_alone_are_read(tmp_path: Path) -> None:
    pytest.importorskip("numpy", reason="values are read with it")
    folder = write_adapter(tmp_path / "adapter", "values . 0.1", "values layers.0 nan")
    alone = (folder / WEIGHTS).rename(tmp_path / "lora.safetensors")
    (report,) = reports(call("validate", alone, "--data", "--format", "json"))
    assert "LC431" in codes(report)


def test_a_rule_is_traced_in_a_weight_file_alone(adapter: Path) -> None:
    alone = (adapter / WEIGHTS).rename(adapter / "lora.safetensors")
    said = call("validate", alone, "--trace", "LC003").out
    assert f"trace of LC003 missing-config in {alone}: 1 finding" in said
    said = call("validate", alone.with_name("absent"), "--trace", "LC003").out
    assert "all rules" in said
    assert "does not exist" in said


@pytest.mark.slow
@needs_pipes
@pytest.mark.parametrize(("name", "rest"), [(CONFIG, WEIGHTS), (WEIGHTS, CONFIG), (PICKLE, CONFIG)])
def test_the_message_names_a_named_pipe(adapter: Path, name: str, rest: str) -> None:
    if name == PICKLE:
        (adapter / WEIGHTS).unlink()
    (adapter / name).unlink(missing_ok=True)
    os.mkfifo(adapter / name)
    for path in (adapter, adapter / name, adapter / rest):
        outcome = run("validate", path, "--format", "json")
        (report,) = reports(outcome)
        (found,) = report["diagnostics"]
        assert (found["code"], report["path"]) == ("LC007", str(adapter))
        assert found["message"] == f"`{name}` is a named pipe, not a file"
        assert found["location"] == {"file": name}


@needs_pipes
@pytest.mark.parametrize(
    "command", [["inspect"], ["compat"], ["fix"], ["migrate", "--to", "0.18.0"]]
)
def test_no_command_waits_for_a_pipe(tmp_path: Path, adapter: Path, command: list[str]) -> None:
    os.mkfifo(tmp_path / "pipe.safetensors")
    (adapter / WEIGHTS).unlink()
    os.mkfifo(adapter / WEIGHTS)
    assert "is a named pipe" in run(*command, tmp_path / "pipe.safetensors").err
    run(*command, adapter)


def test_the_message_names_other_kinds(tmp_path: Path, adapter: Path, base: Path) -> None:
    (adapter / WEIGHTS).unlink()
    (adapter / WEIGHTS).symlink_to("/dev/null")
    arguments = ("validate", adapter, "--base", base, "--ignore", "LC709", "--format", "json")
    (found,) = reports(call(*arguments))
    assert [d["message"] for d in found["diagnostics"]] == [f"`{WEIGHTS}` is a device, not a file"]
    (adapter / WEIGHTS).unlink()
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(adapter)  # a socket's path has a hundred characters at most
        try:
            server.bind(WEIGHTS)
        finally:
            os.chdir(here)
        (found,) = reports(call("validate", adapter, "--format", "json"))
    assert [d["message"] for d in found["diagnostics"]] == [f"`{WEIGHTS}` is a socket, not a file"]
    outcome = call("validate", "/dev/null", "--format", "json")
    assert codes(reports(outcome)[0]) == ["LC002"]
    assert "is a device" in outcome.out


def test_a_folder_in_the_way_hides_the_pickle_from_peft(tmp_path: Path) -> None:
    folder = write_adapter(tmp_path / "adapter", "weights pickled")
    (folder / WEIGHTS).mkdir()
    (report,) = reports(call("validate", folder, "--format", "json"))
    assert codes(report) == ["LC007"]
    (folder / WEIGHTS).rmdir()
    (folder / WEIGHTS).symlink_to("absent")  # this one PEFT passes over
    (report,) = reports(call("validate", folder, "--format", "json"))
    assert "LC007" not in codes(report)


def test_the_message_names_a_link_to_nothing(adapter: Path) -> None:
    (adapter / WEIGHTS).unlink()
    (adapter / WEIGHTS).symlink_to("../blobs/absent")
    (report,) = reports(call("validate", adapter / WEIGHTS, "--format", "json"))
    assert [d["message"] for d in report["diagnostics"]] == [
        f"`{WEIGHTS}` is a link to nothing, not a file"
    ]


def test_paths_that_name_one_adapter_are_one(adapter: Path) -> None:
    assert addresses_of([adapter / CONFIG, adapter, adapter / WEIGHTS]) == [adapter]
    assert open_source(str(adapter / CONFIG)).home == adapter
    with pytest.raises(LoracfgError, match="does not exist"):
        open_source(adapter / "absent")


@pytest.mark.slow
@needs_pipes
@pytest.mark.parametrize("name", ["pipe.json", "pipe.facts", "base/config.json", "base/own.facts"])
def test_a_pipe_of_a_base_is_not_waited_for(
    tmp_path: Path, adapter: Path, base: Path, name: str
) -> None:
    folder = base
    config = {"model_type": "unheard_of", "auto_map": {"AutoModel": "own.Own"}}
    (folder / CONFIG_OF_BASE).write_text(json.dumps(config))
    (tmp_path / CONFIG_OF_BASE).write_text(json.dumps(config))
    (tmp_path / name).unlink(missing_ok=True)
    os.mkfifo(tmp_path / name)
    named = folder if name.startswith("base/") else tmp_path / name
    outcome = run("validate", adapter, "--base", named, "--format", "json")
    (report,) = reports(outcome)
    messages = [diagnostic["message"] for diagnostic in report["diagnostics"]]
    assert any(f"`{Path(name).name}` is a named pipe, not a file" in one for one in messages)
