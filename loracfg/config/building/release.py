"""The strict schema of a release: its config file as the annotations of its wheel promise it."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from loracfg.config.building.polish import polish
from loracfg.config.building.schema_tree import DIALECT, Schema, rebuilt
from loracfg.config.history.derived_models import model_at
from loracfg.config.model.validation_context import FIELDS_ONLY
from loracfg.config.schema.schema_files import URL, file_name

NEVER_IN_A_FILE: Final = "runtime_config"
"""A field that no release writes; in a file, PEFT ignores it since 0.12, and raises before."""


@cache
def raw_schema(release: str) -> Schema:
    """Return the JSON Schema that pydantic makes of a release's model (2020-12)."""
    return model_at(release).model_json_schema()


def file_properties(release: str) -> dict[str, Schema]:
    """Return the schemas of the keys of a release's files, with texts in Markdown."""
    found: dict[str, Schema] = polish(raw_schema(release))["properties"]
    for name, info in model_at(release).model_fields.items():
        default = info.get_default(call_default_factory=True)
        if not info.is_required() and not isinstance(default, BaseModel):
            found[name].setdefault("default", default)
        if "examples" in found[name]:
            taken = [value for value in info.examples or () if _takes(release, name, value)]
            found[name]["examples"] = taken
    del found["peft_type"]["default"]
    found.pop(NEVER_IN_A_FILE, None)
    return found


def _takes(release: str, name: str, value: Any) -> bool:
    """Tell whether a field of a release takes a value."""
    try:
        model_at(release).model_validate({name: value}, context=FIELDS_ONLY)
    except ValidationError as error:
        return all(one["loc"][0] != name for one in error.errors())
    return True


def required_keys(release: str) -> list[str]:
    """Return the keys that a file must have: the method, and fields without a default."""
    return ["peft_type", *raw_schema(release).get("required", [])]


def strict_schema(release: str) -> Schema:
    """Return the schema of a release's files that permits nothing that the wheel does not."""
    return whole(
        file_name(release, "strict"),
        f"The adapter_config.json of a LoRA adapter as PEFT {release} defines it.",
        {
            "type": "object",
            "properties": file_properties(release),
            "required": required_keys(release),
            "additionalProperties": False,
        },
    )


def whole(name: str, description: str, schema: Schema) -> Schema:
    """Return a schema as a file of its own, with plain texts."""
    head = {"$schema": DIALECT, "$id": URL + name, "description": description}
    return rebuilt(head | schema, with_plain_texts)


def with_plain_texts(schema: Schema) -> Schema:
    """Return a schema without Markdown in its texts."""
    changed = dict(schema)
    if "description" in schema:
        changed["description"] = plain(schema["description"])
    if "enumDescriptions" in schema:
        changed["enumDescriptions"] = [plain(text) for text in schema["enumDescriptions"]]
    return changed


def plain(text: str) -> str:
    """Return a text without the backticks of Markdown."""
    return text.replace("`", "")
