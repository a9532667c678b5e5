"""The schema of reports: the JSON of `loracfg validate --format json` and of the service."""

from __future__ import annotations

from typing import Any, Final

from loracfg.config.building.schema_tree import DIALECT, Schema
from loracfg.config.schema.schema_files import REPORT, URL
from loracfg.report.report import READ, REPORT_VERSION, SEVERITIES, STATUSES

_SOURCES: Final = ("catalogue", "checkpoint", "facts", "transformers")


def report_schema() -> Schema:
    """Return the schema of the JSON that `Report.to_dict` returns."""
    whole = _object(
        "The findings of loracfg in one or more adapters.",
        report_version={
            "description": "Version of this format; it changes when a key changes its meaning.",
            "const": REPORT_VERSION,
        },
        tool=_object(
            "The program that created the report.",
            name={"description": "Name of the program.", "const": "loracfg"},
            version=_string("Version of the program."),
        ),
        adapters=_list("One result for each adapter, in the order given.", _adapter()),
        summary=_object(
            "The number of adapters with each status and of findings with each severity.",
            **{status: _count(f"Adapters with status {status}.") for status in STATUSES},
            **{f"{one}s": _count(f"Listed findings of severity {one}.") for one in SEVERITIES},
            hidden=_count("Findings that are not listed."),
            fixable=_count("Listed findings that loracfg fix repairs."),
            fixable_unsafe=_count("Listed findings that only loracfg fix --unsafe repairs."),
        ),
    )
    head = {"$schema": DIALECT, "$id": URL + REPORT}
    return head | whole | {"definitions": {"location": _location()}}


def _adapter() -> Schema:
    whole = _all_of_adapter()
    return whole | {"required": [name for name in whole["properties"] if name != "accepted"]}


def _all_of_adapter() -> Schema:
    return _object(
        "The result for one adapter.",
        path=_string("The path as given."),
        status={
            "description": (
                "valid: nothing is wrong with what was read, and all of it was compared with the "
                "base. invalid: there are errors, listed or hidden. undetermined: no errors were "
                "found, but something could not be checked. error: it could not be read."
            ),
            "enum": list(STATUSES),
        },
        method=_or_null(
            _string("The PEFT method, such as LORA or IA3; only LORA is checked. Null if unknown.")
        ),
        base=_or_null(
            _object(
                "The architecture of the base model that the tensors were compared with.",
                ["source", "model_type", "class"],
                source={"description": "Where it comes from.", "enum": list(_SOURCES)},
                model_type=_or_null(_string("Its model_type.")),
                **{"class": _or_null(_string("The class that is loaded."))},
                library=_string(
                    "The library and release that the catalogue describes, such as transformers "
                    "5.23.0."
                ),
                config=_string(
                    "The folder or file that was read, as given, or id@commit if it was found by "
                    "its id."
                ),
            )
        ),
        written_by=_or_null(
            _object(
                "The releases of PEFT that may have written the files.",
                peft=_string("The releases as ranges, such as >=0.15,<0.16."),
                evidence=_string("What shows it."),
            )
        ),
        loads_in=_or_null(_loads_in()),
        read=_list(
            "The parts of the files that were read and that the status is about. Values are only "
            "read on request.",
            {"enum": list(READ)},
        ),
        coverage=_object(
            "Numbers of tensors; null if a number needs a base and there is none.",
            tensors=_count("Tensors in the file."),
            expected=_or_null(_count("Tensors that PEFT would save.")),
            applied=_or_null(_count("Expected tensors in the file, with the right shape.")),
            missing=_or_null(_count("Expected tensors that are not in the file.")),
            unexpected=_or_null(_count("Tensors in the file that are not expected.")),
            mismatched=_or_null(_count("Expected tensors in the file, with a different shape.")),
        ),
        scaling=_or_null(
            _object(
                "The factors that updates are scaled by; null for a number that JSON cannot "
                "represent.",
                min={"description": "The smallest.", "type": ["number", "null"]},
                max={"description": "The largest.", "type": ["number", "null"]},
            )
        ),
        not_checked=_list(
            "What could not be checked.",
            _object("A gap.", what=_string("What it is."), why=_string("Why.")),
        ),
        diagnostics=_list("The listed findings, one for each cause.", _diagnostic()),
        hidden=_object(
            "The number of findings that are filtered out. They still count: an adapter with "
            "hidden errors is invalid.",
            **{f"{one}s": _count(f"Findings of severity {one}.") for one in SEVERITIES},
        ),
        accepted=_object(
            "The number of hidden findings that a baseline accepts, if there are any.",
            **{f"{one}s": _count(f"Findings of severity {one}.") for one in SEVERITIES},
        ),
    )


