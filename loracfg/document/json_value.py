"""The types of JSON values: what `json.loads` returns."""

from __future__ import annotations

from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
"""Any JSON value."""

JsonObject: TypeAlias = "dict[str, Json]"
"""A JSON object."""
