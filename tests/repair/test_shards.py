"""Shards are joined into one file only if all of them exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from loracfg.adapter.directory import SAFETENSORS_NAME
from loracfg.adapter.header.safetensors_file import read_safetensors
from loracfg.adapter.header.tensor import Tensor
from loracfg.engine.engine import Engine
from loracfg.engine.fixing import fix
from loracfg.report.report import Diagnostic
from loracfg.testing.building.examples import build
from loracfg.testing.building.judging import OPTIONS
from loracfg.testing.memory_files import MemoryFiles, safetensors_bytes
from tests.rules.test_advice import write


def sharded(numbers: list[int], total: int, *more: Tensor) -> MemoryFiles:
    """Return an adapter whose tensors, and more, are in files of these numbers."""
    contents = dict(build(())[0].contents)
    data = contents.pop(SAFETENSORS_NAME)
    header, _ = read_safetensors(MemoryFiles({"x": data}).open("x"), len(data), "")
    assert header is not None
    tensors = [*header.tensors.values(), *more]
    for i, number in enumerate(numbers):
        name = f"adapter_model-{number:05}-of-{total:05}.safetensors"
        contents[name] = safetensors_bytes(tensors[i :: len(numbers)])
    return MemoryFiles(contents)


def finding(files: MemoryFiles) -> Diagnostic:
    report = Engine(OPTIONS).open_files(files).report
    return next(d for d in report.diagnostics if d.code == "LC403")


@pytest.mark.parametrize(
    ("numbers", "total", "repaired"),
    [
        *(([1, 2], 2, True), ([1, 2, 3], 3, True)),
        *(([1, 3], 3, False), ([2, 3], 3, False), ([1, 2], 3, False), ([0, 1], 1, False)),
    ],
)
def test_no_part_may_be_missing(numbers: list[int], total: int, repaired: bool) -> None:
    assert (finding(sharded(numbers, total)).fix is not None) == repaired


def test_data_begin_at_a_multiple_of_eight(tmp_path: Path) -> None:
    for length in range(8):
        folder = tmp_path / str(length)
        folder.mkdir()
        write(sharded([1, 2], 2, Tensor("x" * (1 + length), "F32", (1,))), folder)
        fix(folder).write(tmp_path / f"fixed-{length}")
        whole = (tmp_path / f"fixed-{length}" / SAFETENSORS_NAME).read_bytes()
        assert int.from_bytes(whole[:8], "little") % 8 == 0
