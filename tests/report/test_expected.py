"""Each sample in each format equals a file, which `LORACFG_UPDATE=1 pytest` updates."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from loracfg.report.formats import FORMATS
from loracfg.report.render import render
from tests.report.samples import SAMPLES

EXPECTED = Path(__file__).parent / "expected"


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("sample", SAMPLES)
def test_format(sample: str, format_: str) -> None:
    text = render(SAMPLES[sample], format_)
    file = EXPECTED / f"{sample}.{format_}"
    if os.environ.get("LORACFG_UPDATE"):
        file.write_bytes(text.encode())
    assert text == file.read_bytes().decode()


def test_no_file_is_left_over() -> None:
    wanted = {f"{sample}.{format_}" for sample in SAMPLES for format_ in FORMATS}
    assert {file.name for file in EXPECTED.iterdir()} == wanted
