"""The facts in the repository equal those that are derived from the library now."""

from __future__ import annotations

import os
from importlib.metadata import version
from typing import Final

import pytest

from loracfg.base.catalogue.index import layout_of
from loracfg.base.derivation.building.layout_files import FACTS, SUFFIX
from loracfg.base.derivation.layout import derive_layout
from loracfg.base.derivation.source.library import Library
from loracfg.base.derivation.source.transcript import transcribed
from loracfg.base.derivation.text import write
from tests.base.law import LAYOUT

LONG: Final = os.environ.get("LORACFG_PROFILE") == "long"
SOME: Final = ("bart", "bert", "llama", "mamba2", "swin", "whisper")
"""The types that the short profile derives, including the types of all their parts."""


@pytest.mark.slow
def test_facts_of_the_installed_release_are_fresh() -> None:
    described = layout_of(LAYOUT).library
    if described != f"transformers {version('transformers')}":
        pytest.skip(f"the facts are of {described}")
    with transcribed(Library("transformers"), () if LONG else SOME) as package:
        programs = derive_layout(package).programs
    assert set(SOME) <= programs.keys()
    kept = {path.stem for path in (FACTS / LAYOUT).glob(f"*{SUFFIX}")}
    stale = [
        name
        for name in (programs if LONG else SOME)
        if name not in kept
        or write(programs[name]) != (FACTS / LAYOUT / f"{name}{SUFFIX}").read_text("utf-8")
    ]
    assert not stale, f"build the layout anew (CONTRIBUTING.md): {stale}"
    if LONG:
        assert kept == programs.keys()
