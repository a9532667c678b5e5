"""The declarations of all rules as the plain data of `table.py`."""

from __future__ import annotations

from typing import Final

from loracfg.rules.registry import declared
from loracfg.rules.rule import Noted, Rule

PATH: Final = "loracfg/rules/table.py"

_HEAD: Final = '''\
"""The rules as plain data: module, code, name, severity, and the kinds of a check that is `Noted`.

Made of their declarations by `python docs/generate.py`.
"""

from __future__ import annotations

from typing import Final

from loracfg.report.model import Severity

TABLE: Final[tuple[tuple[str, str, str, Severity, str], ...]] = (
'''
_WIDTH: Final = 100


def table_text() -> str:
    """Return the text of `table.py`."""
    return _HEAD + "".join(map(_row, declared())) + ")\n"


def _row(rule: Rule) -> str:
    kinds = " ".join(sorted(rule.check.kinds)) if isinstance(rule.check, Noted) else ""
    module = rule.module.rpartition(".")[2]
    words = [f'"{one}"' for one in (module, rule.code, rule.name, rule.severity, kinds)]
    row = f"    ({', '.join(words)}),\n"
    if len(row) <= _WIDTH + 1:
        return row
    lines = "".join(f"        {word},\n" for word in words)
    return f"    (\n{lines}    ),\n"
