"""Packed facts can be read back, type by type."""

from pathlib import Path
from typing import Any

import pytest

from loracfg.base.catalogue.packed import PackedFile, PackedLayout
from loracfg.base.catalogue.program_data import ProgramData
from loracfg.base.derivation.building.packing import Facts, write

PROGRAM: ProgramData = {
    "exprs": [["c"], [".", 0, "layers"], ["i", 0], ["*", 1, 2], ["for", 0, 1, 3], ["list", 4]],
    "nodes": [
        {"layer": "Linear", "sizes": [3, 1]},
        {"class": "List", "items": [["for", 0, 1, [0]]]},
    ],
    "checks": [[[], [3], []]],
    "classes": {"Model": {"root": 1, "in": None, "out": None, "checks": [0]}},
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "layout.bin"
    programs: dict[str, ProgramData] = {
        f"type{number}": {**PROGRAM, "configs": {"A": {"loose": number}}} for number in range(9)
    }
    write(path, {"5": ({"library": "transformers 5", "takes": {"Model": "Config"}}, programs)})
    return path


def packed_of(path: Path) -> PackedLayout:
    return PackedFile(path).layout("5")


def test_programs_are_read_by_type(path: Path) -> None:
    packed = packed_of(path)
    program = packed.program("type7")
    assert program["exprs"] == PROGRAM["exprs"]
    assert program["classes"] == PROGRAM["classes"]
    assert program["configs"] == {"A": {"loose": 7}}


def test_layouts_have_their_own_types_and_indexes(tmp_path: Path) -> None:
    path = tmp_path / "facts.bin"
    of_layouts: dict[str, Facts] = {
        name: (
            {"library": f"transformers {name}"},
            {"type": {**PROGRAM, "configs": {"A": {"bases": [name]}}}},
        )
        for name in ("5", "4")
    }
    write(path, of_layouts | {"diffusers": ({"library": "diffusers"}, {})})
    file = PackedFile(path)
    for name in ("5", "4"):
        assert file.layout(name).index["library"] == f"transformers {name}"
        assert file.layout(name).program("type")["configs"] == {"A": {"bases": [name]}}
    assert "type" not in file.layout("diffusers")
    with pytest.raises(KeyError):
        file.layout("6")


def test_loops_are_found_when_it_is_written(path: Path) -> None:
    program = packed_of(path).program("type0")
    assert program["free"] == [0, 0, 1, 1, 0, 0]
    assert program["nodes"][0]["varies"] == [3]
    assert "varies" not in program["nodes"][1]


def test_sections_are_read_by_name(path: Path) -> None:
    packed = packed_of(path)
    assert packed.index["library"] == "transformers 5"
    assert list(packed.index) == ["library", "takes"]


@pytest.mark.parametrize("name", ["type", "type9", "type0 0", "", "\n", None])
def test_missing_types(path: Path, name: Any) -> None:
    packed = packed_of(path)
    assert name not in packed
    if isinstance(name, str):
        with pytest.raises(KeyError):
            packed.program(name)


def test_the_file_is_the_same_each_time(path: Path, tmp_path: Path) -> None:
    programs: dict[str, ProgramData] = {
        f"type{number}": {**PROGRAM, "configs": {"A": {"loose": number}}}
        for number in reversed(range(9))
    }
    again = tmp_path / "again.bin"
    write(again, {"5": ({"takes": {"Model": "Config"}, "library": "transformers 5"}, programs)})
    assert again.read_bytes() == path.read_bytes()


def test_unknown_parts_are_not_dropped(tmp_path: Path) -> None:
    program: Any = {**PROGRAM, "extra": 1}
    with pytest.raises(ValueError, match="extra"):
        write(tmp_path / "a.bin", {"5": ({}, {"type": program})})


def test_other_files_are_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"something else altogether")
    with pytest.raises(ValueError, match=r"a\.bin"):
        PackedFile(path)
