"""Settings that are code or another language, in which our part is one passage."""

from __future__ import annotations

import tomllib

from loracfg.document.toml_bounds import check_bounds
from loracfg.editors.setup import EditorFile, UnmergeableError


def text_settings(path: str, text: str, *others: str, kind: str) -> EditorFile:
    """Describe a file of ours; a file of somebody else is not changed.

    Args:
        path: where it is.
        text: what is in it.
        others: passages of our other set-ups, which are replaced.
        kind: what a file of somebody else has, such as "Lua code".
    """

    def merged(present: str) -> str:
        return _replaced(present, text, others) or _refused(kind)

    return EditorFile(path, text, merged)


def toml_settings(path: str, text: str) -> EditorFile:
    """Describe a file in TOML, to which tables are added at the end."""

    def merged(present: str) -> str:
        return _replaced(present, text, ()) or _appended(present, text)

    return EditorFile(path, text, merged)


def _replaced(present: str, text: str, others: tuple[str, ...]) -> str | None:
    if text.strip() in present:
        return present
    for other in others:
        if other.strip() in present:
            return present.replace(other.strip(), text.strip(), 1)
    return None


def _refused(kind: str) -> str:
    raise UnmergeableError(f"already has {kind}")


def _appended(present: str, text: str) -> str:
    """Add tables after those of a file, unless it has settings for the same languages."""
    longer = f"{present.rstrip()}\n\n{text}"
    try:
        check_bounds(present)
        tomllib.loads(present)
    except ValueError as error:  # tomllib's and ours
        raise UnmergeableError(f"is not TOML: {error}") from None
    try:
        names = [one.get("name") for one in tomllib.loads(longer)["language"]]
    except tomllib.TOMLDecodeError:
        raise UnmergeableError("has other tables of the same names") from None
    ours = [one["name"] for one in tomllib.loads(text)["language"]]
    if any(names.count(name) > 1 for name in ours):
        raise UnmergeableError("already has settings for these languages")
    return longer
