"""Writes the facts of layouts as text, reads them, and packs them for the wheel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from loracfg.base.catalogue.index import DIFFUSERS, LAYOUTS, PACKED
from loracfg.base.catalogue.printing.facts import facts_text
from loracfg.base.derivation.building.packing import write as write_packed
from loracfg.base.derivation.layout import LayoutFacts
from loracfg.base.derivation.layout_index import LayoutIndex, index_of
from loracfg.base.derivation.text import read

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import ProgramData


FACTS: Final = Path(__file__).resolve().parents[2] / "catalogue" / "facts"
"""The folder of the facts of all layouts."""
INDEX: Final = "index.json"
SUFFIX: Final = ".facts"


def write_texts(facts: LayoutFacts, folder: Path) -> None:
    """Write the facts as text: a file for each model type, and the index."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {f"{model_type}{SUFFIX}": facts_text(p) for model_type, p in facts.programs.items()}
    files[INDEX] = facts.index.text()
    for path in folder.iterdir():
        if path.name not in files:
            path.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")


def read_texts(folder: Path) -> tuple[LayoutIndex, dict[str, ProgramData]]:
    """Return the written index and programs."""
    programs = {
        path.name.removesuffix(SUFFIX): read(path.read_text("utf-8"))
        for path in sorted(folder.glob(f"*{SUFFIX}"))
    }
    return read_index(folder), programs


def read_index(folder: Path) -> LayoutIndex:
    """Return the written index."""
    return index_of((folder / INDEX).read_text("utf-8"))


def pack() -> None:
    """Pack the written facts of all layouts for the wheel."""
    there = [name for name in (*LAYOUTS, DIFFUSERS) if (FACTS / name).is_dir()]
    read = {name: read_texts(FACTS / name) for name in there}
    PACKED.parent.mkdir(exist_ok=True)
    write_packed(PACKED, {name: (index.sections(), own) for name, (index, own) in read.items()})
