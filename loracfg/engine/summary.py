"""Build the report on a case: its findings and their summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from loracfg.adapter.directory import Adapter
from loracfg.adapter.files import LoneConfig
from loracfg.analysis.live_facts import SHARDED
from loracfg.analysis.model_card import CARD, can_read_card, has_card
from loracfg.analysis.subject import Subject
from loracfg.analysis.trainer_options import gaps_of_options
from loracfg.base.architecture import Architecture
from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.releases.dating import Dating
from loracfg.releases.loading import summary
from loracfg.releases.outcome import Effect
from loracfg.report.report import (
    OF_POLICY,
    READ,
    VALUES,
    AdapterReport,
    Base,
    Coverage,
    Diagnostic,
    HiddenFindings,
    NotChecked,
    Read,
    Scaling,
    Status,
)
from loracfg.rules.choice import OF_QUESTIONS, UNREADABLE, RuleChoice
from loracfg.rules.runner import RuleRun
from loracfg.rules.unjudged import CRASHED
from loracfg.sources.source import Source

_TENSORS: Final = "tensors against the base"
_TOKENS: Final = "the tokens of the tokenizer"
_LICENSE, _PICKLES = OF_POLICY
_ONLY_CONFIG: Final = "only the config was given"
_OF_USER: Final = (*OF_QUESTIONS, "LC91")
"""Codes of findings about what a user asked for or allows, not about loading in general."""


def report_of(
    name: str,
    subject: Subject,
    findings: Iterable[RuleRun],
    not_checked: Iterable[NotChecked],
    dating: Dating | None,
    choice: RuleChoice,
) -> AdapterReport:
    """Return the report on an adapter.

    Args:
        name: the adapter's name in the report.
        subject: the subject that the first rule sees.
        findings: what the rules found.
        not_checked: what cannot be checked.
        dating: the releases that may have written the adapter.
        choice: which findings are listed.
    """
    adapter, base = subject.adapter, subject.resolved
    found = _with_fixes(findings, adapter)
    diagnostics = [d for one in found for d in one.diagnostics]
    if adapter.is_empty:
        return AdapterReport(name, "error", tuple(diagnostics))
    chosen = (one for one in found if choice.lists(one.rule.code, one.ran.code))
    listed = tuple(d for one in chosen for d in one.diagnostics)
    crashes = [one.ran for one in found if one.is_crash]
    unknown = [NotChecked(f"what {rule.code} {rule.name} looks for", CRASHED) for rule in crashes]
    gaps = (*not_checked, *unknown)
    document = adapter.document
    certain = base.certain and all(map(_is_minor, gaps))
    own = [d for d in diagnostics if not d.code.startswith(OF_QUESTIONS)]
    return AdapterReport(
        name,
        _status(subject, diagnostics, certain=certain),
        listed,
        _base(subject.base, base.name),
        coverage(subject),
        _scaling(subject),
        gaps,
        written_by=dating.to_dict() if dating else None,
        loads_in=None if crashes else _loads_in(subject, diagnostics),
        hidden=HiddenFindings.between(diagnostics, listed),
        read=_read(adapter),
        method=adapter.method,
        sources={document.file: document.text} if document else {},
        own_status=_status(subject, own, certain=certain),
    )


def _with_fixes(findings: Iterable[RuleRun], adapter: Adapter) -> list[RuleRun]:
    found = list(findings)
    if not found:
        return []
    from loracfg.repair.offer import with_fixes  # repairs are only imported if something is found

    return list(with_fixes(found, adapter))


def gaps_in(subject: Subject, source: Source | None, *, with_values: bool) -> list[NotChecked]:
    """Return what cannot be checked about an adapter on a base, and why.

    Args:
        subject: the subject that the first rule sees.
        source: where the adapter is, if it was opened by path.
        with_values: whether values were requested.
    """
    adapter, base, planning = subject.adapter, subject.resolved, subject.planning
    reasons = base.not_checked
    if method := adapter.other_method:
        reasons = (f"the method is `{method}`, and loracfg only knows the tensors of LoRA",)
    gaps = [NotChecked(_TENSORS, why) for why in reasons]
    if isinstance(adapter.source, LoneConfig) and not adapter.is_planned:
        gaps.append(NotChecked("the tensors", _ONLY_CONFIG))
    gaps += planning.not_checked
    gaps += gaps_of_options(subject)
    if with_values and adapter.weights and adapter.values is None:
        why = "values are read only from intact `.safetensors` files, not from pickles or archives"
        gaps.append(NotChecked(VALUES, why))
    if planning.plan and adapter.lacks_tokenizer:
        gaps.append(NotChecked(_TOKENS, "its files cannot be read"))
    gaps += subject.live.not_checked if subject.live else ()
    return [*gaps, *_gaps_of_policy(subject, source)]


def why_no_answer(adapter: Adapter) -> str | None:
    """Return why nothing can be said of inference engines; None if something can."""
    if adapter.config is None:
        return "there is no LoRA config to read"
    if adapter.header is not None or not isinstance(adapter.source, LoneConfig):
        return None
    return "the plan does not say what will be saved" if adapter.is_planned else _ONLY_CONFIG


def _gaps_of_policy(subject: Subject, source: Source | None) -> Iterator[NotChecked]:
    """Yield what the policy is about and cannot be checked."""
    adapter, policy = subject.adapter, subject.policy
    if policy is None:
        return

    unlisted = source.unlisted if source else None
    can_ask = source is not None and source.ask is not None
    if policy.licenses is not None:
        if not can_read_card(adapter):
            yield NotChecked(_LICENSE, f"`{CARD}` cannot be read")
        elif unlisted and not can_ask and not has_card(adapter):
            yield NotChecked(_LICENSE, unlisted)
    if policy.no_pickles and unlisted:
        yield NotChecked(_PICKLES, unlisted)


def _is_minor(gap: NotChecked) -> bool:
    return gap.what in (_TOKENS, SHARDED)


def _status(subject: Subject, diagnostics: list[Diagnostic], *, certain: bool) -> Status:
    if any(d.code in UNREADABLE for d in diagnostics):
        return "error"
    if any(d.severity == "error" for d in diagnostics):
        return "invalid"
    has_tensors = subject.adapter.header is not None or subject.is_planned
    is_compared = subject.plan is not None and has_tensors
    return "valid" if is_compared and certain else "undetermined"


def _read(adapter: Adapter) -> tuple[Read, ...]:
    """Return which parts of the files were read and can be checked."""
    has_names = adapter.header is not None
    was_read = (adapter.reading is not None, has_names, has_names, adapter.values is not None)
    return tuple(one for one, is_read in zip(READ, was_read, strict=True) if is_read)


def _loads_in(subject: Subject, diagnostics: list[Diagnostic]) -> dict[str, str] | None:
    """Return which releases load the adapter; None if it is wrong in all of them."""
    newest = subject.outcomes.get(PEFT_RELEASE)
    if newest is None:
        return None
    wrong = any(d.severity == "error" and not d.code.startswith(_OF_USER) for d in diagnostics)
    if wrong and newest.effect <= Effect.DROPS:
        return None
    return summary(subject.outcomes)


def _base(base: Architecture | None, name: str | None) -> Base | None:
    if base is None:
        return None
    return Base(base.source, base.model_type, base.class_name, name, _library(base))


def _library(base: Architecture) -> str | None:
    """Return the release of the library that a tree belongs to."""
    if base.source != "catalogue":
        return base.library
    from loracfg.base.catalogue import lookup
    from loracfg.base.catalogue.index import DIFFUSERS, LAYOUTS

    return lookup.library(LAYOUTS[0] if base.is_transformers else DIFFUSERS)


def coverage(subject: Subject) -> Coverage:
    """Compare the tensors of the file with the expected ones, and count them.

    The subject must not have any explained tensors yet.
    """
    found = subject.adapter.shapes
    plan = subject.plan
    if plan is None:
        return Coverage(len(found))
    missing = len(subject.missing) if subject.adapter.header else len(plan.shapes)
    mismatched = len(subject.mismatched)
    return Coverage(
        tensors=len(found),
        expected=len(plan.shapes),
        applied=len(plan.shapes) - missing - mismatched,
        missing=missing,
        unexpected=len(subject.unexpected),
        mismatched=mismatched,
    )


def _scaling(subject: Subject) -> Scaling | None:
    if subject.plan:
        factors = subject.plan.scalings
    else:
        factors = [settings.scaling for settings in subject.settings.values()]
    return Scaling(min(factors), max(factors)) if factors else None
