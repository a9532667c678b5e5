"""Adds the texts of a schema in each form that editors read: plain, Markdown and HTML."""

from __future__ import annotations

import html
import json
import re
from typing import Final

from loracfg.config.building.release import plain, with_plain_texts
from loracfg.config.building.schema_tree import Schema

_CODE: Final = re.compile(r"`([^`]*)`")


def with_editor_texts(schema: Schema) -> Schema:
    """Return a schema with each Markdown text in every form.

    `markdownDescription` and `markdownEnumDescriptions` are for VS Code, keywords that begin with
    `x-intellij` for JetBrains.
    """
    found = with_plain_texts(schema)
    if "description" in schema:
        found["markdownDescription"] = schema["description"]
        found["x-intellij-html-description"] = _html(schema["description"])
    if "enumDescriptions" in schema:
        texts = schema["enumDescriptions"]
        found["markdownEnumDescriptions"] = texts
        found["x-intellij-enum-metadata"] = {
            _written(value): {"description": plain(text)}
            for value, text in zip(schema["enum"], texts, strict=True)
        }
    return found


def _html(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", html.escape(text, quote=False))


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
