"""Names of other tools are split into module and part, or rejected."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import Any, Final

import pytest

from loracfg.adapter.directory import SAFETENSORS_NAME
from loracfg.adapter.header.tensor import Shape, Tensor
from loracfg.base.architecture import Architecture
from loracfg.repair.draft import Draft
from loracfg.repair.foreign_names import (
    MAGNITUDE,
    A,
    B,
    File,
    ForeignTensors,
    open_weight_file,
    split_dotted_names,
    split_flat_names,
)
from loracfg.repair.tensor_data import Cast, StoredTensor, TensorSource, Zeros
from loracfg.testing.llama import BASE, llama
from loracfg.testing.memory_files import MemoryFiles, safetensors_bytes

MODEL: Final = llama(BASE)
Q: Final = "model.layers.0.self_attn.q_proj"
V: Final = "model.layers.0.self_attn.v_proj"
UNET: Final = f"lora_unet_{Q.replace('.', '_')}"
TEXT: Final = "lora_te_text_model_encoder_layers_0_mlp_fc1"
DOWN, UP = "lora_down.weight", "lora_up.weight"
NUMBERS: Final = (8.0, 0.5, float("nan"), float("inf"))
FILES: Final = MemoryFiles({"f": struct.pack("<4f", *NUMBERS)})


def file_of(*names: str, **shapes: Shape) -> File:
    """Return a file of tensors; `alpha1` is an alpha that has the second of the numbers."""
    found: dict[str, TensorSource] = {}
    for name in names:
        number = int(name[-1]) if name[-1].isdecimal() and ".alpha" in name else 0
        shape = () if ".alpha" in name else (4, 4)
        stem = name.rstrip("0123456789") if ".alpha" in name else name
        found[stem] = StoredTensor(
            "f", 4 * number, "F32", shapes.get(name.rpartition(".")[2], shape)
        )
    return File("f", found, {})


def flat(*names: str, **shapes: Shape) -> ForeignTensors | None:
    return split_flat_names(file_of(*names, **shapes), MODEL, Draft(FILES))


def dotted(*names: str, base: bool = True, **shapes: Shape) -> ForeignTensors | None:
    return split_dotted_names(file_of(*names, **shapes), MODEL if base else None, Draft(FILES))


def test_flat_names_stand_for_modules_of_the_base() -> None:
    found = flat(f"{UNET}.{DOWN}", f"{UNET}.{UP}", f"{UNET}.alpha0")
    assert found is not None
    assert found.tensors.keys() == {(Q, A), (Q, B)}
    assert (found.alphas, found.others, found.model) == ({Q: 8.0}, (), "lora_unet")
    assert split_flat_names(file_of(f"{UNET}.{DOWN}"), None, Draft(FILES)) is None


@pytest.mark.parametrize(
    "names",
    [
        (f"{UNET}.{DOWN}", "model.norm.weight"),  # what is it?
        (f"{UNET}_x.{DOWN}",),  # no module of the base
        (f"{UNET}.{DOWN}", f"{UNET}_x.{DOWN}"),
        (f"{UNET}_x.{DOWN}", f"{UNET}.{DOWN}"),
        (f"{UNET}.{DOWN}", f"base_model.model.{UNET}.{DOWN}"),  # twice the same
        (f"{UNET}.{DOWN}", UNET.replace("unet", "te") + f".{DOWN}"),  # two models fit
        (),
    ],
)
def test_flat_names_with_more_than_one_answer_or_none(names: tuple[str, ...]) -> None:
    assert flat(*names) is None


def test_models_that_the_base_is_not_are_left_out() -> None:
    for names in ((f"{UNET}.{DOWN}", f"{TEXT}.{UP}"), (f"{TEXT}.{UP}", f"{UNET}.{DOWN}")):
        found = flat(*names)
        assert found is not None
        assert (list(found.tensors), found.others) == ([(Q, A)], ("lora_te",))


@pytest.mark.parametrize(("number", "alpha"), [(0, 8.0), (1, 0.5), (2, None), (3, None)])
def test_an_alpha_is_one_finite_number(number: int, alpha: float | None) -> None:
    found = flat(f"{UNET}.{DOWN}", f"{UNET}.alpha{number}")
    assert (found.alphas[Q] if found else None) == alpha
    assert flat(f"{UNET}.{DOWN}", f"{UNET}.alpha0", alpha0=(1,)) is not None
    assert flat(f"{UNET}.{DOWN}", f"{UNET}.alpha0", alpha0=(2,)) is None
    assert flat(f"{UNET}.{DOWN}", f"{UNET}.alpha0", alpha0=(0,)) is None


def test_numbers_are_those_of_a_file() -> None:
    """What an earlier repair computes is not looked at."""
    for part, shape in (("alpha", ()), ("dora_scale", (4, 1))):
        stored = StoredTensor("f", 0, "F32", shape)
        for one in (stored, Cast(stored, "F16")):
            tensors = {f"{UNET}.{DOWN}": Zeros("F32", (4, 4)), f"{UNET}.{part}": one}
            found = split_flat_names(File("f", tensors, {}), MODEL, Draft(FILES))
            assert (found is not None) == (one is stored)


def test_factors_have_two_dimensions_or_more() -> None:
    pair = (f"{UNET}.{DOWN}", f"{UNET}.{UP}")
    shapes: list[Shape] = [(4, 4), (4, 4, 3, 3), (), (4,)]
    found = [flat(*pair, weight=shape) is not None for shape in shapes]
    assert found == [True, True, False, False]
    assert dotted(
        *(f"unet.{Q}.lora_{end}" for end in ("A.weight", "B.weight", "B.bias")), bias=(4,)
    )


def renamed(base: Architecture, **paths: str) -> Architecture:
    """Return a base in which some modules have other paths."""
    modules = {paths.get(path.replace(".", "__"), path): one for path, one in base.modules.items()}
    return replace(base, modules={p: one._replace(path=p) for p, one in modules.items()})


def test_flat_names_of_two_modules_stand_for_none() -> None:
    file = file_of(f"{UNET}.{DOWN}")
    assert split_flat_names(file, MODEL, Draft(FILES)) is not None
    same = {V.replace(".", "__"): "model.layers.0.self_attn_q.proj"}
    assert split_flat_names(file, renamed(MODEL, **same), Draft(FILES)) is None
    third = same | {"model__norm": "model.layers_0.self_attn.q_proj"}
    assert split_flat_names(file, renamed(MODEL, **third), Draft(FILES)) is None


def test_a_step_of_a_path_may_have_the_name_of_a_part_of_a_pipeline() -> None:
    base = renamed(MODEL, **{Q.replace(".", "__"): "transformer.attn.to_out.0"})
    file = file_of("transformer.attn.processor.to_out_lora.down.weight")
    found = split_dotted_names(file, base, Draft(FILES))
    assert found is not None
    assert (list(found.tensors), found.model) == ([("transformer.attn.to_out.0", A)], None)


@pytest.mark.parametrize(
    ("shape", "flattened"),
    [
        *(((24,), (24,)), ((24, 1), (24,)), ((24, 1, 1, 1), (24,)), ((2, 1), (2,))),
        *(((1, 24), None), ((1, 1), None), ((24, 2), None), ((), None), ((1,), (1,))),
    ],
)
def test_a_magnitude_is_a_number_for_each_row(shape: Shape, flattened: Shape | None) -> None:
    found = flat(f"{UNET}.{DOWN}", f"{UNET}.dora_scale", dora_scale=shape)
    assert (found.tensors[Q, MAGNITUDE].shape if found else None) == flattened
    assert not found or found.tensors[Q, A].shape == (4, 4)


@pytest.mark.parametrize(
    ("ends", "parts"),
    [
        ((f".{DOWN}", f".{UP}"), [A, B]),
        ((".lora.down.weight", ".lora.up.weight"), [A, B]),
        ((".lora_linear_layer.down.weight", ".lora_linear_layer.up.weight"), [A, B]),
        (("_lora.down.weight", "_lora.up.weight"), [A, B]),
        ((".lora_A.weight", ".lora_B.weight", ".lora_B.bias"), [A, B, "lora_B.bias"]),
    ],
)
def test_dotted_names_have_parts_by_several_names(ends: tuple[str, ...], parts: list[str]) -> None:
    found = dotted(*(f"unet.{Q}{end}" for end in ends))
    assert found is not None
    assert list(found.tensors) == [(Q, part) for part in parts]
    assert found.model == "unet"


@pytest.mark.parametrize("end", ["magnitude", "dora_scale", "lora_magnitude_vector"])
def test_dotted_names_of_magnitudes(end: str) -> None:
    names = (f"unet.{Q}.lora_A.weight", f"unet.{Q}.lora_B.weight", f"unet.{Q}.{end}")
    shapes: dict[str, Any] = {end: (24,)}
    found = dotted(*names, **shapes)
    assert found is not None
    assert (Q, MAGNITUDE) in found.tensors


@pytest.mark.parametrize(
    ("layer", "path"), [("to_q", "attn.to_q"), ("to_out", "attn.to_out.0"), ("to_k", "attn.to_k")]
)
def test_names_of_processors_stand_for_layers(layer: str, path: str) -> None:
    found = dotted(
        f"unet.attn.processor.{layer}_lora.down.weight",
        f"unet.attn.processor.{layer}_lora.up.weight",
        base=False,
    )
    assert found is not None
    assert list(found.tensors) == [(path, A), (path, B)]


def test_without_a_base_one_model_must_be_named() -> None:
    pair = (f"unet.{Q}.lora_A.weight", f"unet.{Q}.lora_B.weight")
    assert dotted(*pair, base=False) is not None
    assert dotted(*pair, *(n.replace("unet", "text_encoder") for n in pair), base=False) is None
    assert dotted(f"{Q}.lora.down.weight", f"{Q}.lora.up.weight", base=False) is None
    assert dotted(f"{Q}.lora.down.weight", f"{Q}.lora.up.weight") is not None


def test_names_of_a_base_may_be_those_of_another_tool() -> None:
    """The rows of Mistral's own queries have another order."""
    path = "layers.0.attention.wq"
    base = renamed(MODEL, **{Q.replace(".", "__"): path})
    file = file_of(f"{path}.lora_A.weight", f"{path}.lora_B.weight")
    assert split_dotted_names(file, base, Draft(FILES)) is None


