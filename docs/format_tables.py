"""The output formats, as tables of the docs and as the action describes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.report.formats import FORMATS
from loracfg.report.render import render


def help_rows() -> Iterator[str]:
    """Yield the table of what formats are for."""
    yield "| `--format` | What it is |"
    yield "|---|---|"
    for one in FORMATS.values():
        yield f"| `{one.name}` | {one.help} |"


def media_type_rows() -> Iterator[str]:
    """Yield the table of media types; some choose a format."""
    yield "| `?format=` | Media type | Chosen by `Accept` |"
    yield "|---|---|---|"
    for one in FORMATS.values():
        yield f"| `{one.name}` | `{one.media_type}` | {'yes' if one.by_accept else 'no'} |"


def markdown_lines(examples: Path) -> Iterator[str]:
    """Yield a report in Markdown, as a block of the docs."""
    with chdir(examples):
        report = validate(["adapter", "edited-adapter"], Options(base="base"))
    yield "```markdown"
    yield from render(report, "markdown").splitlines()
    yield "```"


def action_text(text: str) -> str:
    """Return the text of an action with its input `format` described anew."""
    *most, last = FORMATS
    line = f"  format:\n    description: {', '.join(most)} or {last}.\n"
    result, number = re.subn(r"(?m)^  format:\n    description: .*\n", line, text)
    if number != 1:
        raise ValueError("the action has no input `format` with a description on one line")
    return result
