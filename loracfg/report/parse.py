"""Parse the JSON of a report, as another loracfg wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loracfg.report.report import (
    AdapterReport,
    Base,
    Coverage,
    Diagnostic,
    Edit,
    Fix,
    HiddenFindings,
    Location,
    NotChecked,
    Region,
    Related,
    Report,
    Scaling,
)


def parse_report(data: Mapping[str, object]) -> Report:
    """Return the report from which `Report.to_dict` made this, without sources.

    Raises:
        KeyError: a member is missing.
        TypeError: a member has the wrong type.
    """
    members: Mapping[str, Any] = data
    return Report(members["tool"]["version"], tuple(map(_adapter, members["adapters"])))


def _adapter(data: Mapping[str, Any]) -> AdapterReport:
    base, scaling = data["base"], data["scaling"]
    return AdapterReport(
        data["path"],
        data["status"],
        tuple(map(_diagnostic, data["diagnostics"])),
        base and _base(base),
        Coverage(**data["coverage"]),
        scaling and Scaling(**scaling),
        tuple(NotChecked(**entry) for entry in data["not_checked"]),
        data["written_by"],
        data["loads_in"],
        HiddenFindings(**data["hidden"]),
        tuple(data["read"]),
        data["method"],
        accepted=HiddenFindings(**data.get("accepted", {})),
    )


def _base(data: Mapping[str, Any]) -> Base:
    own = data["source"], data["model_type"], data["class"]
    return Base(*own, data.get("config"), data.get("library"))


def _diagnostic(data: Mapping[str, Any]) -> Diagnostic:
    related = [Related(_location(one["location"]), one["message"]) for one in data["related"]]
    own = {**data, "location": _location(data["location"]), "related": tuple(related)}
    return Diagnostic(**{**own, "fix": data["fix"] and _fix(data["fix"])})


def _location(data: Mapping[str, Any]) -> Location:
    region = Region(*(data[key] for key in Region._fields)) if "line" in data else None
    return Location(data["file"], data.get("pointer"), region, data.get("tensor"))


def _fix(data: Mapping[str, Any]) -> Fix:
    return Fix(data["title"], data["safe"], tuple(Edit(**edit) for edit in data["edits"]))
