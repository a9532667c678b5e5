"""The library reads the written weight files, and copying loads nothing into memory."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.adapter.directory import SAFETENSORS_NAME, read_adapter
from loracfg.adapter.files import Folder
from loracfg.adapter.header.tensor import Tensor
from loracfg.config import CONFIG_NAME
from loracfg.engine.fixing import fix
from loracfg.errors import LoracfgError
from loracfg.repair.draft import Draft, with_stored_tensors
from loracfg.repair.overflow import check_overflow
from loracfg.repair.tensor_data import Scale
from loracfg.repair.written_folder import write_folder, write_weights
from loracfg.sources.source import LocalFile, LoneFile
from loracfg.testing.memory_files import MemoryFiles, safetensors_bytes

pytest.importorskip("safetensors", reason="the library reads what is written")

import torch
from safetensors.torch import load, save

LARGE: Final = 300_000_000


def draft_of(files: MemoryFiles | Folder) -> Draft:
    adapter = read_adapter(files)
    return with_stored_tensors(Draft(files), adapter)


def written(draft: Draft) -> bytes:
    target = BytesIO()
    write_weights(draft, target)
    return target.getvalue()


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
tensors = st.dictionaries(
    names.filter(lambda name: name != "__metadata__"),
    st.tuples(
        st.sampled_from([torch.float32, torch.bfloat16, torch.int8, torch.float64]),
        st.lists(st.integers(0, 4), max_size=3),
    ),
    min_size=1,
    max_size=8,
)


@given(tensors, st.data())
def test_any_choice_of_tensors_is_read_back(
    drawn: dict[str, tuple[torch.dtype, list[int]]], data: st.DataObject
) -> None:
    own = {n: (torch.randn(shape) * 9).to(dtype) for n, (dtype, shape) in drawn.items()}
    draft = draft_of(MemoryFiles({SAFETENSORS_NAME: save(own, {"format": "pt"})}))
    gone = data.draw(st.sets(st.sampled_from(sorted(own))))
    new = {name: f"new {name}" for name in own}
    found = load(written(draft.without_tensors(gone).with_renamed_tensors(new)))
    assert found.keys() == {new[name] for name in own.keys() - gone}
    assert all(torch.equal(found[new[name]], own[name]) for name in own.keys() - gone)


def test_two_tensors_cannot_have_one_name() -> None:
    draft = draft_of(
        MemoryFiles({SAFETENSORS_NAME: save({"a": torch.ones(1), "b": torch.ones(1)})})
    )
    with pytest.raises(ValueError, match="two tensors would be named `b`"):
        draft.with_renamed_tensors({"a": "b"})


def test_a_file_that_ends_early_is_an_error() -> None:
    whole = save({"a": torch.ones(1000)})
    draft = draft_of(MemoryFiles({SAFETENSORS_NAME: whole}))
    cut = Draft(MemoryFiles({SAFETENSORS_NAME: whole[:-8]}), None, draft.tensors)
    with pytest.raises(LoracfgError, match="ends before the data of its tensors"):
        written(cut)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder of an adapter, with more files."""
    folder = tmp_path / "source"
    (folder / "sub").mkdir(parents=True)
    for name in (CONFIG_NAME, "gone", "README", f"sub/{CONFIG_NAME}", "sub/gone"):
        (folder / name).write_text("old")
    (folder / "dangling").symlink_to("nowhere")
    (folder / SAFETENSORS_NAME).write_bytes(save({"a": torch.ones(1)}))
    return folder


def test_a_folder_has_all_other_files_of_its_source(source: Path, tmp_path: Path) -> None:
    """What is replaced or left out is so in the folder itself, not in those below."""
    draft = Draft(Folder(source), "new", left_out=frozenset({"gone"}))
    write_folder(draft, source, tmp_path / "out")
    found = {path.relative_to(tmp_path / "out").as_posix() for path in tmp_path.glob("out/**/*")}
    expected = {CONFIG_NAME, SAFETENSORS_NAME, "README", f"sub/{CONFIG_NAME}", "sub/gone", "sub"}
    assert found == expected
    assert (tmp_path / "out" / CONFIG_NAME).read_text() == "new"
    assert (tmp_path / "out/sub" / CONFIG_NAME).read_text() == "old"


