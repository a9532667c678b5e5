"""The schema of reports: the JSON of `loracfg validate --format json` and of the service."""

from __future__ import annotations

from typing import Final

from loracfg.config.building.schema_tree import DIALECT, Schema
from loracfg.config.schema.schema_files import REPORT, URL
from loracfg.report.report import READ, REPORT_VERSION, SEVERITIES, STATUSES

_SOURCES: Final = ("catalogue", "checkpoint", "facts", "transformers")


def report_schema() -> Schema:
    """Return the schema of the JSON that `Report.to_dict` returns."""
    whole = object_with(
        "The findings of loracfg in one or more adapters.",
        report_version={
            "description": "Version of this format; it changes when a key changes its meaning.",
            "const": REPORT_VERSION,
        },
        tool=object_with(
            "The program that created the report.",
            name={"description": "Name of the program.", "const": "loracfg"},
            version=text("Version of the program."),
        ),
        adapters=list_of("One result for each adapter, in the order given.", _adapter()),
        summary=object_with(
            "The number of adapters with each status and of findings with each severity.",
            **{status: count(f"Adapters with status {status}.") for status in STATUSES},
            **{f"{one}s": count(f"Listed findings of severity {one}.") for one in SEVERITIES},
            hidden=count("Findings that are not listed."),
            fixable=count("Listed findings that loracfg fix repairs."),
            fixable_unsafe=count("Listed findings that only loracfg fix --unsafe repairs."),
        ),
    )
    head = {"$schema": DIALECT, "$id": URL + REPORT}
    return head | whole | {"definitions": {"location": location()}}


def _adapter() -> Schema:
    whole = _all_of_adapter()
    return whole | {"required": [name for name in whole["properties"] if name != "accepted"]}


def _all_of_adapter() -> Schema:
    return object_with(
        "The result for one adapter.",
        path=text("The path as given."),
        status={
            "description": (
                "valid: nothing is wrong with what was read, and all of it was compared with the "
                "base. invalid: there are errors, listed or hidden. undetermined: no errors were "
                "found, but something could not be checked. error: it could not be read."
            ),
            "enum": list(STATUSES),
        },
        method=or_null(
            text("The PEFT method, such as LORA or IA3; only LORA is checked. Null if unknown.")
        ),
        base=or_null(
            object_with(
                "The architecture of the base model that the tensors were compared with.",
                ["source", "model_type", "class"],
                source={"description": "Where it comes from.", "enum": list(_SOURCES)},
                model_type=or_null(text("Its model_type.")),
                **{"class": or_null(text("The class that is loaded."))},
                library=text(
                    "The library and release that the catalogue describes, such as transformers "
                    "5.23.0."
                ),
                config=text(
                    "The folder or file that was read, as given, or id@commit if it was found by "
                    "its id."
                ),
            )
        ),
        written_by=or_null(
            object_with(
                "The releases of PEFT that may have written the files.",
                peft=text("The releases as ranges, such as >=0.15,<0.16."),
                evidence=text("What shows it."),
            )
        ),
        loads_in=or_null(loads_in()),
        read=list_of(
            "The parts of the files that were read and that the status is about. Values are only "
            "read on request.",
            {"enum": list(READ)},
        ),
        coverage=object_with(
            "Numbers of tensors; null if a number needs a base and there is none.",
            tensors=count("Tensors in the file."),
            expected=or_null(count("Tensors that PEFT would save.")),
            applied=or_null(count("Expected tensors in the file, with the right shape.")),
            missing=or_null(count("Expected tensors that are not in the file.")),
            unexpected=or_null(count("Tensors in the file that are not expected.")),
            mismatched=or_null(count("Expected tensors in the file, with a different shape.")),
        ),
        scaling=or_null(
            object_with(
                "The factors that updates are scaled by; null for a number that JSON cannot "
                "represent.",
                min={"description": "The smallest.", "type": ["number", "null"]},
                max={"description": "The largest.", "type": ["number", "null"]},
            )
        ),
        not_checked=list_of(
            "What could not be checked.",
            object_with("A gap.", what=text("What it is."), why=text("Why.")),
        ),
        diagnostics=list_of("The listed findings, one for each cause.", diagnostic()),
        hidden=object_with(
            "The number of findings that are filtered out. They still count: an adapter with "
            "hidden errors is invalid.",
            **{f"{one}s": count(f"Findings of severity {one}.") for one in SEVERITIES},
        ),
        accepted=object_with(
            "The number of hidden findings that a baseline accepts, if there are any.",
            **{f"{one}s": count(f"Findings of severity {one}.") for one in SEVERITIES},
        ),
    )


