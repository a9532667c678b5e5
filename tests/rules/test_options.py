"""Tensors of a config option, compared with its value in the config."""

from __future__ import annotations

from typing import Any

import pytest

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.config_options import DORA as DORA_OPTION
from loracfg.analysis.config_options import is_in_every_layer
from loracfg.testing.building.judging import codes, judged
from tests.rules.subjects import config, made_with, subject

Q = "base_model.model.model.layers.0.self_attn.q_proj"
DORA, BIAS = made_with(use_dora=True), made_with(lora_bias=True)
NO_DORA, NO_BIAS = config(use_dora=False), config(lora_bias=False)
TOKENS = made_with(trainable_token_indices={"embed_tokens": [1]})
EMBEDDING = made_with(target_modules=["embed_tokens", "q_proj"], use_dora=True)
STRAY = f"tensor {Q}.lora_A.bias F32 [4]"


@pytest.mark.parametrize(
    ("code", "lines", "count"),
    [
        ("LC512", (config(use_dora=True),), 4),
        ("LC512", (DORA, "drop layers.0.*q_proj.lora_magnitude"), 1),
        ("LC512", (EMBEDDING, "drop magnitude"), 3),
        ("LC514", (config(lora_bias=True),), 4),
        ("LC514", (BIAS, "drop layers.0.*q_proj.lora_B.bias"), 1),
        ("LC516", (made_with(kasa_config={}), "drop lora_diag"), 4),
        ("LC513", (DORA, NO_DORA), 4),
        ("LC513", (DORA, NO_DORA, "drop layers.0.*q_proj.lora_magnitude"), 3),
        ("LC515", (BIAS, NO_BIAS), 4),
        ("LC515", (BIAS, NO_BIAS, STRAY), 4),
        ("LC517", (made_with(kasa_config={}), config(kasa_config=None)), 4),
        ("LC522", (TOKENS, config(trainable_token_indices=None)), 1),
        ("LC522", (TOKENS, config(trainable_token_indices={})), 1),
    ],
)
def test_every_missing_or_needless_tensor_counts(
    code: str, lines: tuple[str, ...], count: int
) -> None:
    for base in ((), ("base none",)):
        found = [d for d in judged(*lines, *base).diagnostics if d.code == code]
        assert [one.count for one in found] == [count]


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        # PEFT fails on these configs
        ("LC308", (config(lora_bias=True, use_dora=True),)),
        ("LC103", (config(kasa_config=7),)),
        ("LC103", (made_with(kasa_config={}), config(kasa_config=7))),
        # only the adapter's name in them is wrong
        ("LC505", (BIAS, r"rename layers.0(.*)lora_B.bias -> layers.0\1lora_B.sql.bias")),
        # a magnitude may have its name from older releases
        ("", (DORA, "rename magnitude_vector -> magnitude_vector.weight")),
        # in an adapter of an adapter, the inner one has the option
        ("", (config(lora_bias=True), "rename _proj -> _proj.base_layer")),
    ],
)
def test_consistent_tensors_of_an_option(code: str, lines: tuple[str, ...]) -> None:
    found = codes(*lines, "base none")
    assert "".join(found) == code


def test_an_unset_option_has_no_missing_tensors() -> None:
    assert DORA_OPTION.missing_tensors(subject("base none")) == []
    assert DORA_OPTION.unneeded_tensors(subject("base none")) == []


def test_without_a_config_no_option_is_set() -> None:
    assert codes(DORA, "config none", "base none") == ["LC003"]


def test_a_bias_of_a_belongs_to_no_option() -> None:
    assert codes(STRAY, "base none") == []
    assert codes(BIAS, STRAY, "base none") == []  # the layer has a bias of B too
    assert codes(STRAY, config(lora_bias=True)) == ["LC514", "LC691"]


def advice(code: str, *lines: str) -> str:
    (found,) = (d for d in judged(*lines).diagnostics if d.code == code)
    return found.help


def test_help_if_not_every_layer_has_the_tensor() -> None:
    stray = "save the adapter again, or remove them; not every layer has one of the right size"
    some = "drop layers.0.*q_proj.lora_(B.bias|magnitude|diag)"
    assert advice("LC513", DORA, NO_DORA) == "set `use_dora` as in training"
    assert advice("LC513", DORA, NO_DORA, some) == stray
    assert advice("LC515", BIAS, NO_BIAS) == "set `lora_bias` as in training"
    assert advice("LC515", BIAS, NO_BIAS, some) == stray
    diagonal = made_with(kasa_config={})
    known = "set `kasa_config` as in training"
    assert advice("LC517", diagonal, config(kasa_config=None), some) == known


