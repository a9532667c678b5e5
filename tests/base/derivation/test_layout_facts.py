"""The facts of each layout: packed facts equal the files, and few classes are declined."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Final

import pytest

from loracfg.base.catalogue.index import DIFFUSERS, LAYOUTS, PACKED
from loracfg.base.catalogue.packed import PackedFile
from loracfg.base.derivation.building import declined
from loracfg.base.derivation.building.layout_files import FACTS, SUFFIX, read_index
from loracfg.base.derivation.emission.dependence import annotate
from loracfg.base.derivation.text import read

ALL: Final = (*LAYOUTS, DIFFUSERS)
DRAWN: Final = 40

MOST_DECLINED: Final = {"5": 15, "4": 31, DIFFUSERS: 1}
"""The numbers of declined classes, which may only get smaller."""

MOST_BYTES: Final = 1_000_000
"""The size of the packed file."""

LONGEST: Final = 200


@pytest.mark.parametrize("layout", ALL)
def test_packed_facts_equal_the_files(layout: str) -> None:
    packed, folder = PackedFile(PACKED).layout(layout), FACTS / layout
    assert dict(packed.index) == read_index(folder).sections()
    files = sorted(folder.glob(f"*{SUFFIX}"))
    for path in random.Random(16).sample(files, DRAWN):  # noqa: S311  # draws examples
        program = annotate(read(path.read_text("utf-8")))
        found: Mapping[str, object] = packed.program(path.name.removesuffix(SUFFIX))
        assert {key: found[key] for key in program} == program, path.name


@pytest.mark.parametrize("layout", ALL)
def test_declined_classes(layout: str) -> None:
    index = read_index(FACTS / layout)
    assert declined.table()[layout] == index.declined
    assert len(index.declined) <= MOST_DECLINED[layout]


def test_the_page_of_declined_classes() -> None:
    assert declined.PAGE.read_text("utf-8") == declined.page(declined.table())


@pytest.mark.parametrize("layout", ALL)
def test_lines_of_facts(layout: str) -> None:
    for path in (FACTS / layout).iterdir():
        lines = path.read_text("utf-8").splitlines()
        assert max(map(len, lines), default=0) <= LONGEST, path.name


def test_packed_facts_are_small() -> None:
    assert PACKED.stat().st_size <= MOST_BYTES
