"""Trees from checkpoint headers never have a wrong kind or shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from loracfg.base.architecture import Architecture, Kind
from loracfg.base.from_checkpoint.as_loaded import without_single_experts
from loracfg.base.from_checkpoint.checkpoint import read_checkpoint, tree_of
from loracfg.base.from_checkpoint.shards import MAX_INDEX_BYTES, shard_names
from loracfg.base.from_library.live_model import architecture_of
from tests.base.conftest import Save, Saved
from tests.base.headers import Entry, llama, tensors_of, write_checkpoint, write_index
from tests.zoo import CONFIGS

TYPES = sorted(CONFIGS)

RENAMED = {"vit"}
"""Types of the zoo with different module names in transformers 5 than in their checkpoints."""

UNTOLD = ("gate", "router", "lm_head", "decoder", "vocab_projector")
"""Layers that a checkpoint does not show: changed classes, and tied heads that are not saved."""

SHARED = ("encoder.embed_tokens", "decoder.embed_tokens")


def read(saved: Saved) -> Architecture:
    tree, faults = read_checkpoint(saved.folder, saved.config)
    assert faults == []
    assert tree is not None
    return tree


def tree(entries: dict[str, Entry], **config: Any) -> Architecture:
    found = tree_of(tensors_of(entries), config)
    assert found is not None
    return found


@pytest.mark.parametrize("model_type", TYPES)
def test_layers_equal_those_of_the_class_or_are_absent(model_type: str, saved: Save) -> None:
    real = saved(model_type)
    expected = architecture_of(real.model)
    found = without_single_experts(read(real))

    compared = 0
    for path, module in found.modules.items():
        other = expected.find(path)
        if other is None:
            continue
        assert module.kind is other.kind, path
        assert module.parameters == other.parameters, path
        assert module.groups == other.groups, path
        assert module.is_transposed == other.is_transposed, path
        compared += module.kind is not Kind.OTHER
    assert compared >= 2


@pytest.mark.parametrize("model_type", [t for t in TYPES if t not in RENAMED])
def test_only_known_layers_are_absent(model_type: str, saved: Save) -> None:
    real = saved(model_type)
    expected = architecture_of(real.model)
    found = without_single_experts(read(real))

    layers = {path for path, module in expected.modules.items() if module.kind is not Kind.OTHER}
    absent = {path for path in layers if found.find(path) is None}
    assert all(path.endswith((*UNTOLD, *SHARED)) for path in absent), absent
    invented = {path for path, m in found.modules.items() if m.parameters} - set(expected.paths())
    assert invented <= {""}


def test_a_renamed_type_keeps_the_names_of_its_checkpoint(saved: Save) -> None:
    found = read(saved("vit"))

    assert found.modules["vit.embeddings.patch_embeddings.projection"].features == (3, 32)
    assert found.find("vit.encoder.layer.0.attention.attention.query") is not None


@pytest.mark.parametrize("model_type", TYPES)
def test_ties_and_embeddings_equal_those_of_the_class(model_type: str, saved: Save) -> None:
    real = saved(model_type)
    expected = architecture_of(real.model)
    found = read(real)

    assert found.vocab_size == expected.vocab_size
    if model_type not in RENAMED:
        assert found.input_embeddings == expected.input_embeddings
    if found.output_embeddings is not None:
        assert found.output_embeddings == expected.output_embeddings
        assert found.tied == tuple(path for path in expected.tied if path in found.modules)
        assert found.tie_word_embeddings == expected.tie_word_embeddings


@pytest.mark.parametrize("model_type", ["llama", "gpt2", "bert"])
@pytest.mark.parametrize("head", ["FEATURE_EXTRACTION", "TOKEN_CLS"])
def test_other_heads_are_read_the_same_way(model_type: str, head: str, saved: Save) -> None:
    real = saved(model_type, head)
    expected = architecture_of(real.model)

    for path, module in read(real).modules.items():
        other = expected.find(path)
        assert other is not None, path
        assert (module.kind, module.parameters) == (other.kind, other.parameters), path


def test_single_experts_are_linear_layers(saved: Save) -> None:
    found = read(saved("qwen3_moe"))

    expert = found.modules["model.layers.1.mlp.experts.3.down_proj"]
    assert expert.kind is Kind.LINEAR
    assert expert.features == (24, 32)
    assert not any("experts" in path for path in without_single_experts(found).modules)


def test_stacks_have_the_orientation_of_the_class(saved: Save) -> None:
    module = read(saved("gpt_oss")).modules["model.layers.0.mlp.experts"]

    assert module.is_transposed
    assert list(module.parameters) == [
        "gate_up_proj",
        "gate_up_proj_bias",
        "down_proj",
        "down_proj_bias",
    ]


def test_modules_are_in_natural_order_below_their_parents() -> None:
    found = tree(llama(layers=12))
    paths = list(found.modules)

    assert paths[0] == ""
    layers = [path for path in paths if path.count(".") == 2 and path.startswith("model.layers.")]
    assert layers == [f"model.layers.{index}" for index in range(12)]
    for place, path in enumerate(paths[1:]):
        assert path.rpartition(".")[0] in paths[: place + 1]
    assert found.modules["model.layers"].kind is Kind.OTHER
    assert found.modules["model.norm"].kind is Kind.OTHER


def test_llama_3_8b_is_read_from_shards(tmp_path: Path) -> None:
    entries = llama()
    names = list(entries)
    half = len(names) // 2
    write_index(
        tmp_path,
        {
            "model-00001-of-00002.safetensors": {name: entries[name] for name in names[:half]},
            "model-00002-of-00002.safetensors": {name: entries[name] for name in names[half:]},
        },
    )
    found, faults = read_checkpoint(tmp_path, {"model_type": "llama", "vocab_size": 128256})

    assert faults == []
    assert found is not None
    assert found == tree(entries, model_type="llama", vocab_size=128256)
    assert sum(module.kind is Kind.LINEAR for module in found.modules.values()) == 225


def test_a_missing_shard_is_one_fault_and_the_rest_is_read(tmp_path: Path) -> None:
    entries = {name: {f"{name}.weight": (8, 4)} for name in ("a_proj", "b_proj", "c_proj")}
    write_index(tmp_path, {f"{name}.safetensors": part for name, part in entries.items()})
    (tmp_path / "b_proj.safetensors").unlink()
    (tmp_path / "c_proj.safetensors").unlink()
    found, faults = read_checkpoint(tmp_path, None)

    assert [fault.kind for fault in faults] == ["base-shard-missing"]
    assert "2 shards" in faults[0].message
    assert "`b_proj.safetensors`" in faults[0].message
    assert found is not None
    assert found.modules["a_proj"].features == (4, 8)


def test_names_missing_from_the_shards_are_one_fault(tmp_path: Path) -> None:
    write_index(tmp_path, {"a.safetensors": {"a_proj.weight": (8, 4)}})
    index = json.loads((tmp_path / "model.safetensors.index.json").read_text())
    index["weight_map"] |= {"b_proj.weight": "a.safetensors", "c_proj.weight": "a.safetensors"}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    _, faults = read_checkpoint(tmp_path, None)

    assert [fault.kind for fault in faults] == ["base-index-mismatch"]
    assert "2 tensors" in faults[0].message


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{", "base-json-syntax"),
        ("[" * 100_000, "base-json-syntax"),
        ("[]", "base-index-invalid"),
        ('{"weight_map": {"a": 1}}', "base-index-invalid"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:0", "base-git-lfs-pointer"),
        ('{"weight_map": {"a": "../a.safetensors"}}', "base-shard-missing"),
        ('{"weight_map": {"a": "/etc/passwd"}}', "base-shard-missing"),
        ('{"weight_map": {"a": "a\\u0000"}}', "base-shard-missing"),
        ('{"weight_map": {"a": ""}}', "base-shard-missing"),
        (json.dumps({"weight_map": {"a": "a" * 5000}}), "base-shard-missing"),
    ],
)
def test_bad_indexes_are_faults(text: str, kind: str, tmp_path: Path) -> None:
    write_checkpoint(tmp_path.parent / "a.safetensors", {"a": (2, 2)})
    (tmp_path / "model.safetensors.index.json").write_text(text)
    found, faults = read_checkpoint(tmp_path, None)

    assert found is None
    assert [fault.kind for fault in faults] == [kind]


def test_a_huge_index_is_a_fault(tmp_path: Path) -> None:
    with (tmp_path / "model.safetensors.index.json").open("wb") as stream:
        stream.truncate(MAX_INDEX_BYTES + 1)
    found, (fault,) = read_checkpoint(tmp_path, None)

    assert found is None
    assert fault.kind == "base-file-too-large"
    assert fault.message == f"the index has more than {MAX_INDEX_BYTES} bytes"


def test_a_bad_checkpoint_is_a_fault_of_the_base(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    found, faults = read_checkpoint(tmp_path, {})

    assert found is None
    assert [fault.kind for fault in faults] == ["base-git-lfs-pointer"]
    assert faults[0].location.file.endswith("model.safetensors")


def test_a_folder_without_a_checkpoint_has_no_tree_and_no_fault(tmp_path: Path) -> None:
    assert read_checkpoint(tmp_path, {}) == (None, [])
    assert shard_names(tmp_path) == []


def test_hostile_names_are_survived() -> None:
    entries: dict[str, Entry] = {
        "a_proj.weight": (8, 4),
        "." * 100_000 + "weight": (8, 4),
        "layers." + "9" * 5000 + ".weight": (8,),
        "x" * 100_000: (3,),
        "": (2, 2),
        "..weight": (2, 2),
    }

    assert tree(entries).modules["a_proj"].features == (4, 8)


def test_an_unsaved_head_is_added_if_it_is_tied() -> None:
    entries = llama(layers=1, hidden=8)
    del entries["lm_head.weight"]
    config = {"model_type": "llama", "architectures": ["LlamaForCausalLM"]}

    for tie in ({}, {"tie_word_embeddings": True}):
        found = tree(entries, **config | tie)
        assert found.tied == ("lm_head",)
        assert found.tie_word_embeddings
        assert found.modules["lm_head"].features == (8, 128256)
    untied = tree(entries, **config, tie_word_embeddings=False)
    assert "lm_head" not in untied.modules
    assert "lm_head" not in tree(entries, **config | {"architectures": ["LlamaModel"]}).modules
    saved = tree(llama(layers=1, hidden=8), **config)
    assert (saved.tied, saved.output_embeddings) == ((), "lm_head")


def test_layers_beyond_the_last_are_not_part_of_the_class() -> None:
    entries = llama(layers=3, hidden=8) | {"mtp.layers.0.fc.weight": (8, 16)}
    found = tree(entries, model_type="deepseek_v3", num_hidden_layers=2, num_nextn_predict_layers=1)

    assert "model.layers.1" in found.modules
    assert "model.layers.2" not in found.modules
    assert "mtp" not in found.modules
    assert "model.layers.2" in tree(entries, model_type="deepseek_v3").modules


def test_an_encoder_keeps_all_its_layers(saved: Save) -> None:
    entries: dict[str, Entry] = {f"encoder.layers.{i}.fc1.weight": (8, 4) for i in range(3)}

    assert "encoder.layers.2.fc1" in tree(entries, num_hidden_layers=1).modules


def test_old_buffers_are_not_modules() -> None:
    found = tree(
        llama(layers=1, hidden=8)
        | {
            "model.layers.0.self_attn.rotary_emb.inv_freq": ("F32", (2,)),
            "model.layers.0.attn.bias": ("BOOL", (1, 1, 4, 4)),
            "model.layers.0.attn.masked_bias": ("F32", ()),
        }
    )

    assert "model.layers.0.self_attn.rotary_emb" not in found.modules
    assert "model.layers.0.attn" not in found.modules


def test_norms_with_old_names_get_current_names() -> None:
    entries: dict[str, Entry] = {
        "bert.LayerNorm.gamma": (4,),
        "bert.LayerNorm.beta": (4,),
        "bert.dense.weight": (4, 4),
    }

    assert tree(entries).modules["bert.LayerNorm"].parameters == {"weight": (4,), "bias": (4,)}


@pytest.mark.parametrize(
    ("path", "entries", "kind", "features"),
    [
        ("h.0.attn.c_attn", {"weight": (8, 24), "bias": (24,)}, Kind.CONV1D_GPT2, (8, 24)),
        ("h.0.attn.c_attn", {"weight": (24, 8), "bias": (24,)}, Kind.LINEAR, (8, 24)),
        ("patch.projection", {"weight": (8, 3, 4, 4), "bias": (8,)}, Kind.CONV2D, (3, 8)),
        ("mixer.conv1d", {"weight": (8, 1, 4), "bias": (8,)}, Kind.CONV1D, (8, 8)),
        ("video.proj", {"weight": (8, 3, 2, 4, 4), "bias": (8,)}, Kind.CONV3D, (3, 8)),
        ("attn", {"in_proj_weight": (24, 8), "in_proj_bias": (24,)}, Kind.ATTENTION, (8, 24)),
        ("layer.relative_attention_bias", {"weight": (32, 4)}, Kind.EMBEDDING, (32, 4)),
        ("encoder.embed_positions", {"weight": (30, 4)}, Kind.EMBEDDING, (30, 4)),
        ("x.kv_b_proj", {"weight": (6, 4)}, Kind.LINEAR, (4, 6)),
    ],
)
def test_kinds_follow_from_name_and_shape(
    path: str, entries: dict[str, Entry], kind: Kind, features: tuple[int, int]
) -> None:
    other: dict[str, Entry] = {"a_proj.weight": (8, 4)}
    module = tree({f"{path}.{name}": e for name, e in entries.items()} | other).modules[path]

    assert module.kind is kind
    assert module.features == features


@pytest.mark.parametrize(
    ("path", "entries"),
    [
        ("mlp.gate", {"weight": (4, 8)}),
        ("h.0.attn.c_proj", {"weight": (8, 8), "bias": (8,)}),
        ("some.token_thing", {"weight": (4, 8)}),
        ("odd_proj", {"weight": (4, 8), "bias": (7,)}),
        ("upsample.conv", {"weight": (8, 4, 3), "bias": (4,)}),
        ("stem.conv", {"weight": (8, 1, 3), "bias": (8,)}),
        ("cls.decoder", {"bias": (96,)}),
        ("attn", {"in_proj_weight": (20, 8)}),
        ("cls.decoder", {"weight": (96, 8)}),
        ("stem.conv", {"weight": (8, 4, 3), "bias": (7,)}),
        ("stem.mixer", {"weight": (8, 4, 3)}),
        ("stem.conv", {"weight": (8, 4, 17)}),
        ("volume", {"weight": (2, 2, 2, 2, 2, 2)}),
    ],
)
def test_uncertain_modules_are_left_out(path: str, entries: dict[str, Entry]) -> None:
    other: dict[str, Entry] = {"a_proj.weight": (8, 4)}
    found = tree({f"{path}.{name}": e for name, e in entries.items()} | other)

    assert path not in found.modules
    assert f"`{path}`" in found.notes[0]


@pytest.mark.parametrize("model_type", ["bert", "ibert"])
def test_layers_of_custom_classes_are_left_out(model_type: str) -> None:
    entries: dict[str, Entry] = {"a.q_proj.weight": (8, 4), "a.norm.weight": (8,)}
    found = tree_of(tensors_of(entries), {"model_type": model_type})

    assert (found is None) == (model_type == "ibert")
