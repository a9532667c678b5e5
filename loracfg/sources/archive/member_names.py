"""Names of uploaded files: which are valid, and which directories are adapters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Set
from typing import Final, TypeVar

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.config import CONFIG_NAME
from loracfg.sources.archive.limits import RefusedFilesError

T = TypeVar("T")

MAX_NAME: Final = 1024
NAME_PATTERN: Final = (
    r"^(?!/)(?![A-Za-z]:)(?!(.*/)?\.\.(/|$))(?=.*[^./])"
    r"[^\\\u0000-\u001f\u007f-\u009f\u2028\u2029]+$"
)
"""What `sound_name` accepts, for JSON Schema."""
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_OWN: Final = frozenset((CONFIG_NAME, SAFETENSORS_NAME, PICKLE_NAME))


def sound_name(name: str) -> str:
    """Return a relative path without empty steps and `.`.

    Raises:
        RefusedError: if it leads out of its folder, or is not a valid name on some file system.
    """
    shown = _CONTROL.sub("?", name[:80])
    if _CONTROL.search(name) or "\\" in name or len(name) > MAX_NAME:
        raise RefusedFilesError("unsafe", f"`{shown}` is not a valid file name", "rename the file")
    if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
        message = f"`{shown}` leads out of its folder"
        raise RefusedFilesError("unsafe", message, "send paths relative to the adapter's folder")
    steps = [step for step in name.split("/") if step not in ("", ".")]
    if not steps:
        raise RefusedFilesError("unsafe", "a file has no name", "send each file with its name")
    return "/".join(steps) + ("/" if name.endswith("/") else "")


def refuse_clashes(names: Iterable[str]) -> None:
    """Refuse names that some file systems do not distinguish.

    Raises:
        RefusedError: if there are any.
    """
    seen: dict[str, str] = {}
    for name in names:
        key = unicodedata.normalize("NFC", name).casefold()
        if seen.setdefault(key, name) is not name:
            message = f"two files are named `{name}`, ignoring case and Unicode normalization"
            raise RefusedFilesError("clash", message, "send each file once")


def adapters_in(files: Mapping[str, T]) -> dict[str, dict[str, T]]:
    """Return the files of each adapter by its directory, `""` for the top.

    A directory is an adapter if it has a config or weights and no directory above it has. If there
    is none, all files are treated as one adapter in their common folder.
    """
    homes = {name.rpartition("/")[0] for name in files if name.rpartition("/")[2] in _OWN}
    homes = {home for home in homes if not _above(home) & homes} or {_common(files)}
    found: dict[str, dict[str, T]] = {home: {} for home in sorted(homes)}
    for name, one in files.items():
        home = _home_of(name, homes)
        inside = name.removeprefix(f"{home}/") if home else name
        if home is not None and inside:
            found[home][inside] = one
    return found


def _home_of(name: str, homes: Set[str]) -> str | None:
    """Return the one of some folders that a file is in, at any depth."""
    folder = name
    while folder:
        folder = folder.rpartition("/")[0]
        if folder in homes:
            return folder
    return None


def _above(home: str) -> set[str]:
    steps = home.split("/")
    return {"/".join(steps[:i]) for i in range(len(steps))} if home else set()


def _common(names: Iterable[str]) -> str:
    """Return the folder that all files are in, `""` if there are several."""
    firsts = {name.partition("/")[0] if "/" in name else "" for name in names}
    return firsts.pop() if len(firsts) == 1 else ""
