"""Layers with the same values, found with `--data`."""

from __future__ import annotations

import json
import struct

import pytest

from loracfg.adapter.directory import SAFETENSORS_NAME, read_adapter
from loracfg.analysis.subject import Subject
from loracfg.rules.weights.lc434_identical_layers import check
from loracfg.testing.building.examples import build
from loracfg.testing.building.judging import judged
from loracfg.testing.memory_files import MemoryFiles
from tests.rules.subjects import made_with

LAYERS = "base_model.model.model.layers"
SHAPES = (("A.weight", "[4, 16]"), ("B.weight", "[24, 4]"))


def layers(count: int) -> list[str]:
    """Return example lines for an adapter with random values in this many similar layers."""
    more = [
        f"tensor {LAYERS}.{i}.self_attn.q_proj.lora_{part} F32 {shape}"
        for i in range(2, count)
        for part, shape in SHAPES
    ]
    return [
        made_with(target_modules=["q_proj"]),
        f'base {{"layers": {count}}}',
        *more,
        "values . 1",
    ]


def equal(*lines: str) -> list[tuple[str, str, int]]:
    """Return the layers, place and count of each finding."""
    found = [d for d in judged(*lines).diagnostics if d.code == "LC434"]
    assert all(d.message.endswith(" have the same values") for d in found)
    return [
        (_numbers(d.message.removesuffix(" have the same values")), f"{d.location.tensor}", d.count)
        for d in found
    ]


def _numbers(paths: str) -> str:
    return paths.replace("model.layers.", "").replace(".self_attn.q_proj", "")


@pytest.mark.parametrize(
    ("values", "groups"),
    [
        ((), []),
        ((r"values layers.[03] all 2",), [("`0` and `3`", 0, 2)]),
        ((r"values layers.[024] all 2",), [("`0`, `2` and `4`", 0, 3)]),
        # two groups have two causes
        (
            (r"values layers.[034] all 2", r"values layers.[125] all 3"),
            [("`0`, `3` and `4`", 0, 3), ("`1`, `2` and `5`", 1, 3)],
        ),
        ((r"values layers.[03].*lora_A all 2",), []),
        ((r"values layers.[03].*lora_B all 2",), []),
        # untrained layers and values that are not finite have their own findings
        ((r"values layers.[03] all 2", r"values layers.[03].*lora_B all 0"), []),
        ((r"values layers.[03] all 2", r"values layers.[03].*lora_B all inf"), []),
        ((r"values layers.[03] all 2", r"values layers.[03].*lora_A all nan"), []),
    ],
)
def test_groups_of_equal_layers(
    values: tuple[str, ...], groups: list[tuple[str, int, int]]
) -> None:
    first = "self_attn.q_proj.lora_A.weight"
    wanted = [(said, f"{LAYERS}.{layer}.{first}", count) for said, layer, count in groups]
    assert equal(*layers(6), *values) == wanted


@pytest.mark.parametrize(("part", "count"), [("A", 0), ("B", 0), (None, 1)])
def test_values_in_the_middle_of_a_factor_are_compared(part: str | None, count: int) -> None:
    """The summary of a tensor (its ends and its largest value) is the same for both layers."""
    wide = "reshape lora_A -> [4, 64]", "reshape lora_B -> [64, 4]"
    contents = dict(build((*layers(4), *wide, "values layers.[03] all 2"))[0].contents)
    data = bytearray(contents[SAFETENSORS_NAME])
    (size,) = struct.unpack("<Q", data[:8])
    if part:
        name = f"{LAYERS}.3.self_attn.q_proj.lora_{part}.weight"
        begin, end = json.loads(data[8 : 8 + size])[name]["data_offsets"]
        at = 8 + size + begin + (end - begin) // 2
        data[at : at + 4] = struct.pack("<f", 1.0)
    contents[SAFETENSORS_NAME] = bytes(data)
    seen = Subject(read_adapter(MemoryFiles(contents), with_values=True))
    assert len(list(check(seen))) == count
