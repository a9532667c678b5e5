"""What a validation says, as plain data: every renderer is a pure function of a `Report`.

`Report.to_dict()` is the JSON of command line and service alike; its fields are a contract that
`report_version` numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from loracfg.document.json_value import JsonObject

REPORT_VERSION = 1

Severity = Literal["error", "warning", "info"]
Read = Literal["config", "names", "shapes", "values"]
Status = Literal["valid", "invalid", "undetermined", "error"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
READ: tuple[Read, ...] = ("config", "names", "shapes", "values")
"""What can be read of an adapter; values only if that is asked for."""
VALUES: Final = "the values of the tensors"
"""What is not checked if values were asked for and cannot be read."""
STATUSES: tuple[Status, ...] = ("valid", "invalid", "undetermined", "error")

LORA: Final = "LORA"
"""The method of PEFT that loracfg judges."""
CRASH: Final = "LC901"
"""The rule for defects of loracfg itself."""


class Region(NamedTuple):
    """A piece of text, 1-based lines and columns (characters); the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Location(NamedTuple):
    """Where a finding is: a file, and in it a JSON pointer with its text region, or a tensor.

    `file` is relative to the adapter directory, `""` is the directory itself; that of a base is
    `elsewhere`: absolute, or as whoever sent it calls it.
    """

    file: str
    pointer: str | None = None
    region: Region | None = None
    tensor: str | None = None
    elsewhere: bool = False

    def to_dict(self) -> JsonObject:
        """Return the location as JSON data, without keys that do not apply."""
        data: JsonObject = {"file": self.file}
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
    """A second place that belongs to a finding, and what stands there."""

    location: Location
    message: str

    def to_dict(self) -> JsonObject:
        """Return the related place as JSON data."""
        return {"location": self.location.to_dict(), "message": self.message}


class Edit(NamedTuple):
    """Replace the JSON value at `pointer` of `file` by `value`."""

    file: str
    pointer: str
    value: Any

    def to_dict(self) -> JsonObject:
        """Return the edit as JSON data."""
        return {"file": self.file, "pointer": self.pointer, "value": self.value}


class Fix(NamedTuple):
    """What `loracfg fix` does; if `safe`, the adapter then computes what its author meant.

    `edits` are changes of the config that other programs can make too. There are none where a
    repair needs more than that.
    """

    title: str
    safe: bool
    edits: tuple[Edit, ...]

    def to_dict(self) -> JsonObject:
        """Return the fix as JSON data."""
        return {"title": self.title, "safe": self.safe, "edits": [e.to_dict() for e in self.edits]}


class Data(Protocol):
    """What was found, as a named tuple of plain values: fields, values, paths, tensor names.

    Each kind of finding has a class of its own, in `loracfg.analysis` or with what is found.
    """

    def _asdict(self) -> dict[str, Any]:
        """Return the values by name."""


class Diagnostic(NamedTuple):
    """One finding: one cause, however many tensors or keys show it (`count`).

    `data` are the values that the message gives, for programs; they are no part of the JSON.
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
            "message": self.message,
            "location": self.location.to_dict(),
            "related": [r.to_dict() for r in self.related],
            "count": self.count,
            "help": self.help,
            "fix": self.fix.to_dict() if self.fix else None,
            "url": self.url,
        }


class Base(NamedTuple):
    """The base architecture that was used: where it came from and which class it is.

    `config` is the folder or config file that was read, by the name it was given, or `id@commit`
    for one that was found by its id. `library` is the release whose architectures the catalogue
    has, as `transformers 5.23.0`.
    """

    source: Literal["catalogue", "checkpoint", "facts", "transformers"]
    model_type: str | None
    class_name: str | None
    config: str | None = None
    library: str | None = None

    def to_dict(self) -> JsonObject:
        """Return the base as JSON data, without a `library` or `config` that is not known."""
        data: JsonObject = {
            "source": self.source,
            "model_type": self.model_type,
            "class": self.class_name,
        }
        optional = {"library": self.library, "config": self.config}
        return data | {key: value for key, value in optional.items() if value is not None}


class Coverage(NamedTuple):
    """Tensors counted. Numbers that need a base are None when there was none.

    `tensors` are in the file; of the `expected` ones, `applied` are there with the right shape,
    `mismatched` with a wrong one, `missing` not at all. `unexpected` are in the file, but nothing
    explains them.
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
    """The smallest and largest factor that a module of the adapter is scaled by."""

    min: float
    max: float

    def to_dict(self) -> JsonObject:
        """Return the range as JSON data."""
        return {"min": self.min, "max": self.max}


