"""The tables of docs/configuration.md, from the declarations of keys and rules."""

from __future__ import annotations

from collections.abc import Iterator

from config_page import cell

from loracfg.rules.registry import find_rule
from loracfg.settings.keys import OF_FILE, OF_POLICY, Key

_RULES = {
    "bases": "forbidden-base",
    "licenses": "forbidden-license",
    "max-rank": "forbidden-rank",
    "pinned-revision": "unpinned-revision",
    "no-pickles": "forbidden-pickle",
    "no-modules-to-save": "forbidden-saved-module",
}


def key_rows() -> Iterator[str]:
    """Yield the table of keys at the top of the file."""
    yield "| Key | Value | Variable | In `[paths]` | What it does |"
    yield "|---|---|---|---|---|"
    for name, key in OF_FILE.items():
        cells = (
            f"`{name}`",
            _kind(key),
            f"`{key.variable}`",
            "yes" if key.in_paths else "",
            key.help,
        )
        yield f"| {' | '.join(map(cell, cells))} |"


def policy_rows() -> Iterator[str]:
    """Yield the table of what a policy restricts, with the rule of each."""
    yield "| Key | Value | Rule | What it does |"
    yield "|---|---|---|---|"
    for name, key in OF_POLICY.items():
        rule = find_rule(_RULES[name])
        assert rule
        link = f"[{rule.code}](rules/{rule.code}.md)"
        yield f"| `{name}` | {_kind(key)} | {link} | {cell(key.help)} |"


def _kind(key: Key) -> str:
    example = f"`{key.kind.example}`"
    if key.kind.choices:
        return " or ".join(f'`"{one}"`' for one in key.kind.choices)
    return "`true`, `false`" if key.kind.type == "boolean" else example
