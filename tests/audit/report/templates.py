"""Real rows: the verdicts on the examples of all rules, and on sound adapters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

import pyarrow

from loracfg.audit.result_row import ReadFacts, Row, row_of_case
from loracfg.audit.tables import table_of
from loracfg.engine.engine import Engine
from loracfg.engine.options import Options
from loracfg.errors import LoracfgError
from loracfg.rules.registry import own_rules
from loracfg.testing.building.examples import examples
from tests.audit.report.rows import digest
from tests.cli.running import write_adapter, write_base

Lines = tuple[str, ...]

ENGINES: Final = ("vllm", "sglang", "llama.cpp", "lorax", "tgi", "transformers")
SOUND: Final[tuple[Lines, ...]] = (
    (),
    ('made with {"r": 16, "lora_alpha": 32}',),
    ('made with {"use_rslora": true}',),
    ('made with {"use_dora": true}',),
    ('made with {"target_modules": "all-linear"}',),
    ("config of 0.12",),
)
"""Sound adapters, the bulk of a fleet."""
SHARE: Final = 9
"""How many sound adapters there are for each broken one."""


def real_rows(folder: Path) -> pyarrow.Table:
    """Judge adapters that are written to a folder, with and without their base."""
    base = write_base(folder / "base")
    engines = [Engine(Options(base=one, runtimes=ENGINES)) for one in (str(base), None)]
    broken = _rows(engines, folder / "broken", list(_broken()))
    sound = _rows(engines, folder / "sound", SOUND)
    return table_of([*broken, *(sound * (SHARE * len(broken) // len(sound)))])


def _rows(engines: Sequence[Engine], folder: Path, adapters: Sequence[Lines]) -> list[Row]:
    found = []
    for number, lines in enumerate(adapters):
        adapter = write_adapter(folder / f"{number}", *lines)
        for engine in engines:
            with suppress(LoracfgError):  # an example that a search leads elsewhere
                found.append(_row(engine, adapter))
    return found


def _row(engine: Engine, adapter: Path) -> Row:
    content = digest(f"{adapter}")
    facts = ReadFacts(str(adapter), content[:40], 0, content, content, content)
    return row_of_case(engine.open(str(adapter)), facts, "one").row


def _broken() -> Iterator[Lines]:
    """Yield the lines of an example for each rule."""
    for rule in own_rules():
        fires = (example.lines for example in examples(rule.page) if example.fires)
        plain = (lines for lines in fires if not any(map(_is_special, lines)))
        yield from islice(plain, 1)


def _is_special(line: str) -> bool:
    return line.startswith(("locked", "values"))