def _loads_in() -> Schema:
    return _object(
        "The releases of PEFT that load the adapter, as ranges.",
        ["peft"],
        peft=_string("Releases that load it and compute the intended result."),
        dropping=_string("Those of them that drop a key that does not affect the result."),
        differing=_string("Releases that load it but compute something different."),
        failing=_string("Releases that do not load it."),
    )


def _diagnostic() -> Schema:
    return _object(
        "A finding.",
        code={
            "description": "The code of the rule, which never changes.",
            "type": "string",
            "pattern": "^LC[0-9]{3}$",
        },
        name=_string("The name of the rule."),
        severity={"description": "How severe the finding is.", "enum": list(SEVERITIES)},
        message=_string("What was found, in one sentence."),
        location=_LOCATION,
        related=_list(
            "Other places that belong to the finding.",
            _object("A place.", location=_LOCATION, message=_string("What is there.")),
        ),
        count=_count("How many tensors or values show it."),
        help=_string("What to do; may be empty."),
        fix=_or_null(
            _object(
                "The repair that loracfg fix makes.",
                title=_string("What it does."),
                safe={
                    "description": "Whether the repaired adapter computes what was trained; "
                    "otherwise the repair needs loracfg fix --unsafe.",
                    "type": "boolean",
                },
                edits=_list(
                    "The changes, if they are edits that any program can make; empty if the "
                    "repair needs more than that.",
                    _edit(),
                ),
            )
        ),
        url=_string("The page of the rule."),
    )


def _edit() -> Schema:
    return _object(
        "A value to replace.",
        file=_string("The file, relative to the adapter."),
        pointer=_string("The JSON pointer of the value."),
        value={"description": "The new value."},
    )


_LOCATION: Final = {"$ref": "#/definitions/location"}

_REGION: Final = {
    "line": "The first line, from 1.",
    "column": "The first column, from 1, in characters.",
    "end_line": "The last line.",
    "end_column": "The column after the last one.",
}


def _location() -> Schema:
    region = {
        name: {"description": text, "type": "integer", "minimum": 1}
        for name, text in _REGION.items()
    }
    place = _object(
        "Where a finding is.",
        ["file"],
        file=_string("The file, relative to the adapter; empty for the adapter itself."),
        pointer=_string("The JSON pointer of the value in it."),
        **region,
        tensor=_string("The name of the tensor in it."),
    )
    together = {name: [other for other in _REGION if other != name] for name in _REGION}
    return place | {"dependencies": together}


def _object(description: str, required: list[str] | None = None, /, **properties: Any) -> Schema:
    """Return the schema of an object with exactly these properties, by default all required."""
    return {
        "description": description,
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": list(properties) if required is None else required,
    }


def _list(description: str, items: Schema) -> Schema:
    return {"description": description, "type": "array", "items": items}


def _string(description: str) -> Schema:
    return {"description": description, "type": "string"}


def _count(description: str) -> Schema:
    return {"description": description, "type": "integer", "minimum": 0}


def _or_null(schema: Schema) -> Schema:
    return schema | {"type": [schema["type"], "null"]}
