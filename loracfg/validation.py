"""The one way to a report: read the adapter and its base, plan, run the rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from loracfg import __version__
from loracfg.adapter.directory import Adapter, read_adapter
from loracfg.adapter.files import Files
from loracfg.analysis.subject import Subject
from loracfg.base.resolve import resolve_base
from loracfg.base.search import BaseRequest, Given, Resolved
from loracfg.config.history.releases import PEFT_RELEASE, loading_release
from loracfg.crash import show_traceback
from loracfg.errors import LoracfgError
from loracfg.kept import begin_making
from loracfg.plan.patterns import DEFAULT_SECONDS, Budget, PatternTimeoutError
from loracfg.plan.replication import MAX_LAYERS
from loracfg.releases.dating import Dating, written_by
from loracfg.releases.loading import summary
from loracfg.releases.outcome import Effect, Outcome
from loracfg.repair.offer import with_fixes
from loracfg.report.report import (
    READ,
    VALUES,
    AdapterReport,
    Base,
    Coverage,
    Diagnostic,
    Hidden,
    NotChecked,
    Read,
    Report,
    Scaling,
    Status,
)
from loracfg.rules.choice import UNREADABLE, Choice, choice_of
from loracfg.rules.making import Made, make, served_of
from loracfg.rules.registry import all_rules
from loracfg.rules.runner import found_by
from loracfg.rules.unjudged import OURS, crashed, unreadable
from loracfg.sources.source import NO_SUCH_PATH, SourceError, homes_of, open_sources

if TYPE_CHECKING:
    from loracfg.base.architecture import Architecture
    from loracfg.runtimes.verdict import Verdict

_NUMBER: Final = r"\.(\d{1,18})(?=\.|$)"


class Options(NamedTuple):
    """How to validate.

    `base` is a folder, a config file or an id (`org/name` or `name`, with or without `@revision`);
    without it, the base that the adapter's config names is used if it is a folder here or an id.
    Ids are looked up in the local cache of huggingface_hub and, only if `online`, on the Hub.
    `class_name` names the model class. `select` and `ignore` are beginnings of rule codes, or
    names; they choose the findings that are listed. `peft` is a release of PEFT that the adapter
    must load in. `pattern_seconds` bounds the time that patterns of one file may take; those of all
    that share a `budget` have its time together. `given` is a base that was read already, instead
    of `base`; with `isolated`, no base is looked up here or in the cache, whatever the adapter
    names. `data` has the values of the tensors looked at too, which needs numpy. `runtimes` are
    engines that must load the adapter and compute the same, such as `vllm==0.33,max_lora_rank=64`.
    """

    base: str | None = None
    class_name: str | None = None
    peft: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    pattern_seconds: float = DEFAULT_SECONDS
    budget: Budget | None = None
    online: bool = False
    given: Given | None = None
    isolated: bool = False
    data: bool = False
    runtimes: tuple[str, ...] = ()

    def for_adapter(self) -> tuple[Options, Budget]:
        """Return the options for one adapter, with the time that its patterns have."""
        budget = self.budget
        if budget is None:
            budget = Budget(self.pattern_seconds)
            return self._replace(budget=budget), budget
        budget.begin_adapter()
        return self, budget


def validate(paths: str | Path | Iterable[str | Path], options: Options | None = None) -> Report:
    """Validate adapters, each on its own, by their directories, weight files or archives.

    An adapter's config or weights stand for their directory; one that is named twice is judged
    once. What an adapter holds never raises; see `AdapterReport.status`.

    Raises:
        LoracfgError: if `options` name a rule or a release that does not exist.
    """
    options = options or Options()
    if options.peft is not None:
        loading_release(options.peft)
    if options.runtimes:
        from loracfg.runtimes.asked import find_runtime

        for runtime in options.runtimes:
            find_runtime(runtime)
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    choice = choice_of(options.select, options.ignore)
    reports = (report for home in homes_of(given) for report in _reports(home, options, choice))
    return Report(__version__, tuple(reports))


def _reports(home: Path, options: Options, choice: Choice) -> Iterator[AdapterReport]:
    """Validate what is at a path; a defect must not take the other adapters along."""
    name = str(home)
    try:
        for source in open_sources(home):
            name = source.name
            adapter = source.read(with_values=options.data)
            yield source.placed(validate_adapter(adapter, name, options, choice))
    except OSError as error:
        message = f"`{name}` cannot be read: {error.strerror or error}"
        yield unreadable(NO_SUCH_PATH, name, message, "check the path and its permissions")
    except LoracfgError as error:
        code = error.code if isinstance(error, SourceError) else NO_SUCH_PATH
        yield unreadable(code, name, error.message, error.help or "check the path")
    except Exception as error:
        show_traceback(error)
        yield crashed(name, error, choice)


def validate_files(files: Files, path: str, options: Options, choice: Choice) -> AdapterReport:
    """Validate the adapter in a set of files; `path` is its name in the report."""
    return validate_adapter(read_adapter(files), path, options, choice)


def validate_adapter(
    adapter: Adapter, path: str, options: Options, choice: Choice
) -> AdapterReport:
    """Validate an adapter that was read, against the base that the options or it name."""
    if adapter.is_empty:
        found = found_by([r for r in all_rules() if r.code == "LC002"], Subject(adapter))
        diagnostics = (d for one in with_fixes(found, adapter) for d in one.diagnostics)
        return AdapterReport(path, "error", tuple(diagnostics))
    return judge(adapter, find_base(adapter, options), path, options, choice)


def judge(
    adapter: Adapter,
    resolved: Resolved,
    path: str,
    options: Options,
    choice: Choice,
    made: Made | None = None,
) -> AdapterReport:
    """Judge an adapter that was read against a base that was found, and may have been planned."""
    options, budget = options.for_adapter()
    made = made or make(adapter, resolved.architecture, budget)
    if adapter.reading is None or adapter.header is None or options.data or adapter.tokenizer:
        begin_making()
        return _judge(adapter, resolved, made, path, options, choice)
    # With what was made of config, header and tree, this is all that the report depends on.
    asked = options.peft, options.runtimes
    own = (tuple(adapter.files.items()), adapter.links, adapter.faults, *asked, choice)
    key = (*own, *resolved.about)
    report = made.reports.find(key)
    if report is None:
        begin_making()
        report = _judge(adapter, resolved, made, path, options, choice)
        # Without time for the patterns it may lack what another one would have.
        if budget.left > 0 and all(gap.why != OURS for gap in report.not_checked):
            made.reports.add(key, report)
    return report if report.path == path else report._replace(path=path)


def _judge(
    adapter: Adapter,
    resolved: Resolved,
    made: Made,
    path: str,
    options: Options,
    choice: Choice,
) -> AdapterReport:
    subject, not_checked, dating = subject_of(adapter, resolved, made, options)
    found = list(with_fixes(found_by(all_rules(), subject), adapter))
    diagnostics = [d for one in found for d in one.diagnostics]
    chosen = (one for one in found if choice.lists(one.rule.code, one.ran.code))
    listed = tuple(d for one in chosen for d in one.diagnostics)
    crashes = [one.ran for one in found if one.is_crash]
    not_checked += [NotChecked(f"what {rule.code} {rule.name} looks for", OURS) for rule in crashes]
    document = adapter.document
    return AdapterReport(
        path,
        _status(subject, diagnostics, certain=resolved.certain and not crashes),
        listed,
        _base(subject, resolved.config),
        coverage(subject),
        _scaling(subject),
        tuple(not_checked),
        written_by=dating.to_dict() if dating else None,
        loads_in=None if crashes else _loads_in(subject, diagnostics),
        hidden=Hidden.between(diagnostics, listed),
        read=_read(adapter),
        method=adapter.method,
        sources={document.file: document.text} if document else {},
    )


def subject_of(
    adapter: Adapter, resolved: Resolved, made: Made, options: Options
) -> tuple[Subject, list[NotChecked], Dating | None]:
    """Return what rules see of an adapter on a base, what they cannot see, and who wrote it."""
    subject, not_checked = _subject(adapter, resolved, made)
    if options.data and adapter.weights and adapter.values is None:
        why = "they are only read from sound safetensors files, and not in archives"
        not_checked.append(NotChecked(VALUES, why))
    if subject.plan and adapter.lacks_tokenizer:
        not_checked.append(NotChecked("the tokens of the tokenizer", "its files cannot be read"))
    dating = written_by(adapter)
    if dating:
        outcomes, unknown = _outcomes(adapter, made, dating.newest, options)
        not_checked += unknown
        release = None if options.peft is None else loading_release(options.peft)
        subject = replace(subject, outcomes=outcomes, release=release)
    if options.runtimes:
        verdicts = _verdicts(adapter, made, resolved, options)
        subject = replace(subject, verdicts=verdicts)
    return subject, not_checked, dating


def find_base(adapter: Adapter, options: Options) -> Resolved:
    """Find the base that the options or the adapter's config name."""
    return resolve_base(request_of(adapter, options))


