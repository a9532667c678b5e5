"""The strict schema of a release, which follows the annotations in its wheel."""

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
"""A field that no release writes. PEFT 0.12+ ignores it in a file; older releases raise."""


@cache
def raw_schema(release: str) -> Schema:
    """Return the JSON Schema that pydantic generates from a release's model (2020-12)."""
    return model_at(release).model_json_schema()


def file_properties(release: str) -> dict[str, Schema]:
    """Return the schemas of the keys in a release's files, with texts in Markdown."""
    found: dict[str, Schema] = polish(raw_schema(release))["properties"]
    for name, info in model_at(release).model_fields.items():
        default = info.get_default(call_default_factory=True)
        if not info.is_required() and not isinstance(default, BaseModel):
            found[name].setdefault("default", default)
        if "examples" in found[name]:
            examples = [value for value in info.examples or () if _accepts(release, name, value)]
            found[name]["examples"] = examples
    del found["peft_type"]["default"]
    found.pop(NEVER_IN_A_FILE, None)
    return found


def _accepts(release: str, name: str, value: Any) -> bool:
    """Return whether a field of a release accepts a value."""
    try:
        model_at(release).model_validate({name: value}, context=FIELDS_ONLY)
    except ValidationError as error:
        return all(one["loc"][0] != name for one in error.errors())
    return True


def required_keys(release: str) -> list[str]:
    """Return the keys that a file must have: `peft_type` and fields without a default."""
    return ["peft_type", *raw_schema(release).get("required", [])]


def strict_schema(release: str) -> Schema:
    """Return the schema that only permits what the release's annotations permit."""
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
    """Return the schema of a whole file, with plain texts."""
    head = {"$schema": DIALECT, "$id": URL + name, "description": description}
    return rebuilt(head | schema, with_plain_texts)


def with_plain_texts(schema: Schema) -> Schema:
    """Return a schema with Markdown removed from its texts."""
    changed = dict(schema)
    if "description" in schema:
        changed["description"] = plain(schema["description"])
    if "enumDescriptions" in schema:
        changed["enumDescriptions"] = [plain(text) for text in schema["enumDescriptions"]]
    return changed


def plain(text: str) -> str:
    """Return a text without backticks."""
    return text.replace("`", "")
