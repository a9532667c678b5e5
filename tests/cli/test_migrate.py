"""`loracfg migrate`: what it prints and writes, and what it does not change."""

from __future__ import annotations

import json
import resource
import subprocess
from pathlib import Path

import pytest

from loracfg.cli import migrating
from loracfg.config.history.derived_models import model_at
from loracfg.config.history.field_facts import fields_of
from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.errors import LoracfgError
from tests.cli.running import PROGRAM, call, hashes, run, write_adapter

CONFIG = "adapter_config.json"


def later(release: str) -> set[str]:
    """Return the keys that PEFT writes today and a release does not know."""
    return {*fields_of(PEFT_RELEASE)} - fields_of(release) - {"runtime_config"}


TO_0_12 = f"PEFT {PEFT_RELEASE} to 0.12.0: {len(later('0.12.0'))} lossless changes\n"


def test_the_difference_is_printed_and_nothing_written(adapter: Path) -> None:
    before = hashes(adapter)
    outcome = call("migrate", adapter, "--to", "0.12")
    assert outcome.status == 0
    assert outcome.err == TO_0_12
    assert '-  "kasa_config": null,\n' in outcome.out
    assert hashes(adapter) == before


def test_the_difference_can_be_applied(adapter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(adapter.parent)
    outcome = call("migrate", adapter.name, "--to", "0.12")
    done = subprocess.run(
        ["git", "apply", "-p0"], input=outcome.out.encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    model_at("0.12.0").model_validate_json((adapter / CONFIG).read_text())


def test_in_place_the_old_config_is_kept(adapter: Path) -> None:
    before = hashes(adapter)
    outcome = call("migrate", adapter, "--to", "0.12", "--write")
    assert outcome.status == 0
    assert outcome.err.endswith(
        f"wrote `{adapter / CONFIG}`; the old config is `{adapter / CONFIG}.orig`\n"
    )
    after = hashes(adapter)
    assert after[f"{adapter / CONFIG}.orig"] == before[str(adapter / CONFIG)]
    assert call("migrate", adapter, "--to", "0.9", "--write").status == 0
    assert {path.name for path in adapter.iterdir()} == {
        "adapter_model.safetensors",
        CONFIG,
        f"{CONFIG}.orig",
        f"{CONFIG}.orig2",
    }
    assert hashes(adapter)[f"{adapter / CONFIG}.orig2"] == after[str(adapter / CONFIG)]
    model_at("0.9.0").model_validate_json((adapter / CONFIG).read_text())


def limit_files() -> None:
    """Have files of more than 100 bytes fail, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))


def test_a_full_disk_changes_nothing(adapter: Path) -> None:
    before = hashes(adapter)
    command = (*PROGRAM, "migrate", str(adapter), "--to", "0.12", "--write")
    done = subprocess.run(command, capture_output=True, preexec_fn=limit_files, check=False)
    assert done.returncode == 2
    assert b"File too large" in done.stderr
    assert hashes(adapter) == before


def test_a_config_that_cannot_be_written_leaves_no_copy(
    adapter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, data: bytes) -> None:
        raise LoracfgError(f"cannot write `{path}`")

    before = hashes(adapter)
    monkeypatch.setattr(migrating, "replace_file", refuse)
    assert call("migrate", adapter, "--to", "0.12", "--write").status == 2
    assert hashes(adapter) == before


def test_nothing_is_written_if_nothing_changes(adapter: Path) -> None:
    before = hashes(adapter)
    outcome = call("migrate", adapter, "--to", PEFT_RELEASE, "--write")
    assert (outcome.status, outcome.out) == (0, "")
    assert outcome.err == f"PEFT {PEFT_RELEASE} to {PEFT_RELEASE}: nothing to change\n"
    assert hashes(adapter) == before


def test_a_new_adapter_is_written_elsewhere(adapter: Path, tmp_path: Path) -> None:
    before = hashes(adapter)
    target = tmp_path / "new" / "adapter"
    assert call("migrate", adapter / CONFIG, "--to", "0.12", "--output", target).status == 0
    assert hashes(adapter) == before
    model_at("0.12.0").model_validate_json((target / CONFIG).read_text())
    weights = "adapter_model.safetensors"
    assert hashes(target)[str(target / weights)] == before[str(adapter / weights)]
    again = call("migrate", adapter, "--to", "0.12", "--output", target)
    assert again.status == 2
    advice = "use a folder that is new or empty"
    assert again.err.endswith(f"loracfg: `{target}` already exists; {advice}\n")
    inside = call("migrate", adapter, "--to", "0.12", "--output", adapter / "new")
    assert inside.status == 2
    assert not (adapter / "new").exists()


def test_a_loss_must_be_allowed(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter", 'made with {"use_dora": true}')
    before = hashes(adapter)
    refused = call("migrate", adapter, "--to", "0.8", "--write")
    assert refused.status == 1
    assert refused.err == (
        "lossy: PEFT 0.8.2 has no `use_dora`, which changes what the adapter computes\n"
        f"PEFT {PEFT_RELEASE} to 0.8.2: {len(later('0.8.2')) - 1} lossless changes, 1 lossy\n"
        "nothing written; pass `--allow-lossy` to accept the loss\n"
    )
    assert hashes(adapter) == before
    assert call("migrate", adapter, "--to", "0.8", "--write", "--allow-lossy").status == 0
    assert "use_dora" not in json.loads((adapter / CONFIG).read_text())


def test_an_impossible_migration_is_never_written(adapter: Path) -> None:
    before = hashes(adapter)
    outcome = call("migrate", adapter, "--to", "0.3", "--write", "--allow-lossy")
    assert outcome.status == 1
    assert "impossible: PEFT 0.3.0: it does not find the weights" in outcome.err
    assert outcome.err.endswith("nothing written: no config of that release has the same effect\n")
    assert hashes(adapter) == before


def test_the_plan_as_json(adapter: Path) -> None:
    outcome = call("migrate", adapter, "--to", "0.18", "--from", PEFT_RELEASE, "--format", "json")
    plan = json.loads(outcome.out)
    assert (plan["from"], plan["to"], plan["not_checked"]) == (PEFT_RELEASE, "0.18.1", [])
    assert plan["steps"][-1] == {
        "loss": "lossless",
        "reason": "the config is now for this release",
        "pointer": "/peft_version",
        "set": "0.18.1",
    }
    model_at("0.18.1").model_validate_json(plan["config"])


def test_from_sets_the_release_that_wrote_the_file(tmp_path: Path) -> None:
    config = {"peft_type": "LORA", "target_modules": ["q"], "task_type": "QUESTION_ANS"}
    (tmp_path / CONFIG).write_text(json.dumps(config))
    as_new = call("migrate", tmp_path, "--to", "0.3")
    assert as_new.status == 0
    assert '"lora_alpha": 8' in as_new.out
    as_old = call("migrate", tmp_path, "--to", PEFT_RELEASE, "--from", "0.3")
    assert as_old.status == 1
    assert "`lora_alpha` is missing, and PEFT 0.3.0 has no default for it" in as_old.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "0.99"], "`0.99` is not a known release of PEFT"),
        (["--to", "0.0.1"], "PEFT 0.0.1 cannot load adapters"),
        (["--to", "0.12", "--from", "x"], "`x` is not a known release of PEFT"),
        (
            ["--to", "0.12", "--write", "--output", "y"],
            "`--write` and `--output` cannot be combined",
        ),
    ],
)
def test_wrong_usage(adapter: Path, arguments: list[str], message: str) -> None:
    outcome = call("migrate", adapter, *arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith(f"loracfg: {message}")


@pytest.mark.parametrize("data", [None, b"{}"])
def test_paths_that_are_not_adapters_are_rejected(tmp_path: Path, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / CONFIG).write_bytes(data)
    outcome = call("migrate", tmp_path, "--to", "0.12")
    assert (outcome.status, outcome.out) == (2, "")
    assert "there is no `adapter_config.json` of a LoRA adapter" in outcome.err


UNREADABLE = {
    b"": "the file is empty",
    b'{"r": 8': "the file ends in the middle",
    b"[]": "the file contains a list, not a JSON object",
    b"\xff\xfe": "the file is UTF-16, not UTF-8",
}


@pytest.mark.parametrize("data", UNREADABLE)
def test_it_says_why_a_config_cannot_be_read(adapter: Path, data: bytes) -> None:
    (adapter / CONFIG).write_bytes(data)
    for arguments in (("migrate", adapter, "--to", "0.12"), ("diff", adapter, adapter)):
        outcome = call(*arguments)
        assert (outcome.status, outcome.out) == (2, "")
        reason = UNREADABLE[data]
        assert outcome.err.startswith(f"loracfg: cannot read `adapter_config.json`: {reason}")


def test_a_missing_path_is_rejected(tmp_path: Path) -> None:
    outcome = call("migrate", tmp_path / "absent", "--to", "0.12")
    assert (outcome.status, outcome.out) == (2, "")
    assert "does not exist" in outcome.err


def test_line_ends_and_indentation_are_kept(tmp_path: Path) -> None:
    text = '{\r\n\t"kasa_config": null,\r\n\t"lora_alpha": 16.0,\r\n\t"peft_type": "LORA"\r\n}\r\n'
    (tmp_path / CONFIG).write_bytes(text.encode())
    assert call("migrate", tmp_path, "--to", "0.13", "--write").status == 0
    expected = '{\r\n\t"lora_alpha": 16.0,\r\n\t"peft_type": "LORA"\r\n}\r\n'
    assert (tmp_path / CONFIG).read_bytes() == expected.encode()
    assert (tmp_path / f"{CONFIG}.orig").read_bytes() == text.encode()


def test_migrate_runs_as_a_program(adapter: Path) -> None:
    outcome = run("migrate", adapter, "--to", "0.12")
    assert (outcome.status, outcome.err) == (0, TO_0_12)
