"""The verdict on an adapter, or on a training, above the first line of its config."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol.types import CodeLens, Command, Position, Range

from loracfg.report.render.summary_line import (
    coverage_sentence,
    loads_in_words,
    not_checked_lines,
    scaling_sentence,
)
from loracfg.report.render.words import bytes_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loracfg.engine.case import Case
    from loracfg.lsp.buffer_judge import Judgement
    from loracfg.report.report import AdapterReport

_TOP: Range = Range(Position(0, 0), Position(0, 0))


def code_lenses(judgement: Judgement) -> list[CodeLens]:
    """Return the verdict as lenses that do nothing when they are clicked."""
    return [CodeLens(_TOP, Command(words, "")) for words in verdict_words(judgement)]


def verdict_words(judgement: Judgement) -> list[str]:
    """Return the status, coverage, parameters, releases and engines, as short texts."""
    report = judgement.report
    if report is None:
        return []
    if judgement.plan is not None:
        from loracfg.training.plan_text import facts

        return [f"{report.status}", *facts(judgement.plan)]
    return [f"{report.status}", *_of_adapter(report, judgement.case)]


def _of_adapter(report: AdapterReport, case: Case | None) -> Iterator[str]:
    sentences = (coverage_sentence(report), scaling_sentence(report.scaling))
    if any(sentences):
        yield " ".join(filter(None, sentences))
    if case is not None and case.weights is not None:
        from loracfg.inspection.sizes import share_of

        whole = share_of("all", case.weights.tensors.values())
        yield f"{whole.parameters:,} parameters, {bytes_words(whole.bytes)}"
    if loads := loads_in_words(report):
        yield loads
    if case is not None:
        for verdict in case.subject.verdicts:
            yield f"{verdict.runtime.shown}: {verdict.answer}"
    yield from not_checked_lines(report)
