"""One cause, one finding: what is found for each defect."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any, Final

import pytest

from loracfg.adapter.directory import read_adapter
from loracfg.adapter.header.safetensors_file import read_safetensors
from loracfg.adapter.header.tensor import Tensor
from loracfg.base.architecture import Architecture
from loracfg.base.search import ResolvedBase
from loracfg.config.model.lora_config import LoraConfig
from loracfg.engine.engine import Engine
from loracfg.planning.build import build_plan
from loracfg.planning.patterns import PatternBudget
from loracfg.testing.building.examples import CONFIG as CONFIG_OF_EXAMPLES
from loracfg.testing.building.examples import build
from loracfg.testing.building.judging import OPTIONS, judged
from loracfg.testing.copies import CONFIG, WEIGHTS, Copy
from loracfg.testing.defects import DEFECTS, Defect
from loracfg.testing.llama import BASE, llama
from loracfg.testing.memory_files import with_header

ALL: Final = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
ADAPTERS: Final[tuple[dict[str, Any], ...]] = (
    {"target_modules": ALL},
    {"rank_pattern": {"v_proj": 6}},
    {"trainable_token_indices": [1, 5, 7]},
    {"modules_to_save": ["lm_head"]},
)
"""Configs of sound adapters; a defect is made in the first that can have it."""


def sound(config: dict[str, Any]) -> tuple[Copy, Architecture]:
    files, base = build((f"made with {json.dumps(config)}",))
    data = files.contents[WEIGHTS]
    with files.open(WEIGHTS) as stream:
        header, _ = read_safetensors(stream, len(data), WEIGHTS)
    assert header is not None
    assert base is not None
    return Copy(json.loads(files.contents[CONFIG]), dict(header.tensors)), base


def sound_experts(config: dict[str, Any]) -> tuple[Copy, Architecture]:
    """Return an adapter of a base that holds its experts in parameters."""
    base = llama(BASE | {"experts": 4})
    made = LoraConfig.model_validate(CONFIG_OF_EXAMPLES | config)
    plan = build_plan(made, base, PatternBudget())
    tensors = {name: Tensor(name, "F32", one.shape) for name, one in plan.tensors.items()}
    return Copy(json.loads(json.dumps(made.to_dict())), tensors), base


def codes(copy: Copy, base: Architecture | None) -> list[str]:
    adapter = read_adapter(copy.written())
    report = Engine(OPTIONS).open_read(adapter, ResolvedBase(base)).report
    return [diagnostic.code for diagnostic in report.diagnostics]


def found(defect: Defect) -> list[str]:
    """Return the codes of what is found in the first adapter that can have a defect."""
    for config in ADAPTERS:
        copy, base = sound(config)
        if defect.apply(copy):
            return codes(copy, base)
    raise AssertionError(f"no adapter can have `{defect.name}`")


ADDITIONAL: Final[dict[str, list[str]]] = {}
"""What is found in addition to a defect's own rule, and has a separate cause."""


@pytest.mark.parametrize("config", ADAPTERS, ids=json.dumps)
def test_the_adapters_are_sound(config: dict[str, Any]) -> None:
    assert codes(*sound(config)) == []


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda one: one.name)
def test_findings_of_a_defect(defect: Defect) -> None:
    assert found(defect) == [defect.code, *ADDITIONAL.get(defect.name, [])]


def of_all(*lines: str) -> list[str]:
    return [f"made with {json.dumps({'target_modules': ALL})}", *lines]


