"""For a browser: the plan with the picture of layers and modules, in one file."""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.inspection.html_page import groups_table, page, section, table
from loracfg.inspection.markup import Markup, prose, tag
from loracfg.inspection.picture import picture
from loracfg.report.render.place import one_line
from loracfg.training.plan_text import facts, memory_rows, notes, sizes_words
from loracfg.training.training_plan import TrainingPlan


def render(plan: TrainingPlan) -> str:
    """Return the page as HTML."""
    head = " ".join(sizes_words(plan.sizes)) if plan.sizes else "nothing can be planned"
    return page(plan.name, "plan", head, plan.report.status, _facts(plan), _sections(plan))


def _facts(plan: TrainingPlan) -> Markup:
    lines = [tag("li", prose(line)) for line in facts(plan)]
    found = plan.report.diagnostics
    lines += [tag("li", prose(one_line(plan.report, one)), class_="judged") for one in found]
    lines += [tag("li", prose(line), class_="note") for line in notes(plan)]
    return tag("ul", *lines, class_="facts")


def _sections(plan: TrainingPlan) -> Iterator[Markup]:
    if plan.modules:
        yield section("Layers and modules", picture(plan.modules))
    if plan.groups:
        yield section("Modules by kind", groups_table(plan.groups))
    if plan.memory:
        rows = [list(row) for row in memory_rows(plan.memory)]
        yield section("Memory", table(["For", "Size"], rows))