def request_of(adapter: Adapter, options: Options) -> BaseRequest:
    """Return what options and adapter say of the base."""
    config = adapter.config
    mapping = config.auto_mapping if config else None
    saved = mapping.get("base_model_class") if isinstance(mapping, dict) else None
    return BaseRequest(
        named=options.base,
        fallback=config.base_model_name_or_path if config else None,
        class_name=options.class_name,
        task_type=config.task_type if config else None,
        saved_class=saved if isinstance(saved, str) else None,
        paths=_paths_in_base(adapter),
        revision=config.revision if config else None,
        online=options.online,
        given=options.given,
        isolated=options.isolated,
    )


def _paths_in_base(adapter: Adapter) -> frozenset[str]:
    """Return the module paths that the tensors name, with replicated layers by their old number."""
    ranges = adapter.config.layer_replication if adapter.config else None
    if not ranges or sum(max(end - start, 0) for start, end in ranges) > MAX_LAYERS:
        return adapter.base_paths
    order = [number for start, end in ranges for number in range(start, end)]

    def old(match: re.Match[str]) -> str:
        number = int(match[1])
        return f".{order[number] if number < len(order) else number}"

    return frozenset(re.sub(_NUMBER, old, path, count=1) for path in adapter.base_paths)


def _subject(adapter: Adapter, resolved: Resolved, made: Made) -> tuple[Subject, list[NotChecked]]:
    """Return what rules see, and what could not be checked."""
    subject = Subject(
        adapter,
        made.settings,
        made.selection,
        made.base,
        made.plan,
        resolved.certain,
        made.unstacked,
        made.labels,
        resolved.alternatives,
        (*adapter.faults, *resolved.faults, *made.faults),
        compared=made.compared,
        base_dtype=resolved.dtype,
        base_name=resolved.config,
        base_has_code=resolved.own_code,
        base_saved_as=resolved.saved_as,
        base_files=resolved.files,
        led_to=resolved.led_to,
        other_model=resolved.other_model,
        base_type=resolved.model_type,
        base_auto_map=resolved.auto_map,
        base_packed=resolved.packed,
        translated=made.translated,
    )
    reasons = resolved.not_checked
    if method := adapter.other_method:
        reasons = (f"the method is `{method}`, and loracfg only knows the tensors of LoRA",)
    not_checked = [NotChecked("tensors against the base", why) for why in reasons]
    return subject, [*not_checked, *made.not_checked]