OTHERS: Final[dict[str, tuple[list[str], list[str]]]] = {
    "a base with more layers": (of_all('base {"layers": 5}'), ["LC617"]),
    "a base with fewer layers": (of_all('base {"layers": 1}'), ["LC603"]),
    "a wider base": (of_all('base {"hidden": 32}'), ["LC608"]),
    "a wider and deeper base": (of_all('base {"hidden": 32, "layers": 5}'), ["LC608"]),
    "a wider base with fewer layers": (of_all('base {"hidden": 32, "layers": 1}'), ["LC603"]),
    "a wider base, with a saved head and tokens": (
        [
            'made with {"modules_to_save": ["lm_head"], "trainable_token_indices": [1, 2]}',
            'base {"hidden": 32, "vocab": 64}',
        ],
        ["LC608"],
    ),
    "layers that are counted from 1": (
        of_all(r"rename layers\.1 -> layers.2", r"rename layers\.0 -> layers.1"),
        ["LC603"],
    ),
    "a base with fewer layers, of which a norm is saved": (
        of_all(
            'base {"layers": 1}',
            "tensor base_model.model.model.layers.1.input_layernorm.weight F32 [16]",
        ),
        ["LC603"],
    ),
    "a module of another name": (of_all("rename q_proj -> query_proj"), ["LC604"]),
    "two modules of other names": (
        of_all("rename q_proj -> query_proj", "rename v_proj -> value_proj"),
        ["LC604"],
    ),
    "a renamed module with its own rank": (
        ['made with {"rank_pattern": {"q_proj": 2}}', "rename q_proj -> query_proj"],
        ["LC604"],
    ),
    "layers under another name, of which one has a rank by its path": (
        [
            'made with {"rank_pattern": {"model.layers.1.self_attn.q_proj": 2}}',
            r"rename rs\. -> r.",
        ],
        ["LC602"],
    ),
    "a config of LoHa that says it is one of LoRA": (
        of_all(
            "rename lora_A.weight -> hada_w1_a",
            "rename lora_B.weight -> hada_w1_b",
            'config {"alpha": 8, "rank_dropout": 0.0, "module_dropout": 0.0, "lora_alfa": 3}',
            'config without "lora_alpha"',
        ),
        ["LC501"],
    ),
    "one factor of another name": (
        of_all(r"rename (layers\.1.*)q_proj.lora_A -> \1qq_proj.lora_A"),
        ["LC507"],
    ),
    "a renamed factor and a missing one": (
        of_all(r"rename (layers\.1.*)q_proj.lora_A -> \1qq_proj.lora_A", "drop 0.*q_proj.lora_A"),
        ["LC507", "LC507"],
    ),
    "a layer that is missing": (of_all("drop layers.0"), ["LC617"]),
    "targets by path, of which one was not trained": (
        [
            'made with {"target_modules": ["layers.0.self_attn.q_proj"]}',
            'config {"target_modules": ["layers.0.self_attn.q_proj", "layers.1.self_attn.q_proj", '
            '"layers.1.self_attn.v_proj"]}',
        ],
        ["LC617"],
    ),
    "targets that were not trained": (
        ['config {"target_modules": ["q_proj", "k_proj", "v_proj", "o_proj"]}'],
        ["LC617"],
    ),
    "a layer and a target": (
        ['config {"target_modules": ["q_proj", "v_proj", "o_proj"]}', "drop layers.1"],
        ["LC617", "LC617"],
    ),
    "names of a wrapped model, with the adapter's": (
        of_all(
            r"rename ^ -> _fsdp_wrapped_module.",
            r"rename \.weight$ -> .default.weight",
        ),
        ["LC500"],
    ),
    "names of a plain model, with the adapter's": (
        of_all(r"rename ^base_model\.model\. ->", r"rename \.weight$ -> .default.weight"),
        ["LC502"],
    ),
    "one factor without the prefix": (
        of_all(r"rename ^base_model\.model\.(.*layers\.1.*q_proj\.lora_A) -> \1"),
        ["LC502"],
    ),
    "one factor without the prefix, and no base": (
        of_all(r"rename ^base_model\.model\.(.*layers\.1.*q_proj\.lora_A) -> \1", "base none"),
        ["LC502"],
    ),
    "factors with different defects of the prefix": (
        of_all(
            r"rename ^base_model\.model\.(.*layers\.1.*q_proj\.lora_A) -> \1",
            r"rename ^(.*layers\.0.*q_proj\.lora_B) -> base_model.model.\1",
        ),
        ["LC502", "LC502"],
    ),
    "targets, and names that the base lacks": (
        of_all("rename mlp -> ffn", 'config {"target_modules": ["q_proj", "k_proj"]}'),
        ["LC520", "LC604"],
    ),
    "a base for another number of labels": (
        [
            'made with {"task_type": "TOKEN_CLS"}',
            'base {"labels": 2}',
            "tensor base_model.model.score.weight F32 [5, 16]",
        ],
        ["LC621"],
    ),
    "another number of labels, on a wider base": (
        [
            'made with {"task_type": "TOKEN_CLS"}',
            'base {"labels": 2, "hidden": 32}',
            "tensor base_model.model.score.weight F32 [5, 16]",
        ],
        ["LC608"],
    ),
}
"""Related defects that no kind of defect covers, and what is found."""


