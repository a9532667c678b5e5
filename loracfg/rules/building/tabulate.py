"""The declarations of all rules as the plain data of `table.py`."""

from __future__ import annotations

from typing import Final

from loracfg.rules.registry import declared
from loracfg.rules.rule import Noted, Rule

PATH: Final = "loracfg/rules/table.py"

_HEAD: Final = '''\
"""The rules as plain data: code, name, severity, and the kinds of a check that is `Noted`.

Made of their declarations by `python docs/generate.py`.
"""

from __future__ import annotations

from typing import Final

from loracfg.report.report import Severity

# fmt: off
TABLE: Final[tuple[tuple[str, str, Severity, str], ...]] = (
'''
_WIDTH: Final = 100


def table_text() -> str:
    """Return the text of `table.py`."""
    return _HEAD + "".join(map(_row, declared())) + ")\n"


def _row(rule: Rule) -> str:
    kinds = " ".join(sorted(rule.check.kinds)) if isinstance(rule.check, Noted) else ""
    words = [f'"{one}"' for one in (rule.code, rule.name, rule.severity, kinds)]
    row = f"    ({', '.join(words)}),\n"
    if len(row) <= _WIDTH + 1:
        return row
    start, _, end = row.rpartition(", ")
    return f"{start},\n     {end}"
