"""Repairs of tensor names: what they change, and when that is safe."""

from __future__ import annotations

from typing import Final

import pytest

from loracfg.adapter.directory import read_adapter
from loracfg.repair import tensor_renames as names
from loracfg.testing.building.examples import build
from tests.repair.single import repaired

PREFIX: Final = "base_model.model."
Q: Final = "base_model.model.model.layers.0.self_attn.q_proj"


SOUND: Final = set(read_adapter(build(())[0]).shapes)
"""The names of the example."""


def test_marks_of_pytorch_are_taken_out() -> None:
    rename = r"rename (0|1)\.self_attn -> \1._orig_mod.self_attn"
    fsdp = r"rename 0\..*q_proj -> model.layers.0._fsdp_wrapped_module.self_attn.q_proj"
    change = repaired("LC500", rename)
    assert change is not None
    assert set(change.draft.tensors or {}) == SOUND
    assert change.safe
    assert change.title == "remove `_orig_mod` from the names of 8 tensors"
    assert repaired("LC500", fsdp) is not None


@pytest.mark.parametrize(
    ("lines", "safe", "why"),
    [
        ((r"rename ^base_model\.model\. -> ",), True, "only names change"),
        ((r"rename ^base_model\.model\. -> ", "base none"), False, "without a base, this"),
        (
            (r"rename ^base_model\.model\. -> ", "rename 1.*v_proj -> 1.x_proj"),
            False,
            "the base has no modules with the new names",
        ),
        (
            (
                r"rename ^base_model\.model\. -> ",
                "tensor lm_head.original_module.weight F32 [32, 16]",
            ),
            True,
            "only names change",
        ),
    ],
)
def test_the_prefix_is_put_before_names(lines: tuple[str, ...], safe: bool, why: str) -> None:
    change = repaired("LC502", *lines)
    assert change is not None
    assert all(name.startswith(PREFIX) for name in change.draft.tensors or {})
    assert (change.safe, change.why[: len(why)]) == (safe, why)


@pytest.mark.parametrize(
    ("module", "path"),
    [
        ("lm_head", "lm_head"),
        ("lm_head.original_module", "lm_head"),
        ("lm_head.modules_to_save.dense", "lm_head.dense"),
        ("lm_head.modules_to_saved", "lm_head.modules_to_saved"),
    ],
)
def test_paths_without_the_wrapper_of_saved_modules(module: str, path: str) -> None:
    assert names._without_wrapper(module) == path


NAMED: Final = r"rename \.weight$ -> .other.weight"


def test_the_name_of_the_adapter_is_taken_out() -> None:
    change = repaired("LC505", NAMED)
    assert change is not None
    assert set(change.draft.tensors or {}) == SOUND
    assert change.title == "remove the adapter name `other` from the names of 8 tensors"
    assert (change.safe, change.why.partition(",")[0]) == (True, "only names change")


def test_an_adapter_with_tensors_of_another() -> None:
    bare = f"tensor {Q[:-6]}o_proj.lora_A.weight F32 [4, 24]"
    change = repaired("LC505", NAMED, bare)
    assert change is not None
    assert not change.safe
    assert change.why.startswith(f"`{Q[:-6]}o_proj.lora_A.weight` does not have it")
    two = r"rename (1.*)\.other\.weight$ -> \1.more.weight"
    assert repaired("LC505", NAMED, two) is None
    assert repaired("LC505") is None
    saved = "tensor base_model.model.lm_head.weight F32 [32, 16]"
    of_base = repaired("LC505", NAMED, saved)
    assert of_base is not None
    assert of_base.safe  # tensors of the base have no such name


def test_a_saved_module_with_the_name_of_the_adapter() -> None:
    """Its other tensors, such as biases, have no such name in a sound file either."""
    saved = "tensor base_model.model.lm_head.modules_to_save.other.weight F32 [32, 16]"
    norm = "tensor base_model.model.model.norm.weight F32 [16]"
    change = repaired("LC505", NAMED, saved, norm)
    assert change is not None
    assert "base_model.model.lm_head.weight" in (change.draft.tensors or {})
    assert change.safe


def test_a_saved_module_with_a_name_from_its_wrapper() -> None:
    made = 'made with {"modules_to_save": ["lm_head"]}'
    wrapped = r"rename lm_head\.weight -> lm_head.modules_to_save.weight"
    change = repaired("LC616", made, wrapped)
    assert change is not None
    assert set(change.draft.tensors or {}) == SOUND | {"base_model.model.lm_head.weight"}
    assert change.safe


def test_modules_get_the_paths_of_the_base() -> None:
    change = repaired("LC602", r"rename model\.layers -> transformer.layers")
    assert change is not None
    assert set(change.draft.tensors or {}) == SOUND
    assert change.safe
    assert change.why == "each module has exactly one place in the base, with matching sizes"
    assert repaired("LC602") is None


def test_names_of_older_layouts() -> None:
    assert repaired("LC622") is None
    assert repaired("LC622", "base none") is None


def test_stray_tensors_are_dropped() -> None:
    change = repaired("LC691", "tensor x F32 [1]", "tensor y F32 [1]")
    assert change is not None
    assert set(change.draft.tensors or {}) == SOUND
    assert (change.safe, change.title) == (False, "drop 2 tensors that PEFT does not load")
    assert repaired("LC691") is None
    assert repaired("LC691", "tensor x F32 [1]", "weights append 00") is None


def test_copies_of_embeddings_are_dropped() -> None:
    copy = "tensor base_model.model.lm_head.weight F32 [32, 16]"
    change = repaired("LC630", copy)
    assert change is not None
    assert set(change.draft.tensors or {}) == SOUND
    assert (change.safe, change.title) == (False, "drop 1 tensor of whole embeddings")
    assert repaired("LC630", copy, "weights append 00") is None


@pytest.mark.parametrize(
    ("code", "name"), [("LC691", "x"), ("LC630", "base_model.model.lm_head.weight")]
)
def test_what_an_earlier_repair_took_away_is_not_dropped_again(code: str, name: str) -> None:
    line = f"tensor {name} F32 [32, 16]"
    assert repaired(code, line) is not None
    assert repaired(code, line, gone=name) is None
