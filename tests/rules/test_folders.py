"""Findings about folders on disk, and about loracfg itself, which no page can show."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from loracfg.adapter.directory import Adapter, read_adapter
from loracfg.adapter.header.tensor import Tensor
from loracfg.analysis.subject import Subject
from loracfg.engine.engine import Engine
from loracfg.engine.fronts import validate
from loracfg.report.report import Diagnostic
from loracfg.rules.reading import lc002_not_an_adapter
from loracfg.rules.registry import all_rules
from loracfg.rules.rule import Finding
from loracfg.rules.runner import run_rules
from loracfg.sources.opening import open_sources
from loracfg.sources.source import PASS_BOTH
from loracfg.testing.building.examples import build
from loracfg.testing.building.judging import judged
from loracfg.testing.memory_files import MemoryFiles, safetensors_bytes
from tests.hub_server import MAIN, Repo, serving


def save(folder: Path, *lines: str) -> None:
    """Write the adapter of an example."""
    folder.mkdir(exist_ok=True)
    for name, data in build(lines)[0].contents.items():
        (folder / name).write_bytes(data)


def only_finding(path: Path) -> Diagnostic:
    (report,) = validate(path).adapters
    assert report.status == "error"
    (diagnostic,) = report.diagnostics
    return diagnostic


def finding_without_search(path: Path) -> Diagnostic:
    """Return the finding in a folder that is opened as one adapter."""
    (source,) = open_sources(path)
    (diagnostic,) = Engine().open_source(source).report.diagnostics
    return diagnostic


def test_path_that_does_not_exist(tmp_path: Path) -> None:
    diagnostic = only_finding(tmp_path / "absent")
    assert diagnostic.code == "LC001"
    assert "does not exist" in diagnostic.message


def test_adapter_in_a_subfolder_is_named(tmp_path: Path) -> None:
    save(tmp_path / "checkpoint-400")
    diagnostic = finding_without_search(tmp_path)
    assert diagnostic.code == "LC002"
    assert "the adapter is in `checkpoint-400/`" in diagnostic.message
    assert diagnostic.help == "pass `checkpoint-400/`"


def test_several_adapters_in_subfolders_are_named(tmp_path: Path) -> None:
    for step in (100, 200):
        save(tmp_path / f"checkpoint-{step}")
    message = finding_without_search(tmp_path).message
    assert "`checkpoint-100/` and `checkpoint-200/`" in message


def test_adapter_two_levels_down_is_not_searched_for(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    save(tmp_path / "runs" / "last")
    message = finding_without_search(tmp_path).message
    assert "runs" not in message


@pytest.mark.parametrize(
    ("names", "hint"),
    [
        (["model.safetensors", "config.json"], "but a whole model: `model.safetensors`"),
        (["adapters.safetensors"], "the name that mlx-lm uses"),
        (["adapter_model-00001-of-00002.safetensors"], "but the shards of one"),
        (["my_lora.safetensors"], "but `my_lora.safetensors`, which PEFT does not look for"),
        (["optimizer.pt", "rng_state.pth"], "but the state of a trainer"),
        (["adapter.7z"], "but `adapter.7z`, which is not opened"),
        (["a.zip", "b.tar.xz"], "but `a.zip` and `b.tar.xz`, which are not opened"),
        (["README.md"], "nor `adapter_model.safetensors`"),
    ],
)
def test_message_says_what_the_folder_contains_instead(
    tmp_path: Path, names: list[str], hint: str
) -> None:
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    diagnostic = only_finding(tmp_path)
    assert diagnostic.code == "LC002"
    assert hint in diagnostic.message


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["style.safetensors"], ["LC706"]),
        (["style.safetensors", "STYLE.SAFETENSORS"], ["LC706"]),
        (["adapter_model-00001-of-00002.safetensors"], ["LC706"]),
        (["model.safetensors"], ["LC706"]),
        (["model.safetensors", "config.json"], ["LC704"]),
        (["model.safetensors", "config.json", "style.safetensors"], ["LC704", "LC706"]),
        (["style.pt"], ["LC706"]),
        (["non_lora_trainables.bin", "style.safetensors"], ["LC706", "LC706"]),
        (["optimizer.pt", "rng_state_0.pth"], ["LC705"]),
        (["style.gguf", "ggml-adapter-model.bin", "tokenizer.json", "style.safetensors.bak"], []),
    ],
)
def test_weights_under_other_names(names: list[str], found: list[str], tmp_path: Path) -> None:
    save(tmp_path)
    for name in names:
        (tmp_path / name).write_bytes(b"{}")
    (report,) = validate(tmp_path).adapters
    assert [d.code for d in report.diagnostics] == found


@pytest.mark.parametrize(
    ("code", "names", "hint", "advice"),
    [
        (
            "LC002",
            ["q.base_layer.weight", "q.lora_A.weight"],
            "a base model (`base_layer`) with LoRA factors (`lora_A`)",
            "call `save_pretrained` on the PEFT model, which does not save the base",
        ),
        (
            "LC002",
            ["lora_unet_mid.lora_down.weight"],
            "named as kohya's scripts name them",
            "pass the base with `--base`, and `loracfg fix` converts the tensors for it",
        ),
        ("LC002", ["base_model.model.q.lora_A.weight"], "its tensors have PEFT's names", PASS_BOTH),
        ("LC002", ["q.base_layer.weight", "q.weight"], None, None),
        ("LC002", ["q.lora_A.weight.x", "q.weight"], None, None),
        ("LC002", ["q.weight", "v.weight"], None, None),
    ],
)
def test_hint_from_the_tensor_names_in_another_file(
    code: str, names: list[str], hint: str | None, advice: str | None
) -> None:
    tensors = safetensors_bytes([Tensor(name, "F32", (2, 2)) for name in names])
    seen = Subject(read_adapter(MemoryFiles({"some.safetensors": tensors})))
    assert lc002_not_an_adapter.RULE.code == code
    (found,) = lc002_not_an_adapter.check(seen)
    assert "but `some.safetensors`, which PEFT does not look for" in found.message
    assert ((hint or ": its tensors") in found.message) is (hint is not None)
    assert found.help == (
        advice or "save the adapter with PEFT's `save_pretrained`, or convert the file"
    )


@pytest.mark.parametrize(
    ("code", "lines", "files"),
    [
        (
            "LC706",
            ("file x.safetensors y", "file a.safetensors y", "file x.pt y"),
            ["a.safetensors", "x.pt"],
        ),
        ("LC706", ("file x.safetensors y", "file x.pt y", "weights pickled"), ["x.pt"]),
        ("LC706", ("file x.safetensors y", "config none"), []),
        ("LC706", ("file x.safetensors y", "file x.pt y", "weights none"), []),
    ],
)
def test_files_next_to_the_one_that_peft_reads(
    code: str, lines: tuple[str, ...], files: list[str]
) -> None:
    assert [d.location.file for d in judged(*lines).diagnostics if d.code == code] == files


def test_diffusers_loads_the_file_that_is_listed_first(tmp_path: Path) -> None:
    lora_base = pytest.importorskip(
        "diffusers.loaders.lora_base", reason="compares with the file that diffusers loads"
    )
    for name in ("adapter_model.safetensors", "a.safetensors", "z.safetensors"):
        (tmp_path / name).touch()
    listed = [name for name in os.listdir(tmp_path) if name.endswith(".safetensors")]  # noqa: PTH208  # as diffusers does
    assert lora_base._best_guess_weight_name(str(tmp_path)) == listed[0]


def test_file_names_cannot_control_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "\x1b[31m.safetensors").write_bytes(b"x")
    assert only_finding(tmp_path).message.isprintable()


def test_dead_link_is_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").symlink_to(tmp_path / "absent")
    (report,) = validate(tmp_path).adapters
    assert report.status == "invalid"
    assert [d.message for d in report.diagnostics] == [
        "`adapter_config.json` is a link to nothing, not a file"
    ]


def link_findings(folder: Path) -> list[str]:
    (report,) = validate(folder).adapters
    assert report.status in ("undetermined", "valid")
    return [d.message for d in report.diagnostics if d.code == "LC709"]


def test_links_out_of_the_folder(tmp_path: Path) -> None:
    save(tmp_path / "adapter")
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        (tmp_path / "adapter" / name).rename(tmp_path / name)
        (tmp_path / "adapter" / name).symlink_to(Path("..", name))
    (tmp_path / "adapter" / "logs").symlink_to("/")
    (tmp_path / "adapter" / "absent").symlink_to("../absent")
    (tmp_path / "adapter" / "loop").symlink_to("loop")
    (found,) = link_findings(tmp_path / "adapter")
    names = "`adapter_config.json`, `adapter_model.safetensors` and `logs`"
    assert found == f"{names} are links out of the folder"


def test_links_inside_the_folder_and_to_it(tmp_path: Path) -> None:
    save(tmp_path / "mounted")
    data = tmp_path / "mounted" / "..2026_11_25"  # as Kubernetes mounts a ConfigMap
    data.mkdir()
    (tmp_path / "mounted" / "..data").symlink_to(data.name)
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        (tmp_path / "mounted" / name).rename(data / name)
        (tmp_path / "mounted" / name).symlink_to(Path("..data", name))
    (tmp_path / "link").symlink_to("mounted")
    assert link_findings(tmp_path / "mounted") == []
    assert link_findings(tmp_path / "link") == []


def test_snapshots_of_the_hub_client_are_links_into_its_cache(tmp_path: Path) -> None:
    files = build(())[0].contents
    with serving({"org/adapter": Repo(files)}) as hub:
        hub.download(tmp_path, *(("org/adapter", "main", name) for name in files))
    snapshot = tmp_path / "models--org--adapter" / "snapshots" / MAIN
    assert all((snapshot / name).is_symlink() for name in files)
    assert link_findings(snapshot) == []
    (tmp_path / "local").mkdir()
    for name in files:
        (tmp_path / "local" / name).symlink_to((snapshot / name).resolve())
    assert link_findings(tmp_path / "local") == []


def test_path_of_a_file_means_its_folder(tmp_path: Path) -> None:
    save(tmp_path)
    reports = validate([tmp_path, tmp_path / "adapter_config.json"]).adapters
    assert [report.path for report in reports] == [str(tmp_path)]


def test_crash_of_a_rule_is_a_finding_and_the_run_goes_on() -> None:
    def crash(_: Subject) -> Iterator[Finding]:
        raise ZeroDivisionError("division by zero")

    first, second, *_ = all_rules()
    found = run_rules([first._replace(check=crash), second], Subject(Adapter({})))
    assert [d.code for d in found] == ["LC901", "LC002"]
    assert found[0].message.startswith("the rule LC001 crashed in `test_folders.py:")
    assert "`ZeroDivisionError: division by zero`" in found[0].message


def test_unreadable_tokenizer_is_listed_as_not_checked() -> None:
    what = "the tokens of the tokenizer"
    listed = {
        text: [one.what for one in judged(f"file tokenizer.json {text}").not_checked]
        for text in ('{"added_tokens": []}', "[", "")
    }
    assert listed == {'{"added_tokens": []}': [], "[": [what], "": [what]}
    assert judged().not_checked == ()
