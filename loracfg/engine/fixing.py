"""Repair an adapter: validate it, repair what is found, and validate the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, Unpack
from weakref import finalize

from loracfg.adapter.directory import read_adapter
from loracfg.adapter.tensor_values import numpy_module
from loracfg.analysis.subject import Subject
from loracfg.engine.engine import Engine
from loracfg.engine.fronts import engine_for
from loracfg.engine.options import OptionArguments, Options
from loracfg.engine.summary import coverage
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.repair.change import Change, keep_weight_file
from loracfg.repair.compute import CASTS
from loracfg.repair.draft import Draft, with_stored_tensors
from loracfg.repair.dtype import cast_tensors
from loracfg.repair.overflow import check_overflow
from loracfg.repair.registry import change_for
from loracfg.repair.tensor_data import is_computed
from loracfg.repair.written_folder import write_folder
from loracfg.report.report import AdapterReport, Coverage, Diagnostic
from loracfg.rules.rule import Finding, FindingKey, Rule
from loracfg.sources.source import Source
from loracfg.sources.unpacked_source import remove_unpacked, with_all_files

if TYPE_CHECKING:
    from loracfg.adapter.files import Files

_MAX_STEPS: Final = 50
"""The maximum number of repairs, more than any adapter needs."""


class Step(NamedTuple):
    """A repair, with the code and name of the rule whose finding it repairs."""

    code: str
    name: str
    title: str
    safe: bool
    why: str


@dataclass(frozen=True)
class FixResult:
    """The result of `loracfg.fix`.

    `source` is the adapter. `steps` are the repairs that were applied, and `offered` are the unsafe
    ones that were skipped because `unsafe` was not set. `before` and `after` are the reports on the
    adapter and on the result. What was unpacked from an archive is removed at the end of a `with`
    statement, or with the result.
    """

    source: Source
    draft: Draft
    steps: tuple[Step, ...]
    offered: tuple[Step, ...]
    before: AdapterReport
    after: AdapterReport

    def write(self, output: str | Path) -> None:
        """Write the repaired adapter to a new folder, with all other files of its folder.

        Raises:
            LoracfgError: nothing was repaired, or `output` exists already or cannot be written.
        """
        if not self.steps:
            message = f"nothing was repaired, so `{output}` was not written"
            raise LoracfgError(message, "check `steps` first, or copy the adapter")
        write_folder(self.draft, self.source.home, Path(output))

    def __enter__(self) -> Self:
        """Return the result itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was unpacked."""
        remove_unpacked(self.source)


def fix(
    path: str | Path,
    options: Options | None = None,
    *,
    unsafe: bool = False,
    dtype: str | None = None,
    **arguments: Unpack[OptionArguments],
) -> FixResult:
    """Repair what `validate` finds in an adapter; `FixResult.write` writes the result.

    A single weight file of another tool becomes a PEFT adapter if it has all values that the config
    needs.

    Args:
        path: the adapter: a path or a URL.
        options: the options of `validate`. Module names are repaired to match `base`, unsupported
            features are rewritten for `runtimes`, and only findings of the selected rules are
            repaired.
        unsafe: whether to also apply repairs that rest on an assumption.
        dtype: the dtype to cast tensors to: `F32`, `F16` or `BF16`.
        arguments: fields of `Options`, which override those of `options`.

    Raises:
        LoracfgError: the path is not an adapter that can be repaired, the options name something
            that does not exist, the dtype is not supported or too small for a value, or numpy is
            needed but not installed.
    """
    if dtype is not None and dtype not in CASTS:
        raise LoracfgError(f"cannot cast tensors to `{dtype}`", f"use one of {', '.join(CASTS)}")
    engine = engine_for((options or Options())._replace(data=False), **arguments)
    case = engine.open(path)
    assert case.source is not None  # a path names it
    source = with_all_files(case.source)
    draft, steps, offered = _repair(Draft(source.files), engine, unsafe=unsafe)
    if dtype and (change := cast_tensors(with_stored_tensors(draft, read_adapter(draft)), dtype)):
        draft = change.draft
        steps += (Step("--dtype", "dtype", change.title, change.safe, change.why),)
    _need_numpy(draft)
    check_overflow(draft)
    before = case.report
    name = source.name.rpartition(".")[0] if source.is_alone else source.name
    after = engine.open_files(draft, name).report if steps else before
    result = FixResult(source, draft, steps, offered, before, after)
    finalize(result, remove_unpacked, source)
    return result


class ConfigFix(NamedTuple):
    """A repair that only edits the config, as one of several that are possible.

    Attributes:
        step: the repair.
        finding: what it repairs, as a report lists it.
        config: the text of the config after it.
    """

    step: Step
    finding: Diagnostic
    config: str


def config_fixes(
    files: Files, engine: Engine, wanted: Callable[[Diagnostic], bool]
) -> Iterator[ConfigFix]:
    """Yield the repairs of an adapter that only edit its config and remove their finding.

    Args:
        files: the adapter.
        engine: the engine that judges it; only findings that its options list are repaired.
        wanted: tells whether a finding is one to repair.
    """
    checked, choice = _check(Draft(files), engine), engine.options.choice
    found = {rule.key(finding): finding for rule, finding, _ in checked.findings}
    for key, rule, change in _changes(checked):
        config = change.draft.config
        if config is None or not _edits_config(change) or not choice.lists(rule.code):
            continue
        finding = rule.diagnostic(found[key])
        if wanted(finding) and key not in _check(change.draft, engine).keys:
            yield ConfigFix(_step(rule, change), finding, config)


def fixed_config(files: Files, engine: Engine) -> str | None:
    """Return the config after all safe repairs that only edit it; None if there is none.

    Args:
        files: the adapter.
        engine: the engine that judges it; only findings that its options list are repaired.
    """
    return _repair(Draft(files), engine, unsafe=False, takes=_edits_config)[0].config


def _edits_config(change: Change) -> bool:
    """Tell whether a change leaves all files but the config as they are."""
    draft = change.draft
    return draft.tensors is None and not draft.left_out and draft.config is not None


def _need_numpy(draft: Draft) -> None:
    """Fail now if writing the draft needs numpy and it is not installed."""
    if not any(map(is_computed, (draft.tensors or {}).values())):
        return
    try:
        numpy_module()
    except LoracfgError as error:
        message = "transposing, scaling or casting tensors needs numpy, which is not installed"
        raise LoracfgError(message, error.help) from None


def _any(_: Change) -> bool:
    return True


def _repair(
    draft: Draft, engine: Engine, *, unsafe: bool, takes: Callable[[Change], bool] = _any
) -> tuple[Draft, tuple[Step, ...], tuple[Step, ...]]:
    steps: list[Step] = []
    offered: dict[FindingKey, Step] = {}
    tried: set[FindingKey] = set()
    choice = engine.options.choice
    checked = _check(draft, engine)
    while len(steps) < _MAX_STEPS:
        offered.clear()
        for key, rule, change in _changes(checked):
            if key in tried or not choice.lists(rule.code) or not takes(change):
                continue
            step = _step(rule, change)
            if not (change.safe or unsafe):
                offered[key] = step
                continue
            tried.add(key)
            changed = _check(change.draft, engine)
            if key not in changed.keys and not changed.loses(checked):
                checked = changed
                steps.append(step)
                break
        else:
            break
    return checked.draft, tuple(steps), tuple(offered.values())


def _step(rule: Rule, change: Change) -> Step:
    return Step(rule.code, rule.name, change.title, change.safe, change.why)


class _CheckedDraft(NamedTuple):
    """A draft and its findings, each with its rule and the subject that the rule saw.

    `loaded` is the draft with the tensors of its weight file, and `coverage` counts how they fit.
    """

    draft: Draft
    loaded: Draft
    findings: tuple[tuple[Rule, Finding, Subject], ...]
    coverage: Coverage

    def loses(self, before: _CheckedDraft) -> bool:
        """Tell whether a change left nothing, or more tensors than before that do not apply."""
        if before.loaded.tensors and not self.loaded.tensors:
            return True
        stray, earlier = (
            (one.unexpected or 0) + (one.mismatched or 0)
            for one in (self.coverage, before.coverage)
        )
        return before.coverage.expected is not None and stray > earlier

    @property
    def keys(self) -> frozenset[FindingKey]:
        """The keys of the findings, to compare them with those of another draft."""
        return frozenset(rule.key(finding) for rule, finding, _ in self.findings)


def _check(draft: Draft, engine: Engine) -> _CheckedDraft:
    case = engine.open_files(draft)
    findings = tuple(
        (run.rule, finding, run.subject) for run in case.findings for finding in run.findings
    )
    loaded = with_stored_tensors(draft, case.adapter)
    return _CheckedDraft(draft, loaded, findings, coverage(case.subject))


def _changes(checked: _CheckedDraft) -> Iterator[tuple[FindingKey, Rule, Change]]:
    """Yield the change that repairs each finding, in the order of the rules."""
    draft, loaded = checked.draft, checked.loaded
    for rule, finding, subject in checked.findings:
        change = change_for(rule.code, finding, subject, loaded)
        if change is not None:
            yield rule.key(finding), rule, keep_weight_file(change, draft, loaded)