@pytest.mark.parametrize("name", OTHERS)
def test_findings_of_one_cause(name: str) -> None:
    lines, expected = OTHERS[name]
    assert [diagnostic.code for diagnostic in judged(*lines).diagnostics] == expected


def test_a_base_with_more_layers_says_how_many_to_give() -> None:
    (found,) = judged(*of_all('base {"layers": 5}')).diagnostics
    assert found.message.startswith(
        "the file has tensors for the first `2` of the `5` layers of the base, but none for "
    )
    assert found.help == "pass the base with 2 layers, or save the adapter again"
    assert found.count == 21
    (found,) = judged(*of_all('base {"layers": 5, "hidden": 32}')).diagnostics
    assert found.message.endswith("; it has `5` layers, but the file has tensors for `2`")


def test_a_tower_that_was_not_trained_is_left_out() -> None:
    lines = (
        'made with {"target_modules": "model.*q_proj"}',
        'config {"target_modules": ["q_proj"]}',
        'base {"vision": 1}',
    )
    (found,) = judged(*lines).diagnostics
    assert found.code == "LC617"
    assert "exclude_modules` set to `.*vision_tower.*`" in found.help
    advised = [*lines, r'config {"exclude_modules": ".*vision_tower.*"}']
    assert judged(*advised).diagnostics == ()


def test_a_rank_is_wrong_in_experts_and_elsewhere() -> None:
    copy, base = sound_experts({"r": 2, "target_modules": "all-linear"})
    assert codes(copy, base) == []
    copy.config["r"] = 3
    assert codes(copy, base) == ["LC503"]


def renamed(copy: Copy, pattern: str, new: str) -> None:
    names = {name: re.sub(pattern, new, name) for name in copy.tensors}
    copy.tensors = {new: copy.tensors[name]._replace(name=new) for name, new in names.items()}


def transpose(copy: Copy, where: str = "lora_") -> None:
    """Transpose the factors with a text in their names."""
    tensors = copy.tensors.items()
    copy.tensors = {n: t._replace(shape=t.shape[::-1]) if where in n else t for n, t in tensors}


@pytest.mark.parametrize("factor", ["A", "B"])
@pytest.mark.parametrize(("name", "code"), [("sql", "LC505"), ("default", "LC506")])
def test_an_adapter_name_in_one_factor(name: str, code: str, factor: str) -> None:
    copy, base = sound({"target_modules": ALL})
    renamed(copy, rf"(layers\.0\..*lora_{factor})\.weight$", rf"\1.{name}.weight")
    assert codes(copy, base) == codes(copy, None) == [code]
    lost = next(n for n in copy.tensors if n.endswith(f"layers.1.mlp.up_proj.lora_{factor}.weight"))
    del copy.tensors[lost]
    assert codes(copy, base) == codes(copy, None) == [code, "LC507"]


EXPERTS: Final[tuple[dict[str, Any], ...]] = (
    {"r": 2, "target_modules": "all-linear"},
    {"r": 2, "target_modules": ["q_proj", "v_proj"], "target_parameters": ["gate_up_proj"]},
)


@pytest.mark.parametrize("config", EXPERTS, ids=json.dumps)
def test_transposed_factors_with_experts(config: dict[str, Any]) -> None:
    copy, base = sound_experts(config)
    transpose(copy)
    assert codes(copy, base) == codes(copy, None) == ["LC510"]
    copy, base = sound_experts(config)
    transpose(copy, "experts.")
    assert codes(copy, base) == ["LC510"]
    assert codes(copy, None) == ["LC511"]  # without the base, only their inner sizes are known


@pytest.mark.parametrize("config", EXPERTS, ids=json.dumps)
@pytest.mark.parametrize("cut", ["lora_A", "experts."])
def test_cut_factors_of_experts_are_not_transposed(config: dict[str, Any], cut: str) -> None:
    copy, base = sound_experts(config)
    for name, tensor in copy.tensors.items():
        if cut in name and "lora_A" in name:
            shape = (tensor.shape[0] - 1, *tensor.shape[1:])
            copy.tensors[name] = tensor._replace(shape=shape)
    assert codes(copy, base) == codes(copy, None) == ["LC511"]


