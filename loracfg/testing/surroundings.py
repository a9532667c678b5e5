"""What an example says of its base besides the tree: `base {…}` and `base file` lines."""

from __future__ import annotations

import json

from loracfg.testing.files import MemoryFiles

BASE_FILE = "base file "


def saved_as_of(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return the classes that the config of the base gives."""
    named = [json.loads(line.removeprefix("base ")) for line in lines if line.startswith("base {")]
    return tuple(named[-1].get("saved_as", ())) if named else ()


def base_files_of(lines: tuple[str, ...]) -> MemoryFiles | None:
    """Return the files of the base's folder, None if the example has none."""
    given = [line.removeprefix(BASE_FILE) for line in lines if line.startswith(BASE_FILE)]
    contents = {name: text.encode() for name, _, text in (line.partition(" ") for line in given)}
    return MemoryFiles(contents) if contents else None
