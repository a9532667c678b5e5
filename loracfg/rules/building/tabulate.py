"""Writes the declarations of all rules as plain data, for `table.py`."""

from __future__ import annotations

from typing import Final

from loracfg.rules.registry import import_rules
from loracfg.rules.rule import GatedCheck, Rule

PATH: Final = "loracfg/rules/table.py"

_HEAD: Final = '''\
"""The rules as plain data: code, name, severity, and the kinds that a `GatedCheck` needs.

`LIFE` has the stage and first release of rules that are not stable since 0.1.0.

Generated from the declarations of the rules by `python docs/generate.py`.
"""

from __future__ import annotations

from typing import Final

from loracfg.report.report import Severity
from loracfg.rules.rule import Stage

# fmt: off
TABLE: Final[tuple[tuple[str, str, Severity, str], ...]] = (
'''
_LIFE: Final = "LIFE: Final[dict[str, tuple[Stage, str]]] = "
_USUAL: Final = ("stable", "0.1.0")
_WIDTH: Final = 100


def table_text() -> str:
    """Return the text of `table.py`."""
    rules = import_rules()
    life = {r.code: (r.stage, r.since) for r in rules if (r.stage, r.since) != _USUAL}
    rows = "".join(map(_row, rules))
    return f"{_HEAD}{rows})\n\n{_LIFE}{life!r}\n".replace("'", '"')


def _row(rule: Rule) -> str:
    kinds = " ".join(sorted(rule.check.kinds)) if isinstance(rule.check, GatedCheck) else ""
    words = [f'"{one}"' for one in (rule.code, rule.name, rule.severity, kinds)]
    row = f"    ({', '.join(words)}),\n"
    if len(row) <= _WIDTH + 1:
        return row
    start, _, end = row.rpartition(", ")
    return f"{start},\n     {end}"
