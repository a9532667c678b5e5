"""The files that can hold a project's choices, as TOML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from loracfg.document.toml_places import Place
from loracfg.errors import LoracfgError
from loracfg.report.render.place import path_from_here

TABLE: Final = ("tool", "loracfg")
"""The table of a `pyproject.toml` that is ours."""

_MAX_BYTES: Final = 1_000_000
_PLACE: Final = r" \(at (?:line (\d+), column (\d+)|end of document)\)$"
_GO_ON: Final = "correct it, or pass `--isolated`"


class SettingsError(LoracfgError):
    """A mistake in a file with a project's choices: the file, what is wrong, and where in it."""

    def __init__(self, path: Path, problem: str, help: str, place: Place) -> None:  # noqa: A002
        where = f"{path_from_here(str(path))}:{place.line}:{place.column}"
        super().__init__(f"{where}: {problem}", help)
        self.path, self.problem, self.place = path, problem, place


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        LoracfgError: it cannot be read or is too large.
    """
    name = path_from_here(str(path))
    try:
        with path.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        message = f"cannot read `{name}`: {error.strerror or error}"
        raise LoracfgError(message, "check the file, or pass `--isolated`") from None
    if len(data) > _MAX_BYTES:
        raise LoracfgError(f"`{name}` has more than {_MAX_BYTES:,} bytes", "shorten it")
    return data


def parse_toml(path: Path, data: bytes) -> tuple[str, dict[str, object]]:
    """Return the text of a file, and what it holds.

    Raises:
        LoracfgError: it is not TOML; the message says where.
    """
    import tomllib

    name = path_from_here(str(path))
    try:
        text = data.decode("utf-8-sig")
        return text, tomllib.loads(text)
    except UnicodeDecodeError:
        raise LoracfgError(f"`{name}` is not UTF-8 text", "save it as UTF-8") from None
    except RecursionError:
        raise LoracfgError(f"`{name}` is nested too deeply", _GO_ON) from None
    except tomllib.TOMLDecodeError as error:
        said = f"{error}"
        found = re.search(_PLACE, said)
        lines = text.split("\n")
        at = found.groups() if found and found[1] else (len(lines), len(lines[-1]) + 1)
        what = said[: found.start()] if found else said
        problem = f"not valid TOML: {what[:1].lower()}{what[1:]}"
        raise SettingsError(path, problem, _GO_ON, Place(int(at[0]), int(at[1]))) from None
    except ValueError:  # Python reads no thousands of digits
        raise LoracfgError(f"`{name}` has a number with too many digits", _GO_ON) from None


def our_table(data: Mapping[str, object]) -> object:
    """Return `[tool.loracfg]` of a `pyproject.toml`; None if it has none."""
    tool = data.get(TABLE[0])
    return tool.get(TABLE[1]) if isinstance(tool, dict) else None
