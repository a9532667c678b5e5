"""The commands that README.md shows, and which of them run without a network."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final, NamedTuple

_BLOCKS: Final = re.compile(r"(?ms)^```(?:sh|console|bash)\n(.*?)^```$")
_INLINE: Final = re.compile(r"`((?:pip install|pipx|uv tool|uvx) [^`]+)`")
_OURS: Final = re.compile(r"(?:uvx |pipx run )?loracfg |(?:pip|pipx|uv tool) install ")
_COMMENT: Final = re.compile(r"\s+#.*$")
_ELSEWHERE: Final = (
    ("://", "asks a server"),
    ("org/name", "names a model of yours"),
    ("URL", "asks a server"),
    ("loracfg serve", "runs until it is stopped"),
    ("pytest", "is the tests"),
    ("pip install .", "installs the checkout, as `.ci/run` does"),
    ("loracfg[", "installs an extra"),
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
    """Return what installs or calls loracfg in shell blocks, and what does so in a sentence."""
    found = [line for block in _BLOCKS.findall(page) for line in block.splitlines()]
    found += _INLINE.findall(page)
    commands = dict.fromkeys(_COMMENT.sub("", line.removeprefix("$ ")).strip() for line in found)
    return [
        Line(one, next((why for text, why in _ELSEWHERE if text in one), ""))
        for one in commands
        if _OURS.match(one)
    ]


def statuses(command: str) -> tuple[int, ...]:
    """Return the statuses with which a command may end: 1 if it finds something."""
    _, _, call = command.rpartition("loracfg ")
    return EXIT.get(call.split()[0], (0,)) if call else (0,)


def lay_out(examples: Path, folder: Path) -> None:
    """Write the adapters and bases that README.md speaks of to a folder, made of our examples."""
    for name in ("adapter", "a", "b", "runs/first", "adapters/first"):
        shutil.copytree(examples / "adapter", folder / name)
    shutil.copytree(examples / "base", folder / "base")
    shutil.copy(examples / "adapter" / "adapter_config.json", folder / "config.json")
    for name in ("adapter", "base", "edited-adapter"):
        shutil.copytree(examples / name, folder / "docs" / "examples" / name)