def loads_in() -> Schema:
    """Return the schema of the releases that load an adapter."""
    return object_with(
        "The releases of PEFT that load the adapter, as ranges.",
        ["peft"],
        peft=text("Releases that load it and compute the intended result."),
        dropping=text("Those of them that drop a key that does not affect the result."),
        differing=text("Releases that load it but compute something different."),
        failing=text("Releases that do not load it."),
    )


def diagnostic() -> Schema:
    """Return the schema of a finding."""
    return object_with(
        "A finding.",
        code={
            "description": "The code of the rule, which never changes.",
            "type": "string",
            "pattern": "^LC[0-9]{3}$",
        },
        name=text("The name of the rule."),
        severity={"description": "How severe the finding is.", "enum": list(SEVERITIES)},
        message=text("What was found, in one sentence."),
        location=_LOCATION,
        related=list_of(
            "Other places that belong to the finding.",
            object_with("A place.", location=_LOCATION, message=text("What is there.")),
        ),
        count=count("How many tensors or values show it."),
        help=text("What to do; may be empty."),
        fix=or_null(
            object_with(
                "The repair that loracfg fix makes.",
                title=text("What it does."),
                safe={
                    "description": "Whether the repaired adapter computes what was trained; "
                    "otherwise the repair needs loracfg fix --unsafe.",
                    "type": "boolean",
                },
                edits=list_of(
                    "The changes, if they are edits that any program can make; empty if the "
                    "repair needs more than that.",
                    _edit(),
                ),
            )
        ),
        url=text("The page of the rule."),
    )


def _edit() -> Schema:
    return object_with(
        "A value to replace.",
        file=text("The file, relative to the adapter."),
        pointer=text("The JSON pointer of the value."),
        value={"description": "The new value."},
    )


_LOCATION: Final = {"$ref": "#/definitions/location"}

_REGION: Final = {
    "line": "The first line, from 1.",
    "column": "The first column, from 1, in characters.",
    "end_line": "The last line.",
    "end_column": "The column after the last one.",
}


def location() -> Schema:
    """Return the schema of a place, which other schemas have as a definition."""
    region = {
        name: {"description": text, "type": "integer", "minimum": 1}
        for name, text in _REGION.items()
    }
    place = object_with(
        "Where a finding is.",
        ["file"],
        file=text("The file, relative to the adapter; empty for the adapter itself."),
        pointer=text("The JSON pointer of the value in it."),
        **region,
        tensor=text("The name of the tensor in it."),
    )
    together = {name: [other for other in _REGION if other != name] for name in _REGION}
    return place | {"dependencies": together}


def object_with(
    description: str, required: list[str] | None = None, /, **properties: Schema
) -> Schema:
    """Return the schema of an object with exactly these properties, by default all required."""
    return {
        "description": description,
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": list(properties) if required is None else required,
    }


def list_of(description: str, items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"description": description, "type": "array", "items": items}


def text(description: str) -> Schema:
    """Return the schema of a string."""
    return {"description": description, "type": "string"}


def count(description: str) -> Schema:
    """Return the schema of a number that is not negative."""
    return {"description": description, "type": "integer", "minimum": 0}


def or_null(schema: Schema) -> Schema:
    """Return a schema that also accepts null."""
    return schema | {"type": [schema["type"], "null"]}
