"""Judge an adapter before something loads it, and say in a line why it must not be loaded."""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Final, Literal

from loracfg.adapter.files import Files, Folder
from loracfg.cache import Cache
from loracfg.crash import show_traceback
from loracfg.document.display import printable
from loracfg.engine.caches import Caches
from loracfg.engine.case import Case
from loracfg.engine.engine import Engine
from loracfg.engine.options import Options
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import AdapterReport, Diagnostic
from loracfg.serving.identity import Identity, identity_of, identity_of_base, is_settled
from loracfg.sources.source import NO_SUCH_PATH, Source, SourceError
from loracfg.urls import redacted

Answer = Literal["passed", "refused", "failed"]
"""`failed`: the gate itself could not judge, so that nothing is known about the adapter."""
FailOn = Literal["error", "warning"]

_KEPT: Final = 256
"""The number of verdicts that a gate keeps."""
_LENGTH: Final = 600
"""Characters of a reason; the report of `loracfg validate` has everything."""
_ATTEMPTS: Final = 3
"""How often a folder is read that changes while it is read."""
_UNREADABLE: Final = "LC001"
_UNUSABLE_BASE: Final = "LC005"
_CHANGING: Final = "its files changed while they were read"


class GateVerdict(NamedTuple):
    """What a gate decided about an adapter.

    Attributes:
        name: the name under which the adapter was asked for.
        answer: the decision.
        code: the rule of the first finding against it; None if there is none.
        reason: why it was not passed, in a line; empty if it was.
        warnings: what else was found, and what could not be checked.
        stacked_experts: whether its factors are for the stacked weights of all experts.
    """

    name: str
    answer: Answer
    code: str | None = None
    reason: str = ""
    warnings: tuple[str, ...] = ()
    stacked_experts: bool = False

    @property
    def passed(self) -> bool:
        """Whether the adapter may be loaded."""
        return self.answer == "passed"


class RefusedAdapterError(LoracfgError):
    """An adapter that must not be loaded, with the verdict on it."""

    def __init__(self, verdict: GateVerdict) -> None:
        """Create the error of a verdict that is not `passed`."""
        self.verdict = verdict
        shown = printable(verdict.name, 200)
        did = "was refused" if verdict.answer == "refused" else "could not be judged"
        super().__init__(f"adapter `{shown}` {did}: {verdict.reason}")


