"""Settings in JSON with comments, as VS Code and Zed have them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from loracfg.editors.setup import EditorFile, UnmergeableError

if TYPE_CHECKING:
    from loracfg.document.edit import ConfigEdit
    from loracfg.document.json_document import Document
    from loracfg.document.json_value import Json


@dataclass(frozen=True)
class JsonChange:
    """A change of the value that nested keys lead to.

    Attributes:
        keys: the keys, the outermost first.
        of: returns the new value for the present one, which is None if a key is missing;
            None removes the value.
    """

    keys: tuple[str, ...]
    of: Callable[[Json], Json]


def json_settings(path: str, *changes: JsonChange) -> EditorFile:
    """Describe a file that is changed in several places; the first also make a new file."""
    new: Json = None
    for change in changes:
        value = change.of(None)
        if value is not None:
            new = _combined(new, _nested(change.keys, value))
    text = "" if new is None else json.dumps(new, indent=2) + "\n"
    return EditorFile(path, text, lambda present: changed(present, changes))


def with_entry(keys: tuple[str, ...], entry: Json, is_ours: Callable[[Json], bool]) -> JsonChange:
    """Return the change of a list that replaces our entries with this one."""

    def of(value: Json) -> Json:
        present = _list(keys, value)
        return present if entry in present else [*_others(present, is_ours), entry]

    return JsonChange(keys, of)


def without_entries(keys: tuple[str, ...], is_ours: Callable[[Json], bool]) -> JsonChange:
    """Return the change of a list that removes our entries, and the list if it is then empty."""
    return JsonChange(keys, lambda value: _others(_list(keys, value), is_ours) or None)


def with_default(keys: tuple[str, ...], default: Json) -> JsonChange:
    """Return the change that sets a value, unless there is one."""
    return JsonChange(keys, lambda value: default if value is None else value)


def changed(present: str, changes: Sequence[JsonChange]) -> str:
    """Return settings with changes, which keep all other characters.

    Raises:
        UnmergeableError: if a change does not fit, or would lose comments.
    """
    from loracfg.document.edit import apply_edits
    from loracfg.document.json_document import read_document

    plain = _without_comments(present)
    document, faults = read_document(plain.encode(), "")
    if document is None:
        raise UnmergeableError(f"is not JSON: {faults[-1].message}")
    edits = [edit for one in changes if (edit := _edit(document, one)) is not None]
    if not edits:
        return present
    if plain != present:
        raise UnmergeableError("has comments or trailing commas, which would be lost")
    return apply_edits(document, edits)


def _edit(document: Document, change: JsonChange) -> ConfigEdit | None:
    """Return the edit that makes a change, or None if it changes nothing."""
    from loracfg.document.edit import RemoveKey, SetValue

    if not isinstance(document.value, dict):
        raise UnmergeableError("is not a JSON object")
    passed: list[dict[str, Json]] = []
    value: Json = document.value
    for depth, key in enumerate(change.keys):
        if not isinstance(value, dict):
            raise _misfit(change.keys[:depth], "an object")
        if key not in value:
            wanted = change.of(None)
            if wanted is None:
                return None
            return SetValue(
                _pointer(change.keys[: depth + 1]), _nested(change.keys[depth + 1 :], wanted)
            )
        passed.append(value)
        value = value[key]
    wanted = change.of(value)
    if wanted is not None:
        return None if wanted == value else SetValue(_pointer(change.keys), wanted)
    emptied = len(change.keys)
    while emptied > 1 and len(passed[emptied - 1]) == 1:
        emptied -= 1
    return RemoveKey(_pointer(change.keys[:emptied]))


def _pointer(keys: Sequence[str]) -> str:
    return "".join(f"/{key}" for key in keys)


def _nested(keys: Sequence[str], value: Json) -> Json:
    for key in reversed(keys):
        value = {key: value}
    return value


def _combined(first: Json, second: Json) -> Json:
    """Return two nested objects as one."""
    if not (isinstance(first, dict) and isinstance(second, dict)):
        return second
    common = {key: _combined(first[key], second[key]) for key in first if key in second}
    return first | second | common


def _list(keys: Sequence[str], value: Json) -> list[Json]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise _misfit(keys, "a list")
    return value


def _misfit(keys: Sequence[str], kind: str) -> UnmergeableError:
    return UnmergeableError(f"has a `{_pointer(keys)[1:]}` that is not {kind}")


def _others(entries: Sequence[Json], is_ours: Callable[[Json], bool]) -> list[Json]:
    return [one for one in entries if not is_ours(one)]


_STRING: Final = r'("(?:[^"\\\n]|\\.)*")'
_COMMENT: Final = re.compile(_STRING + r"|//[^\n]*|/\*.*?\*/", re.DOTALL)
_TRAILING_COMMA: Final = re.compile(_STRING + r"|,(?=\s*[}\]])")


def _without_comments(text: str) -> str:
    """Remove what editors allow in their settings beyond JSON."""
    for pattern in (_COMMENT, _TRAILING_COMMA):
        text = pattern.sub(lambda match: match[1] or "", text)
    return text
