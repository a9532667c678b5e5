"""The types of rules and their findings."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Final, Literal

from loracfg.analysis.subject import Subject
from loracfg.named_tuple import NamedTuple
from loracfg.report.fault import Fault
from loracfg.report.report import Data, Diagnostic, Fix, Location, Related, Severity
from loracfg.urls import SITE

URL: Final = f"{SITE}rules/{{code}}"

OWN: Final = "LC"
"""How the codes of our rules begin; those of other packages begin differently."""

Stage = Literal["preview", "stable", "deprecated"]


class Finding(NamedTuple):
    """One cause that a rule found.

    `explains` has the names of the tensors that the cause accounts for, in the file or missing
    from it; later rules do not report them again. `count` is the number of tensors or values that
    show the cause. `data` has the values in the message, which repairs read.
    """

    message: str
    location: Location
    help: str
    count: int = 1  # type: ignore[assignment]  # in the place of `tuple.count`
    related: tuple[Related, ...] = ()
    explains: frozenset[str] = frozenset()
    data: Data | None = None


Check = Callable[[Subject], Iterable[Finding]]


class GatedCheck:
    """A check with the kinds of evidence without which it cannot find anything.

    It only runs if one of them was noted (see `loracfg.analysis.noted`).
    """

    __slots__ = ("check", "kinds")

    def __init__(self, kinds: Iterable[str], check: Check) -> None:
        """Limit the check to adapters with one of these kinds."""
        self.kinds = frozenset(kinds)
        self.check = check

    def __call__(self, subject: Subject) -> Iterable[Finding]:
        """Run the check."""
        return self.check(subject)


class FindingKey(NamedTuple):
    """What identifies a finding before and after a repair, even if its message changes."""

    code: str
    place: str | None
    data: Data | None


class Rule(NamedTuple):
    """A rule: what it finds, and how.

    Attributes:
        code: The code, which is never reused.
        name: What the rule finds.
        severity: How bad that is.
        check: The function that finds it.
        module: The rule's module, whose docstring is its page.
        stage: A `preview` rule only runs if the user asks for it; a `deprecated` rule still runs
            but will be removed.
        since: The first release of the rule's package that has the rule.
        pages: The URL of the page of a rule from another package, with `{code}` for the code; None
            if it has no page. Ours are on the site of loracfg.
    """

    code: str
    name: str
    severity: Severity
    check: Check
    module: str
    stage: Stage = "stable"
    since: str = "0.1.0"
    pages: str | None = None

    @property
    def is_own(self) -> bool:
        """Whether the rule is one of ours, not of another package."""
        return self.code.startswith(OWN)

    def may_find(self, noted: frozenset[str]) -> bool:
        """Return whether the rule may find something, given the kinds that were noted."""
        check = self.check
        return type(check) is not GatedCheck or not check.kinds.isdisjoint(noted)

    @property
    def page(self) -> str:
        """The text of the rule's page."""
        return inspect.cleandoc(import_module(self.module).__doc__ or "")

    @property
    def url(self) -> str:
        """The URL of the rule's page; empty if it has none."""
        pages = URL if self.is_own else self.pages or ""
        return pages.format(code=self.code)

    def summary(self) -> dict[str, str]:
        """Return a summary of the rule as JSON data."""
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
        """Return what identifies a finding of this rule."""
        place = finding.location.tensor or finding.location.pointer
        return FindingKey(self.code, place, finding.data)

    def diagnostic(self, finding: Finding, fix: Fix | None = None) -> Diagnostic:
        """Return a finding of this rule as a diagnostic, with its fix."""
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
    """Return a finding for a fault that a reader noted.

    It explains the tensor at the location of the fault, if there is one, and those in `explains`.
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
    """Return a check that reports faults of these kinds that readers noted."""

    def check(subject: Subject) -> Iterator[Finding]:
        return map(from_fault, subject.faults_of(*kinds))

    return GatedCheck(frozenset(kinds), check)