class Gate:
    """Judges adapters with the same options, and keeps the latest verdicts.

    A verdict is kept under what `stat` says of each file of the adapter and of the base, so it is
    never that of other content. Several threads can use a gate at the same time.
    """

    def __init__(
        self,
        options: Options,
        *,
        fail_on: FailOn = "error",
        strict: bool = False,
        caches: Caches | None = None,
    ) -> None:
        """Create a gate.

        Args:
            options: how to validate adapters.
            fail_on: the lowest severity of a finding that refuses an adapter.
            strict: whether to refuse what cannot be checked completely, too.
            caches: the caches to use; gates may share them.

        Raises:
            LoracfgError: the options name a rule, release or engine that does not exist.
        """
        self.options, self.fail_on, self.strict = options, fail_on, strict
        self._engine = Engine(options, caches=caches or Caches(), folders=False)
        self._verdicts = Cache[GateVerdict](_KEPT)

    def judge_folder(self, folder: Path, name: str, files: Files | None = None) -> GateVerdict:
        """Judge the adapter in a folder on this machine.

        What the verdict is about are the files as they were before and after they were read.

        Args:
            folder: the folder.
            name: the name under which it was asked for.
            files: the files in it that may be read (default: all).
        """
        source = Source(str(folder), files or Folder(folder), "folder", folder)
        for _ in range(_ATTEMPTS):
            before = identity_of(folder)
            key = self._key(folder, before)
            kept = None if key is None else self._verdicts.find(key)
            if kept is not None:
                return kept._replace(name=name)
            verdict = self.judge(source, name)
            if identity_of(folder) == before:
                is_final = key is not None and verdict.answer != "failed"
                return self._verdicts.add(key, verdict) if is_final else verdict
        return GateVerdict(name, "failed", None, _CHANGING)

    def judge(self, source: Source, name: str) -> GateVerdict:
        """Judge an adapter wherever it is; this never raises."""
        try:
            case = self._engine.open_source(source)
            return self._verdict(name, case)
        except (LoracfgError, OSError) as error:
            return failed(name, error)
        except Exception as error:
            show_traceback(error)
            return GateVerdict(name, "failed", None, f"internal error ({type(error).__name__})")

    def _verdict(self, name: str, case: Case) -> GateVerdict:
        report = case.report
        against = tuple(self._against(report))
        answer, code, why = self._answer(report, against)
        stacked = answer != "failed" and _has_stacked_experts(case)
        return GateVerdict(name, answer, code, why, tuple(_warnings(report, against)), stacked)

    def _answer(
        self, report: AdapterReport, against: tuple[Diagnostic, ...]
    ) -> tuple[Answer, str | None, str]:
        if report.has_crash:
            return "failed", None, "internal error while it was judged"
        own = tuple(found for found in against if found.code != _UNUSABLE_BASE)
        if own:  # broken on any base
            return "refused", own[0].code, reason_of(own)
        if against:
            return "failed", _UNUSABLE_BASE, reason_of(against)
        if report.status == "error":
            return "refused", None, "it cannot be read"
        if self.strict and report.status == "undetermined":
            gaps = "; ".join(f"{gap.what}: {gap.why}" for gap in report.not_checked[:2])
            return "refused", None, _short(f"it could not be checked completely ({gaps})")
        return "passed", None, ""

    def _against(self, report: AdapterReport) -> Iterator[Diagnostic]:
        severities = ("error", "warning") if self.fail_on == "warning" else ("error",)
        return (found for found in report.diagnostics if found.severity in severities)

    def _key(self, folder: Path, identity: Identity | None) -> Hashable | None:
        """Return the key of a verdict; None if it cannot be kept."""
        if identity is None:
            return None
        of_base = self._identity_of_base()
        if of_base is None or not is_settled((*identity, *of_base), time.time_ns()):
            return None
        return str(folder), identity, of_base

    def _identity_of_base(self) -> Identity | None:
        """Return the states of the base's files, if any; None if nobody knows which they are."""
        if self.options.base is not None:
            return identity_of_base(self.options.base)
        return () if self.options.isolated else None  # each adapter may name its own


def check_adapter(path: str | Path, options: Options | None = None) -> GateVerdict:
    """Return the verdict on the adapter in a folder, which is `passed`.

    Call this before an engine loads the folder.

    Args:
        path: the folder.
        options: how to validate it: the base, and the engine as `runtimes`.

    Raises:
        RefusedAdapterError: the adapter must not be loaded, or could not be judged.
        LoracfgError: the options name a rule, release or engine that does not exist.
    """
    folder = Path(path)
    verdict = Gate(options or Options()).judge_folder(folder, folder.name or str(folder))
    if not verdict.passed:
        raise RefusedAdapterError(verdict)
    return verdict


def failed(name: str, error: LoracfgError | OSError) -> GateVerdict:
    """Return the verdict on an adapter that could not be read."""
    if isinstance(error, SourceError) and error.code != NO_SUCH_PATH:
        return GateVerdict(name, "failed", error.code, _short(error.message))
    if isinstance(error, LoracfgError):
        return GateVerdict(name, "failed", None, _short(error.message))
    why = error.strerror or type(error).__name__
    return GateVerdict(name, "failed", _UNREADABLE, f"it cannot be read ({why})")


def reason_of(found: tuple[Diagnostic, ...]) -> str:
    """Return findings as a line: the first in full, and how many there are."""
    first = found[0]
    where = first.location
    place = f" ({where.tensor or where.file})" if where.tensor or where.file else ""
    more = len(found) - 1
    also = f"; {more} more finding{'s' * (more > 1)}" if more else ""
    return _short(f"{first.code} {first.message}{place}") + also


def _warnings(report: AdapterReport, against: tuple[Diagnostic, ...]) -> Iterator[str]:
    for found in report.diagnostics:
        if found.severity == "warning" and found not in against:
            yield _short(f"{found.code} {found.message}")
    for gap in report.not_checked:
        yield _short(f"not checked: {gap.what} ({gap.why})")


def _has_stacked_experts(case: Case) -> bool:
    from loracfg.runtimes.of_tensors import adapts_stacks

    return case.config is not None and adapts_stacks(case.served)


def _short(text: str) -> str:
    return printable(redacted(text), _LENGTH)
