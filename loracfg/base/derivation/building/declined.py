"""Writes the table of classes that the catalogue declines: `docs/declined.json` and its page."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Final

from loracfg.base.derivation.layout_index import LayoutIndex

DOCS: Final = Path(__file__).resolve().parents[4] / "docs"
DATA: Final = DOCS / "declined.json"
PAGE: Final = DOCS / "declined.md"

_HEAD: Final = """# Classes that the catalogue declines

For these classes loracfg has no facts, so a `config.json` is not enough to know their modules. It
reads the checkpoint's headers instead, or builds the class with an installed `transformers`;
`loracfg base trace` makes a file that does without both.

`python -m loracfg.base.derivation.building` makes this page. The list may only get shorter.
"""

Table = dict[str, dict[str, str]]


def table() -> Table:
    """Return the declined classes of each layout with the reasons, as in the docs."""
    found: Table = json.loads(DATA.read_text("utf-8")) if DATA.exists() else {}
    return found


def added(layout: str, index: LayoutIndex) -> list[str]:
    """Return the newly declined classes, if the layout already has a table."""
    before = table().get(layout)
    return [] if before is None else sorted(index.declined.keys() - before.keys())


def record(layout: str, index: LayoutIndex) -> None:
    """Write the declined classes of a layout to the docs."""
    declined = {**table(), layout: dict(sorted(index.declined.items()))}
    DATA.write_text(json.dumps(declined, indent=1, sort_keys=True) + "\n", "utf-8")
    PAGE.write_text(page(declined), "utf-8")


def page(declined: Table) -> str:
    """Return the page."""
    parts = [_HEAD]
    for layout in sorted(declined, reverse=True):
        reasons = Counter(declined[layout].values())
        name = layout if layout == "diffusers" else f"transformers {layout}"
        parts.append(f"## {name}\n")
        parts.append(f"{len(declined[layout])} classes.\n")
        for reason, _ in sorted(reasons.items(), key=lambda one: (-one[1], one[0])):
            names = [n for n, why in sorted(declined[layout].items()) if why == reason]
            parts.append(f"**{reason[:1].upper()}{reason[1:]}** ({len(names)}):\n")
            parts.append(f"{_wrapped(names)}\n")
    return "\n".join(parts)


def _wrapped(names: list[str]) -> str:
    lines = [""]
    for name in names:
        text = f"`{name}`" + ("" if name == names[-1] else ",")
        if lines[-1] and len(lines[-1]) + len(text) >= 100:
            lines.append("")
        lines[-1] += f" {text}" if lines[-1] else text
    return "\n".join(lines)
