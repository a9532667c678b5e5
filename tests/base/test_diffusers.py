"""Diffusers bases: the catalogue has their classes, and the right part of a pipeline is chosen."""

from __future__ import annotations

import json
import os
import random
from math import prod
from pathlib import Path
from typing import Any

import pytest

from loracfg.base.architecture import Kind
from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import DIFFUSERS
from loracfg.base.class_builder import CannotBuildError
from loracfg.base.resolve import resolve_base
from loracfg.base.search import BaseRequest, ResolvedBase
from tests.base.diffusers_configs import FLUX, PUBLISHED, SD15, SD35, SDXL, WAN

TO_Q = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"
CLIP = "encoder.layers.0.self_attn.q_proj"
ENCODER: dict[str, Any] = {
    "architectures": ["CLIPTextModel"],
    "model_type": "clip_text_model",
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_attention_heads": 4,
    "num_hidden_layers": 2,
}
LONG = os.environ.get("LORACFG_PROFILE") == "long"
DRAWS = 40 if LONG else 4
ALWAYS = ("AutoencoderKL", "FluxTransformer2DModel", "UNet2DConditionModel")
"""Classes that are tried in each run."""
DRAWN = 20
"""The number of other classes that the short profile tries, always the same ones."""


def law_names() -> list[str]:
    """Return the classes that are tried: all in the long profile, else some."""
    found = lookup.model_types(DIFFUSERS)
    some = found if LONG else random.Random(0).sample(found, DRAWN)  # noqa: S311  # no secrets
    return sorted({*ALWAYS, *some})


def resolve(base: Path, *paths: str, **more: Any) -> ResolvedBase:
    return resolve_base(BaseRequest(named=str(base), paths=frozenset(paths), **more))


