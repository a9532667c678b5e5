"""The page of failures that people have reported, by what they see."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from config_page import cell

TOPICS: Final[Mapping[str, str]] = {
    "KEY": "Names of tensors",
    "SHP": "Shapes and ranks",
    "TGT": "Target modules",
    "SCL": "Scale",
    "CFG": "adapter_config.json",
    "VER": "Releases of PEFT and transformers",
    "EMB": "Vocabulary and heads",
    "FILE": "Files and folders",
    "ST": "safetensors",
    "SRV": "Engines",
    "MOE": "Experts",
    "VAR": "Variants of LoRA",
    "BASE": "Base models",
    "VAL": "Values",
    "FMT": "Formats of other tools",
    "RUN": "Loading",
    "SEC": "Security",
}
_SYNTAX: Final = re.compile(r"([\\\[\]<>*_`])")
Mode = Mapping[str, Any]


def failure_modes_page(source: Path) -> str:
    """Return the page: what people see, with the rules that find the reason."""
    modes: list[Mode] = json.loads(source.read_text("utf-8"))
    found = sum(not mode.keys().isdisjoint({"rules", "report", "shown"}) for mode in modes)
    hidden = sum("why" in mode for mode in modes)
    silent = sum(mode["silent"] for mode in modes)
    parts = [
        "# Find your error",
        "Search this page for a part of the message that you see. The site has a box for it.",
        '<div id="error-search"></div>',
        f"People have reported {len(modes)} ways in which adapters fail; {silent} of them are "
        f"silent (○). loracfg finds {found}; the other {hidden} are not visible in files.",
    ]
    for topic, title in TOPICS.items():
        rows = [mode for mode in modes if mode["id"].partition("-")[0] == topic]
        parts += [f"## {title}", "\n".join(_rows(rows))]
    parts.append(
        "A test checks each example in `docs/failure_modes.json` with the rule or command; the "
        "others are tested by the examples on the pages of their rules."
    )
    return "\n\n".join(parts) + "\n"


def _rows(modes: list[Mode]) -> Iterator[str]:
    yield "| | What you see | Reason | Found by |"
    yield "|---|---|---|---|"
    for mode in modes:
        links = ", ".join(f"[{code}](rules/{code}.md)" for code in mode.get("rules", ()))
        other = _told(mode) or mode.get("why", "")
        mark = " ○" if mode["silent"] else ""
        seen = _SYNTAX.sub(r"\\\1", mode["symptom"])
        title = cell(mode["title"]).strip()
        yield f"| `{mode['id']}`{mark} | {cell(seen)} | {title} | {links or cell(other)} |"


def _told(mode: Mode) -> str:
    """Return what shows a failure if it is not a rule: every report, or a command."""
    if "shown" not in mode:
        return str(mode.get("report", ""))
    return f"[`loracfg {mode['shown']}`](inspect.md) prints: {mode['words']}"
