"""The schema of reports: the JSON of `loracfg validate --format json` and of the service."""

from __future__ import annotations

from typing import Any, Final

from loracfg.config.building.schema_tree import DIALECT, Schema
from loracfg.config.schema.schema_files import REPORT, URL
from loracfg.report.report import READ, REPORT_VERSION, SEVERITIES, STATUSES

_SOURCES: Final = ("catalogue", "checkpoint", "facts", "transformers")


def report_schema() -> Schema:
    """Return the schema of what `Report.to_dict` returns, as JSON."""
    whole = _object(
        "What loracfg found in the adapters that it was given.",
        report_version={
            "description": "Version of this format; it changes when a key changes its meaning.",
            "const": REPORT_VERSION,
        },
        tool=_object(
            "What made the report.",
            name={"description": "Name of the program.", "const": "loracfg"},
            version=_string("Version of the program."),
        ),
        adapters=_list("One answer for each adapter, in the order they were named.", _adapter()),
        summary=_object(
            "How many adapters have each status, and how many findings each severity.",
            **{status: _count(f"Adapters of status {status}.") for status in STATUSES},
            **{f"{one}s": _count(f"Findings listed of severity {one}.") for one in SEVERITIES},
            hidden=_count("Findings that are not listed."),
            fixable=_count("Findings listed that the command fix repairs."),
            fixable_unsafe=_count("Findings listed that only fix --unsafe repairs."),
        ),
    )
    head = {"$schema": DIALECT, "$id": URL + REPORT}
    return head | whole | {"definitions": {"location": _location()}}


def _adapter() -> Schema:
    return _object(
        "The answer for one adapter.",
        path=_string("The path as it was given."),
        status={
            "description": (
                "valid: nothing is wrong in what was read, and all of it was compared with the "
                "base. invalid: there are errors, listed or hidden. undetermined: nothing is "
                "wrong, but something could not be checked. error: it could not be read."
            ),
            "enum": list(STATUSES),
        },
        method=_or_null(
            _string(
                "The method of PEFT, such as LORA or IA3; only LORA is judged. Null if unknown."
            )
        ),
        base=_or_null(
            _object(
                "The architecture of the base model that the tensors were compared with.",
                ["source", "model_type", "class"],
                source={"description": "Where it comes from.", "enum": list(_SOURCES)},
                model_type=_or_null(_string("Its model_type.")),
                **{"class": _or_null(_string("The class that is loaded."))},
                library=_string(
                    "The library and release whose architectures the catalogue has, such as "
                    "transformers 5.23.0."
                ),
                config=_string(
                    "The folder or file that was read, as it was named, or id@commit for one that "
                    "was found by its id."
                ),
            )
        ),
        written_by=_or_null(
            _object(
                "The releases of PEFT that may have written the files.",
                peft=_string("The releases as ranges, such as >=0.15,<0.16."),
                evidence=_string("What tells."),
            )
        ),
        loads_in=_or_null(_loads_in()),
        read=_list(
            "What of the files was read, which the status is about. Values are only read if the "
            "user asks for that.",
            {"enum": list(READ)},
        ),
        coverage=_object(
            "Tensors counted; null is what needs a base when there was none.",
            tensors=_count("Tensors in the file."),
            expected=_or_null(_count("Tensors that PEFT would save.")),
            applied=_or_null(_count("Expected ones that are there, with the right shape.")),
            missing=_or_null(_count("Expected ones that are not there.")),
            unexpected=_or_null(_count("Tensors in the file that nothing explains.")),
            mismatched=_or_null(_count("Expected ones that are there with another shape.")),
        ),
        scaling=_or_null(
            _object(
                "The factors that updates are scaled by; null is a number that JSON lacks.",
                min={"description": "The smallest.", "type": ["number", "null"]},
                max={"description": "The largest.", "type": ["number", "null"]},
            )
        ),
        not_checked=_list(
            "What could not be checked.",
            _object("A gap.", what=_string("What it is."), why=_string("Why.")),
        ),
        diagnostics=_list(
            "The findings, one for each cause, that the user wants listed.", _diagnostic()
        ),
        hidden=_object(
            "How many findings are not listed, since the user filters them. They count in all "
            "else: an adapter whose errors are hidden is invalid.",
            **{f"{one}s": _count(f"Findings of severity {one}.") for one in SEVERITIES},
        ),
    )


def _loads_in() -> Schema:
    return _object(
        "The releases of PEFT that load the adapter, as ranges.",
        ["peft"],
        peft=_string("Where it loads and computes what it was saved for."),
        dropping=_string("Of these, where a key is dropped that means nothing for the result."),
        differing=_string("Where it loads and computes something else."),
        failing=_string("Where it does not load."),
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
        severity={"description": "How grave the finding is.", "enum": list(SEVERITIES)},
        message=_string("What was found, in one sentence."),
        location=_LOCATION,
        related=_list(
            "Other places that belong to the finding.",
            _object("A place.", location=_LOCATION, message=_string("What stands there.")),
        ),
        count=_count("How many tensors or values show it."),
        help=_string("What to do; may be empty."),
        fix=_or_null(
            _object(
                "What the command fix does about it.",
                title=_string("What it does."),
                safe={
                    "description": "Whether the adapter then computes what its author meant; "
                    "otherwise it takes loracfg fix --unsafe.",
                    "type": "boolean",
                },
                edits=_list(
                    "The changes, if they are edits that any program can make; empty where a "
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
        file=_string("The file, relative to the adapter; empty is the adapter itself."),
        pointer=_string("The JSON pointer of the value in it."),
        **region,
        tensor=_string("The name of the tensor in it."),
    )
    together = {name: [other for other in _REGION if other != name] for name in _REGION}
    return place | {"dependencies": together}


def _object(description: str, required: list[str] | None = None, /, **properties: Any) -> Schema:
    """Return an object with these properties and no others, all required unless told."""
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
