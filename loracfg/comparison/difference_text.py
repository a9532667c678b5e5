"""For a terminal: how two adapters differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from loracfg.comparison.difference import Comparison, KeyChange, ModuleChange, Swap
from loracfg.document.display import show
from loracfg.inspection.contents_text import aligned
from loracfg.inspection.wording import judgement, shortened
from loracfg.report.render.style import Paint, painter
from loracfg.report.render.words import counted, visible
from loracfg.report.report import LORA

_MAX_LINES: Final = 20
_MAX_NAME: Final = 56
_MAX_TOKENS: Final = 10
_ANSWERS: Final = {
    "swaps": "works",
    "raises": "PEFT raises",
    "breaks": "fails or computes something different",
    "differs": "silently computes something different",
}


def render(comparison: Comparison, *, color: bool = False) -> str:
    """Return the comparison as text, with ANSI styles if `color`."""
    paint = painter(color)
    blocks = [
        _heads(comparison, paint),
        _facts(comparison),
        _table("Modules", comparison.modules, paint),
        _table("Other tensors", comparison.others, paint),
        list(_overlaps(comparison)),
        list(_swaps(comparison, paint)),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _heads(comparison: Comparison, paint: Paint) -> list[str]:
    lines = []
    for letter, report in zip("AB", comparison.reports, strict=True):
        lines.append(f"{paint('title', letter)}  {visible(report.path)}")
        if report.status in ("invalid", "error"):
            lines.append(f"   {judgement(report)}")
    return lines


def _facts(comparison: Comparison) -> list[str]:
    lines = ["equivalent in everything that was compared"] if comparison.is_alike else []
    lines += [_base(comparison.bases), *_method(comparison), *_counts(comparison)]
    is_named = set(comparison.methods) != {LORA}
    lines += _keys([key for key in comparison.keys if not (is_named and key.key == "peft_type")])
    values = comparison.values
    if values:
        lines.append(f"values: {values.equal} of {counted(values.tensors, 'common tensor')} equal")
    else:
        lines.append("values: not compared (pass `--data`)")
    return lines


def _base(bases: tuple[str | None, str | None]) -> str:
    first, second = bases
    if first is None and second is None:
        return "base: not named in either"
    if first == second:
        return f"base: the same in both, {_named(first)}"
    return f"base: {_named(first)} in A, {_named(second)} in B"


def _named(base: str | None) -> str:
    return "none" if base is None else f"`{visible(base)}`"


def _method(comparison: Comparison) -> Iterator[str]:
    """Yield the methods, unless both are LoRA."""
    first, second = (method or "unknown" for method in comparison.methods)
    if first != second:
        yield f"method: {first} in A, {second} in B"
    elif first != LORA:
        yield f"method: {first} in both"


def _counts(comparison: Comparison) -> Iterator[str]:
    if not comparison.modules and LORA not in comparison.methods:
        return
    changed = sum(c.modules for c in comparison.modules if None not in (c.first, c.second))
    only_a = sum(c.modules for c in comparison.modules if c.second is None)
    only_b = sum(c.modules for c in comparison.modules if c.first is None)
    parts = [f"{comparison.unchanged} equal"]
    parts += [f"{changed} changed"] if changed else []
    parts += [f"{only_a} only in A"] if only_a else []
    parts += [f"{only_b} only in B"] if only_b else []
    yield f"modules: {', '.join(parts)}"


def _keys(keys: Sequence[KeyChange]) -> Iterator[str]:
    """Yield the keys that differ, with their values if they can affect the result."""
    for change in (key for key in keys if key.matters):
        first, second = (
            f"{visible(show(value))} in" if is_given else "not set in"
            for value, is_given in zip((change.first, change.second), change.given, strict=True)
        )
        yield f"`{visible(change.key)}`: {first} A, {second} B"
    others = [f"`{visible(shortened(key.key, _MAX_NAME))}`" for key in keys if not key.matters]
    if others:
        more = f" and {len(others) - _MAX_LINES} more" if len(others) > _MAX_LINES else ""
        listed = ", ".join(others[:_MAX_LINES])
        yield f"other keys, which do not affect a loaded adapter: {listed}{more}"


def _table(title: str, changes: Sequence[ModuleChange], paint: Paint) -> list[str]:
    if not changes:
        return []
    rows = [(title, "Count", "A", "B"), *map(_row, changes[:_MAX_LINES])]
    left = len(changes) - _MAX_LINES
    more = [f"and {counted(left, 'more line')} (see `--format json`)"] if left > 0 else []
    return [*aligned(rows, paint, to_left=(0, 2, 3)), *more]


def _row(change: ModuleChange) -> tuple[str, ...]:
    name = shortened(visible(change.pattern), _MAX_NAME)
    sides = (visible(side) if side else "-" for side in (change.first, change.second))
    return (name, f"{change.modules:,}", *sides)


def _overlaps(comparison: Comparison) -> Iterator[str]:
    for overlap in comparison.overlaps:
        shown = ", ".join(map(str, overlap.tokens[:_MAX_TOKENS]))
        more = ", …" if len(overlap.tokens) > _MAX_TOKENS else ""
        yield (
            f"tokens that both train in `{visible(overlap.path)}`: {shown}{more}; PEFT raises if "
            "both are active, and merging one after the other keeps only the last"
        )


def _swaps(comparison: Comparison, paint: Paint) -> Iterator[str]:
    if comparison.swaps is None:
        if any(report.other_method for report in comparison.reports):
            yield "hot swap: unknown; loracfg only knows how PEFT swaps LoRA adapters"
            return
        yield "hot swap: unknown; one of them has no readable config or weights"
        return
    wrong = [
        letter
        for letter, report in zip("AB", comparison.reports, strict=True)
        if report.status in ("invalid", "error")
    ]
    if wrong:
        yield f"assuming that both load; `validate` finds errors in {' and '.join(wrong)}:"
    for title, swap in zip(("B for A", "A for B"), comparison.swaps, strict=True):
        yield from _swap(paint("title", f"hot swap of {title}"), swap)


def _swap(title: str, swap: Swap) -> Iterator[str]:
    yield f"{title}: {_ANSWERS[swap.answer]}"
    yield from (f"  {visible(reason.message)}" for reason in swap.reasons)
    if swap.target_rank is not None:
        call = f"prepare_model_for_compiled_hotswap(model, target_rank={swap.target_rank})"
        yield f"  if you compile the model, call `{call}` first"
