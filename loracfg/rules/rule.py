"""What a rule is, and what it finds."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Final, Literal, NamedTuple

from loracfg.analysis.subject import Subject
from loracfg.report.fault import Fault
from loracfg.report.report import Data, Diagnostic, Fix, Location, Related, Severity

URL: Final = "https://loracfg.readthedocs.io/rules/{code}"

Stage = Literal["preview", "stable", "deprecated"]


class Finding(NamedTuple):
    """One cause that a rule found.

    `explains` names the tensors, in the file or missing from it, that it accounts for; later
    rules do not report them again. `count` is how many tensors or values show the cause. `data` is
    what was found, with the values that the message gives; a repair reads it.
    """

    message: str
    location: Location
    help: str
    count: int = 1  # type: ignore[assignment]  # in the place of `tuple.count`
    related: tuple[Related, ...] = ()
    explains: frozenset[str] = frozenset()
    data: Data | None = None


Check = Callable[[Subject], Iterable[Finding]]


class Noted:
    """A check that finds nothing unless something of these kinds was noted (`noted.py`)."""

    __slots__ = ("check", "kinds")

    def __init__(self, kinds: Iterable[str], check: Check) -> None:
        """Run the check for these kinds only."""
        self.kinds = frozenset(kinds)
        self.check = check

    def __call__(self, subject: Subject) -> Iterable[Finding]:
        """Run the check."""
        return self.check(subject)


class FindingKey(NamedTuple):
    """What tells a finding from others, before a repair and after it, whatever is said of it."""

    code: str
    place: str | None
    data: Data | None


class Rule(NamedTuple):
    """A rule: what it finds, and how.

    Attributes:
        code: the code, which is never reused.
        name: what is found.
        severity: how bad that is.
        check: finds it.
        module: the module that it stands in, whose docstring is its page.
        stage: a `preview` rule runs only if it is asked for; a `deprecated` one still runs, and
            will go.
        since: the release of its package that brought it.
        pages: where its page can be read, with `{code}` in it.
    """

    code: str
    name: str
    severity: Severity
    check: Check
    module: str
    stage: Stage = "stable"
    since: str = "0.1.0"
    pages: str = URL

    def may_find(self, noted: frozenset[str]) -> bool:
        """Tell whether the rule may find something, by the kinds of what was noted before."""
        check = self.check
        return type(check) is not Noted or not check.kinds.isdisjoint(noted)

    @property
    def page(self) -> str:
        """The text that explains the rule."""
        return inspect.cleandoc(import_module(self.module).__doc__ or "")

    @property
    def url(self) -> str:
        """Where the page can be read."""
        return self.pages.format(code=self.code)

    def summary(self) -> dict[str, str]:
        """Return the rule in a few words, as JSON data."""
        return {
            "code": self.code,
            "name": self.name,
            "severity": self.severity,
            "stage": self.stage,
            "since": self.since,
            "summary": self.page.partition("\n")[0],
            "url": self.url,
        }

    def key(self, finding: Finding) -> FindingKey:
        """Return what tells a finding of this rule from others."""
        place = finding.location.tensor or finding.location.pointer
        return FindingKey(self.code, place, finding.data)

    def diagnostic(self, finding: Finding, fix: Fix | None = None) -> Diagnostic:
        """Return a finding of this rule as a diagnostic, with what repairs it."""
        return Diagnostic(
            self.code,
            self.name,
            self.severity,
            finding.message,
            finding.location,
            finding.help,
            self.url,
            finding.count,
            finding.related,
            fix,
            finding.data,
        )


def from_fault(fault: Fault, explains: frozenset[str] = frozenset()) -> Finding:
    """Return a reader's fault as the finding of the rule that reports it.

    It explains the tensor that it stands at, and more if given.
    """
    tensor = fault.location.tensor
    return Finding(
        fault.message,
        fault.location,
        fault.help,
        count=fault.count,
        related=fault.related,
        explains=explains if tensor is None else explains | {tensor},
        data=fault.data,
    )


def reporting(*kinds: str) -> Check:
    """Return a check that reports a reader's faults of these kinds."""

    def check(subject: Subject) -> Iterator[Finding]:
        return map(from_fault, subject.faults_of(*kinds))

    return Noted(frozenset(kinds), check)
