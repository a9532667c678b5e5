"""Tensor names from other tools, and the findings for them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loracfg.adapter.dialects import CONVERT
from loracfg.base.architecture import Kind, Module
from loracfg.base.from_checkpoint.as_loaded import with_prefix
from loracfg.rules.rule import Finding
from loracfg.rules.tensors import lc501_foreign_names
from loracfg.testing.building.examples import build
from tests.rules.subjects import on_base, subject, subject_on

P = "base_model.model."
KOHYA = (
    rf"rename {P}model.layers.(\d+).self_attn.(\w+).lora_A -> lora_unet_\1_\2.lora_down",
    rf"rename {P}model.layers.(\d+).self_attn.(\w+).lora_B -> lora_unet_\1_\2.lora_up",
)
COMFY = f"rename ^{P} -> diffusion_model."
INSIDE = "rename ^ -> diffusion_model."
MLX = (rf"rename {P}(.*).lora_A.weight -> \1.lora_a", rf"rename {P}(.*).lora_B.weight -> \1.lora_b")
ALPHA = "tensor lora_unet_0_q_proj.alpha F32 [1]"
NONE = "base none"
FIX = "pass the base with `--base`, and `loracfg fix` converts the tensors for it"
SCALE = "; no alpha is given, so the scale is assumed to be 1"


def finding(*lines: str, certain: bool = True) -> Finding | None:
    found = list(lc501_foreign_names.check(on_base(subject(*lines), certain=certain)))
    assert len(found) < 2
    return found[0] if found else None


@pytest.mark.parametrize(
    ("code", "lines", "message", "help_"),
    [
        (
            "LC501",
            (*KOHYA, NONE),
            f"8 tensors are named as kohya's scripts name them, not as PEFT does{SCALE}",
            FIX,
        ),
        (
            "LC501",
            KOHYA,
            f"8 tensors are named as kohya's scripts name them, not as PEFT does{SCALE}",
            CONVERT,
        ),
        (
            "LC501",
            (*KOHYA, ALPHA, NONE),
            "9 tensors are named as kohya's scripts name them, not as PEFT does",
            FIX,
        ),
        (
            "LC501",
            (*KOHYA, 'metadata {"alpha": "7"}', NONE),
            "8 tensors are named as kohya's scripts name them, not as PEFT does; alpha is `7`, but "
            "only in the metadata",
            FIX,
        ),
        (
            "LC501",
            (*KOHYA, r'metadata {"lora_adapter_metadata": "{\"unet.r\": 4}"}', NONE),
            "8 tensors are named as kohya's scripts name them, not as PEFT does",
            FIX,
        ),
        (
            "LC501",
            (*KOHYA, r'metadata {"lora_adapter_metadata": "{}"}', NONE),
            f"8 tensors are named as kohya's scripts name them, not as PEFT does{SCALE}",
            FIX,
        ),
        (
            "LC501",
            (*KOHYA, "tensor lora_unet_1.diff F32 [1]", "tensor lora_unet_1.diff_b F32 [1]", NONE),
            "10 tensors are named as kohya's scripts name them, not as PEFT does; LoRA cannot "
            f"hold weight differences (`diff` and `diff_b`){SCALE}",
            CONVERT,
        ),
        (
            "LC501",
            (COMFY, NONE, "drop layers.1|v_proj|lora_B"),
            f"1 tensor is named as ComfyUI names them, not as PEFT does{SCALE}",
            FIX,
        ),
        (
            "LC501",
            (INSIDE, NONE),
            "8 tensors are named as ComfyUI names them, not as PEFT does; PEFT's prefix comes "
            f"after theirs: `diffusion_model.{P}`{SCALE}",
            FIX,
        ),
        (
            "LC501",
            (*MLX, NONE),
            "8 tensors are named as mlx-lm names them, not as PEFT does",
            "put mlx-lm's own `adapter_config.json` next to them; `loracfg fix` reads the scale "
            "from it",
        ),
        (
            "LC501",
            ("rename lora_A.weight -> hada_w1_a", "rename lora_B.weight -> hada_w1_b", NONE),
            "8 tensors are named as PEFT names tensors of LOHA",
            'write `"LOHA"` in `peft_type`',
        ),
    ],
)
def test_names_from_other_tools(
    code: str, lines: tuple[str, ...], message: str, help_: str
) -> None:
    found = finding(*lines)
    assert code == lc501_foreign_names.RULE.code
    assert found
    assert (found.message, found.help) == (message, help_)
    assert found.count == int(message.partition(" ")[0])
    names = subject(*lines).adapter.shapes
    assert found.location.tensor == next(iter(names))
    assert found.explains >= names.keys()


def test_some_names_have_the_prefix_after_their_own() -> None:
    plain = f"tensor {P}x.alpha F32 [1]"
    found = finding("drop .", plain, f"tensor diffusion_model.{P}x.alpha F32 [1]", NONE)
    assert found
    assert found.message.endswith(f"comes after theirs: `diffusion_model.{P}`")
    short = finding("drop .", f"tensor t{P}x.alpha F32 [1]", NONE)
    assert short
    assert short.message.endswith(f"comes after theirs: `t{P}`")


def test_missing_tensors_are_explained_too() -> None:
    found = finding(*MLX)
    assert found
    assert len(found.explains) == 16


def test_names_from_peft_are_not_from_another_tool() -> None:
    one = (
        rf"rename {P}model.layers.0.self_attn.q_proj.lora_A.weight -> lora_unet_x.lora_down.weight"
    )
    assert finding() is None
    assert finding("drop .") is None
    assert finding(one) is None  # the others have PEFT's names
    half = rf"rename {P}.*layers.0.*(.)_proj.lora_(.).weight -> lora_unet_\1.lora_\2.weight"
    assert finding(half) is None
    assert finding(half, "drop layers.1") is not None
    assert finding("drop .", "tensor a F32 [1]", "tensor b F32 [1]", NONE) is None
    # the base has the modules, so only the prefix is missing
    transformer = (f"rename ^{P}model -> text_encoder.model", NONE)
    assert finding(*transformer) is not None
    bare = ("rename ^base_model.model. ->", "rename .weight ->")
    assert finding(*bare, NONE) is not None


def test_only_the_prefix_is_missing_if_the_base_has_the_modules() -> None:
    mistral = rf"rename ^{P}model.layers.(\d+).self_attn.(q|v)_proj -> layers.\1.attention.w\2"
    assert finding(mistral) is not None
    seen = subject(mistral)
    assert not lc501_foreign_names._fits_base(seen)
    assert lc501_foreign_names._fits_base(subject("rename ^base_model.model. ->"))
    assert not lc501_foreign_names._fits_base(subject("rename ^base_model.model. ->", NONE))
    # without the base, these would be diffusers names
    files, base = build((f"rename ^{P} -> transformer.", "tensor transformer.model.x F32 [1]"))
    assert base
    assert list(lc501_foreign_names.check(subject_on(files, base)))
    assert not list(lc501_foreign_names.check(subject_on(files, with_prefix(base, "transformer"))))
    weights = subject("drop .", "tensor lm_head.weight F32 [32, 16]")
    assert not lc501_foreign_names._fits_base(weights)  # these are not factors


def test_tensors_of_another_method_next_to_factors() -> None:
    magnitude = f"tensor {P}model.layers.0.self_attn.q_proj.lora_magnitude_vector F32 [24]"
    loha = ("rename lora_A.weight -> hada_w1_a", "rename lora_B.weight -> hada_w1_b", NONE)
    assert finding(*loha) is not None
    assert finding(*loha, magnitude) is None
    without = magnitude.replace(P, "")
    assert finding(*loha, without) is not None


UNEMBED = [
    f"tensor {P}model.unembed_tokens.lora_{part}.weight F32 {shape}"
    for part, shape in (("A", "[4, 16]"), ("B", "[32, 4]"))
]


def test_tinker_has_its_own_names_for_some_tensors() -> None:
    for lines in (UNEMBED, [*UNEMBED, NONE]):
        found = finding(*lines)
        assert found
        assert found.message == "2 tensors are named as Tinker names them, not as PEFT does"
        assert found.location.tensor == f"{P}model.unembed_tokens.lora_A.weight"
        assert found.count == 2
        assert "build_lora_adapter" in found.help
    one = finding(*UNEMBED[:1])
    assert one
    assert one.message.startswith("1 tensor is named")
    missing = finding(*UNEMBED, "drop layers.1.*q_proj")
    assert missing
    assert len(missing.explains) == 4
    # if the base has the module, the name is the base's
    files, base = build(tuple(UNEMBED))
    assert base
    path = "model.unembed_tokens"
    added = Module(path, Kind.LINEAR, "Linear", {"weight": (32, 16)})
    own = replace(base, modules={**base.modules, path: added})
    assert list(lc501_foreign_names.check(subject_on(files, base)))
    assert not list(lc501_foreign_names.check(subject_on(files, own)))
    attention = r"rename self_attn -> attn"
    beside = finding(*UNEMBED, attention)
    assert beside
    assert beside.count == 10