def _status(subject: Subject, diagnostics: list[Diagnostic], *, certain: bool) -> Status:
    if any(d.code in UNREADABLE for d in diagnostics):
        return "error"
    if any(d.severity == "error" for d in diagnostics):
        return "invalid"
    judged = subject.plan is not None and subject.adapter.header is not None
    return "valid" if judged and certain else "undetermined"


def _read(adapter: Adapter) -> tuple[Read, ...]:
    """Return what of the files was read, and can be judged."""
    has_names = adapter.header is not None
    was_read = (adapter.reading is not None, has_names, has_names, adapter.values is not None)
    return tuple(one for one, is_read in zip(READ, was_read, strict=True) if is_read)


def _outcomes(
    adapter: Adapter, made: Made, writer: str, options: Options
) -> tuple[dict[str, Outcome], list[NotChecked]]:
    """Return what each release makes of the adapter, or why that is not known."""
    budget = options.budget or Budget(options.pattern_seconds)
    try:
        return made.outcomes_of(adapter, writer, budget), []
    except (PatternTimeoutError, re.error):
        return {}, [NotChecked("which releases load it", "the patterns cannot be matched")]


def _verdicts(
    adapter: Adapter, made: Made, resolved: Resolved, options: Options
) -> tuple[Verdict, ...]:
    from loracfg.runtimes.asked import find_runtime
    from loracfg.runtimes.verdict import judge as judge_for

    served = served_of(adapter, made, resolved)
    return judge_for(served, map(find_runtime, dict.fromkeys(options.runtimes)))


def _loads_in(subject: Subject, diagnostics: list[Diagnostic]) -> dict[str, str] | None:
    """Sum up the releases; not where something is wrong that is so in all of them."""
    newest = subject.outcomes.get(PEFT_RELEASE)
    if newest is None:
        return None
    wrong = any(d.severity == "error" and not d.code.startswith("LC2") for d in diagnostics)
    if wrong and newest.effect <= Effect.DROPS:
        return None
    return summary(subject.outcomes)


def _base(subject: Subject, config: str | None) -> Base | None:
    base = subject.base
    if base is None:
        return None
    return Base(base.source, base.model_type, base.class_name, config, _library(base))


def _library(base: Architecture) -> str | None:
    """Return the release of the library that a tree is of."""
    if base.source != "catalogue":
        return base.library
    from loracfg.base.catalogue import lookup
    from loracfg.base.catalogue.index import DIFFUSERS, LAYOUTS

    return lookup.library(LAYOUTS[0] if base.is_transformers else DIFFUSERS)


def coverage(subject: Subject) -> Coverage:
    """Count the tensors of the file against those that are expected.

    Nothing of the subject may be explained yet.
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