def test_a_folder_is_created_for_a_single_file(source: Path, tmp_path: Path) -> None:
    file = source / SAFETENSORS_NAME
    write_folder(Draft(LoneFile(LocalFile(file)), "new"), None, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {CONFIG_NAME, SAFETENSORS_NAME}
    assert (tmp_path / "out" / SAFETENSORS_NAME).read_bytes() == file.read_bytes()


def test_a_file_alone_whose_tensors_are_written_is_not_copied(source: Path, tmp_path: Path) -> None:
    alone = LoneFile(LocalFile(source / SAFETENSORS_NAME))
    draft = replace(draft_of(Folder(source)).with_renamed_tensors({"a": "b"}), files=alone)
    write_folder(draft, None, tmp_path / "out")
    assert load((tmp_path / "out" / SAFETENSORS_NAME).read_bytes()) == {"b": torch.ones(1)}


def test_an_output_is_new_or_empty(source: Path, tmp_path: Path) -> None:
    draft = Draft(Folder(source), "new")
    (tmp_path / "empty").mkdir()
    write_folder(draft, source, tmp_path / "empty")
    assert (tmp_path / "empty" / CONFIG_NAME).read_text() == "new"
    (tmp_path / "file").write_text("")
    for name in ("empty", "file"):  # which is empty no more
        with pytest.raises(LoracfgError, match="exists"):
            write_folder(draft, source, tmp_path / name)
    (source / "empty").mkdir()
    for name in ("new", "empty", "sub/new"):
        with pytest.raises(LoracfgError, match="is inside"):
            write_folder(draft, source, source / name)


def test_what_cannot_be_written_is_an_error_with_its_reason(source: Path, tmp_path: Path) -> None:
    draft, out = Draft(Folder(source), "new"), tmp_path / "out"
    (tmp_path / "file").write_text("")
    with pytest.raises(LoracfgError, match=r"^cannot write `.*/file/out`: Not a directory$"):
        write_folder(draft, source, tmp_path / "file/out")
    os.mkfifo(source / "pipe")
    with pytest.raises(
        LoracfgError, match=r"^cannot copy `.*pipe`: it is a named pipe; remove it$"
    ):
        write_folder(draft, source, out)
    assert not out.exists()


def test_an_error_without_a_reason_of_the_system(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise OSError("no more")

    monkeypatch.setattr("loracfg.repair.written_folder.write_weights", failing)
    with pytest.raises(LoracfgError, match=r"^cannot write `.*out`: no more$"):
        write_folder(Draft(Folder(source), None, {}), source, tmp_path / "out")


@pytest.mark.slow
def test_large_files_take_little_memory(tmp_path: Path) -> None:
    """Renaming copies ranges; casting goes block by block."""
    file = tmp_path / SAFETENSORS_NAME
    head = safetensors_bytes([Tensor("a", "F32", (1,))])[:-4]
    head = head.replace(b"[1]", b"[%d]" % (LARGE // 4)).replace(b"[0, 4]", b"[0, %d]" % LARGE)
    length = len(head) - 8
    with file.open("wb") as stream:
        stream.write(length.to_bytes(8, "little") + head[8:])
        stream.truncate(len(head) + LARGE)
    program = f"""
import resource
from pathlib import Path
from tests.repair.test_write import draft_of
from loracfg.adapter.files import Folder
from loracfg.repair.tensor_data import Cast
from loracfg.repair.written_folder import write_weights
draft = draft_of(Folder(Path({str(tmp_path)!r})))
cast = draft.map_tensors(lambda name, one: [(name, one), ("b", Cast(one, "BF16"))])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open({str(tmp_path / "new")!r}, "wb") as target:
    write_weights(cast, target)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert int(done.stdout) < 150_000, "KB more than before"
    assert (tmp_path / "new").stat().st_size > LARGE * 3 // 2


def test_other_dtypes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LoracfgError, match="cannot cast tensors to `I8`"):
        fix(tmp_path, dtype="I8")


def test_values_that_a_dtype_does_not_have_are_refused(tmp_path: Path) -> None:
    (tmp_path / CONFIG_NAME).write_text('{"peft_type": "LORA"}')
    name = "base_model.model.q_proj.lora_A.weight"
    held = torch.zeros(2, 600_000)
    held[1, -1] = 1e5
    (tmp_path / SAFETENSORS_NAME).write_bytes(save({name: held}))
    with pytest.raises(LoracfgError, match=f"`{name}` has values that are too large for `F16`"):
        fix(tmp_path, dtype="F16")
    assert [step.code for step in fix(tmp_path, dtype="BF16").steps] == ["--dtype"]


def test_a_factor_that_a_dtype_does_not_have_is_refused() -> None:
    files = MemoryFiles({SAFETENSORS_NAME: save({"a": torch.full((2,), 3e4).half()})})
    draft = draft_of(files).map_tensors(lambda name, one: [(name, Scale(one, 4.0))])
    with pytest.raises(LoracfgError, match="`a` times `4` has values that are too large for `F16`"):
        check_overflow(draft)
