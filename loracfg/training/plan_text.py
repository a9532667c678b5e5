"""For a terminal: what training a config will do, on one screen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from loracfg.inspection.contents_text import MAX_GROUPS, aligned
from loracfg.inspection.gather import merged
from loracfg.inspection.wording import columns_of, counted_at_length
from loracfg.report.render.style import Paint, painter
from loracfg.report.render.summary_line import (
    base_line,
    hidden_words,
    loads_in_words,
    not_checked_lines,
    scaling_sentence,
)
from loracfg.report.render.text import findings
from loracfg.report.render.words import bytes_words, visible
from loracfg.training.memory import LEFT_OUT
from loracfg.training.optimizers import OPTIMIZERS

if TYPE_CHECKING:
    from loracfg.training.memory import TrainingMemory
    from loracfg.training.suggestions import LeftOut, Suggestion
    from loracfg.training.training_plan import PlanSizes, TrainingPlan

_MAX_PATTERN: Final = 56


def render(plan: TrainingPlan, *, color: bool = False) -> str:
    """Return the page for a terminal, with ANSI styles if `color`."""
    paint = painter(color)
    blocks = findings(plan.report, paint)
    title, status = paint("title", visible(plan.name)), plan.report.status
    lines = [f"  {line}" for line in facts(plan)]
    blocks.append("\n".join([f"{title}: {paint(status, status)}", *lines]))
    blocks += ["\n".join(f"  {line}" for line in table) for table in _tables(plan, paint)]
    blocks += [f"{paint('title', 'note')}: {line}" for line in notes(plan)]
    if plan.suggestions is not None:
        blocks.append("\n".join(_suggestions(plan.suggestions, paint)))
    return "\n\n".join(blocks) + "\n"


def facts(plan: TrainingPlan) -> Iterator[str]:
    """Yield what is known about the config, the base and the result, a sentence or two each."""
    report = plan.report
    if plan.trainer and plan.made == "PEFT adapter":
        yield f"the LoraConfig that {visible(plan.trainer)} builds from this file"
    elif plan.trainer and plan.made == "other adapter":
        yield f"the factors that {visible(plan.trainer)} trains, and saves in a format of its own"
    if report.base:
        yield base_line(report.base)
    if plan.sizes:
        yield " ".join((*sizes_words(plan.sizes), scaling_sentence(report.scaling))).rstrip()
    if others := ", ".join(f"{one.what} {one.parameters:,}" for one in plan.others):
        yield f"of these parameters, beside the targets: {others}"
    if report.loads_in:
        yield loads_in_words(report)
    for answer in plan.engines:
        yield f"{answer.name}: {answer.answer}"
    yield from not_checked_lines(report)
    if hidden := hidden_words(report):
        yield hidden


def sizes_words(sizes: PlanSizes) -> tuple[str, ...]:
    """Return what is trained, and the file that PEFT saves, as one or two sentences."""
    share = sizes.trainable_parameters / sizes.all_parameters if sizes.all_parameters else 0
    trained = counted_at_length(sizes.trainable_parameters, "parameter")
    modules = counted_at_length(sizes.modules, "module")
    what = f"Trains {trained} of {sizes.all_parameters:,} ({share:.4%}) on {modules}."
    if sizes.file_bytes is None:
        return (what,)
    tensors = counted_at_length(sizes.tensors, "tensor")
    return what, f"The file: {tensors}, {bytes_words(sizes.file_bytes)}."


def notes(plan: TrainingPlan) -> Iterator[str]:
    """Yield the names that match nothing where no finding has them, and what is left out."""
    for source, group in _by_source(plan.left_out).items():
        names = ", ".join(f"`{visible(one.name)}` ({one.modules})" for one in group)
        yield f"linear layers that are not adapted: {names}; {source}"


def _by_source(found: Sequence[LeftOut]) -> dict[str, list[LeftOut]]:
    grouped: dict[str, list[LeftOut]] = {}
    for one in found:
        grouped.setdefault(one.source, []).append(one)
    return grouped


def _tables(plan: TrainingPlan, paint: Paint) -> Iterator[list[str]]:
    groups = plan.groups if len(plan.groups) <= MAX_GROUPS else merged(plan.groups)
    shown = groups[:MAX_GROUPS]
    if shown:
        columns = columns_of(shown, _MAX_PATTERN)
        rows = (tuple(cell(group) for _, cell in columns) for group in shown)
        yield aligned([tuple(head for head, _ in columns), *rows], paint)
    if plan.memory:
        yield aligned([("Memory", "Size"), *memory_rows(plan.memory)], paint)


def memory_rows(memory: TrainingMemory) -> Iterator[tuple[str, str]]:
    """Yield the parts of the memory, their sum, and what is left out."""
    packed = "" if memory.quantization == "none" else f"{memory.quantization}, the rest "
    yield f"base ({packed}{memory.dtype})", bytes_words(memory.base)
    yield "adapter", bytes_words(memory.adapter)
    yield "gradients", bytes_words(memory.gradients)
    title = OPTIMIZERS[memory.optimizer].title
    yield f"optimizer states ({title})", bytes_words(memory.optimizer_states)
    yield f"total, without {LEFT_OUT.partition(',')[0]}", bytes_words(memory.total)


def _suggestions(found: Sequence[Suggestion], paint: Paint) -> Iterator[str]:
    yield paint("title", "What could be targeted")
    for one in found:
        values = ", ".join(f'"{key}": {json.dumps(value)}' for key, value in one.config.items())
        yield f"  {one.title}: {visible(values)}"
        if one.modules is not None and one.trainable_parameters is not None:
            modules = counted_at_length(one.modules, "module")
            parameters = counted_at_length(one.trainable_parameters, "parameter")
            yield f"    {modules}, {parameters}"
        elif one.trainable_parameters is not None:
            yield f"    {counted_at_length(one.trainable_parameters, 'parameter')}"
        yield f"    source: {one.source}"
