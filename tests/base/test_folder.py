"""The ways to name a base, and errors about all other names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loracfg.base.resolve import resolve_base
from loracfg.base.search import BaseRequest, ResolvedBase
from tests.base.headers import llama, write_checkpoint
from tests.base.test_facts_file import GOOD


def resolve(named: Path | str) -> ResolvedBase:
    return resolve_base(BaseRequest(named=str(named), paths=frozenset({"a.q_proj"})))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("", "base-empty-file"),
        ("{", "base-truncated-json"),
        ("[1]", "base-not-config"),
        ('{"peft_type": "LORA", "r": 8}', "base-is-adapter"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:0", "base-git-lfs-pointer"),
    ],
)
def test_a_bad_config_is_one_fault(content: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(content)
    found = resolve(tmp_path)

    assert [fault.kind for fault in found.faults] == [kind]
    assert found.architecture is None
    assert found.faults[0].location.file.endswith("config.json")
    assert len(found.not_checked) == 1


def test_a_config_that_cannot_be_read_leaves_the_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{")
    write_checkpoint(tmp_path / "model.safetensors", llama(layers=1, hidden=8))
    found = resolve(tmp_path)

    assert found.architecture is not None
    assert not found.certain


def test_an_adapter_folder_is_not_a_base(tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text("{}")
    found = resolve(tmp_path)

    assert [fault.kind for fault in found.faults] == ["base-is-adapter"]


def test_an_empty_folder_has_no_config(tmp_path: Path) -> None:
    assert [fault.kind for fault in resolve(tmp_path).faults] == ["base-config-missing"]


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        ("meta-llama/Meta-Llama-3-8B", "base-id-not-cached"),
        ("gpt2-of-no-folder", "base-id-not-cached"),
        ("./nowhere", "base-not-found"),
        ("/nowhere/at/all", "base-not-found"),
        ("a/b/c", "base-not-found"),
        ("nul\0byte", "base-not-found"),
        ("x" * 5000, "base-not-found"),
        (__file__, "base-not-config"),
    ],
)
def test_errors_about_a_name_say_what_to_pass(named: str, kind: str) -> None:
    found = resolve(named)

    assert [fault.kind for fault in found.faults] == [kind]
    assert "config.json" in found.faults[0].help


@pytest.mark.parametrize(
    ("auto_map", "name", "counts"),
    [({}, "", False), ({"AutoModel": "x.NovelModel"}, "", True), ({}, "own.facts", True)],
)
def test_facts_in_a_folder_are_used_for_unknown_types(
    auto_map: dict[str, str], name: str, counts: bool, tmp_path: Path
) -> None:
    config = {"model_type": "llama", "architectures": ["NovelModel"], "auto_map": auto_map}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "own.facts").write_text(GOOD.replace('type "novel"', 'type "llama"'))
    tree = resolve_base(BaseRequest(named=str(tmp_path / name))).architecture
    assert (tree is not None and tree.class_name == "NovelModel") is counts
