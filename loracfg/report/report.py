"""Reports as plain data; every renderer is a pure function of a `Report`.

`Report.to_dict()` is the JSON of both the command line and the service. Its fields are a contract,
versioned by `report_version`. Neither it nor what renderers return has the secrets of URLs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from loracfg.named_tuple import NamedTuple
from loracfg.urls import is_url, redacted

if TYPE_CHECKING:
    from loracfg.document.json_value import JsonObject

REPORT_VERSION = 1

Severity = Literal["error", "warning", "info"]
Read = Literal["config", "names", "shapes", "values"]
Status = Literal["valid", "invalid", "undetermined", "error"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
READ: tuple[Read, ...] = ("config", "names", "shapes", "values")
"""What loracfg can read of an adapter; values only on request."""
VALUES: Final = "the values of the tensors"
"""The name of what is not checked if values were requested but cannot be read."""
OF_POLICY: Final = ("the license", "other pickled files")
"""The names of what a policy is about, if that cannot be checked."""
STATUSES: tuple[Status, ...] = ("valid", "invalid", "undetermined", "error")
_OF_FINDINGS: Final = (*(f"{one}s" for one in SEVERITIES), "hidden", "fixable", "fixable_unsafe")

LORA: Final = "LORA"
"""The PEFT method that loracfg checks."""
CRASH: Final = "LC901"
"""The rule for defects of loracfg itself."""


class Region(NamedTuple):
    """A range of text, in 1-based lines and columns (characters); the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Location(NamedTuple):
    """Where a finding is: a file, and in it a JSON pointer with its text region, or a tensor.

    `file` is relative to the adapter directory, and `""` is the directory itself. A file of the
    base is `elsewhere`: its path is absolute, a URL, or the name under which it was uploaded.
    """

    file: str
    pointer: str | None = None
    region: Region | None = None
    tensor: str | None = None
    elsewhere: bool = False

    def outside(self) -> Location:
        """Return the place as one of a file outside the adapter, such as one of the base."""
        path = self.file if is_url(self.file) else str(Path(self.file).absolute())
        return self._replace(file=path, elsewhere=True)

    def to_dict(self) -> JsonObject:
        """Return the location as JSON data, without keys that do not apply."""
        data: JsonObject = {"file": redacted(self.file)}
        if self.pointer is not None:
            data["pointer"] = self.pointer
        if self.region is not None:
            data |= {
                "line": self.region.line,
                "column": self.region.column,
                "end_line": self.region.end_line,
                "end_column": self.region.end_column,
            }
        if self.tensor is not None:
            data["tensor"] = self.tensor
        return data


class Related(NamedTuple):
    """A second place that belongs to a finding, and what is there."""

    location: Location
    message: str

    def to_dict(self) -> JsonObject:
        """Return the related place as JSON data."""
        return {"location": self.location.to_dict(), "message": redacted(self.message)}


class Edit(NamedTuple):
    """Replace the JSON value at `pointer` of `file` by `value`."""

    file: str
    pointer: str
    value: Any

    def to_dict(self) -> JsonObject:
        """Return the edit as JSON data."""
        return {"file": self.file, "pointer": self.pointer, "value": self.value}


class Fix(NamedTuple):
    """What `loracfg fix` does about a finding.

    If it is `safe`, the repaired adapter computes what was trained. `edits` are changes of the
    config that other programs can make too; empty if the repair needs more than that.
    """

    title: str
    safe: bool
    edits: tuple[Edit, ...]

    def to_dict(self) -> JsonObject:
        """Return the fix as JSON data."""
        return {"title": self.title, "safe": self.safe, "edits": [e.to_dict() for e in self.edits]}


class Data(Protocol):
    """The data of a finding, as a named tuple of plain values: fields, values, paths, tensor names.

    Each kind of finding has its own class, in `loracfg.analysis` or next to the code that finds it.
    """

    def _asdict(self) -> dict[str, Any]:
        """Return the values by name."""