def is_everywhere(part: Part, *lines: str) -> bool:
    return is_in_every_layer(subject(*lines, "base none"), part)


@pytest.mark.parametrize(
    ("made", "part", "line", "expected"),
    [
        (DORA, Part.MAGNITUDE, None, True),
        (DORA, Part.BIAS, None, False),
        (DORA, Part.MAGNITUDE, "drop layers.1.*v_proj.lora_magnitude", False),
        (DORA, Part.MAGNITUDE, "drop layers.1.*v_proj.lora_[AB]", False),
        (DORA, Part.MAGNITUDE, "drop layers.1.*v_proj.lora_A", False),
        (DORA, Part.MAGNITUDE, "drop layers.1.*v_proj.lora_B", False),
        (DORA, Part.MAGNITUDE, "reshape v_proj.lora_magnitude -> [13]", False),
        (DORA, Part.MAGNITUDE, "reshape v_proj.lora_magnitude -> [12, 2]", False),
        (DORA, Part.MAGNITUDE, "reshape v_proj.lora_magnitude -> [1, 12, 1, 1]", True),
        (DORA, Part.MAGNITUDE, "reshape v_proj.lora_(B|magnitude) -> [1, 4]", False),
        (EMBEDDING, Part.MAGNITUDE, None, True),
        (EMBEDDING, Part.MAGNITUDE, "drop embed_tokens.lora_magnitude", False),
        (EMBEDDING, Part.MAGNITUDE, "drop embedding_A", False),
        (EMBEDDING, Part.MAGNITUDE, "drop embedding_B", False),
        (BIAS, Part.BIAS, None, True),
        (BIAS, Part.BIAS, "drop layers.0.*q_proj.lora_B.bias", False),
        (BIAS, Part.BIAS, STRAY, False),
    ],
)
def test_every_layer_has_a_tensor_of_the_right_size(
    made: str, part: Part, line: str | None, expected: bool
) -> None:
    assert is_everywhere(part, made, *([line] if line else [])) == expected


def test_an_embedding_has_no_bias() -> None:
    embedding = "tensor base_model.model.model.embed_tokens.lora_embedding_"
    factors = (f"{embedding}A F32 [4, 32]", f"{embedding}B F32 [16, 4]")
    assert is_everywhere(Part.BIAS, BIAS, *factors)
    assert not is_everywhere(Part.MAGNITUDE, DORA, *factors)


def test_the_outer_of_two_adapters_has_no_option() -> None:
    nested = "rename layers.1.(.*)q_proj -> layers.1.\\1q_proj.base_layer"
    assert not is_everywhere(Part.MAGNITUDE, DORA, nested)
    assert is_everywhere(Part.MAGNITUDE, DORA, nested, "drop base_layer.lora_magnitude")


def test_a_block_diagonal_factor_has_no_bias() -> None:
    blocks: dict[str, Any] = {"target_modules_bd_b": ["v_proj"], "nblocks": 2}
    line = config(use_bdlora=blocks | {"match_strict": False})
    assert not is_everywhere(Part.BIAS, BIAS, line)
    assert is_everywhere(Part.BIAS, BIAS, line, "drop v_proj.lora_B.bias")
    assert is_everywhere(Part.MAGNITUDE, DORA, line)


def test_a_stack_has_no_option() -> None:
    stack = config(target_modules=["q_proj"], target_parameters=["v_proj.weight"])
    assert not is_everywhere(Part.MAGNITUDE, DORA, stack)
    assert is_everywhere(Part.MAGNITUDE, DORA, stack, "drop v_proj.lora_magnitude")


def test_a_layer_with_one_output_has_one_value() -> None:
    narrow = "reshape v_proj.lora_B -> [1, 4]"
    one = "reshape v_proj.lora_magnitude -> [1]"
    assert is_everywhere(Part.MAGNITUDE, DORA, narrow, one)
    assert not is_everywhere(Part.MAGNITUDE, DORA, one)
