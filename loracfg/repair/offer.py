"""Add the fixes that `loracfg fix` could apply to findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from loracfg.crash import show_traceback
from loracfg.repair.draft import Draft, with_stored_tensors
from loracfg.repair.registry import ON_CONFIG, REPAIRS, change_for

if TYPE_CHECKING:
    from loracfg.adapter.directory import Adapter
    from loracfg.analysis.subject import Subject
    from loracfg.report.report import Fix
    from loracfg.rules.rule import Finding, Rule
    from loracfg.rules.runner import RuleRun

_MOST: Final = 8
"""How many findings of a rule get a fix; only garbled files have more."""


def with_fixes(found: Iterable[RuleRun], adapter: Adapter) -> Iterator[RuleRun]:
    """Yield rule runs, with a fix for each finding that `loracfg fix` can repair."""
    loaded: Draft | None = None
    for one in found:
        if adapter.source is None:
            yield one
            continue
        if one.rule.code in ON_CONFIG:
            yield one._replace(fixes=_fixes(one, Draft(adapter.source)))
        elif one.rule.code in REPAIRS:
            loaded = loaded or with_stored_tensors(Draft(adapter.source), adapter)
            yield one._replace(fixes=_fixes(one, loaded))
        else:
            yield one


def _fixes(found: RuleRun, draft: Draft) -> tuple[Fix | None, ...]:
    findings = found.findings[:_MOST]
    return tuple(_fix(found.rule, finding, found.subject, draft) for finding in findings)


def _fix(rule: Rule, finding: Finding, subject: Subject, draft: Draft) -> Fix | None:
    try:
        change = change_for(rule.code, finding, subject, draft)
    except Exception as error:  # the finding stays true if its repair crashes
        show_traceback(error)
        return None
    return change.fix if change else None