@pytest.mark.parametrize("config", EXPERTS, ids=json.dumps)
@pytest.mark.parametrize(
    ("pattern", "new"), [(r"model\.layers", "layers"), (r"(?<=\.)layers", "layer")]
)
def test_other_names_for_experts(config: dict[str, Any], pattern: str, new: str) -> None:
    copy, base = sound_experts(config)
    renamed(copy, pattern, new)
    assert codes(copy, base) == ["LC602"]


@pytest.mark.parametrize("inner", [r"base_layer\.", ""])
def test_parameters_of_experts_that_were_not_trained(inner: str) -> None:
    copy, base = sound_experts({"r": 2, "target_modules": "all-linear"})
    lost = re.compile(rf"(v_proj|experts)\.{inner}lora_|mlp\.gate")
    copy.tensors = {n: t for n, t in copy.tensors.items() if not lost.search(n)}
    assert sum("experts" in name for name in copy.tensors) == 4
    assert codes(copy, base) == ["LC617"]


@pytest.mark.parametrize("config", EXPERTS, ids=json.dumps)
@pytest.mark.parametrize(
    "option",
    [{"use_dora": True}, {"lora_bias": True}, {"lora_dropout": 0.1}, {"kasa_config": {}}],
    ids=json.dumps,
)
def test_an_option_that_experts_do_not_have(option: dict[str, Any], config: dict[str, Any]) -> None:
    copy, base = sound_experts(config)
    copy.config |= option
    (found,) = (code for code in codes(copy, base) if code != "LC331")
    assert found == "LC311"


def test_ranks_of_experts_are_not_checked_without_a_plan() -> None:
    copy, base = sound_experts({"r": 2, "target_modules": "all-linear"})
    assert codes(copy, None) == []
    copy.config["lora_dropout"] = 1.5
    assert codes(copy, base) == ["LC105"]
    copy.config |= {"lora_dropout": 0.0, "target_modules": 3}
    assert codes(copy, base) == ["LC103"]


def in_bytes(*extents: tuple[int, int], size: int) -> list[str]:
    """Return the kinds of faults of a file with 4-byte tensors at these offsets."""
    header = {
        f"t{at}": {"dtype": "F32", "shape": [1], "data_offsets": list(extent)}
        for at, extent in enumerate(extents)
    }
    data = with_header(json.dumps(header).encode()) + bytes(size)
    _, faults = read_safetensors(BytesIO(data), len(data), WEIGHTS)
    return [fault.kind for fault in faults]


@pytest.mark.parametrize(
    ("extents", "size", "expected"),
    [
        (((0, 4), (4, 8), (8, 12)), 12, []),
        (((0, 4), (2, 6), (8, 12)), 12, ["offset-overlap"]),  # the second is off by 2
        (((0, 4), (6, 10), (8, 12)), 12, ["offset-overlap"]),
        (((0, 4), (4, 8), (6, 10)), 12, ["offset-overlap"]),  # the free bytes are at the end
        (((0, 4), (4, 8), (10, 14)), 12, ["offset-gap"]),  # it ends after the file does
        (((0, 4), (6, 10), (10, 14)), 14, ["offset-gap"]),
        (((0, 4), (2, 6), (8, 12), (14, 18)), 18, ["offset-overlap", "offset-gap"]),
        (((0, 4), (6, 8), (8, 12)), 12, ["size-mismatch"]),  # begins 2 late
        (((0, 4), (4, 10), (8, 12)), 12, ["size-mismatch"]),  # ends 2 late
        (((0, 4), (0, 4)), 4, ["offset-overlap"]),
        (((0, 4), (4, 8)), 7, ["data-truncated"]),
        (((0, 4), (4, 8)), 9, ["trailing-bytes"]),
    ],
)
def test_a_tensor_with_wrong_offsets_is_one_fault(
    extents: tuple[tuple[int, int], ...], size: int, expected: list[str]
) -> None:
    assert in_bytes(*extents, size=size) == expected
