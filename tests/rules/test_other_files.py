"""Findings and hints from files in the folder that PEFT does not read."""

from __future__ import annotations

import json

from loracfg.adapter.directory import read_adapter
from loracfg.adapter.header.tensor import Tensor
from loracfg.analysis import folder_files as folder
from loracfg.report.report import Location
from loracfg.rules.kinds.files import files_finding
from loracfg.sources.source import PASS_BOTH
from loracfg.testing.memory_files import MemoryFiles, safetensors_bytes

PEFT = "base_model.model.layers.0.q_proj.lora_A.weight"
DIFFUSERS = "base_model.model.transformer_blocks.0.attn.to_q.lora_A.weight"
CONFIG = "adapter_config.json"


def sizes(names: str) -> dict[str, int]:
    return dict.fromkeys(names.split(), 1)


def test_subfolders_with_a_config_are_adapters() -> None:
    files = sizes(f"{CONFIG} b/{CONFIG} a/{CONFIG} c/config.json my_{CONFIG}")
    assert folder.adapters_below(files) == ["b/", "a/"]


def test_weights_are_recognized_by_their_names() -> None:
    files = sizes(
        "adapter_model.safetensors adapter_model.bin adapter_model-00001-of-00002.safetensors "
        "adapter_model.safetensors.index.json z.safetensors other.safetensors x.bin "
        "model.safetensors pytorch_model.bin optimizer.pt training_args.bin README.md a/b.pt"
    )
    assert folder.shards(files) == [
        "adapter_model-00001-of-00002.safetensors",
        "adapter_model.safetensors.index.json",
    ]
    assert folder.model_weights(files) == ["model.safetensors", "pytorch_model.bin"]
    assert folder.trainer_state(files) == ["optimizer.pt", "training_args.bin"]
    assert folder.other_weights(files) == ["a/b.pt", "other.safetensors", "x.bin", "z.safetensors"]
    assert folder.other_pickles(files) == ["x.bin"]


def test_a_model_has_weights_and_a_config() -> None:
    files = sizes("model.safetensors other.safetensors")
    assert folder.other_safetensors(files) == ["model.safetensors", "other.safetensors"]
    assert folder.other_safetensors(files | {"config.json": 1}) == ["other.safetensors"]


def names_in(contents: dict[str, bytes]) -> tuple[str, ...]:
    config = json.dumps({"peft_type": "LORA"}).encode()
    return folder.names_in_file(read_adapter(MemoryFiles({CONFIG: config} | contents)))


def test_names_are_read_from_the_only_possible_adapter_file() -> None:
    data = safetensors_bytes([Tensor(PEFT, "F32", (4, 16)), Tensor("x", "F32", (1,))])
    assert names_in({"Other.SafeTensors": data, "b.bin": b"x"}) == (PEFT, "x")
    assert names_in({"a.safetensors": data, "b.safetensors": data}) == ()
    assert names_in({"a/b.safetensors": data}) == ()
    assert names_in({"a.safetensors": b"x"}) == ()
    config = json.dumps({"peft_type": "LORA"}).encode()
    locked = MemoryFiles({CONFIG: config, "a.safetensors": data}, frozenset({"a.safetensors"}))
    assert folder.names_in_file(read_adapter(locked)) == ()


def test_tensor_names_show_what_a_file_is_for() -> None:
    plain = ("its tensors have PEFT's names", PASS_BOTH)
    assert folder.peft_names_hint([PEFT]) == plain
    assert folder.peft_names_hint([PEFT, "x"]) is None
    assert folder.peft_names_hint(["x", PEFT]) is None
    assert folder.peft_names_hint([]) is None
    assert folder.diffusers_names_hint([PEFT]) is None
    found = folder.diffusers_names_hint([PEFT, DIFFUSERS])
    assert found
    assert "for a diffusers model" in found[0]
    assert folder.peft_names_hint([PEFT, DIFFUSERS]) == found


def hints(names: str) -> list[tuple[str, str]]:
    return list(folder._hints(sizes(names)))


def test_hints_about_the_contents_of_a_folder() -> None:
    below = [f"checkpoint-{step}/{CONFIG}" for step in (2, 1, 3)]
    assert hints(below[0]) == [("but the adapter is in `checkpoint-2/`", "pass `checkpoint-2/`")]
    assert hints(" ".join(below)) == [
        (
            "but there are adapters in `checkpoint-2/`, `checkpoint-1/` and `checkpoint-3/`",
            "pass `checkpoint-2/`",
        )
    ]
    part = "adapter_model-00001-of-00002.bin"
    assert hints(part) == [
        (f"but the shards of one: `{part}`", "save the adapter again as one file")
    ]
    (mlx,) = [text for text, _ in hints("adapters.npz") if "MLX" in text]
    assert "the first MLX scripts" in mlx
    (mlx,) = [text for text, _ in hints("adapters.safetensors") if "mlx" in text]
    assert "the name that mlx-lm uses" in mlx
    model = "model.safetensors"
    give = "pass the adapter's own folder"
    assert hints(f"config.json {model}") == [(f"but a whole model: `{model}`", give)]
    assert hints("config.json") == hints(model) == hints("README.md") == []
    save = "save the adapter with PEFT's `save_pretrained`, or convert the file"
    assert hints("x.gguf") == [("but `x.gguf`, which PEFT does not look for", save)]
    call = "call `save_pretrained` on the trained model"
    assert hints("optimizer.pt") == [("but the state of a trainer: `optimizer.pt`", call)]
    assert folder.hint({}) == ("", "pass the folder that `save_pretrained` wrote")
    assert folder.hint(sizes(f"optimizer.pt a/{CONFIG}")) == hints(f"a/{CONFIG}")[0]


def test_a_finding_about_files_is_at_the_first_file() -> None:
    assert list(files_finding([], "message", "advice")) == []
    (found,) = files_finding(["b", "a", "c"], "message", "advice")
    assert (found.message, found.location, found.help) == ("message", Location("b"), "advice")
    assert found.count == 3


def test_file_names_are_made_printable() -> None:
    assert folder.names([]) == ""
    assert folder.names(["a\n", "b"]) == r"`a\u000a` and `b`"
    long = "x" * 5000
    assert folder.file_location(long).file == long