class NotChecked(NamedTuple):
    """Something that could not be judged, and why."""

    what: str
    why: str

    def to_dict(self) -> JsonObject:
        """Return the entry as JSON data."""
        return {"what": self.what, "why": self.why}


class HiddenFindings(NamedTuple):
    """How many findings of each severity are not listed, since the user filters them."""

    errors: int = 0
    warnings: int = 0
    infos: int = 0

    @classmethod
    def between(cls, found: Sequence[Diagnostic], listed: Sequence[Diagnostic]) -> HiddenFindings:
        """Count what was found and is not listed."""
        if len(found) == len(listed):
            return cls()
        all_of, shown = ([d.severity for d in some] for some in (found, listed))
        return cls(*(all_of.count(severity) - shown.count(severity) for severity in SEVERITIES))

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self)

    def to_dict(self) -> dict[str, int]:
        """Return the counts as JSON data."""
        return self._asdict()


_NOTHING: Final = HiddenFindings()


class AdapterReport(NamedTuple):
    """The answer for one adapter directory.

    `diagnostics` are the findings that the user wants listed, and `hidden` counts the others;
    everything else is the same whatever is listed. `read` says what of the files the answer is
    about, `method` the method of PEFT, such as `LORA`, if config or tensors tell it. `sources` maps
    file names to their text, for renderers that show lines; it is no part of the JSON.
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

    @property
    def other_method(self) -> str | None:
        """The method, if it is known and not LoRA."""
        return None if self.method == LORA else self.method

    @property
    def has_crash(self) -> bool:
        """Whether a defect of loracfg itself is among the findings."""
        return any(d.code == CRASH for d in self.diagnostics)

    def count(self, severity: Severity) -> int:
        """Return how many findings have this severity."""
        return sum(d.severity == severity for d in self.diagnostics)

    def count_fixable(self, *, safe: bool) -> int:
        """Return how many findings `loracfg fix` repairs, or only `loracfg fix --unsafe`."""
        return sum(d.fix.safe is safe for d in self.diagnostics if d.fix)

    def to_dict(self) -> JsonObject:
        """Return the adapter's answer as JSON data."""
        return {
            "path": self.path,
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
        }


class Report(NamedTuple):
    """The answer for all adapters of one call, in the order they were named."""

    tool_version: str
    adapters: tuple[AdapterReport, ...]

    def summary(self) -> dict[str, int]:
        """Count adapters by status, and findings: by severity, hidden, and those with a repair."""
        statuses: dict[str, int] = {s: sum(a.status == s for a in self.adapters) for s in STATUSES}
        listed = {s + "s": sum(a.count(s) for a in self.adapters) for s in SEVERITIES}
        fixable = {
            "fixable": sum(a.count_fixable(safe=True) for a in self.adapters),
            "fixable_unsafe": sum(a.count_fixable(safe=False) for a in self.adapters),
        }
        hidden = {"hidden": sum(a.hidden.total for a in self.adapters)}
        return statuses | listed | hidden | fixable

    def to_dict(self) -> JsonObject:
        """Return the whole report as JSON data (`report_version` 1)."""
        return {
            "report_version": REPORT_VERSION,
            "tool": {"name": "loracfg", "version": self.tool_version},
            "adapters": [a.to_dict() for a in self.adapters],
            "summary": {**self.summary()},
        }