@pytest.mark.parametrize(
    ("other", "others"),
    [
        ((), ()),
        ((f"text_encoder.x.{DOWN}",), ("text_encoder",)),
        ((f"x.{DOWN}",), None),  # nobody says what it is for
        ((f"text_encoder.x.{DOWN}", f"x.{DOWN}"), None),
    ],
)
def test_what_is_left_out_is_for_models_with_names(
    other: tuple[str, ...], others: tuple[str, ...] | None
) -> None:
    pair = (f"unet.{Q}.lora.down.weight", f"unet.{Q}.lora.up.weight")
    found = dotted(*pair, *other)
    assert (found and found.others) == others


def test_names_of_comfyui_need_the_base() -> None:
    pair = (f"diffusion_model.{Q}.lora_A.weight", f"diffusion_model.{Q}.lora_B.weight")
    assert dotted(*pair) is not None
    assert dotted(*pair, base=False) is None


def test_names_of_peft_are_no_other_tools() -> None:
    assert dotted(f"base_model.model.{Q}.lora_A.weight") is None
    assert dotted(f"{Q}.lora_A.weight") is None


@pytest.mark.parametrize(
    ("files", "names", "found"),
    [
        (["a.safetensors"], (), "a.safetensors"),
        (["a.safetensors", "x.bin", "sub/b.safetensors"], (), "a.safetensors"),
        (["a.safetensors", "b.safetensors"], (), None),
        (["sub/b.safetensors"], (), None),
        (["x.bin"], (), None),
        (["b.safetensors", "a.safetensors"], ("a.safetensors", "b.safetensors"), "a.safetensors"),
        (["b.safetensors"], ("a.safetensors", "b.safetensors"), "b.safetensors"),
        (["c.safetensors"], ("a.safetensors",), None),
    ],
)
def test_the_file_is_the_first_that_is_named_or_the_only_one(
    files: list[str], names: tuple[str, ...], found: str | None
) -> None:
    whole = safetensors_bytes([Tensor("t", "F32", (1,))], {"made": "here"})
    file = open_weight_file(Draft(MemoryFiles(dict.fromkeys(files, whole))), names)
    assert (file and file.name) == found
    if file:
        assert list(file.tensors) == ["t"]
        assert file.metadata == {"made": "here"}


def test_tensors_that_are_open_are_not_read_again() -> None:
    whole = safetensors_bytes([Tensor("t", "F32", (1,))])
    tensors: dict[str, TensorSource] = {"new": StoredTensor("f", 0, "F32", (1,))}
    file = open_weight_file(Draft(MemoryFiles({SAFETENSORS_NAME: whole})))
    assert file is not None
    assert list(file.tensors) == ["t"]
    for name in (SAFETENSORS_NAME, "a.safetensors", "z.safetensors"):
        draft = Draft(MemoryFiles({name: whole}), None, tensors)
        names = (name,)
        file = open_weight_file(draft, names)
        assert file is not None
        assert list(file.tensors) == (["new"] if name == SAFETENSORS_NAME else ["t"])
    cut = Draft(MemoryFiles({"a.safetensors": whole[:-1]}))
    assert open_weight_file(cut) is None
    assert open_weight_file(Draft(MemoryFiles({"a.safetensors": b"no header"}))) is None
