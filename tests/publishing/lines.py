"""The commands that README.md shows, and which of them run without a network."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final, NamedTuple

_BLOCKS: Final = re.compile(r"(?ms)^```(?:sh|console|bash)\n(.*?)^```$")
_COMMENT: Final = re.compile(r"\s+#.*$")
_ELSEWHERE: Final = (
    ("://", "asks a server"),
    ("org/name", "names a model of yours"),
    ("URL", "asks a server"),
    ("loracfg serve", "runs until it is stopped"),
    ("pytest", "is the tests"),
    ("loracfg base trace", "runs code of a model with torch"),
    ("--data", "needs the extra `data`"),
    ("loracfg audit", "needs the extra `audit`"),
    ("vscode --write", "writes settings of an editor"),
)
"""What keeps a line from being run here, and why."""

EXIT: Final = {"validate": (0, 1), "diff": (0, 1), "fix": (0, 1), "deploy": (0, 1)}
"""The statuses of commands that find something; all others end with 0."""


class Line(NamedTuple):
    """A command of a page; `why` says why it is not run, if it is not."""

    command: str
    why: str = ""


def lines_of(page: str) -> list[Line]:
    """Return the lines of all shell blocks that call loracfg, in order and once each."""
    found = [line for block in _BLOCKS.findall(page) for line in block.splitlines()]
    commands = dict.fromkeys(_COMMENT.sub("", line.removeprefix("$ ")).strip() for line in found)
    return [
        Line(one, next((why for text, why in _ELSEWHERE if text in one), ""))
        for one in commands
        if re.match(r"(uvx |pipx run )?loracfg ", one)
    ]


def statuses(command: str) -> tuple[int, ...]:
    """Return the statuses with which a command may end: 1 if it finds something."""
    words = command.removeprefix("uvx ").removeprefix("pipx run ").split()
    return EXIT.get(words[1], (0,))


def lay_out(examples: Path, folder: Path) -> None:
    """Write the adapters and bases that README.md speaks of to a folder, made of our examples."""
    for name in ("adapter", "a", "b", "runs/first", "adapters/first"):
        shutil.copytree(examples / "adapter", folder / name)
    shutil.copytree(examples / "base", folder / "base")
    shutil.copy(examples / "adapter" / "adapter_config.json", folder / "config.json")
    for name in ("adapter", "base", "edited-adapter"):
        shutil.copytree(examples / name, folder / "docs" / "examples" / name)
