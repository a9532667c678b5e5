"""The location and count of findings, and cases that a rule does not report."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from loracfg.report.report import Diagnostic
from loracfg.testing.building.judging import judged
from tests.repair.single import repaired
from tests.rules.subjects import config, made_with

LAYERS: Final = "base_model.model.model.layers"
Q: Final = f"{LAYERS}.0.self_attn.q_proj"
K: Final = f"{LAYERS}.0.self_attn.k_proj"
NO_BASE: Final = ("base none", "drop .")
MISSING: Final = "`adapter_config.json` is missing, so rank, scaling and targets are unknown"
COPY: Final = "copy the config from where the adapter was saved"
NO_WEIGHTS: Final = "the folder has neither `adapter_model.safetensors` nor `adapter_model.bin`"
TURNED: Final = (
    "reshape lora_A -> [16, 4]",
    "reshape q_proj.lora_B -> [4, 24]",
    "reshape v_proj.lora_B -> [4, 12]",
)
TURNED_SHAPES: Final = (
    "A is `(16, 4)` and B is `(4, 24)`, but PEFT expects `(rank, in)` and `(out, rank)`"
)
RENAMES: Final = 'base {"renames": [["language_model.layers", "model.layers"]]}'
PARAMETERS: Final = made_with(target_modules=[], target_parameters=["q_proj.weight"])
EXPERT_SIZES: Final = {"gate": (16, 20), "up": (16, 20), "down": (20, 16)}
OWN_RANKS: Final = [
    f"tensor {LAYERS}.0.mlp.experts.0.{name}_proj.lora_{factor}.weight F32 {shape}"
    for name, (into, out) in EXPERT_SIZES.items()
    for factor, shape in (("A", [2, into]), ("B", [out, 2]))
]
FIVE: Final = {f"{name}_proj": 0 for name in "abcde"}


CONFLICTING: Final[dict[str, Any]] = {
    "target_modules": ".*_proj",
    "layers_to_transform": [0],
    "use_dora": True,
    "lora_bias": True,
}
FIRST_THREE: Final = {
    f"{Q}.lora_A.weight": [4, 16],
    f"{Q}.lora_B.weight": [24, 4],
    f"{LAYERS}.1.self_attn.q_proj.lora_A.weight": [4, 16],
}


def found(code: str, *lines: str) -> list[Diagnostic]:
    """Return the findings of a rule, after checking that no rule crashed."""
    report = judged(*lines)
    assert "LC901" not in [d.code for d in report.diagnostics]
    return [d for d in report.diagnostics if d.code == code]


def of_metadata(**values: str) -> str:
    return f"metadata {json.dumps(values)}"


@pytest.mark.parametrize(
    ("code", "lines", "message", "help_"),
    [
        (
            "LC003",
            ("config none", "file step-1/adapter_config.json {}"),
            f"{MISSING}; there is one in `step-1/`",
            f"{COPY}; the tensors show that `r` is `4`",
        ),
        ("LC003", ("config none", "drop lora_A"), MISSING, COPY),
        (
            "LC003",
            ("config none", f"tensor {K}.lora_A.weight F32 []"),
            MISSING,
            f"{COPY}; the tensors show that `r` is `4`",
        ),
        (
            "LC638",  # the first of two stacks, with both of its layers
            (
                'base {"experts": 1, "layers": 1}',
                "drop .",
                *OWN_RANKS,
                config(
                    target_modules=["gate_proj", "up_proj", "down_proj"],
                    rank_pattern={f"0.{name}_proj": 2 for name in EXPERT_SIZES},
                ),
            ),
            "PEFT 0.19+ converts single experts to `target_parameters`, and gives the one for "
            "`gate_proj` and `up_proj` rank `8` instead of `4`",
            "load it with transformers 4, or train `gate_proj`, `up_proj` and `down_proj` with "
            "rank `r`",
        ),
        (
            "LC322",
            (config(target_modules=["all-linear"]),),
            "`target_modules` is the placeholder `all-linear`, not a module",
            "list the modules that have tensors: `q_proj` and `v_proj`",
        ),
        (
            "LC322",
            (config(target_modules="auto"), "base none"),
            "`target_modules` is the placeholder `auto`, not a module",
            "list the modules that have tensors: `q_proj` and `v_proj`",
        ),
        (
            "LC322",
            (config(target_modules="auto"), "drop layers.1|v_proj"),
            "`target_modules` is the placeholder `auto`, not a module",
            "list the modules that have tensors: `model.layers.0.self_attn.q_proj`",
        ),
        (
            "LC322",
            (config(target_modules="auto"), "drop ."),
            "`target_modules` is the placeholder `auto`, not a module",
            "list the modules that were adapted",
        ),
        (
            "LC322",
            (
                config(target_modules="auto"),
                *NO_BASE,
                *(f"tensor base_model.model.m{i}.lora_A.weight F32 [4, 8]" for i in range(10, 22)),
            ),
            "`target_modules` is the placeholder `auto`, not a module",
            "list the modules that have tensors: `m10`, `m11`, `m12`, `m13`, `m14`, `m15`, `m16`, "
            "`m17`, `m18`, `m19` and 2 more",
        ),
        (
            "LC401",
            ("weights none",),
            NO_WEIGHTS,
            "put the weights next to the config; before training, run `loracfg plan`",
        ),
        (
            "LC401",
            ("weights none", "file my_lora.safetensors x"),
            f"{NO_WEIGHTS}, but `my_lora.safetensors`, which PEFT does not look for",
            "save the adapter with PEFT's `save_pretrained`, or convert the file",
        ),
        (
            "LC436",
            (f"tensor {Q}.lora_B.weight F16 [24, 4]", f"tensor {Q}.lora_A.weight I32 [4, 16]"),
            "6 factors have dtype `F32`, but 1 factor has `F16`",
            "save the adapter in one dtype, such as `F32`",
        ),
        (
            "LC025",
            (config(peft_type="ADALORA"),),
            '`peft_type` is `"ADALORA"`, but the tensors are LoRA factors',
            'write `"LORA"`, or use the config that belongs to these weights',
        ),
        (
            "LC510",
            TURNED,
            f"4 layers have transposed factors: {TURNED_SHAPES}",
            "transpose every A and B",
        ),
        (
            "LC510",
            (*TURNED, "base none"),
            f"4 layers have transposed or swapped factors: {TURNED_SHAPES}",
            "pass the base with `--base`; its sizes may show which it is",
        ),
        (
            "LC510",
            (
                'base {"head_dim": 4, "kv_heads": 4}',
                "reshape lora_A -> [16, 4]",
                "reshape lora_B -> [4, 16]",
            ),
            "4 layers have transposed or swapped factors: A is `(16, 4)` and B is `(4, 16)`, but "
            "PEFT expects `(rank, in)` and `(out, rank)`",
            "save the adapter again with `model.save_pretrained`",
        ),
        (
            "LC507",
            (f"drop {Q}.lora_A",),
            "1 layer has `lora_B` but no `lora_A`",
            f"save the adapter again with `{Q}.lora_A.weight`",
        ),
        (
            "LC507",
            ("drop q_proj.lora_B",),
            "2 layers have `lora_A` but no `lora_B`",
            f"save the adapter again with `{Q}.lora_B.weight`",
        ),
        *(
            (
                "LC330",
                (config(init_lora_weights=init, **{f"{name}_config": given}),),
                f"`{name}_config` is set, but `init_lora_weights` is {shown}, so it has no effect",
                f'remove it, or set `init_lora_weights` to `"{name}"` if that is intended',
            )
            for name, given, init, shown in (
                ("eva", {"rho": 2.0}, True, "`true`"),
                ("loftq", {"loftq_bits": 4}, "pissa", '`"pissa"`'),
            )
        ),
    ],
)
def test_message_and_help(code: str, lines: tuple[str, ...], message: str, help_: str) -> None:
    assert [(d.message, d.help) for d in found(code, *lines)] == [(message, help_)]


@pytest.mark.parametrize("line", [config(), "drop ."])
def test_placeholder_is_replaced_by_the_modules_with_tensors(line: str) -> None:
    change = repaired("LC322", config(target_modules="auto"), line)
    if line == "drop .":
        assert change is None
    else:
        assert change
        assert not change.safe
        assert [edit.value for edit in change.edits] == [["q_proj", "v_proj"]]


@pytest.mark.parametrize(
    ("code", "lines", "where", "count", "related"),
    [
        (
            "LC107",
            (config(enable_lora=None, merge_weights=False),),
            "/enable_lora",
            2,
            ["/merge_weights"],
        ),
        (
            "LC324",
            (config(alpha_pattern={"q_proj": 0, "v_proj": 0, "k_proj": 0}),),
            "/alpha_pattern/q_proj",
            2,
            ["/alpha_pattern/v_proj"],
        ),
        (
            "LC324",
            (config(alpha_pattern=FIVE), *NO_BASE),
            "/alpha_pattern/a_proj",
            5,
            [f"/alpha_pattern/{name}_proj" for name in "bcd"],
        ),
        *(
            (
                code,
                (config(**CONFLICTING),),
                f"/{field}",
                1,
                [f"/{other}"],
            )
            for code, field, other in (
                ("LC302", "layers_to_transform", "target_modules"),
                ("LC308", "lora_bias", "use_dora"),
            )
        ),
        (
            "LC436",
            (
                made_with(target_modules=["q_proj"]),
                *(f"tensor {name} BF16 {shape}" for name, shape in FIRST_THREE.items()),
            ),
            f"{LAYERS}.1.self_attn.q_proj.lora_B.weight",
            1,
            [],
        ),
        ("LC301", (config(target_modules=[]),), "/target_modules", 1, []),
        ("LC510", TURNED, f"{Q}.lora_A.weight", 8, []),
        ("LC422", (of_metadata(lora_alpha="32"),), "adapter_model.safetensors", 1, ["/lora_alpha"]),
        (
            "LC436",
            (f"tensor {K}.lora_A.weight F16 [4, 16]", f"tensor {K}.lora_B.weight F32 [12, 4]"),
            f"{K}.lora_A.weight",
            1,
            [],
        ),
        (
            "LC523",
            (config(alpha_pattern={"k_proj": 4, "o_proj": 4}),),
            "/alpha_pattern/k_proj",
            2,
            [],
        ),
        # of two features, the first
        ("LC801", ("for transformers==4.57", PARAMETERS), "/target_parameters", 1, []),
    ],
)
def test_places(
    code: str, lines: tuple[str, ...], where: str, count: int, related: list[str]
) -> None:
    (one,) = found(code, *lines)
    assert (one.location.pointer or one.location.tensor or one.location.file) == where
    assert one.count == count
    assert [r.location.pointer for r in one.related] == related


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("LC324", {"alpha_pattern": {"q_proj": -4}}),
        ("LC324", {"alpha_pattern": {"k_proj": 0}}),
        ("LC324", {"alpha_pattern": {"layers.*q_proj": 4, "q_proj": 0}}),  # the first decides
        ("LC324", {"alpha_pattern": {"q_proj": "x"}}),
        ("LC330", {"eva_config": {"rho": 2.0}, "init_lora_weights": 5}),
        ("LC330", {"eva_config": {"rho": "x"}}),
        ("LC523", {"alpha_pattern": {"up_proj": 3}, "target_parameters": ["x.y"]}),
    ],
)
def test_values_that_are_not_reported(code: str, values: dict[str, Any]) -> None:
    assert found(code, config(**values)) == []


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("LC003", ("config none", "weights none")),
        ("LC422", (of_metadata(lora_alpha="32"), made_with(alpha_pattern={"q_proj": 4}))),
        ("LC422", (of_metadata(lora_alpha="32"), 'config without "lora_alpha"')),
        ("LC422", (of_metadata(lora_alpha="32"), config(lora_alpha="x"))),
        ("LC436", (f"tensor {Q}.lora_A.weight I32 [4, 16]",)),
        ("LC025", (config(peft_type="OFT"), "rename lora_[AB].weight -> oft_r")),
        ("LC401", ("config none", "weights none", "file my_lora.safetensors x")),
        ("LC401", ("weights none", "file adapter_model-00001-of-00002.safetensors x")),
        ("LC401", ("weights none", 'config text {"model_type": "llama", "hidden_size": 3}')),
        ("LC402", ("weights none", "raw adapter_model.bin x")),
        ("LC404", ("weights none", "raw adapter_model.bin x")),
        ("LC420", ("weights bytes 00ff",)),
        ("LC401", ("config none", "weights none", "file adapter_config.json/ x")),
        ("LC622", (RENAMES,)),
        (
            "LC622",
            (
                RENAMES,
                made_with(use_dora=True),
                r"rename (_vector)$ -> \1.weight",
            ),
        ),
        ("LC523", (config(alpha_pattern={"up_proj": 3}), *NO_BASE)),
    ],
)
def test_not_reported(code: str, lines: tuple[str, ...]) -> None:
    assert found(code, *lines) == []
