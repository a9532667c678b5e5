"""Parts of Python and torch in constructors are followed as they run, or declined.

`constructors.txt` has a constructor in each paragraph, below a line that says what becomes of it:
it is followed, refused as torch refuses it, or declined, with the reason. What stands before a line
`===` is defined outside the class. All have the same config.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest

from tests.base.derivation.stand_ins.oracle import agree, ours, torchs

CONFIG: Final[dict[str, Any]] = {
    "n": 3,
    "m": 2,
    "flag": True,
    "name": "x",
    "sizes": [2, 3],
    "pairs": [[1, 2], [3, 4]],
    "d": {"a": 2, "b": 3},
    "none": None,
    "t": (2, 3),
}
CONSTRUCTORS: Final = re.findall(
    r"(?ms)^## (\w+)(?:: (.*?))?\n(.*?)\n(?=\n## |\Z)",
    Path(__file__).with_name("constructors.txt").read_text("utf-8"),
)


@pytest.mark.parametrize(("becomes", "why", "code"), CONSTRUCTORS)
def test_a_constructor(becomes: str, why: str, code: str) -> None:
    before, _, body = f"\n{code}".rpartition("\n===\n")
    assert agree(body, CONFIG, f"{before}\n") == (becomes == "followed")
    if becomes != "followed":
        assert str(ours(body, CONFIG, f"{before}\n")).strip() == why
        assert isinstance(torchs(body, CONFIG, f"{before}\n"), Exception) or becomes == "declined"