class Diagnostic(NamedTuple):
    """One finding: one cause, with the number of tensors or keys that show it (`count`).

    `data` has the values that the message gives, for programs. It is not part of the JSON.
    """

    code: str
    name: str
    severity: Severity
    message: str
    location: Location
    help: str
    url: str
    count: int = 1  # type: ignore[assignment]  # in the place of `tuple.count`
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    data: Data | None = None

    def to_dict(self) -> JsonObject:
        """Return the finding as JSON data."""
        return {
            "code": self.code,
            "name": self.name,
            "severity": self.severity,
            "message": redacted(self.message),
            "location": self.location.to_dict(),
            "related": [r.to_dict() for r in self.related],
            "count": self.count,
            "help": redacted(self.help),
            "fix": self.fix.to_dict() if self.fix else None,
            "url": self.url,
        }


class Base(NamedTuple):
    """The base architecture that was used: where it came from, and its class.

    `config` is the folder or config file that was read, as the user named it, or `id@commit` if it
    was found by id. `library` is the release whose architectures the catalogue has, such as
    `transformers 5.23.0`.
    """

    source: Literal["catalogue", "checkpoint", "facts", "transformers"]
    model_type: str | None
    class_name: str | None
    config: str | None = None
    library: str | None = None

    def to_dict(self) -> JsonObject:
        """Return the base as JSON data, without `library` and `config` if they are unknown."""
        data: JsonObject = {
            "source": self.source,
            "model_type": self.model_type,
            "class": self.class_name,
        }
        optional = {"library": self.library, "config": self.config}
        return data | {key: redacted(value) for key, value in optional.items() if value is not None}


class Coverage(NamedTuple):
    """The numbers of tensors. Numbers that need a base are None without one.

    `tensors` are in the file. Of the `expected` tensors, `applied` are in the file with the right
    shape, `mismatched` with a wrong shape, and `missing` are not in the file. `unexpected` tensors
    are in the file, but the loaded model has no place for them.
    """

    tensors: int
    expected: int | None = None
    applied: int | None = None
    missing: int | None = None
    unexpected: int | None = None
    mismatched: int | None = None

    def to_dict(self) -> JsonObject:
        """Return the counts as JSON data."""
        return {
            "tensors": self.tensors,
            "expected": self.expected,
            "applied": self.applied,
            "missing": self.missing,
            "unexpected": self.unexpected,
            "mismatched": self.mismatched,
        }


_UNCOUNTED: Final = Coverage(tensors=0)


class Scaling(NamedTuple):
    """The smallest and largest scale of the adapter's modules."""

    min: float
    max: float

    def to_dict(self) -> JsonObject:
        """Return the range as JSON data."""
        return {"min": self.min, "max": self.max}


class NotChecked(NamedTuple):
    """Something that could not be checked, and why."""

    what: str
    why: str

    def to_dict(self) -> JsonObject:
        """Return the entry as JSON data."""
        return {"what": self.what, "why": redacted(self.why)}


class HiddenFindings(NamedTuple):
    """The numbers of findings by severity that are not listed because the user filters them."""

    errors: int = 0
    warnings: int = 0
    infos: int = 0

    @classmethod
    def between(cls, found: Sequence[Diagnostic], listed: Sequence[Diagnostic]) -> HiddenFindings:
        """Count the findings that are not listed."""
        if len(found) == len(listed):
            return cls()
        all_of, shown = ([d.severity for d in some] for some in (found, listed))
        return cls(*(all_of.count(severity) - shown.count(severity) for severity in SEVERITIES))

    @property
    def total(self) -> int:
        """The number of all hidden findings."""
        return sum(self)

    def to_dict(self) -> dict[str, int]:
        """Return the counts as JSON data."""
        return self._asdict()


_NOTHING: Final = HiddenFindings()


