"""Parse the JSON of a report, as another loracfg wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from sys import maxsize
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

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

_Record = TypeVar("_Record", bound=tuple[Any, ...])


def parse_report(data: Mapping[str, object]) -> Report:
    """Return the report from which `Report.to_dict` made this, without sources.

    Raises:
        KeyError: a member is missing.
        TypeError: a member has the wrong type, or is none of the permitted values.
    """
    members: Mapping[str, Any] = data
    return _checked(Report(members["tool"]["version"], tuple(map(_adapter, members["adapters"]))))


def _adapter(data: Mapping[str, Any]) -> AdapterReport:
    base, scaling = data["base"], data["scaling"]
    return _checked(
        AdapterReport(
            data["path"],
            data["status"],
            tuple(map(_diagnostic, data["diagnostics"])),
            None if base is None else _base(base),
            _checked(Coverage(**data["coverage"])),
            None if scaling is None else _scaling(scaling),
            tuple(_checked(NotChecked(**entry)) for entry in data["not_checked"]),
            data["written_by"],
            data["loads_in"],
            _checked(HiddenFindings(**data["hidden"])),
            tuple(data["read"]),
            data["method"],
            accepted=_checked(HiddenFindings(**data.get("accepted", {}))),
        )
    )


def _scaling(data: Mapping[str, Any]) -> Scaling:
    """Return scales; those that JSON has no number for are null."""
    return _checked(Scaling(*(nan if data[key] is None else data[key] for key in Scaling._fields)))


def _base(data: Mapping[str, Any]) -> Base:
    own = data["source"], data["model_type"], data["class"]
    return _checked(Base(*own, data.get("config"), data.get("library")))


def _diagnostic(data: Mapping[str, Any]) -> Diagnostic:
    related = [
        _checked(Related(_location(one["location"]), one["message"])) for one in data["related"]
    ]
    own = {**data, "location": _location(data["location"]), "related": tuple(related)}
    fix = None if data["fix"] is None else _fix(data["fix"])
    return _checked(Diagnostic(**{**own, "fix": fix}))


def _location(data: Mapping[str, Any]) -> Location:
    region = Region(*(data[key] for key in Region._fields)) if "line" in data else None
    place = region and _checked(region)
    return _checked(Location(data["file"], data.get("pointer"), place, data.get("tensor")))


def _fix(data: Mapping[str, Any]) -> Fix:
    edits = tuple(_checked(Edit(**edit)) for edit in data["edits"])
    return _checked(Fix(data["title"], data["safe"], edits))


def _checked(record: _Record) -> _Record:
    """Return a named tuple whose members have the types that its class declares.

    Raises:
        TypeError: if one has not.
    """
    for (name, hint), value in zip(get_type_hints(type(record)).items(), record, strict=True):
        if not _has_type(value, hint):
            raise TypeError(f"`{name}` is not {hint}")
    return record


def _has_type(value: object, hint: Any) -> bool:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if origin in (Union, UnionType):
        return any(_has_type(value, one) for one in arguments)
    if origin is Literal:
        return type(value) is str and value in arguments
    if origin is tuple:
        return isinstance(value, tuple) and all(_has_type(item, arguments[0]) for item in value)
    if origin is not None:
        return isinstance(value, Mapping) and all(
            type(name) is str and _has_type(item, arguments[1]) for name, item in value.items()
        )
    if hint is float:
        return type(value) is float or (type(value) is int and abs(value) <= maxsize)
    return type(value) is hint
