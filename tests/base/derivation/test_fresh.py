"""The facts in the repository equal those that are derived from the libraries now."""

from __future__ import annotations

import os
from collections.abc import Collection
from importlib.metadata import version
from typing import Final

import pytest

from loracfg.base.catalogue.index import layout_of
from loracfg.base.derivation.building.layout_files import FACTS, SUFFIX
from loracfg.base.derivation.building.library_releases import RELEASES, library_of
from loracfg.base.derivation.layout import derive_layout
from loracfg.base.derivation.source.library import Library
from loracfg.base.derivation.source.transcript import transcribed
from loracfg.base.derivation.text import write
from tests.base.law import LAYOUT

LONG: Final = os.environ.get("LORACFG_PROFILE") == "long"
SOME: Final = ("bart", "bert", "llama", "mamba2", "swin", "whisper")
"""The types that the short profile derives, including the types of all their parts."""


def assert_fresh(layout: str, library: Library, types: Collection[str]) -> None:
    """Derive the facts of types, or of all, and compare them with those in the repository."""
    with transcribed(library, types) as package:
        programs = derive_layout(package).programs
    assert set(types) <= programs.keys()
    folder = FACTS / layout
    kept = {path.stem for path in folder.glob(f"*{SUFFIX}")}
    names = set(types) or kept | programs.keys()
    same = {
        name
        for name in kept & programs.keys()
        if write(programs[name]) == (folder / f"{name}{SUFFIX}").read_text("utf-8")
    }
    assert names <= same, f"build the layout again (see CONTRIBUTING.md): {sorted(names - same)}"


@pytest.mark.slow
def test_facts_of_the_installed_release_are_fresh() -> None:
    described = layout_of(LAYOUT).library
    if described != f"transformers {version('transformers')}":
        pytest.skip(f"the facts are of {described}")
    assert_fresh(LAYOUT, Library("transformers"), () if LONG else SOME)


@pytest.mark.slow
@pytest.mark.skipif(not LONG, reason="takes minutes: `LORACFG_PROFILE=long`")
@pytest.mark.parametrize("layout", sorted(RELEASES.keys() - {LAYOUT}))
def test_facts_of_other_releases_are_fresh(layout: str) -> None:
    assert_fresh(layout, library_of(layout), ())
