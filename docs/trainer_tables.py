"""The tables of trainers' options."""

from __future__ import annotations

from collections.abc import Iterator

from config_page import cell

from loracfg.training.trainer_files.registry import TRAINERS
from loracfg.training.trainer_files.trainer import OptionFact


def trainer_rows() -> Iterator[str]:
    """Yield a heading and a table of options for each trainer."""
    for trainer in TRAINERS:
        yield f"### {trainer.name}"
        yield ""
        yield "| Option | PEFT | | Remark |"
        yield "|---|---|---|---|"
        yield from map(_row, trainer.options)
        yield ""


def _row(fact: OptionFact) -> str:
    field = f"`{fact.field}`" if fact.field else "\u2013"
    return f"| `{fact.option}` | {field} | {fact.agreement} | {cell(fact.remark)} |"
