"""Pages name the newest release of PEFT and the number of engines, where they name any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from loracfg.config.history.releases import PEFT_RELEASE, RELEASES
from loracfg.runtimes.profile_files import names

ROOT: Final = Path(__file__).resolve().parents[2]
GENERATED: Final = re.compile(r"(?ms)^<!-- (.*?) -->$.*?^<!-- end of \1 -->$")
OUTPUT: Final = re.compile(r"(?ms)^```(?:text|markdown|json)$.*?^```$")
"""Samples of output, which other tests compare with the commands."""
PAGES: Final = [
    path.relative_to(ROOT).as_posix()
    for path in sorted(
        [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob(".github/**/*.yml")]
    )
    if path.name not in ("config.md", "comparison.md") and not path.stem.endswith("_performance")
]
"""Pages that are written by hand and stay true; the others are generated, or measured."""


def stale_lines(text: str, former: tuple[str, ...]) -> Iterator[int]:
    """Yield the lines of a page that name a former newest release."""
    for block in (GENERATED, OUTPUT):
        text = block.sub(lambda found: "\n" * found[0].count("\n"), text)
    named = re.compile(rf"(?<![\d.])({'|'.join(map(re.escape, former))})(?!\d|\.\d)")
    for number, line in enumerate(text.splitlines(), 1):
        if named.search(line):
            yield number


@pytest.mark.parametrize("page", PAGES)
def test_pages_name_the_newest_release(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    found = [f"{page}:{line}" for line in stale_lines(text, RELEASES[-3:-1])]
    assert not found, f"name {PEFT_RELEASE} there, if it is still true"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("as PEFT 1.2.0 does\n", [1]),
        ("\nup to 1.1.0: all\nthan 1.2.0.\n", [2, 3]),
        ("PEFT 1.3.0, 11.2.0, 1.2.01 and 1.2.0.1\n", []),
        ("<!-- a -->\n1.2.0\n<!-- end of a -->\n1.2.0\n", [4]),
        ("```text\n1.2.0\n```\n```python\n# 1.2.0\n```\n", [5]),
    ],
)
def test_former_releases_are_found(text: str, lines: list[int]) -> None:
    assert list(stale_lines(text, ("1.1.0", "1.2.0"))) == lines


def test_readme_counts_the_engines() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert f"vLLM, SGLang, llama.cpp and {len(names()) - 3} more engines" in text
    assert f"see how {len(names())} engines" in text
