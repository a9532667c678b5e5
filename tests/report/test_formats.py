"""Every entry in the registry of formats is complete, and the command line offers it."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from loracfg.report import render
from loracfg.report.formats import FORMATS
from tests.cli.running import call


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_whole(name: str) -> None:
    one = FORMATS[name]
    assert one.name == name
    assert re.fullmatch(r"[a-z]+", name), "the name of a format is one word of small letters"
    assert re.fullmatch(r"[a-z]+/[a-z+.-]+", one.media_type)  # the service adds the charset
    assert one.help.isprintable()
    assert not one.help.endswith(".")
    module = import_module(f"{render.__name__}.{one.module}")
    assert callable(getattr(module, "STREAM" if one.in_pieces else "render"))


def test_a_media_type_chooses_one_format() -> None:
    chosen = [one.media_type for one in FORMATS.values() if one.by_accept]
    assert len(chosen) == len(set(chosen))
    assert {one.media_type for one in FORMATS.values()} == set(chosen)


def test_every_renderer_is_a_format() -> None:
    folder = Path(render.__file__ or "").parent
    renderers = {
        path.stem
        for path in folder.glob("*.py")
        if re.search(r"\n(def render\(report|STREAM: )", path.read_text())
    }
    assert renderers - {"__init__"} == {one.module for one in FORMATS.values()}


def test_help_lists_every_format() -> None:
    _, _, listed = call("validate", "--help").out.partition("\n  Formats:\n")
    rows = [line.split(maxsplit=1) for line in listed.splitlines()]
    assert rows == [[one.name, one.help] for one in FORMATS.values()]