def write(folder: Path, config: dict[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def pipeline(folder: Path, **parts: dict[str, Any]) -> Path:
    index: dict[str, Any] = {"_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.6"}
    for name, config in parts.items():
        index[name] = ["diffusers", "AnyModel"]
        write(folder / name, config)
    index |= {"scheduler": ["diffusers", "PNDMScheduler"], "safety_checker": [None, None]}
    (folder / "model_index.json").write_text(json.dumps(index))
    return folder


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_models_have_their_number_of_parameters(name: str) -> None:
    config, expected = PUBLISHED[name]

    tree = lookup.build(config, config["_class_name"])

    shapes = [shape for module in tree.modules.values() for shape in module.parameters.values()]
    assert sum(map(prod, shapes)) == expected


@pytest.mark.parametrize(
    ("config", "path", "features"),
    [
        (SD15, TO_Q, (320, 320)),
        (SD15, "mid_block.attentions.0.transformer_blocks.0.attn2.to_k", (768, 1280)),
        (SD15, "down_blocks.1.resnets.0.time_emb_proj", (1280, 640)),
        (SDXL, "up_blocks.0.attentions.2.transformer_blocks.9.ff.net.0.proj", (1280, 10240)),
        (SDXL, "add_embedding.linear_1", (2816, 1280)),
        (FLUX, "transformer_blocks.18.attn.add_k_proj", (3072, 3072)),
        (FLUX, "single_transformer_blocks.37.proj_out", (15360, 3072)),
        (SD35, "transformer_blocks.37.attn.to_q", (2432, 2432)),
        (WAN, "blocks.29.ffn.net.0.proj", (1536, 8960)),
    ],
)
def test_modules_of_published_models(
    config: dict[str, Any], path: str, features: tuple[int, int]
) -> None:
    tree = lookup.build(config, config["_class_name"])

    assert tree.modules[path].kind is Kind.LINEAR
    assert tree.modules[path].features == features


def test_a_config_is_enough(tmp_path: Path) -> None:
    found = resolve(write(tmp_path / "unet", SD15), TO_Q)

    assert found.certain
    assert found.architecture is not None
    assert found.architecture.class_name == "UNet2DConditionModel"
    assert found.architecture.model_type is None
    assert found.architecture.is_transformers is False
    assert found.architecture.input_embeddings is None
    assert found.architecture.tied == ()


def test_missing_modules_are_missing(tmp_path: Path) -> None:
    found = resolve(write(tmp_path, SD15), "no.such.module")

    assert found.certain
    assert [fit.matched for fit in found.alternatives] == [0]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"block_out_channels": [320, 640]}, "rejects this config"),
        ({"norm_num_groups": 33}, "requires `.*% norm_num_groups"),
        ({"attention_head_dim": [8, 8]}, "rejects this config"),
        ({"layers_per_block": "2"}, "rejects this config"),
        ({"mid_block_type": "NoSuchBlock"}, "rejects this config"),
        ({"down_block_types": ["NoSuchBlock"] * 4}, "rejects this config"),
        ({"class_embed_type": "projection"}, "rejects this config"),
        ({"dtype": "float16"}, "the constructor takes no `dtype`"),
        ({"_use_default_values": ["act_fn"]}, "_use_default_values"),
    ],
)
def test_configs_that_the_class_rejects_are_declined(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(CannotBuildError, match=reason):
        lookup.build(SD15 | change, "UNet2DConditionModel")


@pytest.mark.parametrize(
    "change",
    [
        {"class_embed_type": "no-such"},
        {"no_such_key": 1},
        {"_private": "value"},
        {"quantization_config": {"load_in_4bit": True}},
    ],
)
def test_keys_that_the_class_does_not_read_are_ignored(change: dict[str, Any]) -> None:
    name = "UNet2DConditionModel"

    assert lookup.build(SD15 | change, name) == lookup.build(SD15, name)


def test_an_old_class_may_create_another() -> None:
    config = {
        "_class_name": "Transformer2DModel",
        "norm_type": "ada_norm_single",
        "in_channels": 4,
        "num_layers": 2,
        "patch_size": 2,
        "sample_size": 64,
        "attention_head_dim": 72,
        "cross_attention_dim": 1152,
        "caption_channels": 4096,
    }

    tree = lookup.build(config, "Transformer2DModel")

    assert tree.class_name == "PixArtTransformer2DModel"


def test_one_number_applies_to_all_blocks() -> None:
    many = SDXL | {"attention_head_dim": [8, 8, 8], "transformer_layers_per_block": [2, 2, 2]}
    one = SDXL | {"attention_head_dim": 8, "transformer_layers_per_block": 2}

    trees = [lookup.build(config, "UNet2DConditionModel") for config in (many, one)]

    assert trees[0] == trees[1]


def test_unknown_classes_are_named(tmp_path: Path) -> None:
    found = resolve(write(tmp_path, {"_class_name": "NoSuchModel"}), TO_Q)

    assert found.architecture is None
    assert found.not_checked == ("the catalogue has no class `NoSuchModel` of diffusers",)


def test_the_part_with_the_modules_is_chosen(tmp_path: Path) -> None:
    base = pipeline(tmp_path / "sd", text_encoder=ENCODER, unet=SD15)

    unet, encoder = resolve(base, TO_Q), resolve(base, CLIP)

    assert (unet.name, encoder.name) == (f"{base}/unet", f"{base}/text_encoder")
    assert unet.certain
    assert unet.faults == ()
    assert encoder.architecture is not None
    assert encoder.architecture.class_name == "CLIPTextModel"


def test_an_adapter_of_no_part_is_compared_with_the_denoiser(tmp_path: Path) -> None:
    found = resolve(pipeline(tmp_path, vae={"_class_name": "NoSuch"}, unet=SD15), "no.such")

    assert found.architecture is not None
    assert found.architecture.class_name == "UNet2DConditionModel"


def test_equal_parts_count_as_one(tmp_path: Path) -> None:
    path = "blocks.0.attn1.to_q"
    found = resolve(pipeline(tmp_path, transformer_2=WAN, transformer=WAN), path)

    assert found.name == f"{tmp_path}/transformer"


def test_two_matching_parts_are_ambiguous(tmp_path: Path) -> None:
    wider = ENCODER | {"hidden_size": 96}
    base = pipeline(tmp_path, unet=SD15, text_encoder=ENCODER, text_encoder_2=wider)

    found = resolve(base, CLIP)

    assert found.architecture is None
    assert [fault.kind for fault in found.faults] == ["base-part"]
    assert "`text_encoder` and `text_encoder_2`" in found.faults[0].message
    assert resolve(base / "text_encoder_2", CLIP).certain


@pytest.mark.parametrize("index", [b"", b"[]", b"{", b'{"../unet": ["a", "b"]}', b'{"unet": 1}'])
def test_a_broken_index_does_not_crash(tmp_path: Path, index: bytes) -> None:
    base = pipeline(tmp_path / "sd", unet=SD15)
    (base / "model_index.json").write_bytes(index)

    found = resolve(base, TO_Q)

    assert found.certain is (index == b'{"unet": 1}')


@pytest.mark.slow
def test_catalogue_and_diffusers_agree_on_published_models() -> None:
    pytest.importorskip("diffusers", reason="`diffusers` is not installed")
    from tests.base.diffusers_law import compare

    for config in (*(config for config, _ in PUBLISHED.values()), SD35):
        assert compare(config) == ("equal", "")


@pytest.mark.slow
@pytest.mark.parametrize("name", law_names())
def test_equal_or_declined(name: str) -> None:
    pytest.importorskip("diffusers", reason="`diffusers` is not installed")
    from tests.base.diffusers_law import compare, draw_config

    rng = random.Random(name)  # noqa: S311  # draws examples, no secrets
    results = [compare(draw_config(name, rng)) for _ in range(DRAWS)]

    assert [why for result, why in results if result == "wrong"] == []
