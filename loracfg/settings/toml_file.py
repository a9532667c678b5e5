"""The files that can hold a project's choices, as TOML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from loracfg.document.toml_bounds import TomlBoundError, check_bounds
from loracfg.document.toml_places import Place
from loracfg.errors import LoracfgError
from loracfg.report.render.place import path_from_here

TABLE: Final = ("tool", "loracfg")
"""The table of a `pyproject.toml` that is ours."""

_PLACE: Final = r" \(at (?:line (\d+), column (\d+)|end of document)\)$"
_GO_ON: Final = "correct it, or pass `--isolated`"


class SettingsError(LoracfgError):
    """A mistake in a file with a project's choices: the file, what is wrong, and where in it."""

    def __init__(self, path: Path, problem: str, help: str, place: Place) -> None:  # noqa: A002
        where = f"{path_from_here(str(path))}:{place.line}:{place.column}"
        super().__init__(f"{where}: {problem}", help)
        self.path, self.problem, self.place = path, problem, place


def parse_toml(path: Path, data: bytes) -> tuple[str, dict[str, object]]:
    """Return the text of a file, and what it holds.

    Raises:
        LoracfgError: it is not TOML, or exceeds a bound; the message says where.
    """
    import tomllib

    name = path_from_here(str(path))
    try:
        text = data.decode("utf-8-sig")
        check_bounds(text)
        return text, tomllib.loads(text)
    except UnicodeDecodeError:
        raise LoracfgError(f"`{name}` is not UTF-8 text", "save it as UTF-8") from None
    except TomlBoundError as error:
        raise SettingsError(path, error.problem, _GO_ON, error.place) from None
    except tomllib.TOMLDecodeError as error:
        said = f"{error}"
        found = re.search(_PLACE, said)
        lines = text.split("\n")
        at = found.groups() if found and found[1] else (len(lines), len(lines[-1]) + 1)
        what = said[: found.start()] if found else said
        problem = f"not valid TOML: {what[:1].lower()}{what[1:]}"
        raise SettingsError(path, problem, _GO_ON, Place(int(at[0]), int(at[1]))) from None


def our_table(data: Mapping[str, object]) -> object:
    """Return `[tool.loracfg]` of a `pyproject.toml`; None if it has none."""
    tool = data.get(TABLE[0])
    return tool.get(TABLE[1]) if isinstance(tool, dict) else None