class AdapterReport(NamedTuple):
    """The answer for one adapter directory.

    `diagnostics` are the findings that the user wants listed, and `hidden` counts the rest. Nothing
    else depends on what is listed. `read` says which parts of the files were read. `method`
    is the PEFT method, such as `LORA`, if the config or the tensors show it. `sources` maps file
    names to their text, for renderers that show lines; it is not part of the JSON. `accepted`
    counts the hidden findings that a baseline accepts. `own_status` is the status without findings
    about a release or an engine that the user asked for, if there is a verdict; it is not part of
    the JSON either.
    """

    path: str
    status: Status
    diagnostics: tuple[Diagnostic, ...] = ()
    base: Base | None = None
    coverage: Coverage = _UNCOUNTED
    scaling: Scaling | None = None
    not_checked: tuple[NotChecked, ...] = ()
    written_by: dict[str, str] | None = None
    loads_in: dict[str, str] | None = None
    hidden: HiddenFindings = _NOTHING
    read: tuple[Read, ...] = ()
    method: str | None = None
    sources: Mapping[str, str] = MappingProxyType({})
    accepted: HiddenFindings = _NOTHING
    own_status: Status | None = None

    @property
    def other_method(self) -> str | None:
        """The method, if it is known and not LoRA."""
        return None if self.method == LORA else self.method

    @property
    def has_crash(self) -> bool:
        """Whether one of the findings is a bug in loracfg itself."""
        return any(d.code == CRASH for d in self.diagnostics)

    def count(self, severity: Severity) -> int:
        """Return the number of findings with this severity."""
        return sum(d.severity == severity for d in self.diagnostics)

    def to_dict(self) -> JsonObject:
        """Return the adapter's report as JSON data, with `accepted` if there are any."""
        accepted: JsonObject = {"accepted": {**self.accepted.to_dict()}}
        return {
            "path": redacted(self.path),
            "status": self.status,
            "method": self.method,
            "base": self.base.to_dict() if self.base else None,
            "written_by": {**self.written_by} if self.written_by is not None else None,
            "loads_in": {**self.loads_in} if self.loads_in is not None else None,
            "read": list(self.read),
            "coverage": self.coverage.to_dict(),
            "scaling": self.scaling.to_dict() if self.scaling else None,
            "not_checked": [n.to_dict() for n in self.not_checked],
            "diagnostics": [d.to_dict() for d in self.diagnostics],
            "hidden": {**self.hidden.to_dict()},
            **(accepted if self.accepted.total else {}),
        }


class Tally:
    """Counts of adapters and findings, from reports that need not be kept.

    Attributes:
        adapters: the number of adapters.
        counts: the adapters by status, and the findings by severity, hidden or fixable.
        found: the findings by code and name of the rule.
        fixable: those with a safe fix.
        has_crash: whether one of the findings is a bug in loracfg itself.
    """

    __slots__ = ("adapters", "counts", "fixable", "found", "has_crash")

    def __init__(self, reports: Iterable[AdapterReport] = ()) -> None:
        """Count reports."""
        self.adapters = 0
        self.counts: dict[str, int] = dict.fromkeys((*STATUSES, *_OF_FINDINGS), 0)
        self.found: Counter[tuple[str, str]] = Counter()
        self.fixable: Counter[tuple[str, str]] = Counter()
        self.has_crash = False
        for report in reports:
            self.add(report)

    def add(self, report: AdapterReport) -> None:
        """Count a report."""
        self.adapters += 1
        self.counts[report.status] += 1
        self.counts["hidden"] += report.hidden.total
        for found in report.diagnostics:
            self.counts[f"{found.severity}s"] += 1
            self.found[found.code, found.name] += 1
            if found.fix:
                self.counts["fixable" if found.fix.safe else "fixable_unsafe"] += 1
                self.fixable[found.code, found.name] += found.fix.safe
        self.has_crash |= report.has_crash

    def merge(self, other: Tally) -> None:
        """Add the counts of another tally."""
        self.adapters += other.adapters
        for name, number in other.counts.items():
            self.counts[name] += number
        self.found += other.found
        self.fixable += other.fixable
        self.has_crash |= other.has_crash


class Report(NamedTuple):
    """The answers for all adapters of one call, in the order in which they were named."""

    tool_version: str
    adapters: tuple[AdapterReport, ...]

    def summary(self) -> dict[str, int]:
        """Count adapters by status, and findings by severity, hidden or fixable."""
        return Tally(self.adapters).counts

    def to_dict(self) -> JsonObject:
        """Return the whole report as JSON data (`report_version` 1)."""
        return {
            "report_version": REPORT_VERSION,
            "tool": {"name": "loracfg", "version": self.tool_version},
            "adapters": [a.to_dict() for a in self.adapters],
            "summary": {**self.summary()},
        }
