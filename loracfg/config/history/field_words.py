"""What a field of the config is and how it has changed, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from loracfg.config.history.all_fields import FIELDS, notes
from loracfg.config.history.annotations import NO_DEFAULT, SAME, Before, Since, Until

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


def field_words(name: str) -> str:
    """Return what a field of any release is, since when, and its defaults, as Markdown.

    Raises:
        KeyError: no release has it.
    """
    field = FIELDS[name]
    return f"**{name}**: {'; '.join(_history(field))}\n\n{field.description or ''}"


def _history(field: FieldInfo) -> Iterator[str]:
    (since,) = notes(field, Since)
    gone = notes(field, Until)
    removed = f", removed in {gone[0].release}" if gone else ""
    yield f"since PEFT {since.release}{removed}"
    default = field.get_default(call_default_factory=True, validated_data={})
    yield f"default {_shown(default)}"
    for before in notes(field, Before):
        if before.default is NO_DEFAULT:
            yield f"no default before {before.release}"
        elif before.default is not SAME:
            yield f"default {_shown(before.default)} before {before.release}"


def _shown(value: object) -> str:
    return f"`{json.dumps(value, default=str)}`"
