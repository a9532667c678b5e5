"""One adapter on one base, and everything that loracfg computes for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from loracfg.adapter.directory import Adapter
from loracfg.adapter.header.tensor import Header
from loracfg.analysis.noted import noted
from loracfg.analysis.planning import Planning
from loracfg.analysis.subject import Subject
from loracfg.base.search import ResolvedBase
from loracfg.engine.caches import CachedPlanning, Caches
from loracfg.engine.options import Options
from loracfg.engine.summary import gaps_in, report_of, why_no_answer
from loracfg.planning.patterns import PatternBudget
from loracfg.planning.plan import Plan
from loracfg.releases.dating import Dating, written_by
from loracfg.report.report import AdapterReport, NotChecked
from loracfg.rules.registry import find_rule, rules_to_run
from loracfg.rules.runner import RuleRun, run_each
from loracfg.rules.unjudged import CRASHED
from loracfg.sources.source import NOT_AN_ADAPTER, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from loracfg.analysis.live_facts import LiveFacts
    from loracfg.config.model.config_values import ConfigValues
    from loracfg.releases.outcome import Outcome
    from loracfg.runtimes.profile import Runtime
    from loracfg.runtimes.served import ServedAdapter
    from loracfg.runtimes.verdict import Verdict

_MOST_FILES: Final = 100
"""Reports on adapters with more files are not cached, as their names are part of the key."""


class Case:
    """One adapter on one base. Each part is computed on first use and then kept.

    An `Engine` opens cases. The content of files never raises. Only a file that has become
    unreadable does, when the part that needs it is used.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[], Adapter],
        find_base: Callable[[Adapter], ResolvedBase],
        options: Options,
        caches: Caches,
        budget: PatternBudget,
        source: Source | None = None,
        live: LiveFacts | None = None,
        dtype: str | None = None,
    ) -> None:
        """Create a case without reading anything.

        Args:
            name: the adapter's name in reports.
            read: reads the adapter.
            find_base: finds its base.
            options: how to validate it.
            caches: the caches to use.
            budget: the time for matching patterns.
            source: where the adapter is, if it was opened by path.
            live: what is true of the adapter in a live model, if it is in one.
            dtype: the dtype in which the base is trained, for a planned adapter (default: the one
                in its config).
        """
        self.name = name
        self.options = options
        self.source = source
        self.live = live
        self._read, self._find_base = read, find_base
        self._caches, self.budget = caches, budget
        self._dtype = dtype

    @cached_property
    def adapter(self) -> Adapter:
        """The adapter as it was read, with its faults."""
        return self._read()

    @property
    def config(self) -> ConfigValues | None:
        """The config as PEFT understands it; None if it cannot be read as a LoRA config."""
        return self.adapter.config

    @property
    def weights(self) -> Header | None:
        """The header of the weight file; None if the tensors are unknown."""
        return self.adapter.header

    @cached_property
    def base(self) -> ResolvedBase:
        """The base, or the reasons why there is none."""
        return self._find_base(self.adapter)

    @property
    def plan(self) -> Plan | None:
        """Every tensor that PEFT saves for the config on the base; None if either is missing."""
        return self.planning.plan

    @property
    def planning(self) -> Planning:
        """The plan, and what else follows from the adapter and the base."""
        return self._cached_planning.planning

    @cached_property
    def _cached_planning(self) -> CachedPlanning:
        return self._caches.planning_for(self.adapter, self.base.architecture, self.budget)

    @property
    def saved(self) -> Case:
        """The adapter as PEFT will save it, for a planned one; in other cases, the case itself.

        A config that cannot be planned is left as it is.
        """
        return self._saved or self

    @cached_property
    def _saved(self) -> Case | None:
        """What is saved of a planned case; a case that kept itself would never be freed at once."""
        plan = self.plan if self.adapter.is_planned else None
        if plan is None or plan.failures or plan.is_empty:
            return None
        from loracfg.engine.saved_adapter import saved_adapter

        base = self.base
        adapter = saved_adapter(plan, base, self.dtype)
        budget, options = self.budget, self.options
        return Case(self.name, lambda: adapter, lambda _: base, options, self._caches, budget)

    @property
    def dtype(self) -> str:
        """The dtype in which the base is trained, such as `bfloat16`."""
        from loracfg.engine.saved_adapter import dtype_of

        return dtype_of(self._dtype, self.base)

    @cached_property
    def dating(self) -> Dating | None:
        """The releases of PEFT that may have written the adapter; None if nothing shows it."""
        adapter = self.adapter
        return None if adapter.is_empty or adapter.is_planned else written_by(adapter)

    @property
    def subject(self) -> Subject:
        """The subject that the first rule sees."""
        return self._subject_and_gaps[0]

    @property
    def not_checked(self) -> list[NotChecked]:
        """What cannot be checked, and why."""
        return self._subject_and_gaps[1]

    @cached_property
    def unanswered(self) -> tuple[NotChecked, ...]:
        """The requested engines of which nothing can be said, and why; empty if anything can."""
        why = why_no_answer(self.saved.adapter)
        if why is None or self.adapter.is_empty:
            return ()
        return tuple(NotChecked(f"what {one.shown} does", why) for one in self.options.engines())

    @cached_property
    def _subject_and_gaps(self) -> tuple[Subject, list[NotChecked]]:
        if self.adapter.is_empty:
            return Subject(self.adapter, self.base, self.planning), []
        subject = Subject(
            self.adapter,
            self.base,
            self.planning,
            verdicts=self._requested_verdicts(),
            policy=self.options.policy,
            live=self.live,
        )
        gaps = gaps_in(subject, self.source, with_values=self.options.data)
        outcomes, unknown = self.saved.outcomes
        return replace(subject, outcomes=outcomes, release=self.options.release), [*gaps, *unknown]

    @property
    def outcomes(self) -> tuple[dict[str, Outcome], list[NotChecked]]:
        """What each release of PEFT does with the adapter, and why that is unknown."""
        if self.dating is None:
            return {}, []
        return self._cached_planning.outcomes_of(self.adapter, self.dating.newest, self.budget)

    @cached_property
    def noted(self) -> frozenset[str]:
        """The kinds that are noted about the adapter, which say what rules may find."""
        return noted(self.subject)

    @cached_property
    def findings(self) -> tuple[RuleRun, ...]:
        """What each rule found, in the order of the rules, whatever the options list."""
        rules = rules_to_run(preview=self.options.preview)
        if self.adapter.is_empty:
            only = find_rule(NOT_AN_ADAPTER)
            rules = (only,) if only else ()
        return tuple(run_each(rules, self.subject, self.noted))

    @cached_property
    def report(self) -> AdapterReport:
        """The report on the adapter."""
        report = self._report()
        if report.path != self.name:
            report = report._replace(path=self.name)
        return self.source.placed(report) if self.source else report

    def _report(self) -> AdapterReport:
        adapter = self.adapter
        has_all = adapter.reading is not None and adapter.header is not None
        policy = self.options.policy
        reads_card = policy is not None and policy.licenses is not None
        has_few_files = len(adapter.files) + len(adapter.links) <= _MOST_FILES
        is_plain = has_all and has_few_files and self.live is None
        if not is_plain or self.options.data or adapter.tokenizer or reads_card:
            return self._new_report()
        # With the inputs of the planning, this is all that the report depends on.
        options = self.options
        chosen = options.peft, options.runtimes, options.choice, options.preview, policy
        own = tuple(adapter.files.items()), adapter.links, adapter.faults
        key = (*own, *chosen, *self.base.cache_key)
        reports = self._cached_planning.reports
        report = reports.find(key)
        if report is None:
            report = self._new_report()
            # A report that ran out of time for patterns may be incomplete, so it is not kept.
            if self.budget.left > 0 and all(gap.why != CRASHED for gap in report.not_checked):
                reports.add(key, report)
        return report

    def _new_report(self) -> AdapterReport:
        found, choice = self.findings, self.options.choice
        gaps = (*self.not_checked, *self.unanswered)
        return report_of(self.name, self.subject, found, gaps, self.saved.dating, choice)

    @cached_property
    def served(self) -> ServedAdapter:
        """The adapter on its base, as inference engines see it."""
        from loracfg.analysis.serving import served_adapter

        return served_adapter(self.adapter, self.planning, self.base, self._caches.trees)

    def verdicts(self, runtimes: Iterable[Runtime]) -> tuple[Verdict, ...]:
        """Return what inference engines do with the adapter; nothing if that cannot be said."""
        from loracfg.runtimes.verdict import judge

        return judge(self.served, runtimes) if why_no_answer(self.adapter) is None else ()

    def _requested_verdicts(self) -> tuple[Verdict, ...]:
        engines = self.options.engines()
        return self.saved.verdicts(engines) if engines else ()
