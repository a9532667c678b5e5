"""The large adapter can be spoilt for a try."""

from __future__ import annotations

import pytest

from tests.base.headers import Entry
from tests.llama8b import spoilt

ENTRIES: dict[str, Entry] = {"a.0.x": ("F32", (4, 8)), "a.1.x": ("F32", (8, 4))}


def test_lines_drop_and_rename_tensors() -> None:
    assert spoilt(ENTRIES, r"drop \.1\.") == {"a.0.x": ("F32", (4, 8))}
    assert list(spoilt(ENTRIES, "rename ^a -> b.a")) == ["b.a.0.x", "b.a.1.x"]
    assert list(spoilt(ENTRIES, r"rename \.x -> ")) == ["a.0", "a.1"]
    with pytest.raises(SystemExit, match="is neither"):
        spoilt(ENTRIES, "remove a")
