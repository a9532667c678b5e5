"""The sentences and cells that the terminal and the page share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from loracfg.inspection.contents import EngineAnswer, Group, InspectedModule, Inspection
from loracfg.report.render.summary_line import verdict_lines
from loracfg.report.render.words import bytes_words, counted, scale_words, visible
from loracfg.report.report import LORA, AdapterReport

Column = tuple[str, Callable[[Group], str]]
"""The head of a column, and its cell for a group."""

_MAX_RANGES: Final = 3
_ANSWERS: Final[Mapping[str, str]] = {
    "loads": "loads in",
    "differs": "computes something different in",
    "raises": "does not load in",
    "unknown": "unknown for",
}


def headline(inspection: Inspection) -> str:
    """Return one line with the adapter's rank, modules and size."""
    adapted = [module for module in inspection.modules if module.is_adapted]
    ranks = sorted({module.rank for module in adapted if module.rank is not None})
    of_rank = f" of rank {span([str(rank) for rank in ranks])}" if ranks else ""
    total = inspection.total
    kinds = " and ".join(visible(dtype.name) for dtype in inspection.dtypes[:_MAX_RANGES])
    size = f"{bytes_words(total.bytes)} of {kinds}" if kinds else "no tensors"
    method = inspection.report.method
    if method == LORA or adapted:
        what = f"LoRA{of_rank} on {counted_at_length(len(adapted), 'module')}"
    else:
        what = method or "unknown method"
    return (
        f"{what}, {counted_at_length(total.parameters, 'parameter')} in "
        f"{counted_at_length(total.tensors, 'tensor')}, {size}"
    )


def facts(inspection: Inspection) -> Iterator[str]:
    """Yield what is known about base, releases and engines, a sentence or two each."""
    report, named = inspection.report, inspection.named_base
    if report.other_method and named and not report.base:
        yield f"base: `{visible(named)}`, from the config"
    yield from verdict_lines(report)
    if inspection.engines:
        yield _engines(inspection.engines)


def judgement(report: AdapterReport) -> str:
    """Return in one line what `validate` finds."""
    if not report.diagnostics:
        nothing = "no findings listed" if report.hidden.total else "no findings"
        return f"validate: {report.status}, {nothing}."
    worst = min(report.diagnostics, key=lambda d: ("error", "warning", "info").index(d.severity))
    first = (
        f"{worst.severity} {visible(worst.code)} {visible(worst.name)}: {visible(worst.message)}"
    )
    others = len(report.diagnostics) - 1
    more = f"; {counted(others, 'more finding')}" if others else ""
    return f"validate: {report.status}, {first}{more}."


def _engines(engines: Sequence[EngineAnswer]) -> str:
    """Return the engines by what they do with the adapter."""
    parts = []
    for answer, words in _ANSWERS.items():
        names = [engine.name for engine in engines if engine.answer == answer]
        if names:
            parts.append(f"{words} {', '.join(names)}")
    text = "; ".join(parts)
    why = (
        ""
        if all(one.answer == "loads" for one in engines)
        else " (run `loracfg compat` for the reasons)"
    )
    stands = any(one.assumed and one.answer == "loads" for one in engines)
    only = (
        " Where it loads, this assumes that the engine supports adapters on the base."
        if stands
        else ""
    )
    return f"{text[0].upper()}{text[1:]}{why}.{only}"


def counted_at_length(number: int, noun: str) -> str:
    """Return a number with commas, and its noun."""
    return f"{number:,}{counted(number, noun).removeprefix(str(number))}"


def span(values: Sequence[str]) -> str:
    """Return sorted values as a range, or the value if there is only one."""
    return values[0] if len(values) == 1 else f"{values[0]} to {values[-1]}"


def shortened(name: str, most: int) -> str:
    """Return a name; cut out its middle if it is longer than `most` characters."""
    if len(name) <= most:
        return name
    half = most // 2
    return f"{name[: half - 1]}…{name[-half:]}"


def layers_words(group: Group) -> str:
    """Return the numbers of layers as ranges: `0-31`, `0, 4-7`; only the first few of many."""
    ranges = [str(a) if a == b else f"{a}-{b}" for a, b in group.layers[:_MAX_RANGES]]
    return ", ".join(ranges) + (", …" if len(group.layers) > _MAX_RANGES else "")


def sizes_words(module: InspectedModule) -> str:
    """Return the input and output size of a module: `4096 → 1024`."""
    if module.inputs is None and module.outputs is None:
        return ""
    return f"{_known(module.inputs)} → {_known(module.outputs)}"


def rank_words(module: InspectedModule) -> str:
    """Return a module's rank, times its number of experts."""
    rank = _known(module.rank) if module.rank is not None else ""
    return f"{rank} x {module.experts}" if module.experts else rank


def alpha_words(module: InspectedModule) -> str:
    """Return a module's alpha."""
    if module.alpha is None:
        return ""
    largest = sys.float_info.max  # an integer in a file can exceed it
    return f"{max(-largest, min(module.alpha, largest)):.6g}"


def scaling_words(module: InspectedModule) -> str:
    """Return the factor of a module's update."""
    return "" if module.scaling is None else scale_words(module.scaling)


def aspects(module: InspectedModule) -> tuple[str, ...]:
    """Return what two modules may differ in, as words, always in the same number and order."""
    return (
        f"rank {rank_words(module) or '?'}",
        f"alpha {alpha_words(module) or '?'}",
        f"scale {scaling_words(module) or '?'}",
        sizes_words(module) or "? → ?",
        visible(" and ".join(module.dtypes)),
        counted(module.tensors, "tensor"),
    )


def _known(number: int | None) -> str:
    return "?" if number is None else str(number)


def columns_of(groups: Sequence[Group], longest: int) -> list[Column]:
    """Return the columns of the table of groups, without empty ones.

    Names are cut to `longest` characters.
    """
    columns: list[Column] = [
        ("Modules", lambda group: shortened(visible(group.pattern), longest)),
        ("Count", lambda group: f"{group.modules:,}"),
        ("Layers", layers_words),
        ("In → out", lambda group: sizes_words(group.of_each)),
        ("Rank", lambda group: rank_words(group.of_each)),
        ("Alpha", lambda group: alpha_words(group.of_each)),
        ("Scale", lambda group: scaling_words(group.of_each)),
        ("Dtype", lambda group: visible(" ".join(group.of_each.dtypes))),
        ("Size", lambda group: bytes_words(group.bytes)),
        ("Largest", lambda group: "" if group.largest is None else f"{group.largest:.3g}"),
    ]
    return [(head, cell) for head, cell in columns if any(map(cell, groups))]
