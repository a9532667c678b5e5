"""Tensors for layers and modules that the base does not have."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from loracfg.analysis import intended_modules as meant
from loracfg.analysis.subject import Subject
from loracfg.rules.base import lc603_layer_out_of_range, lc604_unknown_module
from loracfg.rules.rule import Finding
from tests.rules.subjects import on_base, subject

Check = Callable[[Subject], Iterator[Finding]]

LAYERS = "base_model.model.model.layers"
ATTENTION = "self_attn.q_proj.lora_A.weight"
GIVE = "pass the base that the adapter was trained on"
DEEPER = "rename layers.1 -> layers.7"
MISSPELT = "rename v_proj -> up_prj"
OTHERS = 'config {"target_modules": ["o_proj"]}'
SHORTER = 'base {"layers": 1}'


def found(check: Check, *lines: str) -> Finding:
    (one,) = check(subject(*lines))
    return one


@pytest.mark.parametrize(
    ("lines", "message", "first", "count"),
    [
        (
            (SHORTER,),
            "4 tensors are for layers up to number `1`, but `model.layers` of the base has `1` "
            "layer",
            "1",
            4,
        ),
        (
            ("rename layers.0 -> layers.5", DEEPER),
            "8 tensors are for layers up to number `7`, but `model.layers` of the base has `2` "
            "layers",
            "5",
            8,
        ),
        (
            ('base {"layers": 1, "hidden": 32}',),
            "4 tensors are for layers up to number `1`, but `model.layers` of the base has `1` "
            "layer; the sizes differ too: `16` for `32`",
            "1",
            4,
        ),
        (
            (SHORTER, "reshape layers.0.*q_proj.lora_A -> [4, 16, 1]"),
            "4 tensors are for layers up to number `1`, but `model.layers` of the base has `1` "
            "layer",
            "1",
            4,
        ),
    ],
)
def test_layers_beyond_the_last(
    lines: tuple[str, ...], message: str, first: str, count: int
) -> None:
    one = found(lc603_layer_out_of_range.check, *lines)
    assert (one.message, one.help, one.count) == (message, GIVE, count)
    assert one.location.tensor == f"{LAYERS}.{first}.{ATTENTION}"


def test_the_list_that_is_too_short_may_be_an_outer_one() -> None:
    one = found(lc603_layer_out_of_range.check, "rename layers.1.self_attn -> layers.7.blocks.3")
    assert "up to number `7`, but `model.layers` of the base has `2` layers" in one.message
    assert not list(lc603_layer_out_of_range.check(subject(MISSPELT)))


def test_sizes_that_differ_too_are_explained() -> None:
    other = f"{LAYERS}.0.{ATTENTION}"
    check = lc603_layer_out_of_range.check
    assert other in found(check, 'base {"layers": 1, "hidden": 32}').explains
    assert other not in found(check, SHORTER).explains


@pytest.mark.parametrize(
    ("check", "line", "count"),
    [
        (lc603_layer_out_of_range.check, DEEPER, 4),
        (lc604_unknown_module.check, MISSPELT, 4),
    ],
)
def test_only_adapter_tensors_with_the_right_prefix_are_lost(
    check: Check, line: str, count: int
) -> None:
    lost = DEEPER.rpartition(" ")[2] if line is DEEPER else "layers.0"
    name = "q_proj" if line is DEEPER else "up_prj"
    others = (
        f"tensor model.{lost}.self_attn.{name}.lora_A.weight F32 [4, 16]",
        f"tensor base_model.model.model.{lost}.self_attn.{name}.weight F32 [24, 16]",
    )
    assert found(check, line).count == found(check, line, *others).count == count


@pytest.mark.parametrize(
    ("check", "line"),
    [(lc603_layer_out_of_range.check, DEEPER), (lc604_unknown_module.check, MISSPELT)],
)
def test_modules_are_only_missing_from_a_certain_base(check: Check, line: str) -> None:
    seen = subject(line)
    (one,) = check(seen)
    assert not list(check(on_base(seen, certain=False)))
    assert not list(check(seen.with_explained(frozenset(seen.adapter.names))))
    assert not list(check(subject(line, "base none")))
    assert not list(check(subject()))
    lost = {name for name in seen.adapter.names if "7" in name or "up_prj" in name}
    assert one.explains == lost | seen.missing.keys()


@pytest.mark.parametrize(
    ("lines", "message", "has"),
    [
        (
            (MISSPELT,),
            "4 tensors are for modules that `LlamaForCausalLM` does not have: `up_prj`",
            "`v_proj` with the same sizes and no tensors in the file",
        ),
        (
            (MISSPELT, OTHERS),
            "4 tensors are for modules that `LlamaForCausalLM` does not have: `up_prj`",
            "`up_proj`",
        ),
        (
            (
                "rename v_proj -> vv",
                "rename layers.0.self_attn.q_proj -> layers.0.self_attn.key",
                OTHERS,
            ),
            "6 tensors are for modules that `LlamaForCausalLM` does not have: `key` and `vv`",
            "`q_proj`, `k_proj`, `v_proj`, `o_proj`, `gate_proj`, `up_proj`, `down_proj` and "
            "`lm_head`",
        ),
        (
            ("rename v_proj -> vv", 'base {"vision": 1, "labels": 2}', OTHERS),
            "4 tensors are for modules that `LlamaForCausalLM` does not have: `vv`",
            "`q_proj`, `k_proj`, `v_proj`, `o_proj`, `gate_proj`, `up_proj`, `down_proj`, "
            "`lm_head` and 2 more",
        ),
        (
            ("rename self_attn -> attn",),
            "`LlamaForCausalLM` has none of the 4 modules that the tensors name, such as "
            "`model.layers.0.attn.q_proj`",
            "`model.layers.0.self_attn.q_proj`",
        ),
        (
            ("rename [qv]_proj -> to", "drop layers.1", 'base {"vision": 1, "labels": 2}'),
            "`LlamaForCausalLM` does not have `model.layers.0.self_attn.to`, the only module that "
            "the tensors name",
            "`q_proj`, `k_proj`, `v_proj`, `o_proj`, `gate_proj`, `up_proj`, `down_proj`, "
            "`lm_head` and 2 more",
        ),
    ],
)
def test_modules_that_the_base_does_not_have(
    lines: tuple[str, ...], message: str, has: str
) -> None:
    one = found(lc604_unknown_module.check, *lines)
    assert one.message == message
    is_of_another = message.startswith("`LlamaForCausalLM`")
    advice = "; this one has" if is_of_another else ", or save the adapter again; this base has"
    assert one.help == f"{GIVE}{advice} {has}"
    assert one.location.tensor
    assert one.explains >= {one.location.tensor}


def test_an_adapter_of_a_different_architecture_has_one_finding() -> None:
    seen = subject("rename self_attn -> attn")
    assert seen.missing
    (one,) = lc604_unknown_module.check(seen)
    assert one.explains == seen.adapter.names.keys() | seen.missing.keys()
    assert one.count == len(seen.adapter.names)


def test_only_intended_modules_are_explained() -> None:
    three = 'made with {"target_modules": ["q_proj", "k_proj", "v_proj"]}'
    seen = subject(three, "rename v_proj -> vv_proj", "drop k_proj")  # both have the same size
    (one,) = lc604_unknown_module.check(seen)
    assert {name for name in seen.missing if name in one.explains} == {
        name.replace("vv_proj", "v_proj") for name in seen.adapter.names if "vv_proj" in name
    }
    for line in ("reshape vv_proj.lora_A -> [4, 17]", "tensor {}.lora_magnitude_vector F32 [12]"):
        name = "base_model.model.model.layers.0.self_attn.vv_proj"
        damaged = subject("rename v_proj -> vv_proj", line.format(name))
        (one,) = lc604_unknown_module.check(damaged)
        assert not {name for name in damaged.missing if "layers.0" in name} & one.explains


def test_layers_that_are_counted_from_another_number() -> None:
    three = ('base {"layers": 3}', "rename layers.1 -> layers.3", "rename layers.0 -> layers.2")
    seen = subject(*three)
    (one,) = lc603_layer_out_of_range.check(seen)
    assert one.explains >= seen.missing.keys()
    seen = subject(*three, 'config {"target_modules": ["q_proj", "v_proj", "o_proj"]}')
    (one,) = lc603_layer_out_of_range.check(seen)
    assert {name for name in seen.missing if name not in one.explains} == {
        name for name in seen.missing if "o_proj" in name
    }


def test_a_module_is_intended_for_one_other_only() -> None:
    """Both are spelt most like `q_proj`, the other place with the same sizes."""
    layer = "model.layers.0.self_attn"
    more = (
        f"tensor base_model.model.{layer}.q_projj.lora_A.weight F32 [4, 16]",
        f"tensor base_model.model.{layer}.q_projj.lora_B.weight F32 [24, 4]",
    )
    seen = subject(r"rename layers\.0\.self_attn\.q_proj -> layers.0.self_attn.q_prj", *more)
    found = meant.intended_modules(seen)
    assert {lost: one.path for lost, one in found.items()} == {
        f"{layer}.q_projj": f"{layer}.q_proj"
    }


def test_intended_modules_are_looked_for_among_a_limited_number_of_pairs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A base of hundreds of layers, of which a file numbers none right, would take seconds."""
    seen = subject(r"rename layers\.1\.self_attn\.(.)_proj -> layers.1.self_attn.\1_prj")
    layer = "model.layers.1.self_attn"
    expected = {f"{layer}.{end}_prj": f"{layer}.{end}_proj" for end in "qv"}
    monkeypatch.setattr(meant, "_MOST", 4)  # each of two with either
    found = meant.intended_modules(seen)
    assert {lost: one.path for lost, one in found.items()} == expected
    monkeypatch.setattr(meant, "_MOST", 3)
    assert meant.intended_modules(seen) == {}
